"""Rows that count toward the quota of their organization."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True)
class Takes:
    """What each row of a table takes of a quota.

    Attributes:
        bytes: The column of its bytes.
        photographs: How many photographs it is.
        when: Which rows count; all of them by default.
    """

    bytes: InstrumentedAttribute[int]
    photographs: int = 0
    when: ColumnElement[bool] = field(default_factory=true)


class Counted:
    """A row that counts. Its table says what it takes; nobody else has to know of it."""

    @classmethod
    @abstractmethod
    def takes(cls) -> Takes:
        """What one takes."""
