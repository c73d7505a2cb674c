"""The engine on a Ray cluster of several nodes, really started on this machine."""

from __future__ import annotations

import errno
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cluster_kit
from photochrom.engine import Event, FolderStore, Report, choice, is_cluster, opened
from photochrom.engine.actors import Limits
from photochrom.engine.cluster import _knock, cluster_engine
from photochrom.errors import EngineError
from test_engine_local import (
    by_item,
    die,
    fail,
    linger,
    stumble,
    task,
)
from waiting import until

ray = pytest.importorskip("ray", reason="the extra [ray] is not installed")

Inputs = Mapping[str, Path]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def test_results_are_made_all_over_the_cluster(cluster: Any, store: FolderStore) -> None:
    heard: list[Event] = []
    tasks = [task(str(number)) for number in range(12)]
    tasks += [task("bad", fail), task("worse", stumble)]
    with cluster_engine(store) as engine:
        outcomes = by_item(list(engine.run("names", tasks, heard.append)))
        again = by_item(list(engine.run("names", tasks[:3])))
    assert [o.failure for item, o in outcomes.items() if item.isdecimal()] == [None] * 12
    assert outcomes["bad"].failure and "is no good" in outcomes["bad"].failure.message
    assert outcomes["worse"].failure and "stumble" in (outcomes["worse"].failure.trace or "")
    assert all(one.kept for one in again.values())
    assert heard[-1].done == heard[-1].total == 14


