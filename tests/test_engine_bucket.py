"""The store of results in a bucket: whole or not there, whoever writes, dies or replaces."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cloud_kit import Cloud
from photochrom.engine import FolderStore, Report, Task, Workers
from photochrom.engine.bucket import BucketStore
from photochrom.errors import PlaceError
from photochrom.places import Url, listed, put, read, remove
from rough_proxy import Fault, Proxy, gone_for

KEY = hashlib.sha256(b"a result").hexdigest()
OTHER = hashlib.sha256(b"another").hexdigest()


@pytest.fixture
def machine(bucket: Url, tmp_path: Path) -> Callable[[str], BucketStore]:
    """The store as it is seen from a machine of a name."""
    return lambda name: BucketStore(bucket, FolderStore(tmp_path / name))


@pytest.fixture
def store(machine: Callable[[str], BucketStore]) -> BucketStore:
    return machine("here")


def make(store: BucketStore, key: str, text: str, *, replace: bool = False) -> None:
    with store.writing(key, "picture", replace=replace) as folder:
        (folder / "parts").mkdir()
        (folder / "parts" / "text").write_text(text)
        (folder / "ü #1.txt").write_text(text * 2)


def text_of(store: BucketStore, key: str) -> str | None:
    folder = store.get(key)
    return None if folder is None else (folder / "parts" / "text").read_text()


def objects(store: BucketStore) -> list[str]:
    return [str(one.url.relative_to(store.root)) for one in listed(store.root)]


def folders(store: BucketStore, key: str) -> set[str]:
    """The folders of files that lie in the bucket under a key."""
    below = store.root / f"results/{key[:2]}/{key}"
    return {one.url.relative_to(below).parts[0] for one in listed(below)} - {"about.json"}


def scratch_of(store: BucketStore) -> list[Path]:
    return list((store.cache.root / "scratch").iterdir())


@pytest.mark.every_cloud
def test_a_result_is_found_here_and_on_another_machine(
    machine: Callable[[str], BucketStore],
) -> None:
    here, there = machine("here"), machine("there")
    assert here.get(KEY) is None and not here.has(KEY)
    make(here, KEY, "hello")
    for store in (here, there):
        assert store.has(KEY)
        assert text_of(store, KEY) == "hello"
        folder = store.get(KEY)
        assert folder == store.path(KEY) and (folder / "ü #1.txt").read_text() == "hellohello"
        assert store.cache.is_whole(KEY) and store.is_whole(KEY)
        assert scratch_of(store) == []
    assert not any(name.startswith("writing") for name in objects(here))
    assert len(folders(here, KEY)) == 1


@pytest.mark.every_cloud
def test_asking_brings_nothing_and_what_is_here_is_not_brought_again(
    machine: Callable[[str], BucketStore], proxy: Proxy
) -> None:
    here, there = machine("here"), machine("there")
    make(here, KEY, "hello")
    before = len(proxy.requests)
    assert there.has(KEY) and here.get(KEY) is not None
    assert [one.split()[0] for one in proxy.requests[before:]] == ["HEAD", "GET"]
    assert not there.cache.root.exists()
    assert there.get(KEY) is not None
    before = len(proxy.requests)
    assert there.get(KEY) is not None
    assert len(proxy.requests) == before + 1


@pytest.mark.every_cloud
def test_an_error_while_writing_leaves_nothing(store: BucketStore) -> None:
    with pytest.raises(RuntimeError), store.writing(KEY) as folder:
        (folder / "text").write_text("half")
        raise RuntimeError
    assert objects(store) == [] and scratch_of(store) == [] and store.get(KEY) is None


@pytest.mark.every_cloud
def test_the_second_to_finish_throws_its_copy_away(machine: Callable[[str], BucketStore]) -> None:
    here, there = machine("here"), machine("there")
    with here.writing(KEY) as folder:
        (folder / "parts").mkdir()
        (folder / "parts" / "text").write_text("second")
        make(there, KEY, "first")
    assert text_of(here, KEY) == text_of(there, KEY) == "first"
    assert len(folders(here, KEY)) == 1


@pytest.mark.every_cloud
@pytest.mark.parametrize("replace", [False, True])
def test_of_many_who_finish_at_once_one_result_stays(
    machine: Callable[[str], BucketStore], replace: bool
) -> None:
    stores = [machine(f"machine-{n}") for n in range(6)]
    if replace:
        make(stores[0], KEY, "old")
    together = threading.Barrier(len(stores))

    def finish(store: BucketStore) -> None:
        with store.writing(KEY, replace=replace) as folder:
            (folder / "parts").mkdir()
            (folder / "parts" / "text").write_text(store.cache.root.name)
            together.wait()

    threads = [threading.Thread(target=finish, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = {text_of(store, KEY) for store in stores}
    assert len(texts) == 1 and texts <= {store.cache.root.name for store in stores}
    assert len(folders(stores[0], KEY)) == 1


@pytest.mark.every_cloud
def test_a_result_is_replaced_as_a_whole(machine: Callable[[str], BucketStore]) -> None:
    here, there = machine("here"), machine("there")
    make(here, KEY, "old")
    assert text_of(there, KEY) == "old"
    with there.writing(KEY, replace=True) as folder:
        (folder / "other").write_text("new")
        assert text_of(here, KEY) == "old"
    for store in (here, there):
        found = store.get(KEY)
        assert found is not None
        assert [path.name for path in found.iterdir() if path.name[0] != "."] == ["other"]
    assert len(folders(here, KEY)) == 1
    make(here, OTHER, "first", replace=True)
    assert text_of(there, OTHER) == "first"


@pytest.mark.every_cloud
def test_a_result_that_is_replaced_while_it_is_brought_is_the_new_one(
    machine: Callable[[str], BucketStore], proxy: Proxy
) -> None:
    here, there = machine("here"), machine("there")
    make(here, KEY, "old")
    late = Fault("slow", "GET", "about.json")
    proxy.add(late)
    texts: list[str | None] = []
    bringing = threading.Thread(target=lambda: texts.append(text_of(there, KEY)))
    asked = sum(one.startswith("GET") for one in proxy.requests)
    bringing.start()
    proxy.wait_for("GET", asked + 1)
    make(here, KEY, "new", replace=True)
    late.until.set()
    bringing.join()
    assert texts == ["new"]


@pytest.mark.every_cloud
@pytest.mark.parametrize("harm", ["damaged", "missing"])
def test_what_is_damaged_in_the_bucket_is_found_and_made_again(
    machine: Callable[[str], BucketStore], harm: str
) -> None:
    here, there = machine("here"), machine("there")
    make(here, KEY, "hello")
    file = next(one.url for one in listed(here.root) if one.url.name == "text")
    if harm == "damaged":
        put(b"hallo", file, mode="replace")
    else:
        remove(file)
    with pytest.raises(PlaceError, match="run: photochrom cache verify") as told:
        there.get(KEY)
    assert told.value.kind == "damaged" and not there.path(KEY).exists()
    assert not here.is_whole(KEY)
    here.forget(KEY)
    assert here.get(KEY) is None and objects(here) == []
    make(here, KEY, "hello")
    assert here.is_whole(KEY) and text_of(there, KEY) == "hello"


@pytest.mark.every_cloud
def test_what_is_no_marker_is_one_clear_line(store: BucketStore) -> None:
    place = store.root / f"results/{KEY[:2]}/{KEY}/about.json"
    for content in (b"", b"{", b"[]", b'{"kind": ""}'):
        put(content, place, mode="replace")
        with pytest.raises(PlaceError, match="is not what photochrom writes about a result"):
            store.get(KEY)


@pytest.mark.every_cloud
def test_forget_removes_a_result_and_is_no_error_without_one(store: BucketStore) -> None:
    make(store, KEY, "x")
    make(store, OTHER, "y")
    store.forget(KEY)
    store.forget(KEY)
    assert store.get(KEY) is None and not store.path(KEY).exists()
    assert text_of(store, OTHER) == "y"
    assert not any(KEY in name for name in objects(store))


@pytest.mark.every_cloud
def test_results_say_what_they_are(store: BucketStore) -> None:
    keys = sorted(hashlib.sha256(bytes([n])).hexdigest() for n in range(20))
    for key in keys:
        make(store, key, key[:4])
    put(b"notes", store.root / "results/readme.txt")
    found = list(store.results())
    assert [one.key for one in found] == keys
    assert {one.kind for one in found} == {"picture"}
    sizes = {one.key: 0 for one in found}
    for one in listed(store.root / "results/"):
        for key in sizes:
            sizes[key] += one.size if key in str(one.url) else 0
    assert {one.key: one.bytes for one in found} == sizes


@pytest.mark.every_cloud
def test_roots_in_one_bucket_know_nothing_of_one_another(bucket: Url, tmp_path: Path) -> None:
    ann, bob = (BucketStore(bucket / who, FolderStore(tmp_path / who)) for who in ("ann", "bob"))
    make(ann, KEY, "ann's")
    assert not bob.has(KEY) and bob.get(KEY) is None and list(bob.results()) == []
    make(bob, KEY, "bob's")
    bob.forget(KEY)
    assert text_of(ann, KEY) == "ann's"


@pytest.mark.every_cloud
def test_keys_are_digests_and_nothing_else(store: BucketStore) -> None:
    for bad in ("", "../../etc/passwd", "A" * 64, "0" * 63):
        for ask in (store.get, store.has, store.forget):
            with pytest.raises(ValueError, match="SHA-256"):
                ask(bad)


@pytest.mark.every_cloud
def test_it_travels_without_credentials(store: BucketStore, cloud: Cloud) -> None:
    make(store, KEY, "x")
    travels = pickle.dumps(store)
    assert not any(secret.encode() in travels for secret in cloud.secrets)
    assert text_of(pickle.loads(travels), KEY) == "x"
    for one in listed(store.root):
        assert not any(secret.encode() in read(one.url) for secret in cloud.secrets)


# -- killed, torn, lost, away ----------------------------------------------------------------------

WRITER = """
import json, sys
from pathlib import Path
from photochrom.engine import FolderStore
from photochrom.engine.bucket import BucketStore
from photochrom.places import Url
root, cache, key, replace = json.loads(sys.argv[1])
with BucketStore(Url.of(root), FolderStore(Path(cache))).writing(key, replace=replace) as folder:
    (folder / "first").write_text("killed")
    (folder / "second").write_text("killed")
