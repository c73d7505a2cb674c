"""The options that every training has, and the settings that they make."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.loop import Settings


def parser(
    description: str | None, *, name: str, steps: int, rate: float
) -> argparse.ArgumentParser:
    """A parser with the options that every training has.

    Args:
        description: What the command does.
        name: Default of the run's name.
        steps: Default of its length.
        rate: Default of its peak learning rate.
    """
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--name", default=name, help=f"folder of the run ({name})")
    made.add_argument("--steps", type=int, default=steps, help=f"length of the whole run ({steps})")
    made.add_argument("--minutes", type=float, help="stop after this time; run again to go on")
    made.add_argument("--rate", type=float, default=rate, help=f"peak learning rate ({rate})")
    made.add_argument(
        "--start-from",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="checkpoint or shipped ONNX files whose weights a new run starts from",
    )
    made.add_argument(
        "--seed", type=int, default=0, help="another one than that of the run it starts from (0)"
    )
    made.add_argument("--threads", type=int, help="CPU threads")
    made.add_argument("--parts", type=int, default=1, help="parts of a batch, a thread for each")
    made.add_argument(
        "--makers", type=int, default=0, help="processes that make batches ahead; 0: one thread"
    )
    made.add_argument(
        "--bf16", action="store_true", help="compute in bfloat16 what `precision` does not keep out"
    )
    made.add_argument("--device", default="auto", help="cpu, cuda or auto")
    return made


def settings(args: argparse.Namespace, **fixed: Any) -> Settings:
    """The settings that parsed options ask for.

    Args:
        args: Of a parser made here.
        fixed: What of `Settings` is not an option.
    """
    return Settings(
        args.name,
        steps=args.steps,
        minutes=args.minutes,
        learning_rate=args.rate,
        ema=0.998,
        device=args.device,
        threads=args.threads,
        parts=args.parts,
        makers=args.makers,
        bf16=args.bf16,
        seed=args.seed,
        **fixed,
    )


def run(main: Callable[[], None]) -> None:
    """Run a command; what is wrong with what it was given is told in one line."""
    try:
        main()
    except (ValueError, OSError, FloatingPointError) as error:
        sys.exit(f"error: {error}")
