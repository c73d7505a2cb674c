"""Phrases in words of the user's own."""

from __future__ import annotations

import string
from collections.abc import Mapping

from photochrom.faults import nearest
from photochrom.phrases.catalogs import Phrase, phrases
from photochrom.phrases.saying import Own


def checked(own: object) -> Mapping[str, Own]:
    """The same, if there are such phrases and they fill in what can be filled in.

    Args:
        own: For each name a text, or a list of the language's forms.

    Raises:
        ValueError: In a line, which is wrong.
    """
    if not isinstance(own, Mapping):
        raise ValueError('it takes a table of phrases: { mark = "Colored" }')
    found: dict[str, Own] = {}
    for name, said in own.items():
        phrase = phrases().get(name)
        if phrase is None:
            like = nearest(name, phrases())
            hint = f'did you mean "{like}"?' if like else "docs/storyboard.md says which there are"
            raise ValueError(f'there is no phrase "{name}"; {hint}')
        found[name] = said if isinstance(said, str) else _forms(phrase, said)
        for text in (said,) if isinstance(said, str) else found[name]:
            _fits(phrase, text)
    return found


def _forms(phrase: Phrase, said: object) -> tuple[str, ...]:
    """Of a phrase that counts something, what is said of one, of two, and so on."""
    is_list = isinstance(said, list | tuple)
    forms = tuple(said) if isinstance(said, list | tuple) else ()
    if is_list and not phrase.many:
        raise ValueError(f'"{phrase.name}" counts nothing: write one text, not a list')
    if not forms or not all(isinstance(one, str) for one in forms):
        also = ", or a list of them" if phrase.many else ""
        raise ValueError(f'"{phrase.name}" takes a text in quotes{also}')
    return forms


def _fits(phrase: Phrase, text: str) -> None:
    allowed = phrase.fields | ({"number"} if phrase.many else set())
    may = " and ".join(f"{{{one}}}" for one in sorted(allowed))
    hint = f"it may have {may}" if may else "nothing is filled in there"
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError(f'"{phrase.name}" has a brace too many or too few; {hint}') from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in allowed or spec or conversion):
            raise ValueError(f'"{phrase.name}" has {{{name}}}; {hint}')
