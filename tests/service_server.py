"""A service that listens: in a thread of this process, or in one of its own that can be killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from photochrom.service.access.credentials import KEY_PREFIX
from photochrom.service.app import create_app
from photochrom.service.context import Context
from photochrom.service.core.ids import new_id
from photochrom.service.core.signing import token, token_digest
from photochrom.service.core.tables import Table
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Key, Member, User
from photochrom.service.settings import PREFIX, Settings

_WAIT = 120


def key_of(context: Context, user: User) -> str:
    """A key by which programs of somebody are let in."""
    prefix, secret = os.urandom(6).hex(), token()
    with context.database.writing("*") as session:
        (place,) = session.query(Member).filter(Member.user_id == user.id)
        session.add(
            Key(
                id=new_id("ke"),
                organization_id=place.organization_id,
                user_id=user.id,
                name="tests",
                prefix=prefix,
                secret=token_digest(secret),
                permissions=sorted(Role.OWNER.permissions),
            )
        )
    return f"{KEY_PREFIX}{prefix}_{secret}"


@contextmanager
def listening(context: Context) -> Iterator[str]:
    """The address of a service that runs in a thread."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(128)
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(create_app(context), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        _wait_for(address)
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(_WAIT)
            assert not thread.is_alive()


class Killable:
    """A service in a process of its own, that comes back at the same address."""

    def __init__(self, data: Path, **settings: Any):
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        told = {f"{PREFIX}{name.upper()}": str(value) for name, value in settings.items()}
        self._environment = os.environ | told | {f"{PREFIX}DATA": str(data)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = [sys.executable, str(Path(__file__)), str(self._port)]
        self._process = subprocess.Popen(program, env=self._environment)
        _wait_for(self.address)

    def kill(self) -> None:
        """As by a power cut, but for what the system has not written yet."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + _WAIT
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < until, "the service does not answer"
            time.sleep(0.05)


def _main() -> None:
    with Context.opened(Settings.read()) as context:
        Table.metadata.create_all(context.database.engine)
        uvicorn.run(create_app(context), port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    _main()
