"""A child process for each file: what it does to itself, it does to nobody else."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from photochrom.errors import PhotochromError
from photochrom.files import is_full
from photochrom.service.core.problems import FullError, UnavailableError
from photochrom.service.intake import looking
from photochrom.service.intake.looking import Order
from photochrom.service.photographs.schemas import Found

_LONGEST = 1 << 20
"""Bytes of what it says."""
_POLL = 0.25

_LONGEST_ADDRESS = 103
"""Bytes of a socket's address, on the system that has least (macOS)."""
_BELOW = len("/listener-01234567")
"""Bytes of what the library puts below its temporary folder."""


class InterruptedLookError(PhotochromError):
    """Somebody ends processes here: it says nothing of the file, which is looked into again."""


@dataclass(frozen=True)
class Refused:
    """A file that is none for us, and why."""

    reason: str


class Facts(BaseModel):
    """What the child found; it is not believed before it was checked."""

    model_config = ConfigDict(extra="forbid")

    format: str = Field(max_length=20, pattern=r"^[a-z0-9]+$")
    width: int = Field(ge=1, le=2**31 - 1)
    height: int = Field(ge=1, le=2**31 - 1)
    bit_depth: int = Field(ge=1, le=64)
    channels: int = Field(ge=1, le=64)
    found: Found


class _Said(BaseModel):
    reason: str = Field(min_length=1, max_length=2000)


def looked_into(
    file: Path, folder: Path, *, pixels: int, memory: int, seconds: float
) -> Facts | Refused:
    """Lets a child look into a file. Preview and thumbnail lie in the folder then, if it could.

    Args:
        file: The file; it is only read.
        folder: An empty one.
        pixels: More are refused.
        memory: Bytes that the child may take.
        seconds: How long it may take.

    Raises:
        InterruptedLookError: The child was ended from outside, as when the machine goes down.
        FullError: There is no room to write.
        UnavailableError: The system starts no more processes now.
    """
    order = Order(str(file), str(folder), pixels, memory, seconds)
    child: BaseProcess = _context().Process(
        target=looking.look, args=(order,), name="photochrom-intake"
    )
    try:
        child.start()
    except OSError as error:
        if is_full(error):
            raise FullError() from error
        raise UnavailableError("no process can be started to look into photographs") from error
    try:
        in_time = _ended(child, seconds)
    finally:
        if child.is_alive():
            child.kill()
        child.join()
    code = child.exitcode
    child.close()
    if not in_time:
        return Refused(f"it took longer than the {seconds:g} seconds that decoding may take")
    return _told(code, folder, memory)


def _ended(child: BaseProcess, seconds: float) -> bool:
    """Waits for a child; False if its time is up. Time that this process slept does not count."""
    left = seconds
    while left > 0:
        begun = time.monotonic()
        child.join(min(_POLL, left))
        if not child.is_alive():
            return True
        left -= min(time.monotonic() - begun, 4 * _POLL)
    return False


def _told(code: int | None, folder: Path, memory: int) -> Facts | Refused:
    if code == looking.FULL:
        raise FullError("there is no room left to look into photographs")
    if code == looking.TOO_LARGE:
        return Refused(f"decoding it takes more than the {memory >> 20} MiB of memory it may take")
    if code in (-signal.SIGTERM, -signal.SIGINT):
        raise InterruptedLookError("decoding was interrupted", fix="it is done again")
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return Refused("it took more of a processor than decoding may take")
    try:
        if code == looking.REFUSED:
            return Refused(_Said.model_validate(_said(folder)).reason)
        if code == 0:
            return Facts.model_validate(_said(folder))
    except (ValidationError, ValueError, RecursionError, OSError):
        return Refused("what decoding it said makes no sense; the file is damaged, or meant harm")
    return Refused("decoding it broke down; the file is damaged, or too large for the memory here")


def _said(folder: Path) -> Any:
    with (folder / looking.FACTS).open("rb") as file:
        content = file.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise ValueError("says too much")
    return json.loads(content)


def _context() -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods() or not _has_address():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # A server that has the decoders in memory forks children that have neither our threads nor
    # our secrets; and each begins in milliseconds.
    context.set_forkserver_preload([looking.__name__])
    return context


def _has_address() -> bool:
    """Whether a server of forks can be reached here: it listens at a socket in a temporary folder,
    and systems know no addresses of sockets that are as long as paths of files may be."""
    return len(os.fsencode(get_temp_dir())) <= _LONGEST_ADDRESS - _BELOW
