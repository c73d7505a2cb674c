"""What decides the pixels of a run of frames: the facts that its digest is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from photochrom.film.camera.moves import makes_room
from photochrom.film.graphics import borders
from photochrom.film.graphics.saying import said_by, signs_of
from photochrom.film.stills import Version
from photochrom.film.storyboard import (
    ComparisonCard,
    CreditsCard,
    DisclosureCard,
    DrawnCard,
    MapCard,
    Shot,
    TitleCard,
    WordsCard,
    photograph_of,
)
from photochrom.film.storyboard.cards import shows_logo
from photochrom.film.takes import Take
from photochrom.film.words.fonts import Fonts
from photochrom.film.words.lettering import mark_corner


class Digests(dict[Any, str]):
    """What is known by digest while a film is planned, so that nothing is read twice."""

    def __init__(self, language: str = "") -> None:
        super().__init__()
        self.fonts = Fonts(language=language)


def visible(take: Take, first: int, stop: int, *, text: bool, digests: Digests) -> dict[str, Any]:
    """Everything that decides the pixels of a run of frames, in JSON values."""
    item, theme = take.seen, take.film.theme
    facts: dict[str, Any] = {"from": first, "background": theme.background}
    if text or not isinstance(item, Shot):
        facts["fonts"] = _fonts(take, digests)
        facts["ink"] = [theme.ink, theme.rule]
        # It decides how letters join, which shapes they have, and from where lines begin.
        facts["language"] = take.film.language
        facts["body"] = [take.first, take.last]
    if not isinstance(item, Shot):
        facts["background"] = item.background or theme.background
        # All that the lengths of transitions, and what they lead to, decide of its words.
        facts["strength"] = [take.presence(index) for index in range(first, stop)]
        if isinstance(item, ComparisonCard):
            return facts | _compared(take, digests)
        facts["card"] = item.model_dump(
            mode="json", exclude={"transition", "length", "narration", "image"}
        )
        # Not how they are called, but what is in them.
        if isinstance(item, WordsCard) and item.image is not None:
            facts["image"] = take.images[item.image].sha256
        if shows_logo(item) and theme.logo is not None:
            facts["logo"] = take.images[theme.logo].sha256
        if isinstance(item, TitleCard) and not item.title:
            facts["title"] = take.film.title
        if isinstance(item, DrawnCard):
            # Numbers and sources are said in the film's own words.
            facts["said"] = said_by(item, take.film.say)
        if isinstance(item, CreditsCard | DisclosureCard):
            # Their words may roll for as long as they are seen.
            facts["span"] = take.span
        if isinstance(item, DisclosureCard):
            facts["said"] = [one.said(take.film.say) for one in item.lines]
        if isinstance(item, MapCard):
            facts["borders"] = borders.digest()
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
    if (mark := take.film.mark) and "color" in versions and _colored(take, digests):
        facts["mark"] = [
            mark,
            mark_corner(item),
            theme.ink,
            theme.background,
            take.reveal_span(),
            take.film.language,
        ]
        facts["mark's font"] = _digest_of(digests, mark, theme.text_font)
    return facts


def _compared(take: Take, digests: Digests) -> dict[str, Any]:
    """A comparison card: its words make room for themselves, seen or not."""
    item, theme = take.item, take.film.theme
    hidden = {"photograph", "transition", "length", "narration", "background"}
    assert isinstance(item, ComparisonCard)
    return {
        "card": item.model_dump(mode="json", exclude=hidden),
        "labels": item.labels(_colored(take, digests), take.film.say),
        "language": take.film.language,
        "fonts": _digest_of(digests, words_of(take), theme.title_font, theme.text_font),
        "ink": theme.ink,
        "body": [take.first, take.last],
        **_pictures(take, {item.from_, "color"}, digests),
    }


def _colored(take: Take, digests: Digests) -> bool:
    """What `Take.colored` says, from digests that are known."""
    return len(set(_pictures(take, {"gray", "color"}, digests).values())) > 1


def _pictures(take: Take, versions: set[Version], digests: Digests) -> dict[str, str]:
    assert take.stills is not None
    found = {}
    for version in versions:
        known = (photograph_of(take.item), version)
        if known not in digests:
            digests[known] = take.stills.digest(version)
        found[f"{version} digest"] = digests[known]
    return found


def words_of(take: Take) -> str:
    """Every character that an item's body may show, and perhaps more."""
    item = take.seen
    if isinstance(item, Shot):
        written: list[Any] = [item.caption.parts, item.credit]
    else:
        written = [item.model_dump(mode="json", exclude={"narration", "image"}), take.film.title]
    if isinstance(item, ComparisonCard):
        written.append([item.labels(colored, take.film.say) for colored in (False, True)])
    if isinstance(item, DrawnCard):
        written.append(signs_of(item, take.film.say))
    if isinstance(item, DisclosureCard):
        written.append([one.said(take.film.say) for one in item.lines])
    text = "".join(_texts(written))
    # Some headings are set in capitals.
    return text + text.upper()


def borrowed(takes: Iterable[Take]) -> list[str]:
    """Fonts of the system that something in a film is set from, by family."""
    by_language: dict[str, Fonts] = {}
    found = set[str]()
    for take in takes:
        theme, language = take.film.theme, take.film.language
        fonts = by_language.setdefault(language, Fonts(language=language))
        found |= fonts.borrowed(words_of(take) + take.film.mark, theme.title_font, theme.text_font)
    return sorted(found)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Iterable):
        for part in value:
            yield from _texts(part)


def _fonts(take: Take, digests: Digests) -> str:
    item, theme = take.seen, take.film.theme
    if isinstance(item, Shot) and not item.caption.plain and not item.credit:
        return ""
    return _digest_of(digests, words_of(take), theme.title_font, theme.text_font)


def _digest_of(digests: Digests, text: str, *names: str) -> str:
    # The order of characters, and how often they come, change nothing.
    known = (names, "".join(sorted(set(text))))
    if known not in digests:
        digests[known] = digests.fonts.digest(*names, text=text)
    return digests[known]
