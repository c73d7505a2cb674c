"""Making a report, as the handler of a job: one task of the engine."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from photochrom.engine import Far, Input
from photochrom.errors import PhotochromError
from photochrom.places import Url, head, mark_of
from photochrom.reporting.ordering import PAGE, TABLE, Item, report_task
from photochrom.service.jobs.run import JobRun
from photochrom.service.photographs import DELETED, names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph
from photochrom.service.reports.repository import Reports
from photochrom.service.restorations.work import engine_of
from photochrom.service.results.keeping import keep
from photochrom.service.results.repository import Results
from photochrom.service.results.tables import Result, ResultKind


def report(run: JobRun) -> str:
    """Makes the report of a job; returns how it ended.

    Raises:
        StoppedError: It was to stop.
        PhotochromError: A file of it cannot be had.
    """
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
        if scan is not None and item.record:
            original = names.original(run.organization, id, scan.name)
            files[item.original] = _file(run, original, scan.sha256)
            for one in results:
                if one.name in (item.record, *item.pictures):
                    files[item.made(one.name)] = _file(run, one.blob, one.sha256)
    sizes = ((one.width or 0) * (one.height or 0) for one in photographs.values())
    pixels = max(sizes, default=0)
    task = report_task(row.id, row.title, items, files, pixels)
    with engine_of(run.context, run.organization, 1) as engine:
        (outcome,) = engine.run("report", [task], run.progress, run.control)
        if outcome.folder is None:
            assert outcome.failure is not None
            raise outcome.failure.as_error(PhotochromError)
        pages = sorted(outcome.folder.glob(f"{Path(PAGE).stem}*.html"), key=_number)
        kinds = dict.fromkeys(pages, ResultKind.REPORT)
        kinds[outcome.folder / TABLE] = ResultKind.TABLE
        results = keep(run.context, run.organization, row.id, "", kinds)
    with run.writing() as session:
        Results(session).replace(row.id, "", results)
    run.count(done=1, failed=0, total=1)
    return f"{row.title}: {len(items)} photographs"


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


def _file(run: JobRun, blob: str, sha256: str) -> Input | Far:
    place = run.context.blobs.place(blob)
    return Far(place, mark_of(head(place))) if isinstance(place, Url) else Input(place, sha256)


def _number(page: Path) -> int:
    return int(page.stem.rpartition("-")[2]) if "-" in page.stem else 1
