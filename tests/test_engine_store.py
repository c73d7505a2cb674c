"""The store: results are whole or not there, whatever happens to whoever writes them."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from photochrom.engine import FolderStore, GoneError, Ledger, publish
from photochrom.errors import PhotochromError, RetouchedError

KEY = hashlib.sha256(b"a result").hexdigest()
OTHER = hashlib.sha256(b"another").hexdigest()


def put(store: FolderStore, key: str, text: str) -> Path:
    with store.writing(key) as folder:
        (folder / "text").write_text(text)
    return store.path(key)


def scratch_of(store: FolderStore) -> list[Path]:
    return [one for one in (store.root / "scratch").iterdir() if one.name != "CACHEDIR.TAG"]


def test_a_result_appears_under_its_key(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "cache")
    assert store.get(KEY) is None
    put(store, KEY, "hello")
    found = store.get(KEY)
    assert found is not None
    assert (found / "text").read_text() == "hello"
    assert found.parent.name == KEY[:2]
    assert scratch_of(store) == []


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with pytest.raises(RuntimeError), store.writing(KEY) as folder:
        (folder / "text").write_text("half")
        raise RuntimeError
    assert store.get(KEY) is None
    assert scratch_of(store) == []


def test_the_second_to_finish_keeps_the_first_result(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with store.writing(KEY) as folder:
        (folder / "text").write_text("second")
        put(store, KEY, "first")
    assert (store.path(KEY) / "text").read_text() == "first"
    assert scratch_of(store) == []


def test_replacing_happens_at_the_end_and_whoever_reads_reads_on(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    put(store, KEY, "old")
    (store.path(KEY) / "more").write_text("of the old one")
    with (store.path(KEY) / "text").open() as reader:
        with store.writing(KEY, replace=True) as folder:
            (folder / "text").write_text("new")
            assert (store.path(KEY) / "text").read_text() == "old"
        assert reader.read() == "old"
    assert (store.path(KEY) / "text").read_text() == "new"
    assert not (store.path(KEY) / "more").exists()
    assert scratch_of(store) == []


def test_an_error_while_replacing_leaves_the_old_result(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    put(store, KEY, "old")
    with pytest.raises(RuntimeError), store.writing(KEY, replace=True) as folder:
        (folder / "text").write_text("half")
        raise RuntimeError
    assert (store.path(KEY) / "text").read_text() == "old"


def test_of_many_who_replace_at_once_each_succeeds(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    texts = [str(number) * 100 for number in range(4)]
    failed: list[BaseException] = []

    def replace(text: str) -> None:
        try:
            for _ in range(20):
                with store.writing(KEY, replace=True) as folder:
                    (folder / "text").write_text(text)
                    (folder / "again").write_text(text)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=replace, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert store.is_whole(KEY)
    assert (store.path(KEY) / "text").read_text() in texts
    assert scratch_of(store) == []


def tagged(folder: Path) -> list[str]:
    """The folders, from here, of which backup programs are told that they can be made again."""
    return sorted(str(path.parent.relative_to(folder)) for path in folder.rglob("CACHEDIR.TAG"))


def test_a_cache_that_is_made_is_tagged_and_a_folder_of_somebody_s_is_not(tmp_path: Path) -> None:
    put(FolderStore(tmp_path / "new" / "cache"), KEY, "x")
    assert tagged(tmp_path / "new") == ["cache"]
    theirs = tmp_path / "theirs"
    (theirs / "results" / "2024").mkdir(parents=True)
    put(FolderStore(theirs), KEY, "x")
    Ledger(theirs).promise(theirs / "film", KEY)
    assert tagged(theirs) == ["ledger", "scratch"]


def test_a_tag_that_was_put_into_a_folder_of_somebody_s_is_taken_away(tmp_path: Path) -> None:
    for name, other, stays in (
        ("cache", "results", True),
        ("theirs", "portrait.tif", False),
        ("hidden", ".DS_Store", True),
    ):
        store = FolderStore(tmp_path / name)
        put(store, KEY, "x")
        (store.root / other).mkdir(exist_ok=True)
        store.sweep()
        assert (store.root / "CACHEDIR.TAG").exists() == stays, name
    own = tmp_path / "own"
    (own / "portraits").mkdir(parents=True)
    text = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder was tagged by its owner.\n"
    (own / "CACHEDIR.TAG").write_text(text)
    FolderStore(own).sweep()
    assert (own / "CACHEDIR.TAG").exists()


def test_keys_are_digests_and_nothing_else(tmp_path: Path) -> None:
    for bad in ("", "../../etc/passwd", "A" * 64, "0" * 63):
        with pytest.raises(ValueError, match="SHA-256"):
            FolderStore(tmp_path).path(bad)


def test_forget_removes_a_result_and_is_no_error_without_one(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    put(store, KEY, "x")
    store.forget(KEY)
    store.forget(KEY)
    assert store.get(KEY) is None


def test_sweep_removes_what_a_killed_writer_left_and_spares_the_living(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from photochrom.engine import FolderStore
with FolderStore(Path({str(tmp_path)!r})).writing({KEY!r}) as folder:
    (folder / "half").write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
"""
    store = FolderStore(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        assert store.sweep() == 0
        assert any((path / "half").exists() for path in scratch_of(store))
        os.kill(writer.pid, signal.SIGKILL)
    assert store.sweep() == 1
    assert scratch_of(store) == []
    assert store.get(KEY) is None


def test_what_others_keep_in_folders_of_the_same_names_is_theirs(tmp_path: Path) -> None:
    """People may name a folder as cache that holds more than the cache."""
    store = FolderStore(tmp_path)
    names = ["scratch/mythesis", "scratch/" + "A" * 32, "scratch/" + "a" * 31, "scratch/with.lock"]
    names += ["results/2024/run1", "results/2024/" + "a" * 64, "results/ab/run2"]
    for name in names:
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "chapter").write_text("years of work")
    (tmp_path / "scratch" / "mythesis.lock").touch()
    ours = tmp_path / "scratch" / ("a" * 32)
    ours.mkdir()
    put(store, KEY, "x")
    assert store.sweep() == 1
    assert not ours.exists()
    assert [(tmp_path / name / "chapter").read_text() for name in names] == ["years of work"] * 7
    assert (tmp_path / "scratch" / "mythesis.lock").exists()
    assert [one.key for one in store.results()] == [KEY]


