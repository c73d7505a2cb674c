"""The benches of the film and of the move: right where the answer is known, and whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from bench import processes
from bench.motion import report as motion_report
from bench.motion.by_zoompan import expressions
from bench.motion.measuring import OURS, UPSCALED, ZOOMPAN, Way, compared
from bench.motion.move import Job, job_for
from bench.motion.pattern import Pattern
from bench.motion.registering import displacement, judged
from bench.processes import CommandError, watched

SHAPE, SIZE = (1200, 900), (480, 270)


def a_job(seconds: float = 1.0) -> Job:
    return job_for(Path("picture.png"), Path("out.mp4"), SHAPE, SIZE, seconds)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.03, -0.02), (0.4, 0.25), (-0.8, 0.6)])
def test_a_shift_is_found_whatever_the_contrast(shift: tuple[float, float]) -> None:
    pattern, job = Pattern.of(SHAPE), a_job()
    left, top, width, height = job.rects[0]
    pixel = width / SIZE[0]
    shown = pattern.seen((left + shift[0] * pixel, top + shift[1] * pixel, width, height), SIZE)
    grain = np.random.default_rng(0).normal(0, 2, shown.shape).astype(np.float32)
    found = displacement(shown * 0.85 + 16 + grain, pattern.seen(job.rects[0], SIZE))
    assert found.mean(axis=0) == pytest.approx(shift, abs=0.02)


def test_a_picture_is_what_its_formula_says() -> None:
    pattern = Pattern.of(SHAPE)
    part = pattern.picture()[100:370, 200:680, 1]
    seen = pattern.seen((200, 100, *SIZE), SIZE)
    assert np.abs(displacement(part.astype(np.float32), seen).mean(axis=0)).max() < 0.02


def test_whole_pixels_are_judged_and_a_constant_offset_is_not() -> None:
    job = a_job(4)
    parts = 9
    steady = np.full((len(job.rects), parts, 2), 0.5)
    assert judged(steady, job) == {"rms_px": 0.0, "worst_px": 0.0, "backward_steps": 0}
    # A camera that stays while it should move, and then catches up a pixel too far, and returns.
    shaken = steady.copy()
    shaken[50] += 1.0
    found = judged(shaken, job)
    assert found["worst_px"] > 1.3
    assert found["backward_steps"] == 1


def test_the_language_of_zoompan_says_the_same_move() -> None:
    """Its expressions, computed by Python, give the rectangles that all others are told."""
    job = a_job(2)
    names = {"iw": job.band[2], "ih": job.band[3]}
    said = {key: text.replace("if(", "if_(") for key, text in expressions(job).items()}
    tools = {
        "if_": lambda yes, a, b: a if yes else b,
        "lt": lambda a, b: a < b,
        "gt": lambda a, b: a > b,
        "pow": pow,
        "exp": np.exp,
        "log": np.log,
    }
    for number, (left, top, width, _) in enumerate(job.rects):
        scope = names | tools | {"on": number}
        values = {key: eval(text, {}, scope) for key, text in said.items()}
        assert job.band[2] / values["z"] == pytest.approx(width, abs=1e-6)
        assert values["x"] + job.band[0] == pytest.approx(left, abs=1e-6)
        assert values["y"] + job.band[1] == pytest.approx(top, abs=1e-6)


def test_ways_are_compared_and_reported() -> None:
    """photochrom has the ideal's motion, zoompan that of whole pixels."""
    module = (sys.executable, "-m")
    there = [
        Way(OURS, (*module, "bench.motion.by_photochrom")),
        Way(ZOOMPAN, (*module, "bench.motion.by_zoompan")),
        Way(UPSCALED, (*module, "bench.motion.by_zoompan"), ("4",)),
        Way("nobody", (*module, "bench.motion.no_such_way")),
    ]
    figures = compared(there, SHAPE, SIZE, 1, lambda what, done: None)
    ours, zoompan = figures["ways"][OURS], figures["ways"][ZOOMPAN]
    assert figures["floor"]["rms_px"] < 0.08
    assert ours["rms_px"] < figures["floor"]["rms_px"] + 0.03
    assert ours["backward_steps"] == 0
    assert zoompan["rms_px"] > 0.2
    assert 0.02 < figures["ways"][UPSCALED]["rms_px"] < zoompan["rms_px"]
    assert all(way["seconds"] > 0 for way in figures["ways"].values())
    assert "no_such_way" in figures["failed"]["nobody"]
    figures = json.loads(json.dumps(figures, allow_nan=False))
    text = motion_report.report(figures | {"left_out": {}, "peers": {"moviepy": "2.2.1"}})
    assert f"| {OURS} | {ours['seconds']} |" in text
    assert "Not measured: nobody" in text
    assert "| steps backward | 0 | 0 | yes |" in text


def test_processes_are_watched_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that lets another one hold memory and compute."""
    seen, held = tmp_path / "seen", processes._held

    def look(pid: int) -> int:
        found = held(pid)
        if found > 120e6:
            seen.touch()
        return found

    monkeypatch.setattr(processes, "_held", look)
    # However seldom it is looked at: it holds what it has until somebody has seen it.
    wait = f"while not os.path.exists({str(seen)!r}): time.sleep(0.01)"
    wait = wait if sys.platform == "linux" else "pass"
    child = (
        "import os, time\nx = bytearray(120_000_000)\nx[:] = b'1' * len(x)\n"
        f"sum(range(3_000_000))\n{wait}"
    )
    parent = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    )
    cost = watched([sys.executable, "-c", parent], folder=tmp_path)
    assert cost.seconds > 0.05
    if sys.platform == "linux":
        assert cost.cpu_seconds is not None
        assert cost.peak_mb is not None
        assert cost.cpu_seconds > 0.05
        assert 120 < cost.peak_mb < 500


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="the reason"):
        watched([sys.executable, "-c", "raise SystemExit('the reason')"], folder=tmp_path)


def test_a_film_is_made_and_made_again() -> None:
    pytest.importorskip("skimage", reason="benches need the extra `bench`")
    from bench.film.measuring import made
    from bench.film.report import report

    figures = made(2, (240, 136), (320, 240), 0.2, lambda what, done: None)
    assert figures["length"] == pytest.approx((6 + 2 * 11.5 + 14) * 0.2, abs=0.1)
    # Processor time, where it is known: it does not depend on what else the machine does.
    whole, again = (
        figures[name]["cpu_seconds"] or figures[name]["seconds"]
        for name in ("whole", "caption_changed")
    )
    assert again < whole
    text = report(json.loads(json.dumps(figures, allow_nan=False)))
    assert f"| the film of {figures['length']:g} s |" in text
    assert "| after a change of one caption | < 15 s |" in text


def test_the_film_of_the_bench_takes_eight_minutes() -> None:
    from bench.film.making import storyboard

    from photochrom.film.storyboard import Storyboard

    assert Storyboard.parse(storyboard(40, (1920, 1080))).length == pytest.approx(480)


def test_what_is_timed_loads_neither_peers_nor_the_measure() -> None:
    asked = "import sys, bench.motion.by_photochrom; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "False"
