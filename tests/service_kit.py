"""A service for tests: in this process, with its data in a temporary folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from photochrom.service.access.credentials import COOKIE, CSRF_HEADER
from photochrom.service.accounts import service as accounts
from photochrom.service.accounts.repository import Accounts
from photochrom.service.accounts.service import SignedInNow
from photochrom.service.app import create_app
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.tables import Table
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import User
from photochrom.service.settings import Settings

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Service:
    """A service, and a client that nobody has signed in with."""

    context: Context
    client: TestClient

    def account(self, name: str) -> User:
        """A person, and an organization that they own."""
        return accounts.create_account(self.context, f"{name}@example.org", PASSWORD, f"{name}'s")

    def member(self, owner: User, name: str, role: Role) -> User:
        """A person who belongs to somebody's organization."""
        with self.context.database.writing(EVERYONE) as session:
            rows = Accounts(session)
            hashed = self.context.passwords.hashed(PASSWORD)
            user = rows.add_user(f"{name}@example.org", hashed, name)
            rows.add_member(self.organization_of(owner), user.id, role)
            return user

    def organization_of(self, user: User) -> str:
        """The id of the first organization that somebody belongs to."""
        with self.context.database.reading(EVERYONE) as session:
            return Accounts(session).places(user.id)[0][1].id

    def client_of(self, user: User) -> TestClient:
        """A client that somebody has signed in with."""
        made = signed_in(self.context, user)
        client = TestClient(self.client.app, raise_server_exceptions=False)
        client.cookies.set(COOKIE, made.token)
        client.headers[CSRF_HEADER] = made.session.csrf
        return client


def signed_in(context: Context, user: User) -> SignedInNow:
    """A sign-in of somebody, without a password."""
    with context.database.writing(EVERYONE) as session:
        return accounts.begin(context, session, user, accounts.HERE)


@contextmanager
def service_in(folder: Path, **settings: Any) -> Iterator[Service]:
    """A service whose data lie in a folder."""
    with Context.opened(Settings.read(data=folder, **settings)) as context:
        Table.metadata.create_all(context.database.engine)
        app = create_app(context)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Service(context, client)


_KILLED = """
import sys, time
from pathlib import Path
from photochrom.service.core.scratch import on_the_way
with on_the_way(Path(sys.argv[1])) as folder:
    (folder / "preview.jpg").write_bytes(b"half")
    print(folder, flush=True)
    time.sleep(600)
"""


def left_by_a_kill(data: Path) -> Path:
    """What a process leaves below a data folder that is killed in the middle of its work."""
    command = [sys.executable, "-c", _KILLED, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().decode().strip())
        process.kill()
    assert (left / "preview.jpg").exists()
    assert left.is_relative_to(data / "work")
    return left
