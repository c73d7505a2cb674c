"""Processes that do jobs, started with the service, and started again when they die."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Final

import structlog
from pydantic import SecretStr

from photochrom.priority import give_way
from photochrom.service.jobs.told import NOW, STOP
from photochrom.service.settings import Settings

log = structlog.get_logger(__name__)

_MAIN: Final = "import sys; from photochrom.service.work import main; sys.exit(main())"

COMMAND: Final = (sys.executable, "-P", "-c", _MAIN)
"""Not by `-m`: a process that looks into a photograph would load that module again each time, and
all of the service with it."""

BESIDE: Final = 5
"""Niceness of executors beside whoever answers requests: a third of what answers are given. More
would starve them, and their sign of life, beside other work on the machine."""

_PAUSES = (0.5, 30.0)
"""Seconds before one that has died is started again: at first, and at most."""

_WELL_SECONDS = 60.0
"""Who has lived so long has not died of how it was started."""

_LOOK_SECONDS = 0.5
"""How long it is waited at once: what a signal asks for that came just before is done after it."""

_GRACE_SECONDS = 5.0
"""How much longer than their own limit those have that are to end."""


def told(settings: Settings) -> bytes:
    """Settings as the line that a process is given; it holds secrets, and so goes by a pipe."""
    plain = settings.model_dump(mode="json")
    for name, value in settings:
        if isinstance(value, SecretStr):
            plain[name] = value.get_secret_value()
    return json.dumps(plain).encode() + b"\n"


class Children:
    """Executors as processes of this one.

    They are told to stop by a line in a pipe, or by its end, which comes as well when this process
    is killed; another line tells them not to wait for what they have in hand.

    Args:
        settings: Of the service.
        count: How many.
        command: What is run.
        niceness: How far they give way to everything else on the machine, 0..19.
    """

    def __init__(
        self,
        settings: Settings,
        count: int,
        command: Sequence[str] = COMMAND,
        niceness: int = 0,
    ):
        self._settings = settings
        self._niceness = niceness
        self._command = list(command)
        self._stops = threading.Event()
        self._lock = threading.Lock()
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._hurries: SimpleQueue[None] = SimpleQueue()
        self._watchers = [
            threading.Thread(target=self._keep, name=f"executor {number}", daemon=True)
            for number in range(1, count + 1)
        ]

    def start(self) -> None:
        """Starts them all."""
        threading.Thread(target=self._hurry, name="hurry", daemon=True).start()
        for watcher in self._watchers:
            watcher.start()

    def tell(self) -> None:
        """Tells them to stop, and waits for nothing."""
        with self._lock:
            self._stops.set()
            for process in self._alive:
                _tell(process, STOP)

    def hurry(self) -> None:
        """Tells them to put back what they have in hand, and to end now. A signal may call it, at
        any moment and in the middle of any lock."""
        self._hurries.put(None)

    def _hurry(self) -> None:
        self._hurries.get()
        with self._lock:
            self._stops.set()
            for process in self._alive:
                _tell(process, NOW)

    def wait(self) -> None:
        """Tells them to stop, and waits until they have; who does not end in time is killed."""
        self.tell()
        end = time.monotonic() + self._settings.drain_seconds + _GRACE_SECONDS
        begun = [watcher for watcher in self._watchers if watcher.ident is not None]
        for watcher in begun:
            while watcher.is_alive() and (left := end - time.monotonic()) > 0:
                watcher.join(min(left, _LOOK_SECONDS))
        with self._lock:
            for process in self._alive:
                log.warning("an executor does not end, and is killed", pid=process.pid)
                process.kill()
        for watcher in begun:
            watcher.join()

    def _keep(self) -> None:
        pause = _PAUSES[0]
        while not self._stops.is_set():
            began = time.monotonic()
            try:
                died = self._ran()
            except OSError as error:
                # There is no memory for one more process now; there may be later.
                died = {"reason": str(error)}
            if self._stops.is_set():
                return
            if time.monotonic() - began >= _WELL_SECONDS:
                pause = _PAUSES[0]
            log.warning("an executor has died", **died, again_in=pause)
            self._stops.wait(pause)
            pause = min(2 * pause, _PAUSES[1])

    def _ran(self) -> dict[str, object]:
        """Starts one, and waits for its end; returns what is said of that.

        Raises:
            OSError: None can be started.
        """
        process = self._begin()
        if process is None:
            return {}
        code = process.wait()
        with self._lock:
            self._alive.discard(process)
        _close(process)
        return {"pid": process.pid, "code": code}

    def _begin(self) -> subprocess.Popen[bytes] | None:
        """Starts one; None if it is not wanted any more."""
        with self._lock:
            if self._stops.is_set():
                return None
            # In a session of their own: Ctrl-C at the terminal is for this process alone.
            flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if os.name == "nt" else 0
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                start_new_session=os.name != "nt",
                creationflags=flags,
            )
            self._alive.add(process)
        if self._niceness:
            give_way(process.pid, self._niceness)
        assert process.stdin is not None
        try:
            process.stdin.write(told(self._settings))
            process.stdin.flush()
        except (OSError, ValueError):
            # It has died at once, or was told to stop meanwhile: whoever waits for it sees that.
            log.warning("an executor did not take its settings", pid=process.pid)
        return process


def _tell(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except (OSError, ValueError):
        return  # It has ended already, or is about to.


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.close()
    except OSError:
        return  # What was to be written has no reader any more; closed it is all the same.
