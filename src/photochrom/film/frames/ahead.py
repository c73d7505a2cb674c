"""Making things ahead of time: a thread fills a short queue while the last ones are being used."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from queue import Queue
from typing import TypeVar

T = TypeVar("T")

DEPTH = 3
"""How many are made ahead."""


def ahead(items: Iterable[T], depth: int = DEPTH) -> Generator[T, None, None]:
    """The same items in the same order, made in a thread of their own.

    It pays where both sides let go of the interpreter, as OpenCV and encoders do. Leaving it early
    (`close`, or an error of whoever uses the items) ends the thread before anything else happens.

    Args:
        items: Is gone through in the thread.
        depth: How many may wait.

    Raises:
        Exception: Whatever going through `items` raises, in its place.
    """
    waiting: Queue[tuple[T] | BaseException | None] = Queue(depth)
    left = threading.Event()

    def make() -> None:
        end: BaseException | None = None
        try:
            for item in items:
                if left.is_set():
                    return
                waiting.put((item,))
        except BaseException as error:
            end = error
        waiting.put(end)

    thread = threading.Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        while isinstance(found := waiting.get(), tuple):
            yield found[0]
        if found is not None:
            raise found
    finally:
        left.set()
        while thread.is_alive():
            # Whoever waits for room finds it, sees that nobody wants more, and ends.
            while not waiting.empty():
                waiting.get_nowait()
            thread.join(0.01)
