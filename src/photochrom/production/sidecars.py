"""What is written beside a film: subtitles, descriptions, the cue sheet and the poster.

Making the texts takes milliseconds, so they are made on every build that is not over before it
begins; whether they are new is told by the digest of what came out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import FolderStore
from photochrom.film import render
from photochrom.film.cues import cues
from photochrom.film.poster import Labels, poster
from photochrom.film.storyboard import Film
from photochrom.film.timeline import Segment
from photochrom.film.words.sentences import together
from photochrom.film.words.subtitles import Subtitle, captions, descriptions, srt, vtt
from photochrom.production.cue_page import cue_page
from photochrom.production.cue_sheet import (
    CueSheet,
    Picture,
    Voices,
    cue_lines,
    narration_in,
)

SUFFIXES = (".srt", ".vtt", ".descriptions.vtt", ".cues.csv", ".cues.html")
"""Of the texts beside a film; they take the place of the film's ending."""

POSTER = ".jpg"
# A caption mostly stands low in the picture, too: its subtitle keeps clear of it.
_AT_THE_TOP = "line:1"
# Spreadsheets take a file without this mark for something else than UTF-8.
_CSV = "utf-8-sig"


@dataclass(frozen=True)
class Sidecars:
    """The files beside a film, in the store.

    Attributes:
        key: Their key.
        paths: The files; each name begins as the film's does.
        made: Whether they were made now.
    """

    key: str
    paths: tuple[Path, ...]
    made: bool


def sidecars(
    segments: Sequence[Segment],
    film: Film,
    name: str,
    pictures: Mapping[str, Picture],
    *,
    said: Sequence[Subtitle] = (),
    voices: Voices | None = None,
    store: FolderStore,
    cache: Path,
    force: bool,
) -> Sidecars:
    """Makes what belongs beside a film, or finds it in the store.

    Args:
        segments: The film's plan.
        film: Its settings, with its title.
        name: The film's file name.
        pictures: By photograph, at least those that the film shows.
        said: What is heard, as subtitles.
        voices: Says who speaks in a recording.
        store: Where the files go.
        cache: Folder of the film's segments.
        force: Make them even if they are there.

    Raises:
        PhotographError: The poster cannot be rendered.
    """
    picture = render.write_poster(poster(segments, labels(pictures)), cache)
    contents = {
        suffix: text.encode(_CSV if suffix.endswith(".csv") else "utf-8")
        for suffix, text in texts(segments, film, name, pictures, said, voices).items()
    } | {POSTER: picture.read_bytes()}
    named = {Path(name).stem + suffix: data for suffix, data in contents.items()}
    digests = {one: hashlib.sha256(data).hexdigest() for one, data in named.items()}
    key = hashlib.sha256(json.dumps(["sidecars", digests]).encode()).hexdigest()
    if force:
        store.forget(key)
    made = store.get(key) is None
    if made:
        with store.writing(key) as folder:
            for one, data in named.items():
                (folder / one).write_bytes(data)
    return Sidecars(key, tuple(store.path(key) / one for one in named), made)


def labels(pictures: Mapping[str, Picture]) -> Labels:
    """What a picture of each photograph says of itself: what restored pictures say, too."""
    return {
        id: {
            "digital_source_type": one.record.digital_source_type,
            "statement": one.record.statement(),
        }
        for id, one in pictures.items()
    }


def texts(
    segments: Sequence[Segment],
    film: Film,
    name: str,
    pictures: Mapping[str, Picture],
    said: Sequence[Subtitle] = (),
    voices: Voices | None = None,
) -> dict[str, str]:
    """All that is text, by suffix.

    Args:
        segments: The film's plan.
        film: Its settings, with its title.
        name: The film's file name.
        pictures: By photograph, at least those that the film shows.
        said: What is heard, as subtitles.
        voices: Says who speaks in a recording.
    """
    items = cues(segments)
    words = sorted([*captions(items), *said], key=lambda one: (one.start, one.spoken))
    told = descriptions(items, {id: one.entry.alt for id, one in pictures.items()})
    whole = narration_in(film.sound.narration, voices)
    lines = cue_lines(items, pictures, voices)
    sheet = CueSheet(film.title, name, film.size, film.rate, lines, film.language, whole)
    contents = (
        # Players put one text over another where SubRip files have two at once.
        srt(together(words), film.rate),
        vtt(words, film.rate, settings=_AT_THE_TOP),
        vtt(told, film.rate),
        sheet.to_csv(),
        cue_page(sheet),
    )
    return dict(zip(SUFFIXES, contents, strict=True))
