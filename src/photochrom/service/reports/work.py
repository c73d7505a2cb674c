"""Making a report, as the handler of a job: one task of the engine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import Far, Input, has_gone
from photochrom.errors import PhotochromError, PlaceError, StoppedError
from photochrom.places import Url, head, mark_of
from photochrom.reporting.ordering import PAGE, TABLE, Item, report_task
from photochrom.service.jobs.away import away_of
from photochrom.service.jobs.run import JobRun
from photochrom.service.photographs import DELETED, names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph
from photochrom.service.reports.repository import Reports
from photochrom.service.restorations.work import engine_of
from photochrom.service.results.keeping import keep
from photochrom.service.results.repository import Results
from photochrom.service.results.tables import Result, ResultKind


@dataclass(frozen=True)
class _Plan:
    """What a report shows, as things are now."""

    id: str
    title: str
    items: tuple[Item, ...]
    files: dict[str, Input | Far]
    pixels: int


def report(run: JobRun) -> str:
    """Makes the report of a job; returns how it ended.

    Raises:
        StoppedError: It was to stop.
        PhotochromError: It cannot be made.
    """
    plan = _planned(run)
    while True:
        try:
            _make(run, plan)
        except StoppedError:
            raise
        except PhotochromError as error:
            now = _planned(run) if _went(error) else plan
            if now == plan:
                if away_of(error) is not None:
                    raise
                raise PhotochromError(_plain(error, plan)) from error
            plan = now  # What has gone meanwhile is told of as gone, and keeps nothing from being.
        else:
            break
    run.count(done=1, failed=0, total=1)
    return f"{plan.title}: {len(plan.items)} photograph{'' if len(plan.items) == 1 else 's'}"


def _planned(run: JobRun) -> _Plan:
    with run.reading() as session:
        row = Reports(session).get(run.subject)
        photographs = Photographs(session).named(id for id, _, _ in row.shown)
        restorations = {one for _, one, _ in row.shown if one is not None}
        rows = Results(session).of_all(restorations, list(photographs))
    made: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in rows:
        made[one.of, one.photograph_id].append(one)
    items: list[Item] = []
    files: dict[str, Input | Far] = {}
    for id, restoration, why in row.shown:
        scan = photographs.get(id)
        results = made.get((restoration, id), []) if scan is not None else []
        item = _item(id, scan, results, why)
        items.append(item)
        if scan is None or not item.record:
            continue
        original = names.original(run.organization, id, scan.name)
        wanted = {item.original: (original, scan.sha256)}
        for one in results:
            if one.name in (item.record, *item.pictures):
                wanted[item.made(one.name)] = (one.blob, one.sha256)
        # One that is not there is what a report is to find, and not what it fails of.
        for role, (blob, sha256) in wanted.items():
            found = _file(run, blob, sha256)
            if found is not None:
                files[role] = found
    sizes = ((one.width or 0) * (one.height or 0) for one in photographs.values())
    return _Plan(row.id, row.title, tuple(items), files, max(sizes, default=0))


def _make(run: JobRun, plan: _Plan) -> None:
    task = report_task(plan.id, plan.title, plan.items, plan.files, plan.pixels)
    with engine_of(run.context, run.organization, 1) as engine:
        (outcome,) = engine.run("report", [task], run.progress, run.control)
        if outcome.folder is None:
            assert outcome.failure is not None
            raise outcome.failure.as_error(PhotochromError)
        pages = sorted(outcome.folder.glob(f"{Path(PAGE).stem}*.html"), key=_number)
        kinds = dict.fromkeys(pages, ResultKind.REPORT)
        kinds[outcome.folder / TABLE] = ResultKind.TABLE
        results = keep(run.context, run.organization, plan.id, "", kinds)
    with run.writing() as session:
        Results(session).replace(plan.id, "", results)


def _went(error: PhotochromError) -> bool:
    """Whether something was not there any more when it was to be read."""
    return has_gone(error) or (isinstance(error, PlaceError) and error.kind == "missing")


def _plain(error: PhotochromError, plan: _Plan) -> str:
    """An error without the place where the service keeps things."""
    said = str(error)
    for role, file in plan.files.items():
        said = said.replace(str(file.url if isinstance(file, Far) else file.path), role)
    return said


def _item(id: str, scan: Photograph | None, results: list[Result], why: str) -> Item:
    if scan is None:
        return Item(id, id, id, absent=DELETED)
    named = {kind: [one.name for one in results if one.kind is kind] for kind in ResultKind}
    record = next(iter(named[ResultKind.RECORD]), "")
    return Item(
        id,
        Path(scan.filename).stem,
        scan.name,
        record,
        tuple(named[ResultKind.PICTURE]) if record else (),
        scan.caption or scan.title,
        why or "what was made of it was deleted",
    )


def _file(run: JobRun, blob: str, sha256: str) -> Input | Far | None:
    """A file that a report reads; None if it is not there."""
    place = run.context.blobs.place(blob)
    if not isinstance(place, Url):
        return Input(place, sha256) if place.is_file() else None
    try:
        return Far(place, mark_of(head(place)))
    except PlaceError as error:
        if error.kind == "missing":
            return None
        raise


def _number(page: Path) -> int:
    return int(page.stem.rpartition("-")[2]) if "-" in page.stem else 1
