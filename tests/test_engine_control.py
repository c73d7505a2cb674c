"""Work under way that is told to pause, to go on, to end: what is in hand is kept, and no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from photochrom.engine import (
    PAUSED,
    RESUMED,
    Control,
    Event,
    FolderStore,
    Report,
    State,
    Task,
    local_engine,
)
from photochrom.errors import StoppedError
from test_engine_local import PATIENCE, by_item, task

Inputs = Mapping[str, Path]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def wait_to_leave(folder: Path, marks: str, inputs: Inputs, report: Report) -> None:
    """Says that it is at work, and is until it is let go."""
    while not (Path(marks) / "leave").exists():
        report("waiting", 0.5)
        time.sleep(0.02)
    (folder / "text").write_text(marks[-20:])
    (folder / "pid").write_text(str(os.getpid()))


def several(marks: Path, count: int = 6) -> list[Task]:
    marks.mkdir()
    return [task(str(number), wait_to_leave, f"{marks}/{'./' * number}") for number in range(count)]


class Watch:
    """Tells a control something as soon as work is in hand, and lets that go when it was heard.

    Attributes:
        said: What was said of tasks and of all, in its order.
    """

    def __init__(self, marks: Path, tell: Callable[[], None]):
        self._marks, self._tell = marks, tell
        self.said: list[tuple[str, str]] = []
        self.at_rest = threading.Event()

    def __call__(self, event: Event) -> None:
        self.said.append((event.item, event.message))
        if event.message == "waiting" and not (self._marks / "leave").exists():
            self._tell()
        if "ended first" in event.message:
            (self._marks / "leave").touch()
        if event.message == PAUSED:
            self.at_rest.set()

    def items(self, message: str) -> list[str]:
        return [item for item, said in self.said if said == message]

    def of_all(self) -> list[str]:
        return [said for item, said in self.said if not item]


def texts(store: FolderStore, tasks: list[Task]) -> dict[str, bytes]:
    return {one.item: (store.path(one.key) / "text").read_bytes() for one in tasks}


def undisturbed(tmp_path: Path, tasks: list[Task]) -> dict[str, bytes]:
    store = FolderStore(tmp_path / "undisturbed")
    list(local_engine(store, 1).run("names", tasks))
    return texts(store, tasks)


@pytest.mark.parametrize("jobs", [1, 2])
def test_in_a_pause_what_is_in_hand_is_ended_and_nothing_begun(
    jobs: int, store: FolderStore, tmp_path: Path
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
    outcomes = by_item(list(local_engine(store, jobs).run("names", tasks, watch, control)))
    assert watch.of_all() == [
        f"paused; {len(there)} in hand {'is' if len(there) == 1 else 'are'} ended first",
        PAUSED,
        RESUMED,
    ]
    first, last = (watch.said.index(("", message)) for message in (watch.of_all()[0], RESUMED))
    before = [item for item, message in watch.said[:first] if message == "started"]
    assert there == before and 1 <= len(before) <= jobs
    assert [said for said in watch.said[first:last] if said[1] == "started"] == []
    assert [one.failure for one in outcomes.values()] == [None] * 6
    assert not any(one.kept for one in outcomes.values())
    assert texts(store, tasks) == undisturbed(tmp_path, tasks)
    # Whoever rests holds no memory: after a pause there are other workers.
    pids = {item: (one.folder / "pid").read_text() for item, one in outcomes.items() if one.folder}
    rest = {pid for item, pid in pids.items() if item not in there}
    assert (rest == set(pids.values())) if jobs == 1 else not rest & {pids[one] for one in there}


@pytest.mark.parametrize("jobs", [1, 2])
def test_told_to_end_an_engine_keeps_what_was_in_hand_and_the_next_run_does_the_rest(
    jobs: int, store: FolderStore, tmp_path: Path
) -> None:
    control = Control()
    tasks = several(tmp_path / "marks")
    watch = Watch(tmp_path / "marks", control.end)
    made: list[str] = []
    with pytest.raises(StoppedError):
        for outcome in local_engine(store, jobs).run("names", tasks, watch, control):
            assert outcome.failure is None
            made.append(outcome.task.item)
    assert sorted(made) == sorted(watch.items("started")) and 1 <= len(made) <= jobs
    assert list((store.root / "scratch").iterdir()) == []
    again = by_item(list(local_engine(store, jobs).run("names", tasks)))
    assert {item for item, one in again.items() if one.kept} == set(made)
    assert texts(store, tasks) == undisturbed(tmp_path, tasks)


@pytest.mark.parametrize("tell", [Control.end, Control.stop])
def test_what_is_paused_can_be_ended(
    store: FolderStore, tmp_path: Path, tell: Callable[[Control], None]
) -> None:
    control = Control()
    tasks = several(tmp_path / "marks")
    watch = Watch(tmp_path / "marks", control.pause)

    def somebody_else() -> None:
        watch.at_rest.wait(PATIENCE)
        tell(control)

    threading.Thread(target=somebody_else, daemon=True).start()
    with pytest.raises(StoppedError):
        list(local_engine(store, 1).run("names", tasks, watch, control))
    assert watch.items("made") == ["0"] == watch.items("started")


def test_what_is_all_done_is_not_stopped(store: FolderStore) -> None:
    control = Control()
    tasks = [task("a"), task("b")]
    ended = 0
    for _ in local_engine(store, 1).run("names", tasks, control=control):
        ended += 1
        if ended == 2:
            control.end()
    assert ended == 2


def test_who_is_told_to_end_does_not_go_on() -> None:
    control = Control()
    control.pause()
    control.resume()
    assert control.state is State.RUNNING and control.goes_on()
    control.end()
    for tell in (control.pause, control.resume):
        tell()
        assert control.state is State.ENDING and not control.goes_on()
    control.stop()
    control.end()
    assert control.state is State.STOPPED


def test_a_pause_holds_whoever_asks_until_it_is_over() -> None:
    control = Control()
    control.pause()
    went: list[bool] = []
    waiting = threading.Thread(target=lambda: went.append(control.goes_on()), daemon=True)
    waiting.start()
    control.rest()
    assert went == []
    control.resume()
    waiting.join(PATIENCE)
    assert went == [True]


TERMINATED = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from photochrom.cli.signals import heeded
from photochrom.engine import FolderStore, Workers
from photochrom.errors import StoppedError
from test_engine_control import several

def tell(event):
    print(event.item, event.message, flush=True)

with heeded() as control:
    tasks = several(Path({marks!r}))
    try:
        list(Workers(FolderStore(Path({store!r})), 2).run("names", tasks, tell, control))
    except StoppedError:
        print("stopped", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_workers_are_deaf_to_what_their_whole_group_is_told(
    store: FolderStore, tmp_path: Path
) -> None:
    """As `timeout`, `ray job stop` and service managers tell all processes to end."""
    marks = tmp_path / "marks"
    script = tmp_path / "script.py"
    script.write_text(
        TERMINATED.format(tests=str(Path(__file__).parent), marks=str(marks), store=str(store.root))
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stderr is not None
    at_work: set[str] = set()
    said: list[str] = []
    for line in process.stdout:
        item, _, message = line.strip().partition(" ")
        said.append(message)
        if message == "waiting" and item not in at_work:
            at_work.add(item)
            if len(at_work) == 2:
                for one in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM):
                    os.killpg(process.pid, one)
        if line.startswith(" stopping; 2 in hand"):
            (marks / "leave").touch()
    assert process.wait(PATIENCE) == 0
    assert process.stderr.read() == ""
    assert (said.count("started"), said.count("made")) == (2, 2)
    assert not any("trying again" in one for one in said)
    assert list((store.root / "scratch").iterdir()) == []
