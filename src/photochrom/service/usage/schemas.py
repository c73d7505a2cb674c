"""What is said of usage."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class By(StrEnum):
    """What is summed up."""

    DAY = "day"
    MONTH = "month"

    @property
    def letters(self) -> int:
        """How much of the name of a day its name is."""
        return 10 if self is By.DAY else 7


class UsageAsked(BaseModel):
    """Of which time usage is told."""

    model_config = ConfigDict(extra="forbid")

    by: By = Field(By.DAY, description="What one entry is about.")
    first: date | None = Field(None, description="The first day; by default 30 days ago.")
    last: date | None = Field(None, description="The last day; by default today. Days are UTC's.")


class Stored(BaseModel):
    """What there is now."""

    photographs: int
    bytes: int = Field(description="Of the originals. These count toward the quota,")
    file_bytes: int = Field(description="and those of files that productions name.")
    results: int = Field(description="Files that were made.")
    result_bytes: int


class Quotas(BaseModel):
    """How much there may be; null for as much as you like."""

    photographs: int | None
    bytes: int | None


class Period(BaseModel):
    """What was done in a day or a month."""

    period: str = Field(description="`2026-05-17` or `2026-05`.")
    photographs_restored: int = Field(description="One counts once in each restoration.")
    film_seconds: float


class UsageShown(BaseModel):
    """What an organization has, and what was done for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "now": {
                        "photographs": 412,
                        "bytes": 18_221_990_144,
                        "file_bytes": 48_211_024,
                        "results": 1640,
                        "result_bytes": 20_118_442_001,
                    },
                    "quotas": {"photographs": 10_000, "bytes": None},
                    "periods": [
                        {
                            "period": "2026-05-17",
                            "photographs_restored": 37,
                            "film_seconds": 92.4,
                        }
                    ],
                }
            ]
        }
    )

    now: Stored
    quotas: Quotas
    periods: list[Period] = Field(description="Those in which something was done.")
