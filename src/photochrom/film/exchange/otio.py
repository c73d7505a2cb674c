"""The cut as an OpenTimelineIO timeline, and what an editor has made of it back.

OpenTimelineIO is an extra (`photochrom[editors]`) and is imported only when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from photochrom.errors import StoryboardError
from photochrom.film.exchange.cut import Clip, Media, Timeline
from photochrom.film.exchange.timecode import start_frame, timecode

SCHEMA = "photochrom.timeline/1"

SPACE = "photochrom"
"""Under which name our own facts stand among the metadata of others."""

STILL_SECONDS = 3600
"""How long a still is said to be, so that a clip can be drawn out."""

_SAME_RATE = 0.001
"""Rates are floats in files of others: 23.98, 23.976 and 24000/1001 are one."""


@dataclass(frozen=True)
class EditedClip:
    """A clip of a timeline that comes back.

    Attributes:
        key: The key that it went out with; "" if the program has lost it.
        name: What it is called.
        media: The name of its file without ending; "" if it has none.
        frames: How long the shot is on the screen, in frames of the film.
        at: Its timecode, for messages.
    """

    key: str
    name: str
    media: str
    frames: int
    at: str


def otio(timeline: Timeline) -> str:
    """The text of an .otio file.

    Raises:
        StoryboardError: OpenTimelineIO is not installed.
    """
    library = _library()
    made = _Maker(library, timeline).timeline()
    return str(library.adapters.write_to_string(made, "otio_json"))


def read_otio(path: Path, rate: Fraction) -> list[EditedClip]:
    """The clips of a timeline that an editor has worked on.

    Where a program has put the cut into the middle of a dissolve, it is put back to its beginning,
    where the film has it.

    Args:
        path: An .otio file.
        rate: Of the film, frames a second.

    Raises:
        StoryboardError: OpenTimelineIO is not installed, or the file is not a timeline of clips
            one after another.
    """
    library = _library()
    try:
        read = library.adapters.read_from_file(str(path), "otio_json")
    except FileNotFoundError as error:
        raise StoryboardError("there is no such file", where=path) from error
    except Exception as error:  # The library raises whatever its parser and the system do.
        raise StoryboardError(
            f"cannot be read as an OpenTimelineIO file ({error})",
            where=path,
            fix="export the edited timeline as .otio",
        ) from error
    if not isinstance(read, library.schema.Timeline):
        raise StoryboardError("holds no timeline", where=path, fix="export the whole timeline")
    return list(_Reader(library, path, rate).clips(read))


def _library() -> ModuleType:
    try:
        import opentimelineio
    except ImportError as error:
        raise StoryboardError(
            "OpenTimelineIO is not installed", fix='pip install "photochrom[editors]"'
        ) from error
    module: ModuleType = opentimelineio
    return module


class _Maker:
    """Makes a timeline."""

    def __init__(self, library: ModuleType, timeline: Timeline):
        self._otio = library
        self._timeline = timeline

    def timeline(self) -> Any:
        schema, cut = self._otio.schema, self._timeline
        facts = {"schema": SCHEMA, "rate": str(cut.rate), "size": list(cut.size)}
        made = schema.Timeline(
            name=cut.title,
            global_start_time=self._time(start_frame(cut.rate)),
            metadata={SPACE: facts},
        )
        pictures = schema.Track(name="Pictures", kind=schema.TrackKind.Video)
        for clip in cut.clips:
            if clip.into:
                pictures.append(self._transition(clip.into.kind, 0, clip.into.frames))
            pictures.append(self._clip(clip))
        if cut.fade:
            pictures.append(self._transition("fade", cut.fade, 0))
        made.tracks.append(pictures)
        if cut.sound is not None:
            sound = schema.Track(name="Sound", kind=schema.TrackKind.Audio)
            sound.append(
                schema.Clip(
                    name=cut.sound.path.name,
                    media_reference=self._file(cut.sound, cut.length),
                    source_range=self._range(0, cut.length),
                )
            )
            made.tracks.append(sound)
        return made

    def _clip(self, clip: Clip) -> Any:
        facts: dict[str, Any] = {"key": clip.key}
        first = 0 if clip.media is None else clip.media.first
        if clip.media is not None:
            still = int(STILL_SECONDS * self._timeline.rate)
            reference = self._file(clip.media, clip.media.frames or still)
            facts |= dict(clip.media.facts) | {"caption": clip.caption, "credit": clip.credit}
        else:
            reference = self._otio.schema.GeneratorReference(
                name=clip.name,
                generator_kind="photochrom.card",
                available_range=self._range(0, clip.length + clip.tail),
                parameters={"heading": clip.heading, "text": clip.text},
            )
        made = self._otio.schema.Clip(
            name=clip.name,
            media_reference=reference,
            source_range=self._range(first, clip.length),
            metadata={SPACE: {name: said for name, said in facts.items() if said}},
        )
        if clip.move:
            path = [asdict(key) for key in clip.move]
            made.effects.append(
                self._otio.schema.Effect(
                    name="Move",
                    effect_name="photochrom.move",
                    metadata={SPACE: {"key_frames": path}},
                )
            )
        if said := clip.caption or clip.text:
            marked = self._range(first + clip.words[0], max(clip.words[1] - clip.words[0], 1))
            marker = self._otio.schema.Marker(
                name=clip.label, marked_range=marked, color="GREEN", comment=said
            )
            made.markers.append(marker)
        return made

    def _transition(self, kind: str, before: int, after: int) -> Any:
        schema = self._otio.schema
        standard = schema.TransitionTypes.SMPTE_Dissolve
        facts = {"kind": kind} | ({"color": self._timeline.background} if kind == "dip" else {})
        return schema.Transition(
            name=kind,
            transition_type=schema.TransitionTypes.Custom if kind == "dip" else standard,
            in_offset=self._time(before),
            out_offset=self._time(after),
            metadata={SPACE: facts},
        )

    def _file(self, media: Media, frames: int) -> Any:
        return self._otio.schema.ExternalReference(media.url, self._range(0, frames))

    def _time(self, frames: int) -> Any:
        return self._otio.opentime.RationalTime(frames, float(self._timeline.rate))

    def _range(self, first: int, frames: int) -> Any:
        return self._otio.opentime.TimeRange(self._time(first), self._time(frames))


class _Reader:
    """Reads the first video track that has clips."""

    def __init__(self, library: ModuleType, path: Path, rate: Fraction):
        self._schema = library.schema
        self._path = path
        self._rate = rate

    def clips(self, timeline: Any) -> Iterator[EditedClip]:
        tracks = [track for track in timeline.video_tracks() if list(track.find_clips())]
        if not tracks:
            raise StoryboardError("has no clip on a video track", where=self._path)
        if len(tracks) > 1:
            raise StoryboardError(
                f"has clips on {len(tracks)} video tracks",
                where=self._path,
                fix="bring the film's shots to one track and take the others out",
            )
        parts = list(tracks[0])
        start = start_frame(self._rate)
        for index, part in enumerate(parts):
            if isinstance(part, self._schema.Transition):
                continue
            frames = self._frames(part.duration())
            at = timecode(start, self._rate)
            start += frames
            if not isinstance(part, self._schema.Clip):
                self._refuse_unless_clip(part, frames, at)
                continue
            yield self._clip(part, frames + self._early(parts, index), at)

    def _clip(self, clip: Any, frames: int, at: str) -> EditedClip:
        ours = clip.metadata.get(SPACE, {})
        key = ours.get("key", "") if hasattr(ours, "get") else ""
        url = getattr(clip.media_reference, "target_url", "") or ""
        media = Path(unquote(urlsplit(url).path)).stem
        return EditedClip(str(key), clip.name, media, frames, at)

    def _refuse_unless_clip(self, part: Any, frames: int, at: str) -> None:
        if isinstance(part, self._schema.Gap):
            if frames:
                raise StoryboardError(
                    f"there is a gap of {frames} frames at {at}", where=self._path, fix="close it"
                )
            return
        raise StoryboardError(
            f"there is a nested sequence at {at}, {part.name!r}",
            where=self._path,
            fix="break it apart",
        )

    def _early(self, parts: Sequence[Any], index: int) -> int:
        """By how much a clip's time differs from its shot's because cuts stand within dissolves."""
        before = parts[index - 1] if index else None
        after = parts[index + 1] if index + 2 < len(parts) else None
        early = 0
        if index > 1 and isinstance(before, self._schema.Transition):
            early += self._frames(before.in_offset)
        if isinstance(after, self._schema.Transition):
            early -= self._frames(after.in_offset)
        return early

    def _frames(self, time: Any) -> int:
        value, its_rate, rate = float(time.value), float(time.rate), float(self._rate)
        same = abs(its_rate / rate - 1) < _SAME_RATE
        return round(value) if same else round(value * rate / its_rate)
