"""`photochrom serve`, really started: the first start, a stop without loss, deaths of all kinds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest
import structlog

from photochrom.service import supervising, work
from photochrom.service.accounts import service as accounts
from photochrom.service.accounts.repository import Accounts
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import State
from photochrom.service.jobs.tables import Job
from photochrom.service.migrations import upgrade
from photochrom.service.settings import Settings
from service_kit import PASSWORD, left_by_a_kill, signed_in
from waiting import SOON, until


@contextmanager
def started(*words: object, **env: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "photochrom", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PHOTOCHROM_SERVICE_HEARTBEAT_SECONDS": "0.2", **env},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("photochrom is at http://127.0.0.1:"), line
    return line.split()[-1]


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children()


def test_the_first_start_and_a_stop(tmp_path: Path) -> None:
    with started("serve", "--data", tmp_path, "--port", 0) as process:
        url = address(process)
        assert process.stdout is not None
        assert f"{url}/#setup=" in process.stdout.readline()
        assert httpx.get(f"{url}/readyz", timeout=SOON).json()["status"] == "ok"
        metrics = f"{url}/metrics"
        until(lambda: "photochrom_executors 1.0" in httpx.get(metrics, timeout=SOON).text)
        (executor,) = children(process)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=SOON)
        assert process.returncode == 0
        assert not executor.is_running()
        # It has left, and was not taken for dead.
        assert '"event": "executor ends"' in log and '"event": "stopped"' in log
        # Nor did it abort on the way out, while it still listened.
        assert "Fatal Python error" not in log


@pytest.mark.parametrize("command", [("serve", "--port", 0, "--executors", 0), ("executor",)])
def test_what_the_killed_left_goes_at_the_start(
    tmp_path: Path, command: tuple[object, ...]
) -> None:
    with Context.opened(Settings.read(data=tmp_path)) as context:
        upgrade(context.database)
    left = left_by_a_kill(tmp_path)
    with started(*command, "--data", tmp_path):
        until(lambda: not left.exists())


def test_a_stream_ends_when_the_service_stops(tmp_path: Path) -> None:
    with Context.opened(Settings.read(data=tmp_path)) as context:
        upgrade(context.database)
        ada = accounts.create_account(context, "ada@example.org", PASSWORD, "ada's")
        token = signed_in(context, ada).token
    with started("serve", "--data", tmp_path, "--port", 0, "--executors", 0) as process:
        url = address(process)
        cookies = {"photochrom_session": token}
        with httpx.stream("GET", f"{url}/v1/events", cookies=cookies, timeout=SOON) as answer:
            parts = answer.iter_text()
            assert "hello" in next(parts)
            process.send_signal(signal.SIGTERM)
            assert "error" not in "".join(parts)
        _, log = process.communicate(timeout=SOON)
        assert process.returncode == 0
        assert "graceful shutdown exceeded" not in log


def test_an_executor_that_dies_is_started_again(tmp_path: Path) -> None:
    with started("serve", "--data", tmp_path, "--port", 0) as process:
        address(process)
        until(lambda: children(process))
        (first,) = children(process)
        first.kill()
        until(lambda: [one for one in children(process) if one.pid != first.pid])


@pytest.mark.skipif(os.name == "nt", reason="priorities are other ones there")
@pytest.mark.parametrize(("command", "behind"), [("serve", 5), ("executor", 0)])
def test_executors_give_way_to_who_answers(tmp_path: Path, command: str, behind: int) -> None:
    words = ("--port", 0) if command == "serve" else ()
    ours = psutil.Process().nice()
    with started(command, "--data", tmp_path, *words) as process:
        until(lambda: [one.nice() for one in children(process)] == [max(ours, behind)])
        assert psutil.Process(process.pid).nice() == ours


@pytest.mark.skipif(os.name == "nt", reason="programs are scripts here")
def test_an_executor_that_cannot_be_started_is_once_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, begun = tmp_path / "program", tmp_path / "begun"
    monkeypatch.setattr(supervising, "_PAUSES", (0.05, 0.05))
    found = supervising.Children(Settings.read(data=tmp_path), 1, [str(program)])
    with structlog.testing.capture_logs() as said:
        found.start()
        until(lambda: any("No such file" in str(one.get("reason")) for one in said))
        whole = tmp_path / "whole"
        whole.write_text(f"#!/bin/sh\ntouch {begun}\nexec cat\n")
        whole.chmod(0o755)
        whole.rename(program)
        until(begun.exists)
        found.wait()


def test_what_fails_beside_jobs_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, begun = threading.Event(), [0]

    def beside(context: Context, over: threading.Event) -> None:
        begun[0] += 1
        if begun[0] < 3:
            raise ZeroDivisionError
        over.set()

    monkeypatch.setattr(work, "_AGAIN_SECONDS", 0.01)
    with Context.opened(Settings.read(data=tmp_path)) as context:
        work.go_on(beside, context, over)
    assert begun == [3]


def test_who_serves_does_not_load_what_does_jobs() -> None:
    words = "import sys, photochrom.service.serve; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {"photochrom.service.work", "photochrom.service.kinds", "av", "skia"}


def test_executors_end_when_whoever_started_them_is_killed(tmp_path: Path) -> None:
    with started("executor", "--data", tmp_path, "--executors", 2) as process:
        until(lambda: len(children(process)) == 2)
        found = children(process)
        process.kill()
        until(lambda: not any(one.is_running() for one in found))


def test_executors_alone_stop_when_told(tmp_path: Path) -> None:
    with started("executor", "--data", tmp_path) as process:
        until(lambda: children(process))
        (found,) = children(process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SOON)
        assert process.returncode == 0
        assert not found.is_running()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "0.0.0.0"), "nobody has an account yet, and 0.0.0.0 can be reached by others"),
        (("--host", "192.0.2.1"), "cannot be listened on"),
        (("--host", "no such host"), "is no address of this machine"),
        (("--host", "a" * 64), "is no address of this machine"),
    ],
)
def test_what_cannot_be_served_says_why(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with started("serve", "--data", tmp_path, "--port", 0, *words) as process:
        _, errors = process.communicate(timeout=SOON)
    assert process.returncode == 2
    (line,) = [one for one in errors.splitlines() if one.startswith("photochrom: ")]
    assert said in line
    assert "Traceback" not in errors


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with started("serve", "--data", tmp_path / "a", "--port", 0, "--executors", 0) as one:
        port = address(one).rpartition(":")[2]
        with started("serve", "--data", tmp_path / "b", "--port", port) as other:
            _, errors = other.communicate(timeout=SOON)
        assert other.returncode == 2
        assert f"photochrom: 127.0.0.1:{port}: cannot be listened on" in errors


def test_open_to_the_network_once_there_is_an_account(tmp_path: Path) -> None:
    with Context.opened(Settings.read(data=tmp_path)) as context:
        upgrade(context.database)
        accounts.create_account(context, "ada@example.org", PASSWORD, "ada's")
    words = ("serve", "--data", tmp_path, "--host", "0.0.0.0", "--port", 0, "--executors", 0)
    with started(*words) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1].replace("0.0.0.0", "127.0.0.1")
        assert httpx.get(f"{url}/healthz", timeout=SOON).status_code == 200


SLOW = """
import sys, threading
from photochrom.service import work
from photochrom.service.jobs.run import Kind
from photochrom.service.jobs.states import Lane

