"""Batches made ahead, so that the network never waits for data."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Batch = Mapping[str, Tensor]
MakeBatch = Callable[[int], Batch]
Arrays = dict[str, NDArray[Any]]

# Batches that wait, for each process that makes them.
_WAITING = 2

# What a process that makes batches makes them with.
_make: MakeBatch | None = None


class Ahead:
    """Gives the batches of the steps in order; whoever makes them is some steps ahead.

    Args:
        pool: Where batches are made.
        make: Makes one.
        depth: How many steps ahead.
        first: The first step.
    """

    def __init__(self, pool: Executor, make: Callable[[int], Any], depth: int, first: int):
        self._pool, self._make = pool, make
        self._next = first
        self._waiting: deque[Future[Any]] = deque()
        for _ in range(depth):
            self._ask()

    def _ask(self) -> None:
        self._waiting.append(self._pool.submit(self._make, self._next))
        self._next += 1

    def __next__(self) -> Batch:
        batch = self._waiting.popleft().result()
        self._ask()
        return {
            name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value
            for name, value in batch.items()
        }


@contextmanager
def batches_ahead(make: MakeBatch, makers: int) -> Iterator[Callable[[int], Ahead]]:
    """Start what makes batches; give a function that begins with the batch of a step.

    Args:
        make: Makes the batch of a step from nothing but its number; for processes it must be of
            the kind that can be pickled.
        makers: Processes to make them in. 0: one thread of this process, which is enough beside a
            CPU that learns; a GPU needs as many as there are cores.
    """
    if makers == 0:
        with ThreadPoolExecutor(max_workers=1) as thread:
            yield lambda first: Ahead(thread, make, 1, first)
        return
    # Started afresh: a fork would inherit OpenCV's pool of threads without its threads, and hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        makers, mp_context=context, initializer=_begin, initargs=(make,)
    ) as pool:
        try:
            yield lambda first: Ahead(pool, _arrays, _WAITING * makers, first)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(make: MakeBatch) -> None:
    global _make
    _make = make
    # An interrupt is for the process that learns; it will let go of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Outlive nobody: a killed parent cannot tell its children to end."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _arrays(step: int) -> Arrays:
    """A batch as arrays: tensors would travel by files in shared memory, which may be small."""
    assert _make is not None
    return {name: value.numpy() for name, value in _make(step).items()}
