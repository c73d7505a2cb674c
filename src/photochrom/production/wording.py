"""The words of a film before it is made: whether fonts have them, and its language knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from photochrom.errors import ProductionError
from photochrom.faults import dotted, shown
from photochrom.film.storyboard import (
    ComparisonCard,
    CreditsCard,
    DrawnCard,
    Shot,
    Theme,
    TimelineCard,
    TitleCard,
)
from photochrom.production.file import ProductionFile
from photochrom.production.schema import Disclosure, Item
from photochrom.toml_places import Path as Location

if TYPE_CHECKING:
    from photochrom.film.words.fonts import Fonts

_MOST_NAMED = 5
_NO_WORDS = frozenset(
    {"narration", "transition", "reveal", "move", "photograph", "background", "country", "image"}
)
_NAME_A_FONT = "install a font that has it, or name one in the theme"
_FONTS = {
    "ar": "pip install fontpkg-noto-sans-arabic, or name a font file in the theme",
    **dict.fromkeys(
        ("ja", "ko", "zh", "zh-Hant"),
        "install Noto Sans CJK on this system, or name a font file that has them in the theme",
    ),
}
"""What to do where a language's letters are missing."""


def unset(file: ProductionFile) -> Iterator[ProductionError]:
    """Words with characters that no font has."""
    from photochrom.film.words.fonts import Fonts

    for version in file.versions():
        theme, language = version.storyboard().film.theme, version.language
        fonts, say = Fonts(language=language), version.production.film.say
        own = f"the film's own words are in {shown(say.speaks)}, and "
        loc, text = _own_words(version)
        if signs := _lost(text, theme, fonts):
            yield file.error(
                f"'{dotted(loc)}': {own}{_told(signs)}",
                *loc,
                fix=_FONTS.get(say.speaks, _NAME_A_FONT),
            )
        for loc, text in dict(_words(file)).items() if version is file else ():
            if signs := _lost(text, theme, fonts):
                yield file.error(f"'{dotted(loc)}': {_told(signs)}", *loc, fix=_NAME_A_FONT)


def _lost(text: str, theme: Theme, fonts: Fonts) -> list[str]:
    """The characters of a text that can be set from no font."""
    lacking = set(fonts.missing(text, theme.title_font))
    lacking &= set(fonts.missing(text, theme.text_font))
    return sorted(sign for sign in lacking if fonts.fallback(sign) is None)


def _told(signs: list[str]) -> str:
    named = ", ".join(f'"{one}" (U+{ord(one):04X})' for one in signs[:_MOST_NAMED])
    more = f" and {len(signs) - _MOST_NAMED} more" if signs[_MOST_NAMED:] else ""
    return f"no font has the character{'s' * (len(signs) > 1)} {named}{more}"


def _own_words(file: ProductionFile) -> tuple[Location, str]:
    """Where a version's language is said, and what the film itself may say on the screen in it."""
    film, items = file.production.film, file.production.shots
    seen = {
        "disclosure-": any(isinstance(one, Disclosure) for one in items),
        "credits-": any(_credited(one) for one in items),
        "compared-": any(isinstance(one, ComparisonCard) for one in items),
        "date-": any(
            isinstance(one, TimelineCard) or (isinstance(one, Shot) and one.caption.date)
            for one in items
        ),
    }
    drawn = any(isinstance(one, DrawnCard) for one in items)
    seen |= dict.fromkeys(("source-line", "share", "thousands-mark", "decimal-mark"), drawn)
    beginnings = [beginning for beginning, there in seen.items() if there]
    loc: Location = ("film", "language")
    if file.version:
        names = [one.name for one in file.production.versions]
        loc = ("version", names.index(file.version), "language")
    return loc, "".join(film.say.texts(*beginnings)) if beginnings else ""


def untold(file: ProductionFile) -> Iterator[str]:
    """Phrases that a language lacks, so that the film says them in English."""
    for version in file.versions() if file.production.shots else ():
        say, (loc, _) = version.production.film.say, _own_words(version)
        missing = say.missing
        if not missing or (version is not file and version.language == file.language):
            continue
        named = ", ".join(missing[:_MOST_NAMED])
        more = f" and {len(missing) - _MOST_NAMED} more" if missing[_MOST_NAMED:] else ""
        what = f"'{dotted(loc)}': the film's own words have nothing in {shown(say.language)} for "
        fix = "write them below [film.words], or they are English"
        yield str(file.error(f"{what}{named}{more}", *loc, fix=fix))


def _words(file: ProductionFile) -> Iterator[tuple[Location, str]]:
    """All words of the file that are seen in the film, and where they stand."""
    production = file.production
    yield ("film", "theme", "mark"), production.film.mark
    ids = [entry.id for entry in production.photographs]
    captions = any(one.production.film.captions for one in file.versions())
    filmed = {item.photograph for item in production.shots if isinstance(item, Shot)}
    for index, item in enumerate(production.shots):
        own = item.model_dump(by_alias=True, include=item.model_fields_set - _NO_WORDS)
        if not captions:
            own.pop("caption", None)
        yield from _texts(own, ("shot", index))
        if isinstance(item, TitleCard) and not item.title:
            loc = ("film", "title") if production.film.title else ("title",)
            yield loc, production.film.title or production.title
        if isinstance(item, Shot):
            entry, at = production.entry(item.photograph), ids.index(item.photograph)
            if captions and "caption" not in item.model_fields_set:
                yield ("photograph", at, "caption"), entry.caption
            if "credit" not in item.model_fields_set:
                yield ("photograph", at, "credit"), entry.credit
    if any(_credited(item) for item in production.shots):
        for at, entry in enumerate(production.photographs):
            for key in ("credit", "license", "source") if entry.id in filmed else ():
                yield ("photograph", at, key), getattr(entry, key)


def _credited(item: Item) -> bool:
    """Whether an item has credits that are gathered from the photographs."""
    if isinstance(item, Disclosure):
        return item.credits == "auto"
    return isinstance(item, CreditsCard) and not item.credits


def _texts(value: Any, loc: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(part, (*loc, str(key)))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _texts(part, (*loc, index))
