"""What decides the pixels of a run of frames: the facts that its digest is made of."""

from __future__ import annotations

from typing import Any

from photochrom.film.camera.moves import makes_room
from photochrom.film.stills import Version
from photochrom.film.storyboard import (
    ComparisonCard,
    CreditsCard,
    Shot,
    TitleCard,
    photograph_of,
)
from photochrom.film.takes import Take
from photochrom.film.words.lettering import mark_corner
from photochrom.film.words.type import fonts_digest


def visible(
    take: Take, first: int, stop: int, *, text: bool, digests: dict[Any, str]
) -> dict[str, Any]:
    """Everything that decides the pixels of a run of frames, in JSON values."""
    item, theme = take.item, take.film.theme
    facts: dict[str, Any] = {"from": first, "background": theme.background}
    if text:
        facts["fonts"] = _fonts(take, digests)
        facts["ink"] = [theme.ink, theme.rule]
        facts["body"] = [take.first, take.last]
    if not isinstance(item, Shot):
        facts["background"] = item.background or theme.background
        if isinstance(item, ComparisonCard):
            return facts | _compared(take, digests)
        if text:
            facts["card"] = item.model_dump(
                mode="json", exclude={"transition", "length", "narration"}
            )
            if isinstance(item, TitleCard) and not item.title:
                facts["title"] = take.film.title
            if isinstance(item, CreditsCard):
                facts["span"] = take.span
        return facts
    assert take.stills is not None
    hidden = {"photograph", "caption", "credit", "transition", "length", "reveal", "narration"}
    facts["shot"] = item.model_dump(mode="json", exclude=hidden)
    if item.move == "auto":
        facts["style"] = take.style
    if isinstance(item.move, str):
        facts["attention"] = take.stills.attention.data()
    facts["span"] = take.span
    # A matted picture makes room for words, whatever they are.
    facts["has caption"] = makes_room(item)
    facts["look"] = [theme.vignette, theme.letterbox, theme.surround, theme.grain]
    versions = take.versions(first, stop)
    if len(versions) > 1:
        facts["reveal"] = [item.reveal.kind, item.reveal.center, take.reveal_span()]
    if text:
        facts["words"] = [item.caption.parts, item.caption.at, item.credit]
        if item.caption.plain and item.caption.at == "auto":
            # Words keep clear of faces.
            facts["attention"] = take.stills.attention.data()
    # The colored picture gives the camera its aspect, seen or not.
    facts |= _pictures(take, {*versions, "color"}, digests)
    facts["versions"] = versions
    if theme.mark.strip() and "color" in versions and _colored(take, digests):
        facts["mark"] = [
            theme.mark,
            mark_corner(item),
            theme.ink,
            theme.background,
            take.reveal_span(),
        ]
        facts["mark's font"] = _digest_of(digests, theme.text_font)
    return facts


def _compared(take: Take, digests: dict[Any, str]) -> dict[str, Any]:
    """A comparison card: its words make room for themselves, seen or not."""
    item, theme = take.item, take.film.theme
    hidden = {"photograph", "transition", "length", "narration", "background"}
    assert isinstance(item, ComparisonCard)
    return {
        "card": item.model_dump(mode="json", exclude=hidden),
        "labels": item.labels(_colored(take, digests)),
        "fonts": _digest_of(digests, theme.title_font, theme.text_font),
        "ink": theme.ink,
        "body": [take.first, take.last],
        **_pictures(take, {item.from_, "color"}, digests),
    }


def _colored(take: Take, digests: dict[Any, str]) -> bool:
    """What `Take.colored` says, from digests that are known."""
    return len(set(_pictures(take, {"gray", "color"}, digests).values())) > 1


def _pictures(take: Take, versions: set[Version], digests: dict[Any, str]) -> dict[str, str]:
    assert take.stills is not None
    found = {}
    for version in versions:
        known = (photograph_of(take.item), version)
        if known not in digests:
            digests[known] = take.stills.digest(version)
        found[f"{version} digest"] = digests[known]
    return found


def _fonts(take: Take, digests: dict[Any, str]) -> str:
    item, theme = take.item, take.film.theme
    if isinstance(item, Shot) and not item.caption.plain and not item.credit:
        return ""
    return _digest_of(digests, theme.title_font, theme.text_font)


def _digest_of(digests: dict[Any, str], *names: str) -> str:
    if names not in digests:
        digests[names] = fonts_digest(names)
    return digests[names]
