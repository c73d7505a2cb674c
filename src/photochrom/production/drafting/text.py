"""A draft as the text of a production file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from photochrom.files import resolved
from photochrom.production.drafting.parts import Card, Part, Shot, TemplateCard
from photochrom.production.drafting.scans import Scan
from photochrom.production.fitting import scale_for, times
from photochrom.production.schema import SCHEMA
from photochrom.toml_text import comment, inline, number, quoted, table

_SAYS = {
    "timeline": "The chapters and their years.",
    "disclosure": "Says what was restored and colored; written from the records when built.",
    "credits": "Names everyone that photographs give credit to.",
}


@dataclass(frozen=True)
class Writer:
    """Writes a production file.

    Attributes:
        output: Where it is going to be; files are named relative to it.
        title: Of the film.
        language: Of the film, BCP 47; "" if it is not said.
        notes: What whoever edits it should know.
        music: Sound files.
        on_beats: Whether pictures change on the beats of the music.
        elsewhere: What a file is called that lies elsewhere; None of one that lies here.
        enlarged: How many times larger than they are photographs are shown, by their ids.
    """

    output: Path
    title: str
    language: str = ""
    notes: Sequence[str] = ()
    music: Sequence[Path] = ()
    on_beats: bool = False
    elsewhere: Callable[[Path], str | None] = lambda path: None
    enlarged: Mapping[str, float] = field(default_factory=dict)

    def text(self, scans: Sequence[Scan], parts: Sequence[Part], lengths: Sequence[float]) -> str:
        """The file.

        Args:
            scans: The photographs.
            parts: What the film shows.
            lengths: How long each of them is shown, in seconds.
        """
        lines = [*self._head()]
        for scan in scans:
            lines += self._photograph(scan)
        lines += self._film()
        for part, length in zip(parts, lengths, strict=True):
            if isinstance(part, TemplateCard):
                lines += _template_card(part, length)
            elif isinstance(part, Card):
                lines += self._card(part, length)
            else:
                lines += self._shot(part, length)
        return "\n".join(lines)

    def _head(self) -> Iterator[str]:
        yield from comment(
            "A production: the photographs, how they are restored, and the film that is made of"
            " them. Edit it and build it with: photochrom make"
        )
        for note in self.notes:
            yield from comment(f"Note: {note}")
        yield f"schema = {quoted(SCHEMA)}"
        yield f"title = {quoted(self.title)}"
        yield 'recipe = "faithful"  # or "cinema", "scan-clean", or a recipe file of your own'
        yield ""
        yield "[output]"
        yield 'formats = ["tiff", "jpeg"]'
        yield ""

    def _photograph(self, scan: Scan) -> Iterator[str]:
        yield "[[photograph]]"
        yield f"id = {quoted(scan.id)}"
        yield f"file = {quoted(self._relative(scan.path))}"
        if scan.date is not None:
            yield f"date = {quoted(scan.date)}{_from(scan.date_from)}"
        if scan.people:
            yield f"people = [{', '.join(map(quoted, scan.people))}]"
        if scan.place:
            yield f"place = {quoted(scan.place)}"
        if scan.caption:
            # Nobody has written for an audience what a file is called.
            unsure = "# " if scan.caption_from else ""
            yield f"{unsure}caption = {quoted(scan.caption)}{_from(scan.caption_from)}"
        for key in ("alt", "credit", "license", "source", "identifier"):
            if value := getattr(scan, key):
                yield f"{key} = {quoted(value)}"
        if (scale := scale_for(self.enlarged.get(scan.id, 0.0))) > 1:
            yield f"scale = {scale}  # the film shows it {times(self.enlarged[scan.id])} as large"
        yield ""

    def _film(self) -> Iterator[str]:
        yield from comment(
            "The film, in the order in which it is shown. A shot takes the caption of its"
            " photograph unless it has its own; without `move` the camera finds its way by what is"
            " in the picture."
        )
        yield "[film]"
        if self.language:
            yield f"language = {quoted(self.language)}"
        yield "size = [1920, 1080]"
        yield "rate = 24"
        yield ""
        if self.music:
            if self.on_beats:
                yield from comment(
                    "Pictures change on the beats of the music, with the middle of their"
                    " transitions; another length moves all that follows."
                )
            yield "[film.sound]"
            names = [quoted(self._relative(path)) for path in self.music]
            yield f"music = [{', '.join(names)}]"
            yield ""

    def _card(self, card: Card, length: float) -> Iterator[str]:
        if card.kind in _SAYS:
            yield from comment(_SAYS[card.kind])
        yield "[[shot]]"
        yield f"card = {quoted(card.kind)}"
        yield f"length = {number(length)}"
        if card.heading:
            yield f"heading = {quoted(card.heading)}"
        if card.text:
            yield f"text = {quoted(card.text)}"
        if card.credits:
            yield 'credits = "auto"  # those of the photographs, below it'
        if card.marks:
            yield "marks = ["
            for when, what in card.marks:
                yield f"  {table({'date': when, 'text': what})},"
            yield "]"
        yield from _transition(card)
        yield ""

    def _shot(self, shot: Shot, length: float) -> Iterator[str]:
        yield "[[shot]]"
        yield f"photograph = {quoted(shot.scan.id)}"
        yield f"length = {number(length)}"
        if shot.take:
            yield 'caption = ""'
        elif shot.told.keys() - {"text"}:
            yield f"caption = {table(shot.told)}"
        if not shot.take and shot.scan.narration is not None:
            yield f"narration = {quoted(self._relative(shot.scan.narration))}"
        if shot.detail is not None:
            start, end = map(inline, shot.detail)
            yield f"move = {{ from = {start}, to = {end} }}"
        if shot.whole:
            yield 'framing = "mat"'
        if shot.reveal != "none":
            told: dict[str, str | Sequence[float]] = {"kind": shot.reveal}
            if shot.center is not None:
                told["center"] = shot.center
            if shot.origin != "gray":
                told["from"] = shot.origin
            yield f"reveal = {table(told) if len(told) > 1 else quoted(shot.reveal)}"
        yield from _transition(shot)
        yield ""

    def _relative(self, path: Path) -> str:
        """With forward slashes, which every system understands; absolute if on another drive."""
        if (far := self.elsewhere(path)) is not None:
            return far
        try:
            return Path(os.path.relpath(path, resolved(self.output).parent)).as_posix()
        except ValueError:
            return resolved(path).as_posix()


def _template_card(part: TemplateCard, length: float) -> Iterator[str]:
    """A card of a template, as it is written there."""
    for line in part.given.lines:
        yield line
        if line.startswith("card ="):
            yield f"length = {number(length)}"
    yield ""


def _transition(part: Card | Shot) -> Iterator[str]:
    if part.transition != "dissolve":
        yield f"transition = {quoted(part.transition)}"


def _from(source: str) -> str:
    """Where something is from, as a comment at the end of a line."""
    return f"  # {source}" if source else ""
