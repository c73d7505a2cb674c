"""One turn of a network: `python -m training.turn color --minutes 45`.

Goes on with the round that has begun or begins the next, trains, and judges what came out on a few
photographs, beside the network that ships. Options that are not its own go to the training command.
"""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from pathlib import Path

from training.judging import judge
from training.options import run
from training.saving import can_go_on, save_average, steps_done
from training.schedule import PLANS, ROOT, Plan, arguments, plan


def next_round(plan: Plan, root: Path = ROOT) -> int:
    """Number of the round that a turn belongs to."""
    done = plan.rounds(root)
    if not done:
        return 1
    ended = steps_done(root / "checkpoints" / plan.run(done[-1]) / "last.pt") >= plan.steps
    return done[-1] + ended


def slim_down(plan: Plan, root: Path = ROOT) -> None:
    """Keep of the rounds before the last what others start from, an eighth of their size."""
    for number in plan.rounds(root)[:-1]:
        file = root / "checkpoints" / plan.run(number) / "last.pt"
        if can_go_on(file):
            save_average(file, file)


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=[one.name for one in PLANS])
    parser.add_argument("--minutes", type=float, help="how long (as its plan says)")
    own, others = parser.parse_known_args(given)
    train_for_a_while(plan(own.network), own.minutes, others)


def train_for_a_while(one: Plan, minutes: float | None, others: list[str]) -> None:
    """Train a network for some minutes, as many as its plan says if None, and judge it."""
    minutes = one.minutes if minutes is None else minutes
    number = next_round(one, ROOT)
    print(f"{one.run(number)}: training for {minutes:g} minutes", flush=True)
    started = time.monotonic()
    command = [*arguments(one, number, ROOT), *others, "--minutes", str(minutes)]
    import_module(one.module).main(command)
    checkpoint = ROOT / "checkpoints" / one.run(number) / "last.pt"
    slim_down(one, ROOT)
    ended = steps_done(checkpoint) >= one.steps
    if not ended and time.monotonic() - started < 60 * minutes:
        # Told to stop: whoever did does not want to wait for figures.
        return
    judge(one, checkpoint, ROOT / "runs" / one.run(number))


if __name__ == "__main__":
    run(main)
