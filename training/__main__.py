"""`python -m training`: train the networks in turn, for ever; `python -m training status`."""

from __future__ import annotations

import argparse
import sys

from training.schedule import PLANS, plan, train_for_ever
from training.status import report


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("train", "status"), default="train")
    parser.add_argument(
        "--only", nargs="+", metavar="NETWORK", choices=[one.name for one in PLANS],
        default=[one.name for one in PLANS], help="the networks, in the order of their turns",
    )  # fmt: skip
    args = parser.parse_args(arguments)
    if args.what == "status":
        print("\n\n".join(report(plan(name)) for name in args.only))
        return 0
    return train_for_ever(args.only)


if __name__ == "__main__":
    sys.exit(main())
