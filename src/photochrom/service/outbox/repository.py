"""Rows of webhooks and of what is sent to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from photochrom.service.core.database import changed
from photochrom.service.core.problems import NotFoundError
from photochrom.service.outbox.states import DeliveryState
from photochrom.service.outbox.tables import Delivery, Webhook

FARTHEST = timedelta(days=1)
"""Nothing is put off for longer: what seems to be, was put off before a clock was set back."""


class Outbox:
    """Webhooks and deliveries in a session."""

    def __init__(self, session: Session):
        self._session = session

    # As their owners see them.

    def all(self) -> Select[Webhook]:
        """The query for all webhooks."""
        return select(Webhook)

    def count(self) -> int:
        """How many webhooks there are."""
        return self._session.scalar(select(func.count(Webhook.id))) or 0

    def webhook(self, id: str, *, change: bool = False) -> Webhook:
        """A webhook.

        Args:
            id: Which.
            change: Whether it is to be changed: nobody else does meanwhile.

        Raises:
            NotFoundError: There is none.
        """
        found = self._session.get(Webhook, id, with_for_update=change)
        if found is None:
            raise NotFoundError("there is no such webhook")
        return found

    def add(self, row: Webhook | Delivery) -> None:
        """A new one."""
        self._session.add(row)
        self._session.flush()

    def remove(self, webhook: Webhook) -> None:
        """Forgets a webhook, with all that was sent to it."""
        self._session.execute(delete(Delivery).where(Delivery.webhook_id == webhook.id))
        self._session.execute(delete(Webhook).where(Webhook.id == webhook.id))

    def deliveries(self, webhook: str, state: DeliveryState | None) -> Select[Delivery]:
        """The query for what was sent to a webhook, or is going to be."""
        query = select(Delivery).where(Delivery.webhook_id == webhook)
        return query if state is None else query.where(Delivery.state == state)

    def delivery(self, webhook: str, id: str, *, change: bool = False) -> Delivery:
        """One of them.

        Raises:
            NotFoundError: There is none.
        """
        found = self._session.get(Delivery, id, with_for_update=change)
        if found is None or found.webhook_id != webhook:
            raise NotFoundError("there is no such delivery, or not any more")
        return found

    def give_up(self, webhook: str, reason: str) -> None:
        """Nothing that waits is sent to a webhook any more."""
        waiting = update(Delivery).where(
            Delivery.webhook_id == webhook, Delivery.state == DeliveryState.WAITING
        )
        self._session.execute(waiting.values(state=DeliveryState.FAILED, error=reason))

    def forget(self, before: datetime) -> int:
        """Removes what is over and came before a time; returns how many."""
        over = Delivery.state != DeliveryState.WAITING
        query = delete(Delivery).where(Delivery.created < before, over)
        return changed(self._session, query)

    # As senders see them, in a session that sees everyone.

    def wanting(self, organization: str, kind: str) -> Sequence[Webhook]:
        """The webhooks of an organization that are called for a kind of event.

        Nobody deletes one until what is written for it is.
        """
        query = (
            select(Webhook)
            .where(Webhook.organization_id == organization, Webhook.disabled.is_(None))
            .order_by(Webhook.id)
            .with_for_update(read=True, key_share=True)
        )
        found = self._session.scalars(query).all()
        return [one for one in found if kind in one.kinds]

    def is_due(self, time: datetime, full: Collection[str], busy: Collection[str]) -> bool:
        """Whether there is something to be sent now; asked before anybody else has to wait."""
        query = _due(time, full, busy).with_only_columns(Delivery.id).limit(1)
        return self._session.scalar(query) is not None

    def claim(
        self, time: datetime, lease: timedelta, full: Collection[str], busy: Collection[str]
    ) -> Delivery | None:
        """What is sent next, with its webhook; None if there is nothing.

        Args:
            time: Now.
            lease: How long nobody else sends it.
            full: Webhooks that are called as often at a time as any is.
            busy: Webhooks that are called just now; those of them that fail are left alone.
        """
        query = (
            _due(time, full, busy)
            .options(contains_eager(Delivery.webhook))
            .order_by(Delivery.due, Delivery.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=Delivery)
        )
        found = self._session.scalars(query).one_or_none()
        if found is not None:
            found.due = time + lease
            found.claim += 1
            self._session.flush()
        return found

    def claimed(self, claimed: Delivery) -> Delivery | None:
        """A delivery that was claimed, with its webhook, as long as nobody else has claimed it
        since; nobody else changes either until the end of the session."""
        # In this order, as whoever changes a webhook takes them.
        if self._session.get(Webhook, claimed.webhook_id, with_for_update=True) is None:
            return None
        query = select(Delivery).where(
            Delivery.id == claimed.id,
            Delivery.claim == claimed.claim,
            Delivery.state == DeliveryState.WAITING,
        )
        return self._session.scalars(query.with_for_update()).one_or_none()


def _due(time: datetime, full: Collection[str], busy: Collection[str]) -> Select[Delivery]:
    return (
        select(Delivery)
        .join(Webhook)
        .where(
            Delivery.state == DeliveryState.WAITING,
            _has_come(Delivery.due, time),
            Webhook.disabled.is_(None),
            or_(Webhook.rests_until.is_(None), _has_come(Webhook.rests_until, time)),
            Webhook.id.not_in(full),
            or_(Webhook.failures == 0, Webhook.id.not_in(busy)),
        )
    )


def _has_come(
    moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    time: datetime,
) -> ColumnElement[bool]:
    return or_(moment <= time, and_(moment.is_not(None), moment > time + FARTHEST))
