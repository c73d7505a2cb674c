"""Templates: cards that frame the photographs of a draft, for people to make their own.

A template is a TOML file beside this one: tables with the comments above them, parted by empty
lines, and one line that says where the photographs stand. What its cards say in other languages
lies beside it, by what they say in English (`NAME.words.toml`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from photochrom.phrases.catalogs import language_of

Name = Literal["portraits"]
TEMPLATES: tuple[str, ...] = get_args(Name)

_HERE = "# Your photographs stand here."


@dataclass(frozen=True)
class Given:
    """A card of a template.

    Attributes:
        kind: Which.
        seconds: How long it is seen.
        transition: How it comes in.
        lines: As it is written, with comments, and without its length.
    """

    kind: str
    seconds: float
    transition: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """What frames the photographs of a draft.

    Attributes:
        before: Cards before the first photograph.
        after: Cards after the last one.
    """

    before: tuple[Given, ...] = ()
    after: tuple[Given, ...] = ()


def template(name: Name, language: str = "") -> Template:
    """A template by its name.

    Args:
        name: Which.
        language: What its cards say it in, BCP 47; English, if it has no words of that one.
    """
    text = Path(__file__).with_name(f"{name}.toml").read_text("utf-8")
    for english, said in words(name).get(language_of(language), {}).items():
        text = text.replace(f'"{english}"', f'"{said}"')
    before, _, after = text.partition(f"{_HERE}\n")
    return Template(_given(before), _given(after))


def words(name: Name) -> dict[str, dict[str, str]]:
    """What the cards of a template say, by language and by what they say in English."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.words.toml").read_text("utf-8"))


def _given(text: str) -> tuple[Given, ...]:
    found = []
    for part in text.strip().split("\n\n"):
        (card,) = tomllib.loads(part)["shot"]
        lines = tuple(line for line in part.splitlines() if not line.startswith("length ="))
        turn = card.get("transition", "dissolve")
        found.append(Given(card["card"], float(card["length"]), turn, lines))
    return tuple(found)