"""


@pytest.mark.every_cloud
@pytest.mark.parametrize("moment", ["writing/", "/first", "about.json"])
@pytest.mark.parametrize("replace", [False, True])
def test_who_is_killed_in_the_middle_leaves_nothing_that_is_not_swept(
    store: BucketStore,
    proxy: Proxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    replace: bool,
) -> None:
    if replace:
        make(store, KEY, "old")
    held = Fault("slow", "PUT", moment)
    proxy.add(held)
    said = json.dumps([str(store.root), str(tmp_path / "killed"), KEY, replace])
    with subprocess.Popen([sys.executable, "-c", WRITER, said]) as writer:
        proxy.wait_until_it_happened(held)
        os.kill(writer.pid, signal.SIGKILL)
    held.until.set()
    # Its request was done, and no answer came: with the marker, the result is there.
    assert store.sweep() == 0, "what is young may be somebody's at work"
    monkeypatch.setattr("photochrom.engine.bucket._ABANDONED_AFTER", -3600)
    store.sweep()
    found = store.get(KEY)
    if moment == "about.json":
        assert found is not None and (found / "first").read_text() == "killed"
    elif replace:
        assert text_of(store, KEY) == "old"
    else:
        assert found is None
    assert len(folders(store, KEY)) == (found is not None)
    assert not any(name.startswith("writing") for name in objects(store))


@pytest.mark.every_cloud
def test_sweeping_leaves_alone_what_others_keep_there(
    store: BucketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photochrom.engine.bucket._ABANDONED_AFTER", -3600)
    names = ["writing/chapter", f"writing/{KEY}", "results/2024/run1/x", "thesis"]
    for name in names:
        put(b"years of work", store.root / name)
    make(store, KEY, "x")
    assert store.sweep() == 0
    assert set(names) <= set(objects(store))
    assert [one.key for one in store.results()] == [KEY]


@pytest.mark.every_cloud
@pytest.mark.parametrize(
    "faults",
    [
        [Fault("lose", "PUT", "about.json", times=2)],
        [Fault("lose", "PUT", times=4)],
        [Fault("status", times=5)],
        [Fault("tear", "GET", "text", after=1, times=3)],
        [Fault("tear", "GET", "about.json", after=20, times=3)],
    ],
    ids=["marker's answer lost", "answers lost", "errors", "file torn", "marker torn"],
)
def test_results_are_whole_over_a_bad_network(
    machine: Callable[[str], BucketStore], proxy: Proxy, faults: list[Fault]
) -> None:
    here, there = machine("here"), machine("there")
    proxy.add(
        *(Fault(one.kind, one.method, one.where, one.times, after=one.after) for one in faults)
    )
    make(here, KEY, "hello")
    assert text_of(there, KEY) == text_of(here, KEY) == "hello"
    assert proxy.all_happened
    assert len(folders(here, KEY)) == 1
    assert not any(name.startswith("writing") for name in objects(here))


@pytest.mark.every_cloud
def test_a_bucket_that_goes_while_a_result_is_made_is_waited_for(
    machine: Callable[[str], BucketStore], proxy: Proxy
) -> None:
    here, there = machine("here"), machine("there")
    with here.writing(KEY, "picture") as folder:
        (folder / "parts").mkdir()
        (folder / "parts" / "text").write_text("patience")
        back = gone_for(proxy, 1)
    back()
    assert text_of(there, KEY) == "patience"


def shout(folder: Path, text: str, inputs: Mapping[str, Path], report: Report) -> None:
    (folder / "text").write_text(text.upper())


@pytest.mark.every_cloud
def test_engines_work_with_it(machine: Callable[[str], BucketStore]) -> None:
    names = ["ann", "bob", "cid"]
    tasks = [Task(hashlib.sha256(name.encode()).hexdigest(), name, shout, name) for name in names]
    made = list(Workers(machine("here"), 2).run("names", tasks))
    assert sorted(one.task.item for one in made if one.failure is None) == names
    again = list(Workers(machine("there"), 2).run("names", tasks))
    assert all(one.kept for one in again)
    for one in again:
        assert one.folder is not None
        assert (one.folder / "text").read_text() == one.task.item.upper()
