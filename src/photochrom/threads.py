"""How many threads a piece of work may use."""

from __future__ import annotations

import math
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from photochrom.cgroup import limits

T = TypeVar("T")
R = TypeVar("R")

_HEED_SECONDS = 0.5
"""How long an interrupt from the keyboard may go unheeded, where it wakes nobody who waits."""

_LOCK = threading.Lock()
_LIMITS: list[int] = []
_BEFORE: list[int] = []


def usable_cores(root: Path = Path("/")) -> int:
    """How many cores this process may use, at least one: those that it may run on, and no more than
    its container has time for. A part of a core counts as one, or else nobody would use it.

    Args:
        root: Where `proc` and the file systems of control groups are.
    """
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        cores = os.cpu_count() or 1
    share = limits(root).cores
    return cores if share is None else max(1, min(cores, math.ceil(share)))


@contextmanager
def limited_threads(count: int) -> Iterator[None]:
    """Let OpenCV use no more than so many threads in the block, and as many as before after it.

    OpenCV knows one number for the whole process: where blocks overlap, as in a server, the lowest
    of their numbers holds, and the last one to end puts back what was before the first. No result
    depends on it. It serves as a decorator, too.
    """
    import cv2  # Whoever only counts cores need not load it.

    with _LOCK:
        if not _LIMITS:
            _BEFORE[:] = [cv2.getNumThreads()]
        _LIMITS.append(count)
        cv2.setNumThreads(min(_LIMITS))
    try:
        yield
    finally:
        with _LOCK:
            _LIMITS.remove(count)
            cv2.setNumThreads(min(_LIMITS, default=_BEFORE[0]))


def side_by_side(
    work: Callable[[T], R], items: Collection[T], threads: int
) -> Iterator[tuple[T, R]]:
    """Does something for each of several, some at a time, that waits for others most of its time.

    Whoever ends the loop early waits for nobody: what is under way goes on, and ends with the
    process at the latest.

    Args:
        work: What is done; called in other threads.
        items: For each of these.
        threads: For how many at a time.

    Yields:
        Each with what came of it, as they end.

    Raises:
        Exception: What `work` has raised first.
    """
    waiting = deque(items)
    ended: queue.SimpleQueue[tuple[T, R] | BaseException] = queue.SimpleQueue()

    def take() -> None:
        while True:
            try:
                item = waiting.popleft()
            except IndexError:
                return
            try:
                ended.put((item, work(item)))
            except BaseException as error:  # told to whoever waits, in his thread
                waiting.clear()
                ended.put(error)
                return

    for _ in range(min(threads, len(waiting))):
        threading.Thread(target=take, daemon=True).start()
    try:
        for _ in items:
            one = _next(ended)
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        waiting.clear()


def ahead(
    work: Callable[[T], R], items: Iterable[T], threads: int, waits: Callable[[T], bool]
) -> Iterator[R]:
    """Does something for each, in their order; for those that wait for others most of their time,
    some side by side, and ahead of whoever asks. However many there are, few are held.

    Whoever ends the loop early waits for nobody; see `side_by_side`.

    Args:
        work: What is done; called in other threads for what waits. What it raises is raised where
            its answer is asked for.
        items: For each of these; taken as they are needed.
        threads: For how many at a time.
        waits: Whether something waits.
    """
    to_do: queue.SimpleQueue[tuple[T, Future[R]] | None] = queue.SimpleQueue()
    under_way: deque[Future[R]] = deque()
    started = 0

    def take() -> None:
        while (one := to_do.get()) is not None:
            item, answer = one
            try:
                answer.set_result(work(item))
            except BaseException as error:  # told to whoever waits, in his thread
                answer.set_exception(error)

    try:
        for item in items:
            if not waits(item):
                while under_way:
                    yield _answered(under_way.popleft())
                yield work(item)
                continue
            if started < threads:
                threading.Thread(target=take, daemon=True).start()
                started += 1
            answer: Future[R] = Future()
            to_do.put((item, answer))
            under_way.append(answer)
            if len(under_way) > threads:
                yield _answered(under_way.popleft())
        while under_way:
            yield _answered(under_way.popleft())
    finally:
        for _ in range(started):
            to_do.put(None)


def _answered(answer: Future[T]) -> T:
    while not wait((answer,), _HEED_SECONDS).done:
        continue
    return answer.result()


def _next(ended: queue.SimpleQueue[T]) -> T:
    while True:
        try:
            return ended.get(timeout=_HEED_SECONDS)
        except queue.Empty:
            continue
