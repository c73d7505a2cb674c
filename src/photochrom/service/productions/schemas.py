"""What is said of productions."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from photochrom.service.photographs.schemas import PhotographId
from photochrom.service.productions.tables import Asset, Production

MOST_PHOTOGRAPHS = 1000
LONGEST_TOML = 1 << 20


class ProductionAsked(BaseModel):
    """A production file, or what one is to be drafted from."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Women at the Games",
                    "photographs": ["ph_06h294za7st85es0adwbznfq6w"],
                    "seconds": 60,
                }
            ]
        },
    )

    title: str = Field(min_length=1, max_length=200)
    toml: str | None = Field(
        None,
        max_length=LONGEST_TOML,
        description='A production file. Photographs are named by their ids: `file = "ph_..."`.',
    )
    photographs: list[PhotographId] = Field(default_factory=list, max_length=MOST_PHOTOGRAPHS)
    seconds: float | None = Field(
        None, ge=5, le=4 * 3600, description="How long its film is to be; else what suits it."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> ProductionAsked:
        if (self.toml is None) == (not self.photographs):
            raise ValueError("give either `toml` or `photographs`")
        if self.toml is not None and self.seconds is not None:
            raise ValueError("`seconds` goes with `photographs`")
        return self


class ProductionChanged(BaseModel):
    """What is changed of a production."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Women at the Games"}]},
    )

    title: str | None = Field(None, min_length=1, max_length=200)
    toml: str | None = Field(None, max_length=LONGEST_TOML)


class AssetOut(BaseModel):
    """A file that a production names and that is no photograph."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, row: Asset) -> AssetOut:
        """A row as it is told."""
        return cls(name=row.name, size=row.size, sha256=row.sha256)


class ProductionOut(BaseModel):
    """A production."""

    id: str
    title: str
    toml: str | None = Field(description="The file; null until its first film drafts it.")
    revision: int = Field(description="How often it was changed; its `ETag`.")
    by: str
    created: datetime
    changed: datetime

    @classmethod
    def of(cls, row: Production) -> ProductionOut:
        """A row as it is told."""
        return cls(
            id=row.id,
            title=row.title,
            toml=row.toml,
            revision=row.revision,
            by=row.by,
            created=row.created,
            changed=row.changed,
        )
