"""What in a production file speaks of other parts of it, and has to fit them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from photochrom.errors import ProductionError, StoryboardError
from photochrom.faults import nearest, shown
from photochrom.film.graphics.borders import country
from photochrom.film.storyboard import MapCard, photograph_of
from photochrom.production.schema import Entry, Production
from photochrom.production.subjects import Subject


class Complaint(Protocol):
    """Makes the error about a key, or a list element, of a file."""

    def __call__(self, what: str, *loc: str | int, fix: str | None = None) -> ProductionError: ...


def hold_together(production: Production, error: Complaint) -> None:
    """Makes sure that no name is taken twice, that what is named is there, and that the film's
    name suits what it is.

    Args:
        production: What the file says.
        error: As `ProductionFile.error`.

    Raises:
        ProductionError: Names the line and the key.
    """
    _names(production, error)
    _subjects(production, error)
    _countries(production, error)
    _film_name(production, error)
    _versions(production, error)


def _names(production: Production, error: Complaint) -> None:
    seen: dict[str, Entry] = {}
    for index, entry in enumerate(production.photographs):
        # Folded: on many systems "A.tif" and "a.tif" are one file.
        if entry.id.casefold() in seen:
            what = f"the id {entry.id!r} is taken by an earlier photograph"
            raise error(what, "photograph", index, "id", fix="choose another")
        seen[entry.id.casefold()] = entry
    ids = [entry.id for entry in production.photographs]
    for index, shot in enumerate(production.shots):
        photograph = photograph_of(shot)
        if photograph is not None and photograph not in ids:
            what = f"there is no photograph with the id {shown(photograph)}"
            like = nearest(photograph, ids)
            fix = f"did you mean {like!r}?" if like else "ids are given in [[photograph]]"
            raise error(what, "shot", index, "photograph", fix=fix)


def _subjects(production: Production, error: Complaint) -> None:
    subjects: dict[str, Subject] = {}
    for index, subject in enumerate(production.subjects):
        if subject.id in subjects:
            what = f"the id {subject.id!r} is taken by an earlier subject"
            raise error(what, "subject", index, "id", fix="choose another")
        subjects[subject.id] = subject
        _parts(subject, index, error)
    named = [
        *(
            (subject, "", ("photograph", index, "subjects", number))
            for index, entry in enumerate(production.photographs)
            for number, subject in enumerate(entry.subjects)
        ),
        *(
            (*_halves(color.part), ("photograph", index, "colors", number, "part"))
            for index, entry in enumerate(production.photographs)
            for number, color in enumerate(entry.colors)
            if color.part is not None
        ),
    ]
    for id, part, loc in named:
        if id not in subjects:
            what = f"there is no subject with the id {shown(id)}"
            raise error(what, *loc, fix=_meant(id, list(subjects), "[[subject]]"))
        parts = [one.name for one in subjects[id].parts]
        if len(loc) > 4 and part not in parts:
            what = f"the subject {id!r} has no part {shown(part)}"
            raise error(what, *loc, fix=_meant(part, parts, "[[subject.part]]"))


def _halves(part: str) -> tuple[str, str]:
    subject, _, name = part.partition(".")
    return subject, name


def _meant(name: str, names: list[str], table: str) -> str:
    like = nearest(name, names)
    return f"did you mean {like!r}?" if like else f"they are given in {table}"


def _parts(subject: Subject, index: int, error: Complaint) -> None:
    """Two colors of one part do not hold at one time."""
    for number, part in enumerate(subject.parts):
        for earlier in subject.parts[:number]:
            if earlier.name != part.name:
                continue
            if earlier.years[0] <= part.years[1] and part.years[0] <= earlier.years[1]:
                when = " and ".join(one.period or "always" for one in (earlier, part))
                what = (
                    f"two colors of the part {part.name!r} of {subject.id!r} hold at one time "
                    f"({when})"
                )
                fix = "say with 'from' and 'to' when each holds"
                raise error(what, "subject", index, "part", number, fix=fix)


def _countries(production: Production, error: Complaint) -> None:
    for index, card in enumerate(production.shots):
        if isinstance(card, MapCard):
            try:
                country(card.country)
            except StoryboardError as unknown:
                raise error(unknown.what, "shot", index, "country", fix=unknown.fix) from None


def _versions(production: Production, error: Complaint) -> None:
    seen: set[str] = set()
    for index, version in enumerate(production.versions):
        if version.name.casefold() in seen:
            what = f"the name {version.name!r} is taken by an earlier version"
            raise error(what, "version", index, "name", fix="choose another")
        seen.add(version.name.casefold())


def _film_name(production: Production, error: Complaint) -> None:
    encoder, name = production.film.encoder, production.output.film
    if name is not None and not encoder.suits(Path(name)):
        raise error(
            f"'output, film' is \"{name}\", but {encoder.kind.title} goes into a file that "
            f"ends in {encoder.ending}",
            *("output", "film"),
            fix=f'write film = "{Path(name).stem}{encoder.ending}", or leave it out',
        )
