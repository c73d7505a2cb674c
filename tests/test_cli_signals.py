"""Signals to commands under way: pause, go on, end; nothing is lost, and a line says what is on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.cli import console
from photochrom.cli.signals import heeded
from photochrom.engine import PAUSED, Event, State

Run = Callable[..., Ran]
Tell = Callable[[Event], None]
SCANS = 5

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def scans(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(SCANS):
        Image.fromarray(np.roll(gray_scene, number, axis=1)).save(tmp_path / f"in/{number}.png")
    return tmp_path / "in"


@pytest.fixture
def on_events(monkeypatch: pytest.MonkeyPatch) -> Callable[[Tell], None]:
    """Has something called with each event of a command, after it has been shown."""
    shown = console.bars

    def hook(tell: Tell) -> None:
        @contextmanager
        def bars(**settings: bool) -> Iterator[Tell]:
            with shown(**settings) as progress:

                def both(event: Event) -> None:
                    progress(event)
                    tell(event)

                yield both

        monkeypatch.setattr("photochrom.cli.batching.bars", bars)

    return hook


def send(number: int) -> None:
    os.kill(os.getpid(), number)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def restore(photochrom: Run, scans: Path, out: str) -> Ran:
    return photochrom("restore", scans, "-o", scans.parent / out, "--steps", "tone")


def test_a_batch_is_paused_and_goes_on(
    photochrom: Run, scans: Path, on_events: Callable[[Tell], None]
) -> None:
    def tell(event: Event) -> None:
        if event.message == "started" and event.item == "1":
            send(signal.SIGUSR1)
        if event.message == PAUSED:
            there.extend(sorted(path.name for path in (scans.parent / "out").glob("*.tif")))
            send(signal.SIGUSR2)

    there: list[str] = []
    on_events(tell)
    ran = restore(photochrom, scans, "out")
    assert ran.code == 0, ran.err
    how = f"go on with: kill -USR2 {os.getpid()}"
    said = [line for line in ran.err.splitlines() if line.startswith("restore: ")]
    assert said == [
        f"restore: paused; 1 in hand is ended first; {how}",
        f"restore: paused; nothing is in hand; {how}",
        "restore: going on",
    ]
    assert there == ["0.tif", "1.tif"]
    on_events(lambda event: None)
    assert restore(photochrom, scans, "undisturbed").code == 0
    assert contents(scans.parent / "out") == contents(scans.parent / "undisturbed")


def test_a_batch_that_is_told_to_end_keeps_what_is_in_hand_and_goes_on_later(
    photochrom: Run, scans: Path, on_events: Callable[[Tell], None]
) -> None:
    def tell(event: Event) -> None:
        if event.message == "started" and event.item == "2":
            send(signal.SIGTERM)

    on_events(tell)
    ran = restore(photochrom, scans, "out")
    assert ran.code == 143
    assert "restore: stopping; 1 in hand is ended first\n" in ran.err
    assert "3 photographs: 3 made\n" in ran.err
    assert ran.err.endswith("photochrom: stopped; run the same command again to go on\n")
    assert len(ran.out.splitlines()) == 3
    on_events(lambda event: None)
    ran = restore(photochrom, scans, "out")
    assert ran.code == 0 and "5 photographs: 2 made, 3 kept\n" in ran.err
    assert restore(photochrom, scans, "undisturbed").code == 0
    assert contents(scans.parent / "out") == contents(scans.parent / "undisturbed")


def test_told_to_end_twice_a_command_ends_at_once(
    photochrom: Run, scans: Path, on_events: Callable[[Tell], None]
) -> None:
    def tell(event: Event) -> None:
        if event.message == "started" and event.item == "2":
            send(signal.SIGTERM)
            send(signal.SIGTERM)

    on_events(tell)
    ran = restore(photochrom, scans, "out")
    assert ran.code == 130
    assert ran.err.endswith("photochrom: stopped; run the same command again to go on\n")
    assert not (scans.parent / "out" / "2.tif").exists()
    assert (scans.parent / "out" / "1.tif").exists()


def test_signals_are_as_they_were_when_a_command_is_over() -> None:
    numbers = (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)
    before = [signal.getsignal(one) for one in numbers]
    with heeded() as control:
        send(signal.SIGUSR1)
        assert control.state is State.PAUSED
        send(signal.SIGUSR2)
        assert control.state is State.RUNNING
    assert [signal.getsignal(one) for one in numbers] == before


def test_a_system_without_such_signals_has_none_to_heed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where there is only SIGTERM."""
    number = int(signal.SIGUSR1)
    before = signal.getsignal(number)
    monkeypatch.delattr(signal, "SIGUSR1")
    monkeypatch.delattr(signal, "SIGUSR2")
    with heeded() as control:
        assert signal.getsignal(number) is before
        assert control.state is State.RUNNING