@pytest.mark.slow
def test_several_workers_share_a_cpu(cluster: Any, store: FolderStore, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    tasks = [task(str(number), wait_for_all, str(marks)) for number in range(4)]
    with opened("ray?cpus=0.5", store, None) as engine:
        outcomes = list(engine.run("names", tasks))
    assert [one.failure for one in outcomes] == [None] * 4
    addresses = {one.place.split()[0] for one in outcomes}
    assert len(addresses) == (2 if "node_ip_address" in cluster_kit.node() else 1)


def wait_for_all(folder: Path, marks: str, inputs: Inputs, report: Report) -> None:
    """Ends when four are at work at once."""
    (Path(marks) / folder.name).touch()
    until(lambda: len([*Path(marks).iterdir()]) == 4)
    (folder / "text").write_text("done")


@pytest.mark.parametrize(
    ("name", "cluster"),
    [
        ("local", None),
        ("ray", (None, 1.0)),
        ("ray?cpus=0.25", (None, 0.25)),
        ("ray://host:10001", ("ray://host:10001", 1.0)),
        ("ray://[::1]:10001?cpus=2", ("ray://[::1]:10001", 2.0)),
    ],
)
def test_what_the_name_of_an_engine_says(name: str, cluster: tuple[str | None, float]) -> None:
    assert choice._read(name) == cluster


@pytest.mark.parametrize("name", ["", "Ray", "ray://", "local?cpus=1", "ray:/host", "rayon"])
def test_engines_that_there_are_not(name: str) -> None:
    with pytest.raises(EngineError, match="there is no engine"):
        is_cluster(name)


@pytest.mark.parametrize(
    "share",
    [
        "-",
        "cpus",
        "cpus=",
        "cpus=0",
        "cpus=-1",
        "cpus=1.5",
        "cpus=nan",
        "cpus=inf",
        "gpus=1",
        "cpus=1&cpus=1",
        "cpus=0.001",
    ],
)
def test_shares_that_ray_does_not_take(share: str) -> None:
    with pytest.raises(EngineError, match=r"write ray\?cpus=0.5"):
        is_cluster(f"ray?{share}")


def test_a_worker_that_dies_costs_its_own_task_one_attempt(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    once = str(tmp_path / "one")
    forever = "|".join(str(tmp_path / f"mark {n}") for n in range(6))
    tasks = [task("once", die, once), task("forever", die, forever)]
    tasks += [task(f"innocent {n}") for n in range(6)]
    with cluster_engine(store) as engine:
        outcomes = by_item(list(engine.run("names", tasks)))
    failed = {item: o.failure.message for item, o in outcomes.items() if o.failure}
    assert failed.keys() == {"forever"}
    assert "3 times" in failed["forever"]
    assert not (tmp_path / "mark 3").exists()


def wait_for_leave(folder: Path, marks: str, inputs: Inputs, report: Report) -> None:
    """Says where it runs, and is at work until it is let go."""
    node = ray.get_runtime_context().get_node_id()
    (Path(marks) / f"{folder.name}.{node}").touch()
    while not (Path(marks) / "leave").exists():
        report("waiting", random.random())
        threading.Event().wait(0.05)
    (folder / "text").write_text("done")


@pytest.mark.slow
def test_a_node_that_goes_takes_no_task_with_it(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    lost = cluster.add_node(**cluster_kit.node(memory=2**30))
    marks = tmp_path / "marks"
    marks.mkdir()
    tasks = [task(str(number), wait_for_leave, str(marks)) for number in range(6)]
    for number, one in enumerate(tasks):
        tasks[number] = replace(one, key=f"{number:064x}")

    heard: list[str] = []

    def listen(event: Event) -> None:
        heard.append(event.message)
        if "trying again" in event.message:
            (marks / "leave").touch()
        elif len(gone) == 0 and [*marks.glob(f"*.{lost.node_id}")]:
            gone.append(lost)
            cluster.remove_node(lost, allow_graceful=False)

    gone: list[Any] = []
    with cluster_engine(store) as engine:
        outcomes = list(engine.run("names", tasks, listen))
    assert [one.failure for one in outcomes] == [None] * 6
    assert any("trying again" in message for message in heard)


@pytest.mark.slow
def test_a_worker_that_takes_too_long_is_ended(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    tasks = [task("long", linger, str(tmp_path / "mark")), task("short")]
    with cluster_engine(store, limits=Limits(deadline=2)) as engine:
        engine.attempts = 2
        outcomes = by_item(list(engine.run("names", tasks)))
    assert outcomes["short"].failure is None
    failure = outcomes["long"].failure
    assert failure is not None and "longer than 2 s, 2 times" in failure.message


def stop_answering(folder: Path, mark: str, inputs: Inputs, report: Report) -> None:
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGSTOP)
    (folder / "text").write_text("went on")


@pytest.mark.slow
def test_a_worker_that_does_not_answer_is_replaced(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    mark = str(tmp_path / "mark")
    with cluster_engine(store, limits=Limits(silence=15)) as engine:
        (outcome,) = engine.run("names", [task("silent", stop_answering, mark)])
    assert outcome.failure is None


@pytest.mark.slow
def test_leaving_early_ends_all_workers(cluster: Any, store: FolderStore, tmp_path: Path) -> None:
    tasks = [task("long", linger, str(tmp_path / "mark")), task("short")]
    with (
        cluster_engine(store) as engine,
        closing(engine.run("names", tasks)) as outcomes,
    ):
        for outcome in outcomes:
            assert outcome.task.item == "short"
            break
    assert store.get(tasks[0].key) is None


def test_a_store_that_nodes_do_not_see_is_refused(
    cluster: Any, store: FolderStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "photochrom.engine.actors.Actors._shared_token", lambda self: tmp_path / "elsewhere"
    )
    with cluster_engine(store) as engine, pytest.raises(EngineError, match="does not see"):
        list(engine.run("names", [task("a")]))


def test_nodes_with_other_versions_are_refused(
    cluster: Any, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photochrom.engine.hand.versions", lambda: {"numpy": "1.0"})
    with cluster_engine(store) as engine, pytest.raises(EngineError, match=r"numpy .*here 1\.0"):
        list(engine.run("names", [task("a")]))


def test_a_cluster_without_room_is_told_of(cluster: Any, store: FolderStore) -> None:
    with (
        cluster_engine(store, cpus=64, limits=Limits(arrival=3)) as engine,
        pytest.raises(EngineError, match="each worker takes 64"),
    ):
        list(engine.run("names", [task("a")]))


@pytest.mark.slow
def test_a_supervisor_that_was_asleep_blames_nobody(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    """As when it is stopped by Ctrl-Z, or the laptop that it is on is closed for a while."""
    marks = tmp_path / "marks"
    marks.mkdir()
    heard: list[str] = []

    def doze(event: Event) -> None:
        heard.append(event.message)
        if event.message == "waiting" and not (marks / "leave").exists():
            time.sleep(14)  # what is tested: longer than anybody may be silent
            (marks / "leave").touch()

    with cluster_engine(store, limits=Limits(silence=12, deadline=13)) as engine:
        tasks = [task("one", wait_for_leave, str(marks))]
        (outcome,) = engine.run("names", tasks, doze)
    assert outcome.failure is None
    assert not any("trying again" in message for message in heard)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("ray://127.0.0.1:10001", ("127.0.0.1", 10001)),
        ("head.example.org:6379", ("head.example.org", 6379)),
        ("ray://[::1]:10001", ("::1", 10001)),
        ("auto", None),
    ],
)
def test_who_is_to_answer_is_asked_by_its_address(
    monkeypatch: pytest.MonkeyPatch, address: str, asked: tuple[str, int] | None
) -> None:
    doors = []

    def nobody(door: tuple[str, int], timeout: float) -> socket.socket:
        doors.append(door)
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", nobody)
    if asked is None:
        _knock(address)
    else:
        with pytest.raises(EngineError, match="nobody answers there"):
            _knock(address)
    assert doors == ([] if asked is None else [asked])
