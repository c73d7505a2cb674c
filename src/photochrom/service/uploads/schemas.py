"""What is said of uploads."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.core.ids import Id
from photochrom.service.photographs.schemas import PhotographShown

_EXAMPLE = "up_01jxamp0exabp0exabp0exab00"


class UploadShown(BaseModel):
    """An upload."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EXAMPLE,
                    "created": "2026-05-17T10:00:00Z",
                    "filename": "Market square 1931.tif",
                    "length": 48211024,
                    "offset": 16777216,
                    "until": "2026-05-18T10:00:00Z",
                    "photograph": None,
                    "is_duplicate": False,
                }
            ]
        }
    )

    id: Id
    created: datetime
    filename: str
    length: int = Field(description="Bytes of the file.")
    offset: int = Field(description="Bytes that are here and safe.")
    until: datetime = Field(description="It is kept until then.")
    photograph: Id | None = Field(description="What it has become; null before its end.")
    is_duplicate: bool = Field(description="Whether that was there before, with the same bytes.")


class Taken(BaseModel):
    """What was made of a photograph that was sent in one piece."""

    photograph: PhotographShown
    is_duplicate: bool = Field(
        description="Whether it was there before: then no other photograph was made."
    )