def test_threads_writing_and_sweeping_at_once_lose_nothing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    keys = [hashlib.sha256(bytes([n])).hexdigest() for n in range(24)]
    stop = threading.Event()

    def sweep() -> None:
        while not stop.is_set():
            store.sweep()

    def write() -> None:
        for key in keys:
            put(store, key, key)

    sweeper = threading.Thread(target=sweep)
    writers = [threading.Thread(target=write) for _ in range(3)]
    sweeper.start()
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    sweeper.join()
    assert [(store.path(key) / "text").read_text() for key in keys] == keys
    store.sweep()
    assert scratch_of(store) == []


# -- the ledger ---------------------------------------------------------------------------------


def test_a_digest_is_remembered_until_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan"
    path.write_bytes(b"one")
    os.utime(path, ns=(0, 0))
    assert Ledger(tmp_path / "cache").digest(path) == hashlib.sha256(b"one").hexdigest()

    again = "photochrom.engine.ledger.sha256_of"
    monkeypatch.setattr(again, lambda path: pytest.fail("hashed again"))
    assert Ledger(tmp_path / "cache").digest(path) == hashlib.sha256(b"one").hexdigest()
    monkeypatch.undo()

    path.write_bytes(b"two")
    # The same size and the same time of modification: only the status change gives it away.
    os.utime(path, ns=(0, 0))
    assert Ledger(tmp_path / "cache").digest(path) == hashlib.sha256(b"two").hexdigest()


def test_a_file_just_written_is_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(b"one")
    future = 4_000_000_000 * 10**9
    os.utime(path, ns=(future, future))
    ledger = Ledger(tmp_path / "cache")
    ledger.digest(path)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"look": 3, "sha256": "x", "ours": []}'])
