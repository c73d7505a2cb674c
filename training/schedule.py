"""Training that never stops: the networks in turn, each for a while, round after round.

A turn goes on where the network's last one ended. A round is one run of `training.loop`, its rate
falling to 0 over it; the next round starts from its averaged weights and sees other crops. Every
turn is a process of its own (`training.turn`), so that nothing is held in memory between turns.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from photochrom.priority import give_way

ROOT: Final = Path(__file__).resolve().parent
WEIGHTS: Final = ROOT.parent / "src" / "photochrom" / "nets" / "weights"

# Two halves of a batch, a thread each, that meet once a step; waiting threads sleep.
_GENTLY: Final = ("--threads", "1", "--parts", "2")


@dataclass(frozen=True)
class Plan:
    """How a network is trained.

    Attributes:
        name: Its runs are called NAME-1, NAME-2, ..., one for each round.
        module: Whose `main` trains it.
        options: Of that command.
        steps: Length of a round. What has not fallen to a rate of 0 is worth little, and may be
            lost with the machine that it is on: no more than a few hours give.
        minutes: Length of a turn.
        ships: The networks in the package that its weights are shipped in.
        bf16: Whether it may be trained in bfloat16, where that is faster.
    """

    name: str
    module: str
    options: tuple[str, ...]
    steps: int
    minutes: float
    ships: tuple[str, ...]
    bf16: bool = False

    def files(self, weights: Path = WEIGHTS) -> list[Path]:
        """The files that ship."""
        return [weights / f"{name}.onnx" for name in self.ships]

    def run(self, number: int) -> str:
        """Name of the run of a round."""
        return f"{self.name}-{number}"

    def rounds(self, root: Path = ROOT) -> list[int]:
        """Numbers of the rounds that have a checkpoint, in order."""
        begun = (root / "checkpoints").glob(f"{self.name}-*/last.pt")
        numbers = [path.parent.name.removeprefix(f"{self.name}-") for path in begun]
        return sorted(int(number) for number in numbers if number.isdecimal())


PLANS: Final = (
    Plan(
        "color",
        "training.color.train",
        ("--rate", "3e-4", "--frozen", "0", "--sizes", "224", "192", "224"),
        steps=1_600,
        minutes=45,
        ships=("color",),
        bf16=True,
    ),
    Plan(
        "restore-find",
        "training.restore.train",
        ("find", "--rate", "8e-4"),
        steps=6_000,
        minutes=20,
        ships=("defects",),
        bf16=True,
    ),
    Plan(
        "clarity",
        "training.clarity.train",
        ("--rate", "5e-4"),
        steps=4_000,
        minutes=15,
        ships=("clarity-x2", "clarity-x4"),
    ),
    Plan(
        "restore-fill",
        "training.restore.train",
        ("fill", "--rate", "3e-4"),
        steps=3_000,
        minutes=10,
        ships=("restore",),
    ),
)


def has_bf16(cpu: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether this machine's CPU multiplies in bfloat16 faster than in float32."""
    try:
        flags = cpu.read_text().split()
    except OSError:
        return False
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(flags)


def plan(name: str) -> Plan:
    """The plan of a name.

    Raises:
        ValueError: There is none.
    """
    for one in PLANS:
        if one.name == name:
            return one
    raise ValueError(f"no network {name!r} to train; there is: {', '.join(p.name for p in PLANS)}")


def arguments(plan: Plan, number: int, root: Path = ROOT) -> list[str]:
    """The options that a round is trained with, wherever it is.

    Args:
        plan: The network's.
        number: Of the round; the first begins with the weights that ship, a later one with the
            average of the round before.
        root: Where runs and checkpoints are.
    """
    start = (
        plan.files() if number == 1 else [root / "checkpoints" / plan.run(number - 1) / "last.pt"]
    )
    return [
        *plan.options,
        *_GENTLY,
        *(["--bf16"] if plan.bf16 and has_bf16() else []),
        *("--name", plan.run(number)),
        *("--steps", str(plan.steps)),
        # Crops that no round has seen, nor any run by hand.
        *("--seed", str(1000 + number)),
        *("--start-from", *map(str, start)),
    ]


class _Turns:
    """Runs turns one after the other until it is asked to stop."""

    def __init__(self, command: Sequence[str]):
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self.asked = False

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Let the turn write its checkpoint, and begin no other."""
        self.asked = True
        if self._child is not None:
            self._child.terminate()

    def turn(self, name: str) -> int:
        """Run one turn; returns its exit status."""
        gentle = os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "OMP_NUM_THREADS": "1"}
        # A session of its own: an interrupt from the keyboard reaches it through `stop` alone.
        self._child = subprocess.Popen(
            [*self._command, name], env=gentle, cwd=ROOT.parent, start_new_session=True
        )
        give_way(self._child.pid)
        if self.asked:
            self._child.terminate()
        status = self._child.wait()
        self._child = None
        return status


def train_for_ever(names: Sequence[str], command: Sequence[str] | None = None) -> int:
    """Train networks in turn, at the lowest priority, until an interrupt or SIGTERM.

    Args:
        names: Of the plans, in the order of their turns.
        command: What runs a turn when the name is added to it.

    Returns:
        An exit status: 0 when it was asked to stop, 1 when no network could be trained any more.
    """
    os.nice(19)
    turns = _Turns(command or (sys.executable, "-m", "training.turn"))
    before = {
        number: signal.signal(number, turns.stop) for number in (signal.SIGINT, signal.SIGTERM)
    }
    failed = 0
    try:
        for name in itertools.cycle(names):
            status = turns.turn(name)
            if turns.asked:
                return 0
            failed = failed + 1 if status else 0
            if status:
                print(f"{name}: its turn ended with status {status}", file=sys.stderr)
            if failed == len(names):
                print("no network can be trained; stopped", file=sys.stderr)
                return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0
