"""OpenCV's threads belong to whoever called, and come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import cv2
import pytest

from photochrom.engine import Event
from photochrom.production import build
from photochrom.threads import ahead, limited_threads, side_by_side
from test_production_build import write


@pytest.fixture(autouse=True)
def three() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield
    cv2.setNumThreads(before)


def test_afterwards_there_are_as_many_as_before() -> None:
    with limited_threads(1):
        assert cv2.getNumThreads() == 1
        with limited_threads(1):
            assert cv2.getNumThreads() == 1
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == 3


def test_after_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), limited_threads(1):
        raise ZeroDivisionError
    assert cv2.getNumThreads() == 3


def test_whoever_leaves_last_puts_them_back() -> None:
    inside, first_left = Barrier(2), Barrier(2)
    seen: list[int] = []

    def first() -> None:
        with limited_threads(1):
            inside.wait()
        first_left.wait()

    def last() -> None:
        with limited_threads(1):
            inside.wait()
            first_left.wait()
            seen.append(cv2.getNumThreads())

    threads = [Thread(target=first), Thread(target=last)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1]
    assert cv2.getNumThreads() == 3


def test_filming_in_this_process_leaves_them_alone(tmp_path: Path) -> None:
    seen: set[tuple[str, int]] = set()

    def told(event: Event) -> None:
        seen.add((event.stage, cv2.getNumThreads()))

    assert build(write(tmp_path, "a"), jobs=1, progress=told).failed == ()
    assert ("film", 1) in seen
    assert cv2.getNumThreads() == 3


def test_what_waits_is_asked_ahead_and_answers_come_in_order() -> None:
    asked: list[int] = []
    release = threading.Event()

    def work(item: int) -> int:
        if item % 2:
            asked.append(item)
            assert release.wait(300)
        return item * 10

    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in (1, 3, 5, 2, 7, 9, 11, 13, 15):
            taken.append(item)
            if item == 2:
                release.set()
            yield item

    answers = ahead(work, items(), 3, lambda item: item % 2 == 1)
    assert next(answers) == 10
    assert set(asked) <= {1, 3, 5} and len(taken) == 4
    assert list(answers) == [30, 50, 20, 70, 90, 110, 130, 150]


def test_leaving_what_was_asked_ahead_waits_for_nobody() -> None:
    never = threading.Event()
    answers = ahead(lambda item: item == 1 or never.wait(), iter(range(1, 100)), 2, bool)
    assert next(answers) is True
    answers.close()


def test_side_by_side_all_are_done_and_some_wait_for_one_another() -> None:
    """Three that each wait until the others have begun can only end side by side."""
    together = Barrier(3)

    def work(item: int) -> int:
        together.wait(60)
        return item * item

    assert sorted(side_by_side(work, range(6), 3)) == [(n, n * n) for n in range(6)]
    assert list(side_by_side(work, (), 3)) == []


def test_side_by_side_what_fails_first_is_raised_and_nothing_is_begun_after_it() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 1:
            raise ValueError("one")

    with pytest.raises(ValueError, match="one"):
        for _ in side_by_side(work, range(1, 9), 1):
            pass
    assert begun == [1]


def test_what_fails_when_asked_ahead_is_raised_and_nobody_waits_for_it() -> None:
    def work(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number

    answers = ahead(work, range(9), 2, lambda _: True)
    assert (next(answers), next(answers)) == (0, 1)
    with pytest.raises(ValueError, match="two"):
        next(answers)
