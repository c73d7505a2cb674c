"""Backups: whole or none, made under writes, and back into an empty place of either kind."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from photochrom.errors import PhotochromError
from photochrom.files import part_of
from photochrom.places import Url
from photochrom.service.backup.making import back_up
from photochrom.service.backup.manifest import Manifest
from photochrom.service.backup.restoring import restore
from photochrom.service.context import Context
from photochrom.service.core.blobs import BucketBlobs, FolderBlobs
from photochrom.service.core.database import EVERYONE
from photochrom.service.events.repository import announce
from photochrom.service.first import first_steps
from photochrom.service.identity.tables import Organization
from photochrom.service.migrations import migrating, upgrade
from photochrom.service.settings import Settings
from service_rows import fill, rows_in

ORIGINAL = "or_a/photographs/ph_a/original/scan.tif"
RESULT = "or_a/results/re_a/picture.tif"


@contextmanager
def place(folder: Path, url: str | None = None, **more: object) -> Iterator[Context]:
    settings = Settings.read(data=folder, database=url, **more)
    with Context.opened(settings) as context:
        yield context


def put(context: Context, name: str, words: bytes, folder: Path) -> None:
    path = folder / "words"
    path.write_bytes(words)
    context.blobs.put(name, path)


@pytest.fixture
def full(database_url: str, tmp_path: Path) -> Iterator[Context]:
    """A service with something of everything."""
    with place(tmp_path / "from", database_url) as context:
        upgrade(context.database)
        with migrating(context.database) as connection:
            fill(connection)
        put(context, ORIGINAL, b"silver" * 1000, tmp_path)
        put(context, RESULT, b"color" * 1000, tmp_path)
        yield context


def bytes_in(context: Context) -> dict[str, bytes]:
    return {name: b"".join(context.blobs.read(name)) for name, _, _ in context.blobs.names()}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_into_an_empty_place_of_either_kind(
    full: Context, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = back_up(full, tmp_path / "backup")
    assert (made.blobs, made.copied) == (2, 2)
    with ExitStack() as stack:
        url = None
        if kind == "postgresql":
            from postgres_kit import fresh_database

            url = stack.enter_context(fresh_database(request.getfixturevalue("postgres")))
        empty = stack.enter_context(place(tmp_path / "to", url))
        restore(empty, tmp_path / "backup")
        assert rows_in(empty.database) == rows_in(full.database)
        assert bytes_in(empty) == bytes_in(full)
        # Numbers of events go on from where they were.
        with empty.database.writing(EVERYONE) as session:
            organization = session.query(Organization).first()
            assert organization is not None
            announce(session, organization.id, "test", "x", {})
        with pytest.raises(PhotochromError, match="there is something in it"):
            restore(empty, tmp_path / "backup")


def test_into_a_service_that_was_started_and_never_used(tmp_path: Path) -> None:
    with place(tmp_path / "from") as full, place(tmp_path / "to") as empty:
        for one in (full, empty):
            upgrade(one.database)
        assert first_steps(empty) is not None
        with migrating(full.database) as connection:
            fill(connection)
        back_up(full, tmp_path / "backup")
        restore(empty, tmp_path / "backup")
        assert rows_in(empty.database) == rows_in(full.database)


def test_from_a_bucket_into_a_folder_and_back(bucket: Url, tmp_path: Path) -> None:
    with (
        place(tmp_path / "from", storage=str(bucket / "a")) as full,
        place(tmp_path / "to") as empty,
        place(tmp_path / "again", storage=str(bucket / "b")) as again,
    ):
        assert isinstance(full.blobs, BucketBlobs) and isinstance(empty.blobs, FolderBlobs)
        upgrade(full.database)
        put(full, ORIGINAL, b"silver", tmp_path)
        back_up(full, tmp_path / "backup")
        restore(empty, tmp_path / "backup")
        back_up(empty, tmp_path / "other")
        restore(again, tmp_path / "other")
        assert bytes_in(again) == bytes_in(empty) == {ORIGINAL: b"silver"}


def test_referenced_originals_stay_where_they_are(tmp_path: Path) -> None:
    with place(tmp_path / "from") as full:
        upgrade(full.database)
        put(full, ORIGINAL, b"silver", tmp_path)
        put(full, RESULT, b"color", tmp_path)
        back_up(full, tmp_path / "backup", "referenced")
        held = [path for path in (tmp_path / "backup/blobs").rglob("*") if path.is_file()]
        assert [path.read_bytes() for path in held] == [b"color"]
        there = str(tmp_path / "from/blobs")
        wanted = f"1 originals .*set storage to {re.escape(there)}"
        with place(tmp_path / "away") as away, pytest.raises(PhotochromError, match=wanted):
            restore(away, tmp_path / "backup")
        with place(tmp_path / "to", storage=there) as same:
            restore(same, tmp_path / "backup")
            assert rows_in(same.database) == rows_in(full.database)


def test_an_interrupted_backup_is_none_and_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backup"
    with place(tmp_path / "from") as full, place(tmp_path / "to") as empty:
        upgrade(full.database)
        for number in range(4):
            put(full, f"{RESULT}{number}", b"color%d" % number, tmp_path)
        read, asked = FolderBlobs.read, []

        def failing(self: FolderBlobs, name: str) -> Iterator[bytes]:
            asked.append(name)
            if len(asked) == 3:
                raise KeyboardInterrupt
            return read(self, name)

        with monkeypatch.context() as patch:
            patch.setattr(FolderBlobs, "read", failing)
            with pytest.raises(KeyboardInterrupt):
                back_up(full, folder)
        with pytest.raises(PhotochromError, match="holds no whole backup"):
            restore(empty, folder)
        assert back_up(full, folder).copied == 2
        # An earlier whole one holds until the next is whole.
        before = Manifest.read(folder)
        put(full, f"{RESULT}0", b"other color", tmp_path)
        asked[:] = ["one", "two"]
        with monkeypatch.context() as patch:
            patch.setattr(FolderBlobs, "read", failing)
            with pytest.raises(KeyboardInterrupt):
                back_up(full, folder)
        assert Manifest.read(folder) == before
        restore(empty, folder)
        assert bytes_in(empty)[f"{RESULT}0"] == b"color0"
        assert back_up(full, folder).copied == 1


@pytest.mark.parametrize("what", ["rows/*/users.jsonl", "rows/*/blobs.jsonl", "blobs/*/*"])
def test_damage_is_found_before_rows_come_back(what: str, tmp_path: Path) -> None:
    with place(tmp_path / "from") as full, place(tmp_path / "to") as empty:
        upgrade(full.database)
        with migrating(full.database) as connection:
            fill(connection)
        put(full, RESULT, b"color", tmp_path)
        back_up(full, tmp_path / "backup")
        (path,) = (tmp_path / "backup").glob(what)
        words = bytearray(path.read_bytes())
        words[0] ^= 1
        path.write_bytes(words)
        with pytest.raises(PhotochromError, match="is damaged"):
            restore(empty, tmp_path / "backup")
        assert rows_in(empty.database) == {}


def test_one_moment_of_a_service_under_writes(full: Context, tmp_path: Path) -> None:
    """Whoever writes goes on; of what is written together a backup has all or nothing."""
    stop, counts = threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            number = counts[0]
            with full.database.writing(EVERYONE) as session:
                one = Organization(name=f"pair {number}")
                session.add(one)
                session.flush()
                announce(session, one.id, "pair", str(number), {})
            counts[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(3):
            before = counts[0]
            back_up(full, tmp_path / "backup")
            while counts[0] == before and thread.is_alive():
                stop.wait(0.01)
    finally:
        stop.set()
        thread.join()
    with place(tmp_path / "to") as empty:
        restore(empty, tmp_path / "backup")
        rows = rows_in(empty.database)
        names = [one["name"] for one in rows["organizations"] if one["name"].startswith("pair ")]
        told = [one["subject"] for one in rows["events"] if one["kind"] == "pair"]
        assert sorted(name.removeprefix("pair ") for name in names) == sorted(told)
        assert len(told) >= 2


@pytest.mark.parametrize("beside", [False, True])
def test_a_folder_of_something_else_is_left_alone(beside: bool, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    if beside:
        (tmp_path / "mine/.letter.txt.part").write_text("de")
    with place(tmp_path / "from") as full, pytest.raises(PhotochromError, match="something else"):
        back_up(full, tmp_path / "mine")


def test_what_a_killed_backup_has_left_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = tmp_path / "backup/blobs"
    blobs.mkdir(parents=True)
    with part_of(blobs / "copy") as part:
        left = part
    left.write_bytes(b"silver")
    monkeypatch.setattr(psutil, "pid_exists", lambda pid: False)
    with place(tmp_path / "from") as full:
        upgrade(full.database)
        back_up(full, tmp_path / "backup")
    assert not left.exists()
