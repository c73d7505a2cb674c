"""Rows of what is done now and then. They are nobody's: there is no scope."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from photochrom.service.core.database import changed
from photochrom.service.sweeping.tables import Chore


class Chores:
    """What is done now and then, in a session."""

    def __init__(self, session: Session):
        self._session = session

    def begin(self, name: str, time: datetime, every: timedelta) -> bool:
        """Takes a chore on if it is due; False if it is not, or somebody else has just begun it.

        Args:
            name: Which.
            time: Now.
            every: How long after it was begun it is due again.
        """
        if self._session.scalar(select(Chore.name).where(Chore.name == name)) is None:
            try:
                with self._session.begin_nested():
                    self._session.add(Chore(name=name, begun=time))
            except IntegrityError:
                return False  # Another one was faster with the first of all.
            return True
        # One that was begun in the future was begun before the clock was set back.
        due = or_(Chore.begun <= time - every, Chore.begun > time)
        query = update(Chore).where(Chore.name == name, due).values(begun=time)
        return changed(self._session, query) == 1