def test_a_damaged_ledger_costs_time_and_nothing_else(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "scan"
    path.write_bytes(b"one")
    os.utime(path, ns=(0, 0))
    ledger = Ledger(tmp_path / "cache")
    expected = ledger.digest(path)
    for entry in (tmp_path / "cache").rglob("*.json"):
        entry.write_bytes(damage)
    assert ledger.digest(path) == expected


# -- publishing ---------------------------------------------------------------------------------


def test_publishing_copies_once_and_again_only_what_changed(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    first = put(store, KEY, "first") / "text"
    second = put(store, OTHER, "second") / "text"
    target = tmp_path / "out" / "picture"
    assert publish(first, target, ledger)
    assert not publish(first, target, ledger)
    assert publish(second, target, ledger)
    assert target.read_text() == "second"
    target.unlink()
    assert publish(second, target, ledger)
    assert [path.name for path in target.parent.iterdir()] == ["picture"]


def test_what_somebody_changed_is_not_replaced_unless_forced(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    source = put(store, KEY, "ours") / "text"
    target = tmp_path / "picture"
    publish(source, target, ledger)
    target.write_text("retouched")
    with pytest.raises(RetouchedError, match="was changed by somebody, and is left as it is"):
        publish(source, target, ledger)
    assert target.read_text() == "retouched"
    assert publish(source, target, ledger, force=True)
    assert target.read_text() == "ours"


def test_changing_a_published_file_does_not_change_the_stored_one(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    source = put(store, KEY, "ours") / "text"
    target = tmp_path / "picture"
    publish(source, target, ledger)
    with target.open("r+") as file:
        file.write("RUIN")
    assert source.read_text() == "ours"


def test_a_kill_between_promise_and_its_keeping_is_not_taken_for_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    target = tmp_path / "picture"
    publish(put(store, KEY, "first") / "text", target, ledger)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "keep_promise", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(put(store, OTHER, "second") / "text", target, ledger)
    third = hashlib.sha256(b"third").hexdigest()
    assert publish(put(store, third, "third") / "text", target, ledger)
    assert target.read_text() == "third"


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    source = put(store, KEY, "x") / "text"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PhotochromError, match="cannot be written"):
        publish(source, tmp_path / "file" / "picture", ledger)
    (tmp_path / "folder").mkdir()
    with pytest.raises(PhotochromError, match="a folder has the name"):
        publish(source, tmp_path / "folder", ledger)


def test_of_two_who_publish_at_once_one_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "cache")
    target = tmp_path / "out" / "picture"
    target.parent.mkdir()
    first, second = (put(store, key, key) / "text" for key in (KEY, OTHER))
    killed, other = Ledger(tmp_path / "cache"), Ledger(tmp_path / "cache")
    killed.promise(target, hashlib.sha256(KEY.encode()).hexdigest())
    assert publish(second, target, other)
    # It dies after it has moved its file, and before it could say so.
    target.write_bytes(first.read_bytes())
    assert publish(second, target, other)
    assert target.read_text() == OTHER
    target.write_text("retouched")
    with pytest.raises(PhotochromError, match="was changed by somebody"):
        publish(second, target, other)


def test_promises_that_are_made_at_once_are_all_remembered(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    digests = [hashlib.sha256(bytes([n])).hexdigest() for n in range(24)]

    def promise(some: list[str]) -> None:
        for digest in some:
            Ledger(tmp_path / "cache").promise(path, digest)

    threads = [threading.Thread(target=promise, args=(digests[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Ledger(tmp_path / "cache").ours(path)) == set(digests)


def test_results_say_what_they_are_and_whether_they_are_as_they_were(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with store.writing(KEY, "picture") as folder:
        (folder / "parts").mkdir()
        (folder / "parts" / "a").write_text("hello")
    put(store, OTHER, "x")
    assert {one.key: one.kind for one in store.results()} == {KEY: "picture", OTHER: ""}
    assert store.is_whole(KEY) and store.is_whole(OTHER)
    (store.path(KEY) / "parts" / "a").write_text("hallo")
    (store.path(OTHER) / "text").unlink()
    assert not store.is_whole(KEY) and not store.is_whole(OTHER)


def test_what_another_production_has_put_there_stays_even_by_force(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    first, second = (put(store, key, key) / "text" for key in (KEY, OTHER))
    target, owner, other = tmp_path / "film", tmp_path / "a.toml", tmp_path / "b.toml"
    owner.touch()
    assert publish(first, target, ledger, owner=str(owner))
    for force in (False, True):
        for one in (str(other), ""):
            with pytest.raises(PhotochromError, match=r"belongs to another production, .*a\.toml"):
                publish(second, target, ledger, force=force, owner=one)
    assert target.read_text() == KEY
    assert not publish(first, target, ledger, owner=str(other))  # the same bytes
    assert publish(second, target, ledger, owner=str(owner))
    owner.unlink()
    assert publish(first, target, ledger, owner=str(other))


def test_a_digest_is_told_where_it_cannot_be_remembered(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(b"one")
    os.utime(path, ns=(0, 0))
    (tmp_path / "ledger").write_text("a file in the way")
    assert Ledger(tmp_path).digest(path) == hashlib.sha256(b"one").hexdigest()


def test_what_an_earlier_version_has_put_there_gets_its_owner(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    first, second = (put(store, key, key) / "text" for key in (KEY, OTHER))
    target, owner, other = tmp_path / "film", tmp_path / "a.toml", tmp_path / "b.toml"
    owner.touch()
    other.touch()
    assert publish(first, target, ledger)  # as earlier versions did, for nobody
    assert not publish(first, target, ledger, owner=str(owner))
    assert ledger.owner(target) == str(owner)
    assert not publish(first, target, ledger, owner=str(other))
    assert ledger.owner(target) == str(owner)
    with pytest.raises(PhotochromError, match="belongs to another production"):
        publish(second, target, ledger, owner=str(other), force=True)
    owner.unlink()
    assert not publish(first, target, ledger, owner=str(other))
    assert ledger.owner(target) == str(other)


def test_the_same_bytes_of_somebody_else_get_no_owner(tmp_path: Path) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    target, owner = tmp_path / "film", tmp_path / "a.toml"
    owner.touch()
    target.write_text(KEY)
    assert not publish(put(store, KEY, KEY) / "text", target, ledger, owner=str(owner))
    assert ledger.owner(target) == ""
    with pytest.raises(PhotochromError, match="by somebody else"):
        publish(put(store, OTHER, OTHER) / "text", target, ledger, owner=str(owner))


def test_nobody_waits_while_a_result_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Least of all where it goes to another disk, which takes as long as a film is large."""
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    source, target = put(store, KEY, "film") / "text", tmp_path / "out" / "film"
    held: list[bool] = []
    written: list[Path] = []

    def flush(path: Path) -> None:
        """All bytes of a copy have been written."""
        written.append(path)
        with FileLock(tmp_path / "cache" / "ledger" / "lock", timeout=0):
            held.append(False)

    rename = Path.replace

    def replaced(path: Path, to: Path) -> Path:
        if path.parent != Path(to).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(path, to)

    monkeypatch.setattr(sys.modules["photochrom.engine.publish"], "flush_file", flush)
    monkeypatch.setattr(Path, "replace", replaced)
    assert publish(source, target, ledger)
    assert target.read_text() == "film"
    assert held == [False]
    assert [path.parent for path in written] == [target.parent]
    assert list(target.parent.iterdir()) == [target]


def test_a_result_that_is_gone_or_replaced_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, ledger = FolderStore(tmp_path / "cache"), Ledger(tmp_path / "cache")
    source, target = put(store, KEY, "old") / "text", tmp_path / "picture"
    digest = Ledger.digest

    def replaced(self: Ledger, path: Path) -> str:
        if path == source:
            with store.writing(KEY, replace=True) as folder:
                (folder / "text").write_text("new")
        return digest(self, path)

    monkeypatch.setattr(Ledger, "digest", replaced)
    with pytest.raises(GoneError):
        publish(source, target, ledger)
    monkeypatch.undo()
    assert not target.exists()
    assert publish(source, target, ledger)
    assert target.read_text() == "new"
    store.forget(KEY)
    with pytest.raises(GoneError):
        publish(source, target, ledger)
