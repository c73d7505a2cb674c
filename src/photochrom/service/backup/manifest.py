"""What a backup says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from photochrom.errors import PhotochromError
from photochrom.files import write_text

NAME = "backup.json"
BLOBS = "blobs"
ROWS = "rows"
INDEX = "blobs.jsonl"

Originals = Literal["copied", "referenced"]


class Lines(BaseModel):
    """A file of lines, as it has to be."""

    model_config = ConfigDict(extra="forbid")

    lines: int
    sha256: str


class Manifest(BaseModel):
    """A whole backup.

    Attributes:
        format: Of the folder.
        photochrom: The release that made it.
        revision: Of the tables.
        rows: The folder of this backup's rows.
        originals: Whether photographs as they were sent in are here, or where they were.
        storage: Where they were.
        tables: The files of rows, by table.
        index: The file of blobs.
    """

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    photochrom: str
    revision: str
    rows: str
    originals: Originals
    storage: str
    tables: dict[str, Lines]
    index: Lines

    def write(self, folder: Path) -> None:
        """Makes it hold."""
        write_text(folder / NAME, self.model_dump_json(indent=2) + "\n", error=PhotochromError)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The backup in a folder.

        Raises:
            PhotochromError: There is none, or it is not whole.
        """
        try:
            return cls.model_validate_json((folder / NAME).read_bytes())
        except FileNotFoundError:
            raise PhotochromError(
                "holds no whole backup", where=folder, fix="run `photochrom backup` there again"
            ) from None
        except OSError as error:
            raise PhotochromError(f"cannot be read ({error.strerror})", where=folder) from None
        except ValidationError:
            raise PhotochromError(
                "is of another release, or damaged",
                where=folder / NAME,
                fix="take the release that made it, or another backup",
            ) from None


def is_original(name: str) -> bool:
    """Whether a blob is a photograph as it was sent in."""
    return "/photographs/" in name and "/original/" in name


def blob_path(folder: Path, sha256: str) -> Path:
    """Where bytes lie in a backup."""
    return folder / BLOBS / sha256[:2] / sha256
