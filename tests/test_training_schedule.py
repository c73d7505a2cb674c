"""Training that never stops: turns, rounds, interrupts, and what is said of them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from training import schedule, status
from training.schedule import PLANS, ROOT, Plan, arguments, plan

TWO = Plan("two", "nowhere", ("--rate", "1"), steps=5, minutes=1, ships=("color",))

# A turn that tells its network and ends, but for a network that waits to be stopped.
TURN = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("turn", sys.argv[1], flush=True)
if sys.argv[1] == "long":
    signal.sigwait({signal.SIGTERM})
    print("saved", flush=True)
sys.exit(sys.argv[1].startswith("bad"))
"""
RUN = """
import sys
import time
from training.schedule import train_for_ever
sys.exit(train_for_ever(sys.argv[2:], (sys.executable, "-c", sys.argv[1])))
"""


def _schedule(*names: str) -> subprocess.Popen[str]:
    # In a process of its own, for it lowers its priority for good.
    return subprocess.Popen(
        [sys.executable, "-c", RUN, TURN, *names],
        cwd=ROOT.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_networks_take_turns_until_somebody_stops_them(number: signal.Signals) -> None:
    with _schedule("one", "bad", "long") as process:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(3)] == [
            "turn one",
            "turn bad",
            "turn long",
        ]
        process.send_signal(number)
        assert process.stdout.read() == "saved\n"
        assert process.wait() == 0
        assert process.stderr is not None
        assert process.stderr.read() == "bad: its turn ended with status 1\n"


def test_a_turn_gives_way_to_every_other_session() -> None:
    ours = Path("/proc/self/autogroup")
    if not ours.exists():
        pytest.skip("this system shares no time among sessions")
    before = ours.read_text()
    with _schedule("long") as process:
        assert process.stdout is not None
        process.stdout.readline()
        turn = next(
            int(one.name)
            for one in Path("/proc").iterdir()
            if one.name.isdecimal() and _parent(one) == process.pid
        )
        deadline = time.monotonic() + 60
        while "nice 19" not in Path(f"/proc/{turn}/autogroup").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
    # Whoever started it keeps theirs.
    assert ours.read_text() == before


def _parent(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return None


def test_when_nothing_can_be_trained_it_stops() -> None:
    with _schedule("bad", "bad2") as process:
        out, error = process.communicate()
    assert process.returncode == 1
    assert out.splitlines() == ["turn bad", "turn bad2"]
    assert error.splitlines()[-1] == "no network can be trained; stopped"


def test_every_plan_starts_with_files_that_ship() -> None:
    assert {one.name for one in PLANS} == {"color", "restore-find", "restore-fill", "clarity"}
    for one in PLANS:
        assert all(file.is_file() for file in one.files())
        assert plan(one.name) is one
        given = arguments(one, 1)
        assert given[given.index("--start-from") + 1 :] == [str(file) for file in one.files()]
    with pytest.raises(ValueError, match="no network 'sound' to train; there is: color"):
        plan("sound")


def test_a_later_round_starts_from_the_one_before_with_other_crops(tmp_path: Path) -> None:
    first, second = arguments(TWO, 1, tmp_path), arguments(TWO, 2, tmp_path)
    assert second[-2:] == ["--start-from", str(tmp_path / "checkpoints" / "two-1" / "last.pt")]
    assert first[first.index("--seed") + 1] != second[second.index("--seed") + 1]


def test_bfloat16_is_used_where_the_machine_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu = tmp_path / "cpuinfo"
    assert not schedule.has_bf16(cpu)
    cpu.write_text("flags\t\t: fpu avx2 avx512f\n")
    assert not schedule.has_bf16(cpu)
    cpu.write_text("flags\t\t: fpu avx2 avx512_bf16 avx512f\n")
    assert schedule.has_bf16(cpu)
    monkeypatch.setattr(schedule, "has_bf16", lambda: True)
    assert [("--bf16" in arguments(one, 1)) for one in PLANS] == [one.bf16 for one in PLANS]
    monkeypatch.setattr(schedule, "has_bf16", lambda: False)
    assert not any("--bf16" in arguments(one, 1) for one in PLANS)


def test_rounds_are_those_with_a_checkpoint(tmp_path: Path) -> None:
    for name in ("two-1", "two-10", "two-9", "two-by-hand", "twofold-3"):
        (tmp_path / "checkpoints" / name).mkdir(parents=True)
        (tmp_path / "checkpoints" / name / "last.pt").touch()
    (tmp_path / "checkpoints" / "two-11").mkdir()
    assert TWO.rounds(tmp_path) == [1, 9, 10]


def test_status_tells_where_a_network_stands(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "color.toml").write_text("scale = 1\n[results]\npsnr = 22.5\nleft = 1\n")

    def said() -> str:
        return status.report(TWO, tmp_path, weights)

    assert said() == "two: not begun; starts from what ships (color)"
    (tmp_path / "checkpoints" / "two-3").mkdir(parents=True)
    (tmp_path / "checkpoints" / "two-3" / "last.pt").touch()
    assert said().splitlines()[0] == "two, round 3: below the first line of its log, of 5 steps"
    assert said().splitlines()[1] == "  not evaluated yet"
    run = tmp_path / "runs" / "two-3"
    run.mkdir(parents=True)
    (run / "log.csv").write_text("step,loss,seconds_a_step\n2,3.0,0.5\n4,2.0,0.25\n")
    (run / "evaluations.csv").write_text(
        "of,step,psnr\nshipped abc,0,21.5\ntrained,2,21\ntrained,4,22\n"
    )
    lines = said().splitlines()
    assert "step 4 of 5, loss 2.5000 over the log's last 2 lines, 0.25 s a step" in lines[0]
    assert lines[1].split() == ["step", "4", "shipped", "its", "card"]
    assert lines[2].split() == ["psnr", "22", "21.5", "22.5"]
    assert len(lines) == 3


def test_figures_of_two_files_are_told_apart() -> None:
    card = status._card(plan("clarity"), schedule.WEIGHTS)
    assert float(card["x2_psnr_network"]) > float(card["x4_psnr_network"])