sys.exit(work.main([Kind("slow", Lane.HEAVY, lambda run: threading.Event().wait())]))
"""
"""An executor whose jobs do not end, whatever is wanted of them."""

EXECUTES = """
import sys
from photochrom.service.serve import execute
from photochrom.service.settings import Settings

execute(Settings.read(data=sys.argv[1]), [sys.executable, "-c", sys.argv[2]])
"""


@pytest.fixture
def job(tmp_path: Path) -> Callable[[], Job]:
    """A job that does not end, as it is now."""
    with Context.opened(Settings.read(data=tmp_path)) as context:
        upgrade(context.database)
        ada = accounts.create_account(context, "ada@example.org", PASSWORD, "ada's")
        with context.database.reading(EVERYONE) as session:
            own = Accounts(session).places(ada.id)[0][1].id
        with context.database.writing(own) as session:
            id = Jobs(session).accept(own, "slow", "th_x", ada.id).id

    def found() -> Job:
        with (
            Context.opened(Settings.read(data=tmp_path)) as context,
            context.database.reading(EVERYONE) as session,
        ):
            return Jobs(session).get(id)

    return found


def stopping(process: subprocess.Popen[str]) -> None:
    """Waits until it says that it stops."""
    assert process.stderr is not None
    for line in process.stderr:
        if '"event": "stopping"' in line:
            return
    raise AssertionError("it has ended")


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_a_second_signal_puts_back_at_once_what_is_in_hand(
    tmp_path: Path, job: Callable[[], Job]
) -> None:
    words = [sys.executable, "-c", EXECUTES, str(tmp_path), SLOW]
    env = {**os.environ, "PHOTOCHROM_SERVICE_DRAIN_SECONDS": "100000"}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=env) as process:
        try:
            until(lambda: job().state is State.RUNNING)
            (executor,) = children(process)
            process.send_signal(signal.SIGTERM)
            stopping(process)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=SOON)
        finally:
            process.kill()
    assert process.returncode == 0
    assert not executor.is_running()
    found = job()
    assert (found.state, found.executor_id, found.deaths) == (State.QUEUED, None, 0)


UNHEARD = """
import signal, sys, threading, time
from photochrom.service.settings import Settings
from photochrom.service.supervising import Children
from photochrom.service.jobs.told import NOW

stays = f"import sys; any(line == {NOW!r} for line in sys.stdin.buffer)"
settings = Settings.read(data=sys.argv[1], drain_seconds=100000)
children = Children(settings, 1, [sys.executable, "-c", stays])
signal.signal(signal.SIGTERM, lambda *_: children.hurry())

def late():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

children.start()
threading.Thread(target=late).start()
children.wait()
"""
"""A signal of which the waiting thread is not woken: as good as one that comes just before."""


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_a_signal_that_comes_as_the_wait_begins_is_heeded(tmp_path: Path) -> None:
    words = [sys.executable, "-c", UNHEARD, str(tmp_path)]
    assert subprocess.run(words, timeout=SOON, check=False).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_a_second_signal_cuts_requests_off(tmp_path: Path) -> None:
    env = {"PHOTOCHROM_SERVICE_DRAIN_SECONDS": "100000"}
    with started("serve", "--data", tmp_path, "--port", 0, **env) as process:
        host, port = address(process).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=SOON) as line:
            head = "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            line.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            url = f"http://{host}:{port}/metrics"
            until(lambda: "photochrom_requests_now 2.0" in httpx.get(url, timeout=SOON).text)
            process.send_signal(signal.SIGINT)
            stopping(process)
            process.send_signal(signal.SIGINT)
            with suppress(ConnectionResetError):
                assert line.recv(1) == b""
        _, log = process.communicate(timeout=SOON)
        assert process.returncode == 0
        assert "Traceback" not in log and '"event": "stopped"' in log
