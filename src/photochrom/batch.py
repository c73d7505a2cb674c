"""Many photographs through one recipe: what to call the results, what is up to date, who failed."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photochrom.emulsion import Emulsion
from photochrom.engine import Outcome, Progress, Report, Serial, Store, Task, Workers, nobody
from photochrom.errors import PhotographError
from photochrom.nets import Registry
from photochrom.photograph import ENDINGS, SUFFIXES, Photograph
from photochrom.recipe import Recipe
from photochrom.record import Record, record_path
from photochrom.restoration import cards_used, check, choose_emulsion, restore

_DEFAULT_FOLDER = "restored"
_RESULT = "result.json"


@dataclass(frozen=True)
class Settings:
    """What is done to every photograph of a batch.

    Attributes:
        recipe: The steps.
        emulsion: How the plates saw color; None lets the date decide.
        year: When the photographs were taken; None lets each scan's metadata decide.
        format: "tiff", "jpeg", "png", "webp" or "jp2".
        force: Also make what is up to date.
        strip: What of the metadata is left out: "location".
    """

    recipe: Recipe
    emulsion: Emulsion | None = None
    year: int | None = None
    format: str = "tiff"
    force: bool = False
    strip: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """One photograph of a batch and where its derivative goes."""

    source: Path
    output: Path


@dataclass(frozen=True)
class Result:
    """How one photograph of a batch came out.

    Attributes:
        job: The photograph and where its derivative lies.
        outcome: "made", "kept" (it was up to date) or "failed".
        seconds: Time it took.
        error: One line for people if it failed.
    """

    job: Job
    outcome: str
    seconds: float
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, the same keys for every outcome."""
        failed = self.outcome == "failed"
        return {
            "input": str(self.job.source),
            "output": None if failed else str(self.job.output),
            "record": None if failed else str(record_path(self.job.output)),
            "seconds": round(self.seconds, 3),
            "outcome": self.outcome,
            **({"error": self.error} if failed else {}),
        }


def plan(inputs: Sequence[Path], folder: Path | None, settings: Settings) -> list[Job]:
    """Finds the photographs and names their derivatives.

    Args:
        inputs: Files, taken as they are, and folders, searched for photographs with their
            subfolders. Derivatives that lie there from an earlier run are left out.
        folder: Where derivatives go, subfolders kept; None for a folder `restored` beside each
            scan.
        settings: Decides the file name ending.

    Raises:
        PhotographError: A folder holds no photograph.
    """
    found: dict[Path, Path] = {}
    for given in inputs:
        if given.is_dir():
            found |= {path: path.parent.relative_to(given) for path in _photographs(given, folder)}
        else:
            found.setdefault(given, Path())
    ending = ENDINGS[settings.format]
    jobs = []
    for source, below in found.items():
        home = folder / below if folder is not None else source.parent / _DEFAULT_FOLDER
        jobs.append(Job(source, home / (source.stem + ending)))
    # `a.jpg` and `a.tif` in one folder: then the full names are needed to tell them apart.
    often = Counter(job.output for job in jobs)
    return [
        job
        if often[job.output] == 1
        else Job(job.source, job.output.with_name(job.source.name.replace(".", "-") + ending))
        for job in jobs
    ]


def run(
    jobs: Sequence[Job], settings: Settings, *, workers: int = 1, progress: Progress = nobody
) -> Iterator[Result]:
    """Makes the derivatives that are not up to date; yields each result as it is known.

    One photograph's failure does not stop the others.

    Args:
        jobs: From `plan`.
        settings: What to do.
        workers: Photographs at a time, each in a process of its own; 1 for this process.
        progress: Called with what happens.

    Raises:
        ModelError: A network that the recipe needs is missing, or cannot do what it asks.
    """
    check(settings.recipe, Registry.default())
    by_key = {hashlib.sha256(str(job.output).encode()).hexdigest(): job for job in jobs}
    # The derivatives are written straight to where they belong; the store holds only a line about
    # each, for as long as the batch runs.
    with tempfile.TemporaryDirectory(prefix="photochrom-") as scratch:
        store = Store(Path(scratch))
        engine = Serial(store) if workers == 1 else Workers(store, workers)
        tasks = [Task(key, job.source.name, make, (job, settings)) for key, job in by_key.items()]
        for outcome in engine.run("restore", tasks, progress):
            yield _result(by_key[outcome.task.key], outcome)


def make(folder: Path, argument: tuple[Job, Settings], report: Report) -> None:
    """Makes one derivative unless it is up to date; leaves a line about it in `folder`.

    The derivative and its record appear whole, at places that depend on the argument alone, so
    doing it twice does no harm.
    """
    job, settings = argument
    kept = not settings.force and is_up_to_date(job, settings)
    if not kept:
        names = list(settings.recipe.steps)

        def progress(step: str, done: float) -> None:
            report(step, (names.index(step) + done) / (len(names) + 1))

        photograph = Photograph.open(job.source)
        restored = restore(
            photograph,
            settings.recipe,
            emulsion=settings.emulsion,
            year=settings.year,
            progress=progress,
        )
        report("write", len(names) / (len(names) + 1))
        restored.save(job.output, strip=settings.strip)
    (folder / _RESULT).write_text(json.dumps({"outcome": "kept" if kept else "made"}))


def is_up_to_date(job: Job, settings: Settings) -> bool:
    """Whether derivative and record are there and are what `settings` would make of the scan."""
    path = record_path(job.output)
    if not (path.is_file() and job.output.is_file()):
        return False
    try:
        record = Record.open(path)
    except PhotographError:
        return False
    info = Photograph.probe(job.source)
    emulsion, _ = choose_emulsion(info, settings.emulsion, settings.year)
    cards = cards_used(settings.recipe, Registry.default())
    return (
        record.original["sha256"] == info.sha256
        and record.original.get("sidecar") == info.sidecar
        and record.result.get("left_out", []) == sorted(settings.strip)
        and record.recipe["digest"] == settings.recipe.digest
        and record.emulsion["name"] == emulsion.value
        and not record.pins
        and {step.name: [model["sha256"] for model in step.models] for step in record.steps}
        == {name: [card.sha256 for card in cards.get(name, [])] for name in settings.recipe.steps}
        and {"file": job.output.name, "sha256": _sha256(job.output)} in record.derivatives
    )


def _photographs(folder: Path, output: Path | None) -> list[Path]:
    """The photographs in a folder and its subfolders, by name."""
    ours = {folder.resolve() / _DEFAULT_FOLDER} | ({output.resolve()} if output else set())
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not path.name.startswith(".")
        and not ours & set(path.resolve().parents)
        and not record_path(path).exists()
    ]
    if not found:
        raise PhotographError(
            "there is no photograph in this folder",
            where=folder,
            fix=f"photographs end in {', '.join(sorted(SUFFIXES))}",
        )
    return found


def _result(job: Job, outcome: Outcome) -> Result:
    if outcome.failure is not None:
        return Result(job, "failed", outcome.seconds, outcome.failure.message)
    assert outcome.folder is not None
    said = json.loads((outcome.folder / _RESULT).read_text())
    return Result(job, said["outcome"], outcome.seconds)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
