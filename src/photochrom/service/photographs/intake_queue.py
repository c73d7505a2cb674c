"""What was sent in is looked into by a job of its own, accepted with the photograph itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import Lane
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph, State

KIND = "intake"


def enqueue_intake(session: Session, photograph: Photograph) -> None:
    """Lets a photograph be looked into, in the transaction of `session`; also once more.

    Args:
        session: In which its row is written.
        photograph: The row.
    """
    photograph.state = State.RECEIVED
    photograph.reason = None
    Photographs(session).add(photograph)
    Jobs(session).accept(
        photograph.organization_id, KIND, photograph.id, photograph.by, lane=Lane.LIGHT
    )
