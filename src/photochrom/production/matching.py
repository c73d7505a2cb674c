"""Which shot of a production each clip of an edited timeline is."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.engine import digest_of
from photochrom.errors import ProductionError
from photochrom.film.storyboard import Shot
from photochrom.production.file import ProductionFile
from photochrom.production.schema import Item

if TYPE_CHECKING:
    from photochrom.film.exchange.otio import EditedClip


def known(shots: Sequence[Item]) -> list[tuple[str, str]]:
    """Key and name of each shot. Keys hang on what a shot shows, not on its place or length."""
    named = []
    seen: Counter[str] = Counter()
    for shot in shots:
        said = shot.model_dump(mode="json", exclude={"length", "transition"})
        digest = digest_of(said)[:16]
        seen[digest] += 1
        named.append((f"{digest}-{seen[digest]}", _name(shot)))
    return named


def _name(shot: Item) -> str:
    return shot.photograph if isinstance(shot, Shot) else f"{shot.card} card"


def joined(clips: Sequence[EditedClip]) -> list[EditedClip]:
    """Pieces that a clip was cut into and that still stand side by side, as one again."""
    whole: list[EditedClip] = []
    for clip in clips:
        if whole and clip.key and clip.key == whole[-1].key:
            whole[-1] = replace(whole[-1], frames=whole[-1].frames + clip.frames)
        else:
            whole.append(clip)
    return whole


def matched(file: ProductionFile, clips: Sequence[EditedClip], edited: Path) -> dict[int, float]:
    """Which shot of the production each clip is, and its length in seconds; in the clips' order.

    By its key, which holds as long as nobody has changed the shot in the production; else by what
    it shows, in order of the file, of those that are left.
    """
    rate = file.production.film.rate
    ours = known(file.production.shots)
    by_key = {key: index for index, (key, _) in enumerate(ours)}
    found = [by_key.pop(clip.key, None) for clip in clips]
    left: dict[str, deque[int]] = defaultdict(deque)
    for index in sorted(by_key.values()):
        left[ours[index][1]].append(index)
    keys = {key for key, _ in ours}
    lengths = {}
    for clip, place in zip(clips, found, strict=True):
        if place is None:
            if clip.key in keys:
                raise ProductionError(
                    f"the shot {clip.name!r} stands in the timeline twice, at {clip.at} again",
                    where=edited,
                    fix="only order, lengths and removals can be taken back",
                )
            name = next((name for name in (clip.name, clip.media) if left.get(name)), None)
            if name is None:
                raise ProductionError(
                    f"the clip {clip.name!r} at {clip.at} is no shot of {file.where}",
                    where=edited,
                    fix="only order, lengths and removals can be taken back",
                )
            place = left[name].popleft()
        if clip.frames < 1:
            raise ProductionError(f"the clip {clip.name!r} has no length", where=edited)
        lengths[place] = float(clip.frames / rate)
    return lengths


def in_frames(length: float, rate: Fraction) -> int:
    """A length in seconds as frames."""
    return round(Fraction(length).limit_denominator(100_000) * rate)


def moved(order: Sequence[int]) -> list[int]:
    """The fewest whose moving makes this order of a rising one."""
    best: list[list[int]] = []
    for index in order:
        before = (row for row in best if row[-1] < index)
        best.append([*max(before, key=len, default=[]), index])
    staying = max(best, key=len, default=[])
    return [index for index in order if index not in staying]
