"""Wrong passwords are limited, for an account and from an address.

They are counted in the database: several processes may serve, and a restart is no fresh start. Each
attempt is written down before its password is checked, and then counted, so that many at once are
not more than one after the other. Accounts that do not exist are limited like those that do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from photochrom.service.accounts.repository import Attempts, folded
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.problems import TooManyError
from photochrom.service.core.signing import token_digest
from photochrom.service.identity.tables import Attempt

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Trying:
    """An attempt that may go on: the password is to be checked now."""

    context: Context
    account: str

    def succeeded(self) -> None:
        """It was the right password: the account's wrong ones are forgotten, but none of the
        address's that were for other accounts."""
        with self.context.database.writing(None) as session:
            Attempts(session).remove_all_of(self.account)


def try_password(context: Context, email: str, address: str | None) -> Trying:
    """Begins to try a password; it counts as wrong until it is told to be right.

    Args:
        context: The service.
        email: Whose.
        address: From where.

    Raises:
        TooManyError: There were too many wrong ones; not even the right one is taken now.
    """
    account, place = token_digest(folded(email)), _network(address)
    time = now()
    with context.database.writing(None) as session:
        Attempts(session).remove_before(time - WINDOW, time + WINDOW)
        mine = Attempts(session).add(account, place)
    limits = (
        (Attempt.account, account, context.settings.sign_in_attempts),
        (Attempt.address, place, context.settings.address_attempts),
    )
    with context.database.reading(None) as session:
        over = [
            Attempts(session).at_most(column, value, limit, mine.id, time - WINDOW)
            for column, value, limit in limits
        ]
    waits = [(then + WINDOW - time).total_seconds() for then in over if then is not None]
    if waits:
        # Who is turned away has tried nothing: the wait does not begin anew.
        with context.database.writing(None) as session:
            Attempts(session).remove(mine.id)
        raise TooManyError("too many wrong passwords", retry_after=math.ceil(max(waits)))
    return Trying(context, account)


def _network(address: str | None) -> str:
    """Who has an address. Of IPv6, everybody has at least 2^64 of them."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)
