"""Pauses and ends on a Ray cluster, what it says of itself meanwhile, and what Ray may not say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from photochrom.engine import PAUSED, RESUMED, Control, Event, FolderStore
from photochrom.engine.actors import Limits
from photochrom.engine.cluster import cluster_engine
from photochrom.errors import EngineError, StoppedError
from test_engine_control import Watch, several, texts, undisturbed
from test_engine_local import PATIENCE, by_item, task

pytest.importorskip("ray", reason="the extra [ray] is not installed")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def test_in_a_pause_what_is_in_hand_is_ended_and_nothing_begun(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    control = Control()
    tasks = several(tmp_path / "marks")
    watch = Watch(tmp_path / "marks", control.pause)
    there: list[str] = []

    def somebody_else() -> None:
        watch.at_rest.wait(PATIENCE)
        there.extend(one.item for one in tasks if store.has(one.key))
        control.resume()

    threading.Thread(target=somebody_else, daemon=True).start()
    with cluster_engine(store) as engine:
        outcomes = by_item(list(engine.run("names", tasks, watch, control)))
    at_rest, going_on = (watch.said.index(("", said)) for said in (PAUSED, RESUMED))
    begun = {item for item, message in watch.said[:at_rest] if message == "started"}
    assert begun == set(there) and 1 <= len(begun) < len(tasks)
    assert [one for one in watch.said[at_rest:going_on] if one[1] == "started"] == []
    assert [one.failure for one in outcomes.values()] == [None] * len(tasks)
    # The processors of the cluster were free for others, and workers had to be started again.
    assert any(said.startswith("starting ") for item, said in watch.said[going_on:])
    assert texts(store, tasks) == undisturbed(tmp_path, tasks)


def test_told_to_end_an_engine_keeps_what_was_in_hand_and_the_next_run_does_the_rest(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    control = Control()
    tasks = several(tmp_path / "marks")
    watch = Watch(tmp_path / "marks", control.end)
    made: list[str] = []
    with cluster_engine(store) as engine:
        with pytest.raises(StoppedError):
            for outcome in engine.run("names", tasks, watch, control):
                assert outcome.failure is None
                made.append(outcome.task.item)
        assert sorted(made) == sorted(watch.items("started")) != []
        again = by_item(list(engine.run("names", tasks)))
    assert {item for item, one in again.items() if one.kept} == set(made)
    assert texts(store, tasks) == undisturbed(tmp_path, tasks)


def test_who_waits_for_workers_is_told_what_for(
    cluster: Any, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photochrom.engine.actors._PROMPT_SECONDS", 2.0)
    heard: list[Event] = []
    with (
        cluster_engine(store, cpus=64, limits=Limits(arrival=6)) as engine,
        pytest.raises(EngineError, match="no worker could be started"),
    ):
        list(engine.run("names", [task("a")], heard.append))
    assert {one.item for one in heard} == {""}
    first, then = (one.message for one in heard)
    assert first == "starting 1 worker on 2 nodes"
    assert then.startswith("waiting for 1 worker to start, for ")
    assert then.endswith("2 of the cluster's 2 CPUs are free, and each worker takes 64")


DRIVER = """
import signal, sys, threading
import ray._private.worker
sys.path.insert(0, {tests!r})
from pathlib import Path
from photochrom.engine import FolderStore
from photochrom.engine.cluster import cluster_engine
from test_engine_local import die, task

def mine(number, frame):
    print("heard", flush=True)

def heard(*words, say=ray._private.worker.print_to_stdstream, **more):
    say(*words, **more)
    told.set()

told = threading.Event()
ray._private.worker.print_to_stdstream = heard
signal.signal(signal.SIGTERM, mine)
with cluster_engine(FolderStore(Path({store!r})), {address!r}) as engine:
    assert signal.getsignal(signal.SIGTERM) is mine
    (outcome,) = engine.run("names", [task("once", die, {mark!r})])
    print(outcome.failure, flush=True)
    assert told.wait({patience})  # until Ray has said, or not, that a worker died
"""


@pytest.mark.slow
def test_ray_neither_speaks_for_us_nor_takes_our_signals(
    cluster: Any, store: FolderStore, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    tests = str(Path(__file__).parent)
    script.write_text(
        DRIVER.format(
            tests=tests,
            store=str(store.root),
            address=cluster.address,
            mark=str(tmp_path / "mark"),
            patience=PATIENCE,
        )
    )
    paths = os.pathsep.join(filter(None, (tests, os.environ.get("PYTHONPATH", ""))))
    job = {"runtime_env": {"env_vars": {"PYTHONPATH": paths}}}
    ran = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, "RAY_JOB_CONFIG_JSON_ENV_VAR": json.dumps(job)},
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "None\n", "")


def test_what_ray_thinks_of_nodes_is_not_in_our_output(
    cluster: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its head tells every driver when it takes a node for dead, and they would print it."""
    from ray._private import utils, worker

    told, say = threading.Event(), worker.print_to_stdstream

    def heard(*words: Any, **more: Any) -> None:
        say(*words, **more)
        told.set()

    monkeypatch.setattr(worker, "print_to_stdstream", heard)
    said = "The node has been marked dead: it has missed too many heartbeats"
    utils.publish_error_to_driver("node_died", said, worker.global_worker.gcs_client)
    assert told.wait(PATIENCE)
    assert said not in "".join(capsys.readouterr())
