"""What decides the pixels of a run of frames: the facts that its digest is made of."""

from __future__ import annotations

from typing import Any

from photochrom.film.storyboard import CreditsCard, Shot, TitleCard
from photochrom.film.takes import Take
from photochrom.film.type import fonts_digest


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
    facts["has caption"] = bool(item.caption.strip())
    facts["look"] = [theme.vignette, theme.letterbox, theme.surround]
    versions = take.versions(first, stop)
    if len(versions) > 1:
        facts["reveal"] = [item.reveal.kind, item.reveal.center, take.reveal_span()]
    if text:
        facts["words"] = [item.caption, item.credit]
    # The colored picture gives the camera its aspect, seen or not.
    for version in {*versions, "color"}:
        known = (item.photograph, version)
        if known not in digests:
            digests[known] = take.stills.digest(version)
        facts[f"{version} digest"] = digests[known]
    facts["versions"] = versions
    return facts


def _fonts(take: Take, digests: dict[Any, str]) -> str:
    item, theme = take.item, take.film.theme
    if isinstance(item, Shot) and not item.caption and not item.credit:
        return ""
    names = (theme.title_font, theme.text_font)
    if names not in digests:
        digests[names] = fonts_digest(names)
    return digests[names]
