"""Time left: what the bars of `make` say."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from photochrom.cli.console import Bars
from photochrom.cli.time_left import TimeLeft, clock, rate
from photochrom.engine import PAUSED, RESUMED, Event, Task
from photochrom.film.plan.reels import Reel
from photochrom.production import build
from photochrom.production.frame_progress import InFrames
from test_production_build import write


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_left_follows_the_speed_so_far() -> None:
    now = Clock()
    left = TimeLeft(now)
    # Three of eleven were there: they tell nothing about the other eight.
    for done in (1, 2, 3):
        left.update(Event("pictures", f"k{done}", done, 11, "kept", 1.0))
    now.now += 50
    left.update(Event("pictures", "a", 3, 11, "started"))
    assert left.seconds is None
    now.now += 10
    assert left.update(Event("pictures", "a", 3, 11, "color", 0.5)) == 3.5
    assert left.seconds == pytest.approx(150)
    now.now += 10
    left.update(Event("pictures", "a", 4, 11, "made", 1.0))
    assert left.seconds == pytest.approx(140)
    now.now += 30
    assert left.seconds == pytest.approx(110)
    now.now += 300
    assert left.seconds == 0


def test_all_kept_leaves_nothing_to_say() -> None:
    left = TimeLeft()
    for done in (1, 2):
        left.update(Event("pictures", str(done), done, 2, "kept", 1.0))
    assert left.seconds is None


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (59.6, "1:00"), (725, "12:05"), (12_000, "3:20:00")]
)
def test_lengths_for_people(seconds: float, said: str) -> None:
    assert clock(seconds) == said


def test_a_film_is_counted_in_frames(tmp_path: Path) -> None:
    production = write(tmp_path, "ab")
    events: list[Event] = []
    assert build(production, jobs=1, progress=events.append).failed == ()
    film = [event for event in events if event.stage == "film"]
    assert {event.total for event in film} == {7 * 12}
    done = [event.done for event in film]
    assert done == sorted(done)
    assert done[0] == 0
    assert film[-1].done == film[-1].total
    # Not in one leap: the parts tell of themselves.
    assert len(set(done)) > 3


def test_parts_that_are_called_alike_are_told_apart(tmp_path: Path) -> None:
    class Part(Reel):
        """A reel of so many frames, without segments."""

        def __init__(self, frames: int):
            vars(self)["count"] = frames

        @property
        def frames(self) -> int:
            return int(vars(self)["count"])

    parts = [("a", 100), ("b", 50), ("a", 20)]
    tasks = [Task("", name, print, Part(frames)) for name, frames in parts]  # type: ignore[arg-type]
    seen: list[Event] = []
    told = InFrames(tasks, seen.append)
    for item, share in (("a", 0.0), ("b", 0.5), ("a", 0.25), ("a", 1.0), ("b", 1.0), ("a", 1.0)):
        told(Event("film", item, 0, 3, "", share))
    assert [event.done for event in seen] == [0, 25, 50, 125, 150, 170]
    assert {event.total for event in seen} == {170}


@pytest.mark.parametrize(
    ("each", "said"),
    [(0.4, "2.5 a second"), (1.5, "40 a minute"), (300.0, "12 an hour"), (None, "no rate yet")],
)
def test_how_fast_it_goes_is_told_in_a_unit_that_fits(each: float | None, said: str) -> None:
    assert rate(each) == said


def test_what_was_there_already_makes_nothing_faster() -> None:
    now = [0.0]
    left = TimeLeft(lambda: now[0])
    for number in range(8):
        left.update(Event("s", str(number), number + 1, 10, "kept", 1.0))
    left.update(Event("s", "8", 8, 10, "started"))
    now[0] = 30.0
    left.update(Event("s", "8", 9, 10, "made", 1.0))
    assert left.each == 30.0


def test_a_pause_makes_nothing_slower() -> None:
    now = Clock()
    left = TimeLeft(now)
    left.update(Event("s", "", 0, 10, "starting 2 workers on 2 nodes"))
    now.now += 100  # before the first has begun: no time of theirs
    left.update(Event("s", "0", 0, 10, "started"))
    now.now += 20
    left.update(Event("s", "", 0, 10, "paused; 1 in hand is ended first"))
    now.now += 10
    left.update(Event("s", "0", 1, 10, "made", 1.0))
    left.update(Event("s", "", 1, 10, PAUSED))
    assert (left.each, left.seconds) == (30.0, pytest.approx(270))
    now.now += 5000
    assert left.seconds == pytest.approx(270)
    left.update(Event("s", "", 1, 10, RESUMED))
    left.update(Event("s", "1", 1, 10, "started"))
    now.now += 30
    left.update(Event("s", "1", 2, 10, "made", 1.0))
    assert (left.each, left.seconds) == (30.0, pytest.approx(240))
    left.update(Event("s", "", 2, 10, RESUMED))  # where a pause was over before it had begun
    assert left.seconds == pytest.approx(240)


def test_what_is_said_of_all_parts_counts_no_frames() -> None:
    seen: list[Event] = []
    told = InFrames([], seen.append)
    told(Event("film", "", 0, 3, PAUSED))
    assert [(event.message, event.done, event.total) for event in seen] == [(PAUSED, 0, 0)]


def test_what_has_failed_is_told_while_others_are_still_made(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress(console=Console(stderr=True, width=200)) as progress:
        bars = Bars(progress)
        bars(Event("pictures", "coat", 1, 3, "failed: has no variant 'd', only a and b", 1.0))
        assert "pictures: coat failed: has no variant 'd', only a and b" in capsys.readouterr().err
        bars(Event("pictures", "team", 2, 3, "made", 1.0))
    assert "team" not in capsys.readouterr().err
