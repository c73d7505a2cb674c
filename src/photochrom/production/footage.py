"""What a film is made of: its storyboard with all that cards say, stills, and sounds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from photochrom.engine import FolderStore, Ledger, Progress, nobody
from photochrom.film.camera import attention
from photochrom.film.camera.attention import UNKNOWN, Attention
from photochrom.film.pictures import Stills
from photochrom.film.sound.reading import SoundFile, missing
from photochrom.film.sound.schedule import names_in, schedule
from photochrom.film.storyboard import Shot, Storyboard, photograph_of
from photochrom.production.cue_sheet import Picture
from photochrom.production.file import ProductionFile
from photochrom.production.narrating import Narrator
from photochrom.production.pictures import Pictures
from photochrom.production.words import credits, disclosure
from photochrom.record import Record

_SEEN = "attention.json"


def shown(file: ProductionFile) -> list[str]:
    """Ids of the photographs that the film shows, each once."""
    named = (photograph_of(item) for item in file.production.shots)
    return list(dict.fromkeys(id for id in named if id is not None))


def described(file: ProductionFile, pictures: Mapping[str, Pictures]) -> dict[str, Picture]:
    """What is known of the photographs that the film shows and that have results, by their ids."""
    return {
        id: Picture(file.production.entry(id), Record.open(pictures[id].record))
        for id in shown(file)
        if id in pictures
    }


def storyboard_of(
    file: ProductionFile, pictures: Mapping[str, Picture], narrator: Narrator | None = None
) -> Storyboard:
    """The film's storyboard, with what its cards say of the photographs in it.

    Args:
        file: The production.
        pictures: From `described`.
        narrator: Who speaks what nobody has recorded; the disclosure says so.
    """
    records = [picture.record for picture in pictures.values()]
    text = disclosure(records) if records else "No photograph is shown."
    names = credits(picture.entry for picture in pictures.values())
    if narrator is None:
        return file.storyboard(text, names)
    return narrator.recorded(file.storyboard(f"{text} {narrator.statement}", names))


def stills_of(
    file: ProductionFile,
    pictures: Mapping[str, Pictures],
    originals: Mapping[str, str],
    store: FolderStore,
    ledger: Ledger,
) -> dict[str, Stills]:
    """The files that the film shows, by the photographs' ids; arguments as for `film`.

    Pictures of shots are looked at, once: cameras find their way, and words keep clear of faces.

    Raises:
        PhotographError: One of them cannot be read.
    """
    shots = [item for item in file.production.shots if isinstance(item, Shot)]
    filmed = {shot.photograph for shot in shots}
    return {
        id: Stills(
            scan=file.resolve(file.production.entry(id).file),
            gray=pictures[id].gray,
            color=pictures[id].color,
            digests=(
                file.scan(file.production.entry(id)).digest(originals[id]),
                ledger.digest(pictures[id].gray),
                ledger.digest(pictures[id].color),
            ),
            attention=_attention(pictures[id].color, store, ledger) if id in filmed else UNKNOWN,
        )
        for id in shown(file)
    }


def _attention(picture: Path, store: FolderStore, ledger: Ledger) -> Attention:
    """What matters in a picture; whoever has looked at it has left a note in the store."""
    facts = f"attention {attention.CODE} {ledger.digest(picture)}"
    key = hashlib.sha256(facts.encode()).hexdigest()
    if store.get(key) is None:
        seen = json.dumps(attention.look_at(picture).data())
        with store.writing(key) as folder:
            (folder / _SEEN).write_text(seen, encoding="utf-8")
    return Attention.of(json.loads((store.path(key) / _SEEN).read_text(encoding="utf-8")))


def sounds_of(
    file: ProductionFile,
    ledger: Ledger,
    narrator: Narrator | None = None,
    progress: Progress = nobody,
) -> dict[str, SoundFile]:
    """The sound files of a production's film, heard through, and whether they fit it.

    Args:
        file: The production.
        ledger: Knows digests of files.
        narrator: Who speaks what nobody has recorded.
        progress: Told of each text that is spoken.

    Raises:
        StoryboardError: A file is not there or is no sound, or the film has no room for it.
    """
    if not file.production.shots:
        return {}
    storyboard = file.storyboard()
    if narrator is not None:
        storyboard = narrator.recorded(storyboard, progress)
    found: dict[str, SoundFile] = {}
    for name in names_in(storyboard):
        path = file.resolve(name)
        try:
            digest = ledger.digest(path)
        except FileNotFoundError:
            raise missing(path) from None
        found[name] = SoundFile.open(path, digest=digest, notes=file.cache / "sounds")
    schedule(storyboard, found)
    return found
