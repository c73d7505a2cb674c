"""Ordering reports, and getting them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response, status
from fastapi import Path as InPath

from photochrom.service.access.guards import Editing, Viewing
from photochrom.service.core.ids import Id
from photochrom.service.core.paging import AskedPage, Page, page_of
from photochrom.service.core.problems import NotFoundError
from photochrom.service.photographs.repository import Photographs
from photochrom.service.reports import service
from photochrom.service.reports.repository import Reports
from photochrom.service.reports.schemas import ReportAsked, ReportOut
from photochrom.service.reports.tables import Report
from photochrom.service.results.repository import Results
from photochrom.service.results.sending import sent

router = APIRouter(prefix="/reports", tags=["reports"])


@router.post("", status_code=status.HTTP_202_ACCEPTED)
def order(asked: ReportAsked, unit: Editing) -> ReportOut:
    """Make a page of what was made of photographs: before and after, what was done, how sure it
    is. It is done as a job: the answer names it."""
    row = service.order(unit, asked)
    return ReportOut.of(row, Photographs(unit.session).there(id for id, _, _ in row.shown))


@router.get("")
def listed(unit: Viewing, asked: AskedPage) -> Page[ReportOut]:
    """Reports, the newest first."""
    page = page_of(unit.session, Reports(unit.session).all(), Report.id, asked, lambda row: row)
    results = Results(unit.session).of_all([report.id for report in page.items])
    shown = {id for report in page.items for id, _, _ in report.shown}
    there = Photographs(unit.session).there(shown)
    reports = [
        ReportOut.of(report, there, [one for one in results if one.of == report.id])
        for report in page.items
    ]
    return Page(items=reports, next=page.next)


@router.get("/{report_id}")
def read(report_id: Id, unit: Viewing) -> ReportOut:
    """A report, how far it is, and its files."""
    row = Reports(unit.session).get(report_id)
    there = Photographs(unit.session).there(id for id, _, _ in row.shown)
    return ReportOut.of(row, there, Results(unit.session).of(row.id))


@router.get("/{report_id}/files/{file_name}", response_class=Response)
def file(
    report_id: Id,
    file_name: Annotated[str, InPath(max_length=100)],
    unit: Viewing,
    request: Request,
) -> Response:
    """The bytes of one of its files, by its name: so its pages find one another."""
    row = Reports(unit.session).get(report_id)
    for one in Results(unit.session).of(row.id):
        if one.name == file_name:
            return sent(request, unit.context, one)
    raise NotFoundError("the report has no such file, or is not done")


@router.delete("/{report_id}", status_code=status.HTTP_204_NO_CONTENT)
def forget(report_id: Id, unit: Editing) -> None:
    """Forget a report that is over, with its files."""
    service.forget(unit, report_id)
