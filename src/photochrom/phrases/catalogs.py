"""Catalogs of phrases: the English ones, and those of other languages."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_FOLDER = Path(__file__).parent / "catalogs"

ENGLISH = "en"

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "Arabic",
        "de": "German",
        "en": "English",
        "es": "Spanish",
        "fr": "French",
        "it": "Italian",
        "ja": "Japanese",
        "ko": "Korean",
        "nl": "Dutch",
        "pl": "Polish",
        "pt": "Portuguese",
        "ru": "Russian",
        "zh": "Chinese, simplified",
        "zh-Hant": "Chinese, traditional",
    }
)
"""Languages in which all of the film's own words are known, with their names in English. Some have
catalogs of a region besides, with what is said in another way there (`en-GB`, `pt-PT`, `de-CH`)."""

_MORE = {"date-decade": {"last"}, "date-decade-first": {"last"}}
"""What other languages say of a phrase, and English does not."""

_FROM_RIGHT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})


@dataclass(frozen=True)
class Phrase:
    """A phrase as the film says it in English.

    Attributes:
        name: What it is called.
        text: What it says; of a phrase that counts something, of one.
        many: What it says of several; "" for a phrase that counts nothing.
    """

    name: str
    text: str
    many: str = ""

    @property
    def fields(self) -> frozenset[str]:
        """What may be filled in."""
        named = re.findall(r"\{(\w+)\}", self.text + self.many)
        return frozenset(named) | _MORE.get(self.name, set())


@dataclass(frozen=True)
class Catalog:
    """The phrases of one language.

    Attributes:
        translations: Finds what is said in the place of the English.
        names: Of the phrases that it has.
    """

    translations: gettext.GNUTranslations
    names: frozenset[str]


@lru_cache
def phrases() -> Mapping[str, Phrase]:
    """All phrases, in English, by their names."""
    return MappingProxyType(
        {
            entry.msgctxt: Phrase(entry.msgctxt, entry.msgid, entry.msgid_plural)
            for entry in _read("film.pot")
        }
    )


@lru_cache
def catalog(language: str) -> Catalog:
    """The catalog of a language that has one.

    What was translated from other English than there is now, or is marked as not sure, is left out.
    """
    known = phrases()
    entries = _read(f"{language}.po")
    names = (
        entry.msgctxt
        for entry in entries.translated_entries()
        if (now := known.get(entry.msgctxt)) is not None
        and (entry.msgid, entry.msgid_plural) == (now.text, now.many)
    )
    compiled = gettext.GNUTranslations(io.BytesIO(entries.to_binary()))
    return Catalog(compiled, frozenset(names))


def catalogs_for(tag: str) -> list[str]:
    """The catalogs in which a phrase is looked for, the nearest first; English needs none.

    Args:
        tag: BCP 47, "de-CH"; "" for English.
    """
    names = [tag, *_wider(tag)] if tag else []
    there = {path.stem for path in _FOLDER.glob("*.po")}
    return [name for name in dict.fromkeys(names) if name in there]


def language_of(tag: str) -> str:
    """The language of `LANGUAGES` that a tag means ("de-CH": "de"); "" for any other."""
    return next((name for name in (tag, *_wider(tag)) if name in LANGUAGES), "") if tag else ""


def from_right(tag: str) -> bool:
    """Whether a language is written from right to left."""
    from langcodes import Language

    return bool(tag) and Language.get(tag).maximize().script in _FROM_RIGHT


def _wider(tag: str) -> list[str]:
    """The tags that take a tag in, the nearest first ("zh-TW": "zh-Hant-TW", "zh-Hant")."""
    from langcodes import Language

    whole = Language.get(tag).maximize()
    language, script = str(whole.language), str(whole.script)
    usual = Language.get(language).maximize().script
    if script != usual:
        # Whoever reads one script of a language does not read the other as gladly as English.
        return [f"{language}-{script}-{whole.territory}", f"{language}-{script}"]
    return [f"{language}-{whole.territory}", language]


def _read(name: str) -> Any:
    import polib

    return polib.pofile(str(_FOLDER / name), encoding="utf-8")
