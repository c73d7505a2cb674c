"""Many at once: who writes comes in the order of all, and who only reads waits for none of them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from photochrom.service.core import sqlite
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.core.problems import UnavailableError
from photochrom.service.core.turns import Turns
from photochrom.service.serve import KEEP_ALIVE_SECONDS, configured
from photochrom.service.supervising import COMMAND
from service_kit import Service, service_in
from service_server import key_of, listening
from waiting import SOON, until


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path) as service:
        yield service


def test_turns_come_in_their_order() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(0)

    def wait(number: int) -> None:
        assert turns.take(SOON)
        order.append(number)
        turns.give()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(20)]
    for number, thread in enumerate(threads):
        thread.start()
        until(lambda number=number: len(turns._waiting) > number)
    turns.give()
    for thread in threads:
        thread.join(SOON)
    assert order == list(range(20))
    assert turns.take(0)


def test_whose_turn_does_not_come_leaves_the_others_theirs() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)


def test_a_writer_whose_turn_does_not_come_is_told_and_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "TURN_SECONDS", 0.05)
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.writing(EVERYONE) as first:
        first.execute(text("CREATE TABLE a (b INTEGER)"))
        with (
            pytest.raises(UnavailableError, match="too many"),
            database.writing(EVERYONE) as second,
        ):
            second.execute(text("INSERT INTO a VALUES (1)"))
        first.execute(text("INSERT INTO a VALUES (2)"))
    with pytest.raises(ZeroDivisionError), database.writing(EVERYONE) as third:
        third.execute(text("INSERT INTO a VALUES (3)"))
        raise ZeroDivisionError
    with database.writing(EVERYONE) as fourth:
        assert fourth.execute(text("SELECT b FROM a")).scalars().all() == [2]
    database.close()


def test_a_writer_waits_for_another_process_and_is_told_when_that_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.writing(EVERYONE) as first:
        first.execute(text("CREATE TABLE a (b INTEGER)"))
    # Two of a process wait in turn; what does not is like another process.
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def write(number: int) -> None:
        with database.writing(EVERYONE) as session:
            session.execute(text("INSERT INTO a VALUES (:b)"), {"b": number})

    with ThreadPoolExecutor(1) as crowd:
        waiting = crowd.submit(write, 1)
        until(lambda: len(database._turns._waiting) == 0 and database._turns._taken)
        assert not waiting.done()
        other.execute("COMMIT")
        waiting.result(timeout=SOON)

    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(sqlite, "_WAIT_SECONDS", 0)
    with pytest.raises(UnavailableError, match="does not answer"):
        write(2)
    other.execute("COMMIT")
    write(3)
    assert other.execute("SELECT b FROM a").fetchall() == [(1,), (3,)]
    other.close()
    database.close()


def test_what_is_noted_does_not_wait_for_the_disk_and_what_is_written_does(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    for session_of, synchronous in ((database.noting, 1), (database.writing, 2)):
        with session_of(EVERYONE) as session:
            session.execute(text("CREATE TABLE IF NOT EXISTS a (b INTEGER)"))
            session.execute(text("INSERT INTO a VALUES (1)"))
            assert session.execute(text("PRAGMA synchronous")).scalar() == synchronous
    # Others see it at once.
    with database.reading(EVERYONE) as session:
        assert session.execute(text("SELECT count(*) FROM a")).scalar() == 2
    database.close()


def test_who_reads_does_not_wait_for_a_crowd_that_writes(service: Service) -> None:
    headers = {"Authorization": f"Bearer {key_of(service.context, service.account('ada'))}"}
    with (
        listening(service.context) as address,
        httpx.Client(base_url=f"{address}/v1", headers=headers, timeout=SOON) as client,
        ThreadPoolExecutor(80) as crowd,
    ):
        assert client.get("/collections").json()["items"] == []
        with service.context.database.writing(EVERYONE) as session:
            # From here on nobody else can write.
            session.execute(text("DELETE FROM collections"))
            asked = [
                crowd.submit(client.post, "/collections", json={"title": f"T{number}"})
                for number in range(70)
            ]
            files = {"file": ("a.png", b"x")}
            asked += [crowd.submit(client.post, "/photographs", files=files) for _ in range(5)]
            until(lambda: service.context.writers.statistics().tasks_waiting > 40)
            read = crowd.submit(client.get, "/collections")
            assert read.result(timeout=sqlite.TURN_SECONDS).json()["items"] == []
            assert not any(one.done() for one in asked)
        answers = [one.result(timeout=SOON) for one in asked]
        assert {one.status_code for one in answers} == {200, 201}
        assert len(client.get("/collections?limit=100").json()["items"]) == 70


def test_connections_stay_longer_than_proxies_keep_theirs(service: Service) -> None:
    """A request that comes just when its connection is closed is lost; nginx keeps one for a
    minute, Caddy for two."""
    config = configured(service.client.app, service.context.settings)  # type: ignore[arg-type]
    assert config.timeout_keep_alive == KEEP_ALIVE_SECONDS > 120


def test_what_an_executor_forks_does_not_load_the_service_again(tmp_path: Path) -> None:
    """A child runs its parent's main module once more, if that has a name or a file."""
    asked = "from multiprocessing.spawn import get_preparation_data as told; print(*told(''))"
    done = subprocess.run([*COMMAND[:-1], asked], capture_output=True, text=True, check=True)
    assert "sys_path" in done.stdout.split()
    assert not [one for one in done.stdout.split() if "main" in one]
    # As it is for one that has.
    file = tmp_path / "told.py"
    file.write_text(asked, "utf-8")
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert [one for one in done.stdout.split() if "main" in one]
    assert sys.executable == COMMAND[0]
