"""How far a film is, in frames: its parts are not equally long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from photochrom.engine import Event, Progress, Task
from photochrom.film.plan.reels import Reel


class InFrames:
    """Passes events of a film's parts on, with frames counted in place of parts.

    Args:
        tasks: The parts; what is no reel has no frames.
        progress: Told of each event.
    """

    def __init__(self, tasks: Iterable[Task], progress: Progress):
        self._progress = progress
        # Parts of the same name follow one another.
        self._frames: dict[str, list[int]] = defaultdict(list)
        for task in tasks:
            reel = task.argument
            self._frames[task.item].append(reel.frames if isinstance(reel, Reel) else 0)
        self._ended = 0
        self._under_way: dict[str, int] = {}
        self.total = sum(sum(frames) for frames in self._frames.values())

    def __call__(self, event: Event) -> None:
        if event.item:
            self._count(event)
        done = self._ended + sum(self._under_way.values())
        self._progress(replace(event, done=done, total=self.total))

    def _count(self, event: Event) -> None:
        frames = self._frames[event.item]
        if event.share >= 1.0:
            self._under_way.pop(event.item, None)
            self._ended += frames.pop(0)
        else:
            self._under_way[event.item] = int(event.share * frames[0])
