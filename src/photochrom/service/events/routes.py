"""Watching what happens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse

from photochrom.service.access.credentials import Access
from photochrom.service.access.guards import AnyContext, access_to
from photochrom.service.core.ids import Id
from photochrom.service.events.stream import Watch, stream
from photochrom.service.identity.roles import Permission

router = APIRouter(prefix="/events", tags=["events"])

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}
}


@router.get("", response_class=EventSourceResponse, responses=_STREAM, operation_id="watch_events")
async def watch(
    request: Request,
    context: AnyContext,
    access: Annotated[Access, Depends(access_to(Permission.VIEW))],
    job: Annotated[Id | None, Query(description="Only what this job does.")] = None,
    after: Annotated[int | None, Query(ge=0, lt=2**63, description="As `Last-Event-ID`.")] = None,
    last_event_id: Annotated[
        str | None, Header(description="The number of the last event that was seen.")
    ] = None,
) -> EventSourceResponse:
    """What happens from now on, or since an event, as it happens.

    It ends after some minutes, and soon after the sign-in or the key with which it was opened;
    readers come again by themselves and go on where they were.
    """
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
        after = min(int(last_event_id), 2**62)
    news: Watch = request.app.state.watch
    seconds = context.settings.event_minutes * 60
    events = stream(context.database, news, access.organization, after, seconds, job, access)
    return EventSourceResponse(events, ping=15, headers={"X-Accel-Buffering": "no"})
