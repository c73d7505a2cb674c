"""What was done to a photograph, as it is kept."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from photochrom.emulsion import Tones
from photochrom.errors import PhotographError
from photochrom.geometry import Geometry
from photochrom.record.names import COMPOSITE, ENHANCED, SCHEMA, SURE
from photochrom.record.reading import MISTAKES, upgraded
from photochrom.record.words import (
    as_reported,
    of_variants,
    percent,
    photographs,
    told_of,
    trimmed,
)
from photochrom.variant import LETTERS

# What records leave out where there is nothing to say.
_OPTIONAL = ("beside", "trim", "lent")

# Steps whose pixels come, in part, out of a trained network's idea of the world.
_INVENTING = frozenset({"repair", "clarity", "color"})


@dataclass(frozen=True)
class StepRecord:
    """One step as it was carried out.

    Attributes:
        name: The step.
        version: Its version.
        params: Its parameters, every one written out.
        models: Name and SHA-256 of each network that it used.
        notes: What it measured and changed, in plain JSON values.
    """

    name: str
    version: int
    params: dict[str, Any]
    models: list[dict[str, str]]
    notes: dict[str, Any]

    @property
    def idle(self) -> bool:
        """Whether it found nothing to do: not every step is for every photograph."""
        return "idle" in self.notes


@dataclass(frozen=True)
class Record:
    """What was done to one photograph, and with what.

    Attributes:
        original: File name, SHA-256, format, size and depth of the scan, which of its pages it
            is, and what had to be chosen or left out to read it.
        recipe: Name and digest of the recipe.
        emulsion: The emulsion assumed, and why.
        pins: Documented colors with their sources.
        measures: What was measured in the scan before the first step.
        steps: The steps in the order in which they ran.
        result: Size of the result, and how far its luminance is from the restored plate's.
        runtime: Versions and execution provider on which the bytes may depend.
        derivatives: File name and SHA-256 of each picture that was written, one for each format.
        order: Key of the order that they were made for: the digest of all that their bytes depend
            on. Empty for a picture that was saved without one.
        beside: File name and SHA-256 of each picture that was made to be looked at with them
            (`BESIDE`).
        trim: How much of the scan is shown, and how it lies: what was asked, found and done, and
            the `Geometry`. Empty where it is all of the scan, and nobody asked for anything else.
        lent: Name and SHA-256 of each picture that lends its colors; of a reference also the source
            and how sure it is. How much of the picture each shows is in the notes of the step.
    """

    original: dict[str, Any]
    recipe: dict[str, str]
    emulsion: dict[str, str]
    pins: list[dict[str, Any]]
    measures: dict[str, Any]
    steps: list[StepRecord]
    result: dict[str, Any]
    runtime: dict[str, str]
    derivatives: list[dict[str, str]] = field(default_factory=list)
    order: str = ""
    beside: list[dict[str, str]] = field(default_factory=list)
    trim: dict[str, Any] = field(default_factory=dict)
    lent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def geometry(self) -> Geometry | None:
        """Where the picture lies in its scan; None if it is all of it, as it lies."""
        geometry = Geometry.of(self.trim) if self.trim else None
        return None if geometry is None or geometry.is_whole else geometry

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of every picture that it describes, by file name."""
        return {one["file"]: one["sha256"] for one in (*self.derivatives, *self.beside)}

    @property
    def digital_source_type(self) -> str:
        """The IPTC digital source type (a URI) that the derivative is to be labelled with."""
        inventing = any(step.name in _INVENTING for step in self.taken)
        return COMPOSITE if inventing else ENHANCED

    @property
    def notices(self) -> tuple[str, ...]:
        """What had to be chosen to read the scan, and what people may want to look at."""
        return tuple(self.original.get("notices", ()))

    @property
    def colored(self) -> bool:
        """Whether color was added."""
        return any(
            step.name == "color" and step.params.get("saturation") != 0 for step in self.taken
        )

    @property
    def in_color(self) -> bool:
        """Whether it is a photograph in color that has kept its own colors."""
        return bool(self.original.get("in_color"))

    @property
    def faded(self) -> bool:
        """Whether some of what its layers lost was given back."""
        return any(step.name == "fading" for step in self.taken)

    @property
    def filled(self) -> float:
        """Which share of the picture was filled, 0..1, because it was taken for damage."""
        return sum(float(one.notes.get("share", 0)) for one in self.steps if one.name == "repair")

    @property
    def taken(self) -> tuple[StepRecord, ...]:
        """The steps that had something to do."""
        return tuple(step for step in self.steps if not step.idle)

    @property
    def tones(self) -> Tones:
        """Whose light and dark the picture shows: the "plate"'s own, or an "eye"'s by estimate."""
        return "eye" if any(step.params.get("tones") == "eye" for step in self.taken) else "plate"

    def statement(self) -> str:
        """A few words for people: what was done, and what of it is not evidence."""
        named = (step.name for step in self.taken if step.name != "color" or self.colored)
        done = ", ".join([*named, *(["eye tones"] if self.tones == "eye" else [])])
        said = [f"Restored by photochrom {self.runtime['photochrom']} ({done})."]
        if self.geometry is not None:
            said.append(trimmed(self.geometry, float(self.trim["degrees"])))
        if self.filled:
            said.append(f"Taken for damage and filled: {percent(self.filled)} of the picture.")
        if self.colored:
            others = [pin for pin in self.pins if pin not in self.reported]
            but = f"but for {told_of(others)}" if others else "not documented"
            said.append(f"Colors are estimated, {but}.")
        if self.colored and self.reported:
            said.append(as_reported(self.reported))
        if self.colored and self.references:
            sources = ", ".join(f"{one['source']} ({one['sure']})" for one in self.references)
            said.append(f"Some colors are taken from a reference: {sources}.")
        if self.colored and self.companions:
            said.append(f"Estimated together with {photographs(len(self.companions))}.")
        if self.variant is not None and self.variant["letter"] != LETTERS[0]:
            said.append(of_variants(self.variant))
        if self.in_color:
            faded = ", and some of what they lost was given back" if self.faded else ""
            said.append(f"Its colors are its own{faded}.")
        if self.tones == "eye":
            said.append("Light and dark are an estimate of what an eye saw, not the plate's own.")
        return " ".join(said)

    @property
    def variant(self) -> dict[str, Any] | None:
        """Which of several variants it shows, as the step color told it (`letter`, `of`, `likely`,
        `doubtful`); None if nobody asked for another or for several."""
        told = next((one.notes["variant"] for one in self.taken if "variant" in one.notes), None)
        return told if isinstance(told, dict) else None

    @property
    def known(self) -> dict[str, float]:
        """Which shares of what is colored, 0..1, are how sure: "documented", "reported", "assumed",
        "agreed" and "guessed", as the step color told it; empty if nobody has told anything."""
        return next((dict(one.notes["known"]) for one in self.taken if "known" in one.notes), {})

    @property
    def documented(self) -> list[dict[str, Any]]:
        """The pins whose colors somebody can look up."""
        return [pin for pin in self.pins if pin.get("sure", "documented") == "documented"]

    @property
    def reported(self) -> list[dict[str, Any]]:
        """The pins whose colors somebody has told; what is assumed is a guess."""
        return [pin for pin in self.pins if pin.get("sure") == "reported"]

    @property
    def references(self) -> list[dict[str, Any]]:
        """The references of which something is seen in the picture."""
        return [one for one in self._lenders if "source" in one]

    @property
    def companions(self) -> list[dict[str, Any]]:
        """The photographs of the same things that its colors were agreed on with."""
        return [one for one in self._lenders if "source" not in one]

    @property
    def _lenders(self) -> list[dict[str, Any]]:
        """The pictures that lend it anything."""
        told = [one for step in self.steps for one in step.notes.get("lent", ())]
        return [one for one, of in zip(self.lent, told, strict=False) if of["share"]]

    def to_json(self) -> str:
        """The record as JSON text, the same bytes for the same record."""
        data = {
            "schema": SCHEMA,
            "digital_source_type": self.digital_source_type,
            "statement": self.statement(),
            **asdict(self),
        }
        for key in _OPTIONAL:
            # Only where there is something to say, so that other records stay as they are.
            if not data[key]:
                del data[key]
        return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str | Path = "record") -> Record:
        """Reads a record back.

        Raises:
            PhotographError: The text is not a record of a schema we know.
        """
        try:
            data = upgraded(text, where)
            steps = [StepRecord(**step) for step in data["steps"]]
            names = cls.__dataclass_fields__.keys() - {"steps", *_OPTIONAL}
            said = {name: data[name] for name in names}
            said |= {name: data[name] for name in _OPTIONAL if name in data}
            record = cls(steps=steps, **said)
            _check(record)
        except MISTAKES as error:
            raise PhotographError(f"is not a record ({_said(error)})", where=where) from error
        return record

    @classmethod
    def open(cls, path: Path) -> Record:
        """Reads the record file at `path`."""
        try:
            return cls.from_json(path.read_text("utf-8"), path)
        except (OSError, UnicodeDecodeError) as error:
            raise PhotographError(f"cannot be read as a record ({error})", where=path) from error


