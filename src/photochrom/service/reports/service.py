"""Ordering reports."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.problems import ConflictError, InvalidError, NotFoundError
from photochrom.service.events.repository import announce
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import ItemState
from photochrom.service.photographs import DELETED
from photochrom.service.photographs.repository import Photographs
from photochrom.service.reports.repository import Reports
from photochrom.service.reports.schemas import MOST, ReportAsked
from photochrom.service.reports.tables import Report
from photochrom.service.restorations.repository import Restorations
from photochrom.service.results.repository import Results

KIND = "report"

_UNRESTORED = "is not restored yet"
_UNFINISHED = "was not made yet when this report was ordered"

_LONGEST = 150
"""Characters of a photograph's name in the title of a report."""

_Shown = tuple[str, str | None, str]


def order(unit: Unit, asked: ReportAsked) -> Report:
    """Takes on a report of how things are now.

    Raises:
        NotFoundError: There is no such restoration, or a photograph is not there.
        InvalidError: The restoration has more photographs than a report may show.
        ConflictError: Nothing has been made of any of them yet.
    """
    if asked.restoration is not None:
        title, shown = _of_restoration(unit.session, asked.restoration)
    else:
        title, shown = "", _of_photographs(unit.session, asked.photographs)
    if all(restoration is None for _, restoration, _ in shown):
        raise ConflictError("nothing has been made of these photographs", fix="restore them first")
    report = Report(
        organization_id=unit.access.organization,
        by=unit.access.by,
        title=asked.title.strip() or title.strip() or _called(unit.session, shown),
        shown=[list(one) for one in shown],
    )
    Reports(unit.session).add(report)
    report.job = Jobs(unit.session).accept(
        unit.access.organization, KIND, report.id, unit.access.by, priority=asked.priority
    )
    unit.session.flush()
    told = {"restoration": asked.restoration, "photographs": len(shown)}
    audit(unit, "report.ordered", subject=report.id, details=told)
    return report


def forget(unit: Unit, id: str) -> None:
    """Forgets a report that is over, with its results.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is not over.
    """
    row = remove(unit.session, id)
    audit(unit, "report.forgotten", subject=id, details={"title": row.title})


def remove(session: Session, id: str) -> Report:
    """The same for a session that nobody's request is.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is not over.
    """
    row = Reports(session).get(id)
    Results(session).forget_made(row)
    gone = {"id": row.id, "title": row.title, "state": "deleted"}
    announce(session, row.organization_id, "report", row.id, gone)
    return row


def _called(session: Session, shown: list[_Shown]) -> str:
    """What a report is called that nobody gives a title: after the first photograph."""
    (first, *others) = (id for id, _, _ in shown)
    found = Photographs(session).named([first])
    name = Path(found[first].filename).stem[:_LONGEST] if found else DELETED
    return f"{name} and {len(others)} more" if others else name


def _of_restoration(session: Session, id: str) -> tuple[str, list[_Shown]]:
    """What it is called, and what has become of each photograph."""
    restoration = Restorations(session).get(id)
    items = Jobs(session).items(restoration.job.id)
    if len(items) > MOST:
        raise InvalidError(
            f"a report shows {MOST} photographs at most, and these are {len(items)}",
            where="restoration",
            fix="name some of them as `photographs`, and others in another report",
        )
    shown: list[_Shown] = [
        (one.subject, id, "")
        if one.state is ItemState.DONE
        else (one.subject, None, one.message or _UNFINISHED)
        for one in items
    ]
    return restoration.title, shown


def _of_photographs(session: Session, ids: list[str]) -> list[_Shown]:
    """The newest of each that is done."""
    wanted = list(dict.fromkeys(ids))
    there = Photographs(session).there(wanted)
    for id in wanted:
        if id not in there:
            raise NotFoundError("there is no such photograph", where=id)
    newest: dict[str, str] = {}
    for restoration, item in Restorations(session).versions(wanted, latest=True):
        if item.state is ItemState.DONE:
            newest.setdefault(item.subject, restoration.id)
    return [(id, newest.get(id), "" if id in newest else _UNRESTORED) for id in wanted]
