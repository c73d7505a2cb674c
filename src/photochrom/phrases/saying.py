"""Saying a phrase in the language of a film."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from types import MappingProxyType

from photochrom.phrases.catalogs import (
    ENGLISH,
    Catalog,
    catalog,
    catalogs_for,
    from_right,
    language_of,
    phrases,
)

Own = str | tuple[str, ...]
"""A phrase in words of the user's; of one that counts something the language's forms, in order."""


@dataclass(frozen=True)
class Phrases:
    """The film's own words in a language.

    Attributes:
        language: BCP 47; "" is English.
        own: Phrases that the user has worded, by their names.
    """

    language: str = ""
    own: Mapping[str, Own] = field(default_factory=dict)
    _catalogs: tuple[Catalog, ...] = field(default=(), repr=False)

    def __call__(self, name: str, number: int | None = None, **filled: object) -> str:
        """A phrase, with what belongs into it.

        Args:
            name: Of the phrase; one that is not known (a step that somebody has added) is said as
                it is.
            number: What is counted, where a phrase counts something.
            filled: By its name in the phrase, what is filled in.
        """
        phrase = phrases().get(name)
        if phrase is None:
            return name.partition("-")[2] or name
        if (own := self.own.get(name)) is not None:
            text = own if isinstance(own, str) else own[min(self._form(number), len(own) - 1)]
        elif phrase.many:
            count = 0 if number is None else number
            text = phrase.text if count == 1 else phrase.many
            if one := self._with(name):
                text = one.translations.npgettext(name, phrase.text, phrase.many, count)
        else:
            one = self._with(name)
            text = one.translations.pgettext(name, phrase.text) if one else phrase.text
        return text.format(number=number, **filled)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of phrases that are said in English, because this language lacks them."""
        return tuple(name for name in phrases() if self.lacks(name))

    def lacks(self, name: str) -> bool:
        """Whether a phrase is said in English because this language lacks it."""
        is_english = not self.language or language_of(self.language) == ENGLISH
        return not (is_english or name in self.own or self._with(name))

    @property
    def speaks(self) -> str:
        """The language that is said: English where another has no words of its own."""
        return self.language if self._catalogs and self.language else ENGLISH

    @property
    def from_right(self) -> bool:
        """Whether the language is written from right to left."""
        return from_right(self.language)

    def texts(self, *beginnings: str) -> tuple[str, ...]:
        """All that phrases may say whose names begin so, not filled in."""
        return tuple(
            form for name in phrases() if name.startswith(beginnings) for form in self._forms(name)
        )

    def sentences(self, parts: Iterable[str]) -> str:
        """Sentences one after another; empty ones are left out."""
        return self._joined("together-sentences", parts)

    def listed(self, parts: Iterable[str]) -> str:
        """What may have commas of its own, in a row."""
        return self._joined("together-listed", parts)

    def enumerated(self, parts: Iterable[str]) -> str:
        """Words in a row."""
        return self._joined("together-enumerated", parts)

    def followed(self, parts: Iterable[str]) -> str:
        """What is seen one after another."""
        return self._joined("cues-then", parts)

    def paused(self, first: str, second: str) -> str:
        """Two parts of a line; either may be empty."""
        return self._joined("together-paused", (first, second))

    def labelled(self, label: str, text: str) -> str:
        """What belongs to a name ("1931: The shop opens"); either may be empty."""
        if not label or not text:
            return label or text
        return self("together-labelled", label=label, text=text)

    def _joined(self, name: str, parts: Iterable[str]) -> str:
        parts = [part for part in parts if part]
        return reduce(lambda one, two: self(name, first=one, second=two), parts) if parts else ""

    def _with(self, name: str) -> Catalog | None:
        return next((one for one in self._catalogs if name in one.names), None)

    def _form(self, number: int | None) -> int:
        """Which of the language's forms goes with a number."""
        count = 0 if number is None else number
        if not self._catalogs:
            return int(count != 1)
        return int(self._catalogs[0].translations.plural(count))  # type: ignore[attr-defined]

    def _forms(self, name: str) -> tuple[str, ...]:
        own = self.own.get(name)
        if own is not None:
            return (own,) if isinstance(own, str) else own
        phrase, one = phrases()[name], self._with(name)
        if one is None:
            return (phrase.text, phrase.many)
        if not phrase.many:
            return (one.translations.pgettext(name, phrase.text),)
        said = (one.translations.npgettext(name, phrase.text, phrase.many, n) for n in range(200))
        return tuple(dict.fromkeys(said))


def one_line(text: str) -> str:
    """A text without line breaks and doubled spaces; spaces that hold words together stay."""
    return re.sub(r"[ \t\n\r\v\f\u2028\u2029]+", " ", text).strip()


@lru_cache(maxsize=64)
def _known(language: str, own: tuple[tuple[str, Own], ...]) -> Phrases:
    found = tuple(catalog(name) for name in catalogs_for(language))
    return Phrases(language, MappingProxyType(dict(own)), found)


def phrases_for(language: str = "", own: Mapping[str, Own] = MappingProxyType({})) -> Phrases:
    """The film's own words.

    Args:
        language: BCP 47; "" is English.
        own: Phrases in words of the user's, from `checked`.
    """
    return _known(language, tuple(sorted(own.items())))
