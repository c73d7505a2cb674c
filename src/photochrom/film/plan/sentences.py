"""Narration as subtitles: a sentence at a time, for as long as it is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from photochrom.film.sound.schedule import Spoken
from photochrom.film.storyboard.sound import SAMPLE_RATE
from photochrom.film.words.subtitles import CLOSING, ENDS, LINE, PAUSES, Subtitle, wrapped

LONGEST = 2 * LINE
"""Letters in a subtitle, at most: two lines, so that longer sentences come in parts."""

SHORTEST = 12
"""Letters that a sentence has at least if it is to stand alone; "Mr." is none."""

DIGIT = 5
"""Letters that a digit sounds like. What engines take for sentences with and without numbers is met
best so: within 0.5 s in half a minute, where a digit that counts as one letter misses by 1.4 s."""

# A mark, whatever closes after it, and a space before what does not begin in small letters; after
# the marks of scripts that set no spaces, nothing more.
_MARK, _CLOSE = re.escape("".join(ENDS)), re.escape(CLOSING)
_END = re.compile(rf"(?:[{_MARK}][{_CLOSE}]*\s+|[。！？]\s*)(?![a-z])")


def sentences(words: Sequence[Spoken], rate: Fraction) -> list[Subtitle]:
    """What is said, as subtitles.

    When each word is said is not known: time is shared out by letters, over those spans in which
    somebody is heard, so that a pause between two sentences moves neither.

    Args:
        words: From a `Soundtrack`.
        rate: Frames a second.
    """
    found = []
    for one in words:
        parts = _parts(" ".join(one.text.split()))
        heard = sum(stop - first for first, stop in one.spans)
        letters = sum(map(_letters, parts))
        said = 0
        for part in parts:
            start = _at(one.spans, Fraction(said * heard, letters), ends=False)
            said += _letters(part)
            stop = _at(one.spans, Fraction(said * heard, letters), ends=True)
            first, last = (round(sample * rate / SAMPLE_RATE) for sample in (start, stop))
            if last > first:
                found.append(Subtitle(first, last, wrapped(part), spoken=True))
    return _apart(found)


def together(subtitles: Sequence[Subtitle]) -> list[Subtitle]:
    """Subtitles of which never two are there at once: those that were are one text while they are.

    Captions come first: as in the picture, what is said stands below.

    Args:
        subtitles: In any order.
    """
    edges = sorted({edge for one in subtitles for edge in (one.start, one.stop)})
    found: list[Subtitle] = []
    for start, stop in pairwise(edges):
        there = [one for one in subtitles if one.start <= start and one.stop >= stop]
        if not there:
            continue
        there.sort(key=lambda one: (one.spoken, one.start))
        text = "\n".join(one.text for one in there)
        heard = all(one.spoken for one in there)
        found.append(Subtitle(start, stop, text, spoken=heard))
    return found


def _at(spans: Sequence[tuple[int, int]], heard: Fraction, *, ends: bool) -> Fraction:
    """The sample of the film at which so many samples have been heard.

    Args:
        spans: Where something is heard.
        heard: How many samples.
        ends: Of a pause that lies there, its beginning; else its end.
    """
    for first, stop in spans:
        length = stop - first
        if heard < length or (ends and heard == length):
            return first + heard
        heard -= length
    return Fraction(spans[-1][1])


def _letters(text: str) -> int:
    """How many letters long it sounds."""
    return len(text) + (DIGIT - 1) * sum(map(str.isdigit, text))


def _parts(text: str) -> list[str]:
    """Sentences, in parts of at most `LONGEST` letters."""
    return [part for sentence in _sentences(text) for part in _halved(sentence)]


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        sentence = text[start : end.end()].strip()
        # One that is short belongs to what follows it; so do abbreviations.
        if len(sentence) >= SHORTEST or sentence[-1] in "。！？":
            yield sentence
            start = end.end()
    if rest := text[start:].strip():
        yield rest


def _halved(sentence: str) -> list[str]:
    """A long sentence in parts, cut at the pause, or else the space, that is nearest its middle."""
    if len(sentence) <= LONGEST:
        return [sentence]
    spaces = [place.start() for place in re.finditer(r"\s", sentence)]
    places = [at for at in spaces if sentence[:at].endswith(PAUSES)]
    middle = len(sentence) / 2
    near = [at for at in places if abs(at - middle) < len(sentence) / 4]
    if not (near or spaces):
        # Scripts without spaces: anywhere, preferably after a mark.
        marks = [at + 1 for at, letter in enumerate(sentence[:-1]) if letter in PAUSES]
        near = marks or [round(middle)]
    at = min(near or spaces, key=lambda at: abs(at - middle))
    return [*_halved(sentence[:at].strip()), *_halved(sentence[at:].strip())]


def _apart(subtitles: Sequence[Subtitle]) -> list[Subtitle]:
    """In order; where two voices meet, the earlier one's words give way."""
    in_order = sorted(subtitles, key=lambda one: one.start)
    cut = [replace(one, stop=min(one.stop, after.start)) for one, after in pairwise(in_order)]
    return [one for one in (*cut, *in_order[-1:]) if one.stop > one.start]
