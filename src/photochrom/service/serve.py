"""`photochrom serve`: the application and executors, from the first start to the stop."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from photochrom.errors import PhotochromError
from photochrom.service.app import create_app
from photochrom.service.context import Context
from photochrom.service.core.scratch import sweep
from photochrom.service.first import first_steps
from photochrom.service.migrations import upgrade
from photochrom.service.settings import Settings
from photochrom.service.supervising import BESIDE, COMMAND, Children
from photochrom.service.telemetry.logs import configure_logs

log = structlog.get_logger(__name__)

KEEP_ALIVE_SECONDS = 150
"""How long a connection of which nothing comes stays open: longer than proxies keep theirs (60
seconds to two minutes), which else send a request just when it is closed, and tell it as lost."""

_LOOK_SECONDS = 0.1
_CUT_SECONDS = 1.0
"""How long requests have to end that were cut off."""

_STOPS = [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if os.name != "nt" else [])]


def serve(
    settings: Settings, tell: Callable[[str], None], command: Sequence[str] = COMMAND
) -> None:
    """Serves until it is told to stop by a signal.

    Args:
        settings: How.
        tell: Shows a line to whoever has started it; what it says is in no log.
        command: What an executor is.

    Raises:
        PhotochromError: A setting is wrong, the port is taken, the database is of a newer release,
            or the network could reach a service that nobody has an account of.
    """
    configure_logs(settings.log)
    with _listening(settings) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        with Context.opened(settings) as context:
            upgrade(context.database)
            sweep(settings.data)
            steps = first_steps(context)
            children = Children(settings, settings.executors, command, BESIDE)
            app = create_app(context)
            server = _Server(app, settings, children, lambda: _ready(settings, tell, steps))
            children.start()
            try:
                server.run(sockets=[listener])
            finally:
                children.wait()
    log.info("stopped")


def execute(settings: Settings, command: Sequence[str] = COMMAND) -> None:
    """Does jobs, and answers no requests, until it is told to stop by a signal.

    Args:
        settings: How.
        command: What an executor is.

    Raises:
        PhotochromError: A setting is wrong, or the database is of a newer release.
    """
    configure_logs(settings.log)
    if not settings.executors:
        raise PhotochromError(
            "there would be nothing to do", where="setting executors", fix="set it to 1 or more"
        )
    with Context.opened(settings) as context:
        upgrade(context.database)
        sweep(settings.data)
    children = Children(settings, settings.executors, command)
    stop = _stop_signal()
    children.start()
    log.info("executing", executors=settings.executors)
    try:
        stop()
        # Before it is said: whoever reads that may send the next signal at once.
        _hasten(children)
        log.info("stopping", seconds=settings.drain_seconds)
    finally:
        children.wait()
    log.info("stopped")


def configured(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the application is served.

    Args:
        app: The application.
        settings: How it is set.
    """
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Anybody can write these headers: without proxies of ours they say nothing.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=math.ceil(settings.drain_seconds),
    )


class _Server(uvicorn.Server):
    """A server that ends streams when it stops, and whose signals are ours."""

    def __init__(
        self, app: FastAPI, settings: Settings, children: Children, begun: Callable[[], None]
    ):
        super().__init__(configured(app, settings))
        self._app = app
        self._children = children
        self._begun = begun
        self._is_hastened = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        log.info("stopping", seconds=self.config.timeout_graceful_shutdown)
        self._app.state.drains = True
        self._app.state.watch.stop()
        self._children.tell()
        cutting = asyncio.create_task(self._cut_when_hastened())
        try:
            await super().shutdown(sockets)
        finally:
            cutting.cancel()

    async def _cut_when_hastened(self) -> None:
        """Cuts requests off once a second signal has come; the library would only look away from
        them, and newer Pythons wait for their connections all the same."""
        while not self._is_hastened:
            await asyncio.sleep(_LOOK_SECONDS)
        log.warning("requests are cut off", requests=len(self.server_state.tasks))
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # Those that read or write see that they are cut, and keep what has come so far.
        await asyncio.sleep(_CUT_SECONDS)
        for task in list(self.server_state.tasks):
            task.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # Not raised again at the end, as the library would: a stop that was asked for is no death.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in _heard()}
        for number in before:
            signal.signal(number, self._heed)
        try:
            yield
        finally:
            # Executors have not stopped yet.
            _hasten(self._children)

    def _heed(self, *_: object) -> None:
        if self.should_exit:
            self._is_hastened = True
            self._children.hurry()
        self.should_exit = True


def _heard() -> list[signal.Signals]:
    """The signals that stop us; `nohup` has one of them ignored, and it stays so."""
    return [
        one for one in _STOPS if one == signal.SIGINT or signal.getsignal(one) != signal.SIG_IGN
    ]


def _hasten(children: Children) -> None:
    """From now on signals that stop us hasten executors that are stopping already."""
    for number in _heard():
        signal.signal(number, lambda *_: children.hurry())


def _stop_signal() -> Callable[[], None]:
    """From now on signals that stop us are heard; returns what waits for the first of them."""
    ours, theirs = socket.socketpair()
    for one in (ours, theirs):
        one.setblocking(False)
    for number in _heard():
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)

    def wait() -> None:
        with ours, theirs:
            ours.setblocking(True)
            ours.recv(1)
            signal.set_wakeup_fd(-1)

    return wait


def _ready(settings: Settings, tell: Callable[[str], None], steps: str | None) -> None:
    log.info("serving", url=settings.url, executors=settings.executors)
    tell(f"photochrom is at {settings.url}")
    if steps is not None:
        tell(steps)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the address that is set; it is open to requests once the server has begun."""
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", "no name can be written so")
        raise PhotochromError(
            f"is no address of this machine ({reason})", where=where, fix="set another host"
        ) from None
    with socket.socket(family, kind, protocol) as listener:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise PhotochromError(
                f"cannot be listened on ({error.strerror})", where=where, fix="set another port"
            ) from None
        yield listener
