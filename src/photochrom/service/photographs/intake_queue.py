"""What waits for intake: the photographs in the state `received`, which is a queue that no crash
empties."""

from __future__ import annotations

from sqlalchemy.orm import Session

from photochrom.service.photographs.tables import Photograph, State


def enqueue_intake(session: Session, photograph: Photograph) -> None:
    """Lets a photograph be looked into, in the transaction of `session`; also once more.

    Args:
        session: In which its row is written.
        photograph: The row.
    """
    photograph.state = State.RECEIVED
    photograph.reason = None
    session.add(photograph)
    session.flush()
