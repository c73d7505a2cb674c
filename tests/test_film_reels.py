"""Reels: pictures are opened once, workers get even shares, and nothing that is shown changes."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from photochrom.engine import Event, FolderStore
from photochrom.film import Storyboard
from photochrom.film.frames.ahead import ahead
from photochrom.film.frames.pictures import Picture, open_picture
from photochrom.film.plan import Plan
from photochrom.film.plan.reels import Reel, reels
from photochrom.film.plan.timeline import Segment, segments_of
from photochrom.film.render import make_film, shoot
from photochrom.film.scenes import photograph
from photochrom.film.scenes.opened import Scenes
from photochrom.film.scenes.shooting import Shooting, frames_of
from photochrom.film.stills import Stills
from photochrom.photograph import Photograph

SIZE = (256, 144)


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> list[Segment]:
    folder = tmp_path_factory.mktemp("stills")
    rng = np.random.default_rng(1)
    stills = {}
    for name in "abcdef":
        color = np.kron(rng.integers(0, 255, (9, 16, 3)), np.ones((20, 20, 1))).astype(np.uint8)
        paths = folder / f"{name}-gray.png", folder / f"{name}.png"
        Photograph.from_array(color.mean(axis=2).astype(np.uint8)).save(paths[0])
        Photograph.from_array(color).save(paths[1])
        stills[name] = Stills(scan=paths[0], gray=paths[0], color=paths[1])
    shots = [
        {"photograph": name, "length": 2, "reveal": {"kind": "dissolve", "seconds": 0.5}}
        for name in stills
    ]
    film = {"size": SIZE, "rate": 10, "fade": 0.5}
    return segments_of(Storyboard.parse({"film": film, "shot": shots}), stills)


@pytest.mark.parametrize("workers", [1, 2, 3, 40])
def test_reels_hold_every_segment_once_and_in_order(
    segments: list[Segment], workers: int, tmp_path: Path
) -> None:
    cut = reels(segments, FolderStore(tmp_path), workers)
    assert [one for reel in cut for one in reel.segments] == segments
    assert len({reel.key for reel in cut}) == len(cut)
    for reel in cut:
        assert reel.segments[-1].kind != "dissolve", "a transition stays with its body"
    lengths = [reel.frames for reel in cut]
    assert len(cut) >= min(workers, 6)
    # The last of them keeps one worker busy for no longer than a shot and the final fade.
    assert lengths[-1] <= 20 or workers == 1


def test_what_is_not_there_between_two_segments_parts_their_reels(
    segments: list[Segment], tmp_path: Path
) -> None:
    cut = reels([segments[1], segments[5]], FolderStore(tmp_path), 1)
    assert [reel.segments for reel in cut] == [(segments[1],), (segments[5],)]
    assert reels([], FolderStore(tmp_path), 2) == []


def test_a_reel_opens_each_picture_once_and_shows_the_same(
    segments: list[Segment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [list(frames_of(segment)) for segment in segments]
    opened: list[Path] = []

    def counted(path: Path, wanted: int) -> Picture:
        opened.append(path)
        return open_picture(path, wanted)

    monkeypatch.setattr(photograph, "open_picture", counted)
    reel = pickle.loads(pickle.dumps(Reel(tuple(segments), FolderStore(tmp_path))))
    shared = Scenes(reel.segments)
    for segment, frames in zip(reel.segments, alone, strict=True):
        shooting = Shooting(segment, shared)
        for index, expected in enumerate(frames):
            for one, other in zip(shooting.frame(index).parts(), expected.parts(), strict=True):
                assert (one == other).all(), (segment.name, index)
    assert len(opened) == len(set(opened)) == 12


def test_ahead_gives_the_same_in_order_from_another_thread() -> None:
    threads = set()

    def squares() -> Iterator[int]:
        for number in range(50):
            threads.add(threading.current_thread().name)
            yield number * number

    assert list(ahead(squares())) == [number * number for number in range(50)]
    assert threads == {"ahead"}


def test_ahead_raises_what_was_raised_and_only_after_what_came_before() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken here")

    found: list[int] = []
    with pytest.raises(ValueError, match="broken here"):
        for item in ahead(broken()):
            found.append(item)
    assert found == [1]


def test_ahead_ends_its_thread_when_it_is_left() -> None:
    made = []

    def endless() -> Iterator[int]:
        while True:
            made.append(len(made))
            yield len(made)

    with closing(ahead(endless(), depth=2)) as items:
        assert next(items) == 1
    assert "ahead" not in {thread.name for thread in threading.enumerate()}
    assert len(made) <= 6, "no more is made than there is room for"


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_sound_is_given_up_when_the_rest_is(tmp_path: Path, jobs: int) -> None:
    """An interrupt does not wait for a score of an hour."""
    shots = [{"card": "text", "text": "A long card", "length": 3600}]
    board = Storyboard.parse({"film": {"size": SIZE, "rate": 10}, "shot": shots})
    plan, store = Plan.of(board, {}), FolderStore(tmp_path / "cache")

    def interrupted(event: Event) -> None:
        if (event.item, event.message) == ("sound", "mixed"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_film(plan, tmp_path / "a.mp4", store, jobs=jobs, progress=interrupted)
    assert store.get(plan.sound_key) is None
    assert not (tmp_path / "a.mp4").exists()


def test_a_killed_reel_keeps_the_segments_that_were_done(
    segments: list[Segment], tmp_path: Path
) -> None:
    store = FolderStore(tmp_path)
    reel = Reel(tuple(segments), store)
    done: list[str] = []

    def report(name: str, share: float) -> None:
        done.append(name)
        if len(done) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.writing(reel.key) as folder:
        shoot(folder, reel, {}, report)
    assert [store.get(one.key) is not None for one in segments[:5]] == [True] * 3 + [False] * 2
    before = {one.key: one.made for one in store.results()}
    assert reels([one for one in segments if store.get(one.key) is None], store, 1)[0].name
    with store.writing(reel.key) as folder:
        shoot(folder, reel, {}, lambda *_: None)
    after = {one.key: one.made for one in store.results()}
    assert after.keys() == {one.key for one in segments}
    assert before.items() <= after.items()
