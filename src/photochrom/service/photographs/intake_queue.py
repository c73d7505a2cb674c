"""What was sent in is looked into by a job of its own, accepted with the photograph itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import Lane
from photochrom.service.photographs.tables import Photograph

KIND = "intake"


def enqueue_intake(session: Session, photograph: Photograph) -> None:
    """Lets a photograph be looked into, in the transaction of `session`.

    Args:
        session: In which its row is written.
        photograph: The row, which has been written.
    """
    Jobs(session).accept(
        photograph.organization_id, KIND, photograph.id, photograph.by, lane=Lane.LIGHT
    )