def _said(error: Exception) -> str:
    """What is wrong with a text that is no record, in words."""
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON at line {error.lineno}, column {error.colno}"
    if isinstance(error, KeyError):
        return f'"{error.args[0]}" is missing'
    return str(error) or "it does not end"


def _check(record: Record) -> None:
    """Sees to it that a record says what everybody who reads it counts on: anybody may write one.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, ArithmeticError: It does not.
    """
    original, steps = record.original, record.steps
    texts = [
        original["sha256"],
        original.get("file") or "",
        *original.get("notices", []),
        record.order,
        record.runtime["photochrom"],
        *(step.name for step in steps),
        *(one[key] for one in (*record.derivatives, *record.beside) for key in ("file", "sha256")),
        *(model["name"] for step in steps for model in step.models),
        *(pin["source"] for pin in record.pins),
        *(one[key] for one in record.lent for key in ("name", "sha256")),
        *(text for one in record.references for text in (one["source"], one["sure"])),
    ]
    tables = [record.recipe, record.emulsion, record.runtime, record.measures, record.result]
    tables += [one for step in steps for one in (step.params, step.notes)]
    if not all(isinstance(one, str) for one in texts):
        raise TypeError("a name or a digest is no text")
    if not all(isinstance(one, dict) for one in tables):
        raise TypeError("what is no table")
    if not all(len(pin["color"]) == len(bytes(pin["color"])) == 3 for pin in record.pins):
        raise ValueError("a color that is none")
    if not all(pin.get("sure", SURE[0]) in SURE for pin in record.pins):
        raise ValueError("a color of which nobody knows how sure it is")
    if record.variant is not None:
        letters, likely = record.variant["of"], record.variant["likely"]
        if record.variant["letter"] not in letters or not 0 <= likely < math.inf:
            raise ValueError("a variant that is none")
    if not all(0 <= share < math.inf for share in record.known.values()):
        raise ValueError("a share that is none")
    if record.geometry is not None and not math.isfinite(record.trim["degrees"]):
        raise ValueError("an angle that is none")
    if not 0 <= record.filled < math.inf:
        raise ValueError("a share that is none")
