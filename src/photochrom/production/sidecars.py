"""What is written beside a film: subtitles, descriptions, the cue sheet and the poster.

Making the texts takes milliseconds, so they are made on every build that is not over before it
begins; whether they are new is told by the digest of what came out.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from photochrom.engine import key_of, there
from photochrom.film.plan import Plan
from photochrom.film.plan.subtitles import descriptions
from photochrom.film.render import poster_file
from photochrom.film.words.subtitles import srt, vtt
from photochrom.production.cue_page import cue_page
from photochrom.production.cue_sheet import CueSheet, Picture, Voices, cue_lines, narration_in
from photochrom.production.desk import Desk
from photochrom.production.footage import Screening
from photochrom.production.result import Sidecars

SUFFIXES = (".srt", ".vtt", ".descriptions.vtt", ".cues.csv", ".cues.html")
"""Of the texts beside a film; they take the place of the film's ending."""

POSTER = ".jpg"

CODE = 2
"""Raised whenever the same texts give other files."""

# A caption mostly stands low in the picture, too: its subtitle keeps clear of it.
_AT_THE_TOP = "line:1"
# Spreadsheets take a file without this mark for something else than UTF-8.
_CSV = "utf-8-sig"


def sidecars(desk: Desk, screening: Screening) -> Sidecars:
    """Makes what belongs beside a film, or finds it in the store.

    Args:
        desk: The production, opened.
        screening: The film, planned; its poster has been drawn.
    """
    plan, store, name = screening.plan, desk.store, desk.file.film.name
    contents = texts(plan, name, screening.known, desk.voices())
    key = key_of("sidecars", CODE, [name, contents], inputs={"poster": plan.poster.key})
    desk.needed.add([key])
    stem = Path(name).stem
    if desk.anew(key) or store.get(key) is None:
        with store.writing(key, "sidecars", replace=desk.force) as folder:
            for suffix, text in contents.items():
                encoding = _CSV if suffix.endswith(".csv") else "utf-8"
                (folder / (stem + suffix)).write_bytes(text.encode(encoding))
            shutil.copyfile(poster_file(plan, store), folder / (stem + POSTER))
        desk.note_made(key)
    paths = tuple(there(store, key) / (stem + suffix) for suffix in (*SUFFIXES, POSTER))
    return Sidecars(key, paths, desk.has_made(key))


def texts(
    plan: Plan, name: str, pictures: Mapping[str, Picture], voices: Voices | None = None
) -> dict[str, str]:
    """All that is text, by suffix.

    Args:
        plan: The film.
        name: Its file name.
        pictures: By photograph, at least those that the film shows.
        voices: Says who speaks in a recording.
    """
    film, items = plan.film, plan.cues
    say = film.say
    words = sorted([*plan.captions, *plan.spoken], key=lambda one: (one.start, one.spoken))
    told = descriptions(items, {id: one.entry.alt for id, one in pictures.items()})
    whole = narration_in(film.sound.narration, say, voices)
    lines = cue_lines(items, pictures, say, voices)
    sheet = CueSheet(film.title, name, film.size, film.rate, lines, say, whole)
    contents = (
        # Players put one text over another where SubRip files have two at once.
        srt(plan.words, film.rate),
        vtt(words, film.rate, settings=_AT_THE_TOP),
        vtt(told, film.rate),
        sheet.to_csv(),
        cue_page(sheet),
    )
    return dict(zip(SUFFIXES, contents, strict=True))
