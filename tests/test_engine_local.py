"""Engines: every task ends in one way, and neither a crash nor an interrupt spoils the others."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from photochrom.engine import (
    Control,
    Engine,
    Event,
    FolderStore,
    Input,
    Needs,
    Outcome,
    Report,
    Serial,
    Task,
    Workers,
    has_gone,
    kept_engine,
    local_engine,
)
from photochrom.errors import PhotochromError, StoppedError
from photochrom.files import is_full

Inputs = Mapping[str, Path]

PATIENCE = 300
"""Seconds after which something that is waited for will not come, however busy the machine."""


def shout(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    report("shouting", 0.5)
    (folder / "text").write_text(text.upper())
    (folder / "pid").write_text(str(os.getpid()))


def fail(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    (folder / "half").write_text(text)
    raise PhotochromError("is no good", where=text, fix="try another")


def stumble(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    raise ZeroDivisionError(text)


def fill_the_disk(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "big.tif")


def die(folder: Path, marks: str, inputs: Inputs, report: Report) -> None:
    """Dies as many times as there are missing marks, then works."""
    (folder / "half").write_text("half")
    for mark in map(Path, marks.split("|")):
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    (folder / "text").write_text("survived")


def linger(folder: Path, mark: str, inputs: Inputs, report: Report) -> None:
    """Is at work until somebody ends it."""
    (folder / "half").write_text("half")
    Path(mark).touch()
    threading.Event().wait()


def task(name: str, work: object = shout, argument: str | None = None) -> Task:
    key = hashlib.sha256(f"{name} {work} {argument}".encode()).hexdigest()
    return Task(key, name, work, argument or name)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture(params=["serial", "workers"])
def engine(request: pytest.FixtureRequest, store: FolderStore) -> Engine:
    return Serial(store) if request.param == "serial" else Workers(store, 2)


def by_item(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {outcome.task.item: outcome for outcome in outcomes}


def test_results_are_made_once_and_then_kept(engine: Engine) -> None:
    tasks = [task("ann"), task("bob"), task("cy")]
    first = by_item(list(engine.run("names", tasks)))
    second = by_item(list(engine.run("names", tasks)))
    for name in ("ann", "bob", "cy"):
        folder = first[name].folder
        assert folder is not None
        assert (folder / "text").read_text() == name.upper()
        assert not first[name].kept
        assert second[name].kept
        assert second[name].folder == folder


def test_failures_do_not_stop_the_rest(engine: Engine, store: FolderStore) -> None:
    tasks = [task("bad", fail), task("worse", stumble), task("good")]
    outcomes = by_item(list(engine.run("names", tasks)))
    assert outcomes["good"].folder is not None
    bad, worse = outcomes["bad"], outcomes["worse"]
    assert bad.folder is None
    assert bad.failure is not None
    assert bad.failure.message == "bad: is no good; try another"
    assert bad.failure.trace is None
    assert worse.failure is not None
    assert worse.failure.message == "ZeroDivisionError: worse"
    assert worse.failure.trace is not None
    assert "stumble" in worse.failure.trace
    assert store.get(tasks[0].key) is None
    assert list((store.root / "scratch").iterdir()) == []


def test_a_full_disk_is_nobodys_mistake(engine: Engine) -> None:
    (outcome,) = engine.run("names", [task("big", fill_the_disk)])
    assert outcome.failure is not None
    assert outcome.failure.message == "big.tif: No space left on device"
    assert outcome.failure.trace is None
    # Whoever can wait for room is told that it is that, whichever process it came from.
    assert outcome.failure.full
    assert is_full(outcome.failure.as_error(PhotochromError))


def test_tasks_with_the_same_key_run_once_and_both_end(engine: Engine) -> None:
    twins = [Task(task("ann").key, item, shout, "ann") for item in ("left", "right")]
    outcomes = by_item(list(engine.run("twins", twins)))
    assert outcomes["left"].folder == outcomes["right"].folder is not None


def test_events_tell_what_happens_and_count_to_the_end(engine: Engine) -> None:
    list(engine.run("names", [task("ann")]))
    events: list[Event] = []
    list(engine.run("names", [task("ann"), task("bad", fail), task("bob")], events.append))
    assert {event.stage for event in events} == {"names"}
    assert {event.total for event in events} == {3}
    said = {(event.item, event.message) for event in events}
    assert {("ann", "kept"), ("bob", "started"), ("bob", "shouting"), ("bob", "made")} <= said
    assert ("bad", "failed: bad: is no good; try another") in said
    ends = [event.done for event in events if event.share == 1.0]
    assert ends == [1, 2, 3]
    assert next(e.share for e in events if e.message == "shouting") == 0.5


def test_nothing_to_do_starts_nothing(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    list(Serial(store).run("names", [task("ann")]))
    monkeypatch.setattr(
        "photochrom.engine.local.Worker", lambda *_: pytest.fail("started a worker")
    )
    assert [outcome.kept for outcome in Workers(store, 4).run("names", [task("ann")])] == [True]


def test_workers_are_other_processes_and_are_used_again(store: FolderStore) -> None:
    outcomes = list(Workers(store, 1).run("names", [task("ann"), task("bob")]))
    pids = {(o.folder / "pid").read_text() for o in outcomes if o.folder}
    assert len(pids) == 1
    assert str(os.getpid()) not in pids


def test_a_worker_that_dies_costs_its_own_task_one_attempt(
    store: FolderStore, tmp_path: Path
) -> None:
    once = str(tmp_path / "one")
    forever = "|".join(str(tmp_path / f"mark {n}") for n in range(6))
    tasks = [task("once", die, once), task("forever", die, forever)]
    tasks += [task(f"innocent {n}") for n in range(6)]
    outcomes = by_item(list(Workers(store, 2).run("names", tasks)))
    assert len(outcomes) == 8
    failed = {item: o.failure.message for item, o in outcomes.items() if o.failure}
    assert failed.keys() == {"forever"}
    assert "signal 9" in failed["forever"]
    assert "3 times" in failed["forever"]
    assert (tmp_path / "mark 2").exists()
    assert not (tmp_path / "mark 3").exists()
    assert list((store.root / "scratch").iterdir()) == []


def test_a_task_that_cannot_be_sent_is_its_own_failure(store: FolderStore) -> None:
    bad = Task(task("x").key, "bad", shout, threading.Lock())
    outcomes = by_item(list(Workers(store, 2).run("names", [task("a"), bad, task("b")])))
    assert outcomes["a"].folder and outcomes["b"].folder
    failure = outcomes["bad"].failure
    assert failure is not None and "cannot be started: TypeError" in failure.message


class UnsendableError(PhotochromError):
    """Holds what no other process can have."""

    def __init__(self, what: str):
        super().__init__(what, where="here", fix="do that")
        self.lock = threading.Lock()

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.what, self.lock)


class UnreadableError(PhotochromError):
    """Pickles, and does not come out of the pickle."""

    def __reduce__(self) -> tuple[object, ...]:
        return int, ("no number",)


def fail_unsendably(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    raise UnsendableError(text)


def fail_unreadably(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    raise UnreadableError(text, where="here", fix="do that")


@pytest.mark.parametrize("work", [fail_unsendably, fail_unreadably])
def test_a_failure_that_cannot_travel_comes_back_as_its_line_and_trace(
    store: FolderStore, work: object
) -> None:
    events: list[Event] = []
    bad, good = task("bad", work), task("good")
    outcomes = by_item(list(Workers(store, 1).run("names", [bad, good], events.append)))
    failure = outcomes["bad"].failure
    assert failure is not None
    assert failure.message == "here: bad; do that"
    assert failure.trace is not None and work.__name__ in failure.trace
    assert outcomes["good"].folder is not None
    assert not any("trying again" in event.message for event in events)


def at_home(pid: int) -> PhotochromError:
    if os.getpid() != pid:
        raise ValueError("not here")
    return HomelyError("")


class HomelyError(PhotochromError):
    """Comes out of its pickle only in the process where it was made."""

    def __reduce__(self) -> tuple[object, ...]:
        return at_home, (os.getpid(),)


def fail_at_home(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    raise HomelyError(text)


def test_a_failure_that_is_not_understood_costs_its_own_task(store: FolderStore) -> None:
    tasks = [task("bad", fail_at_home), task("good")]
    outcomes = by_item(list(Workers(store, 1).run("names", tasks)))
    failure = outcomes["bad"].failure
    assert failure is not None
    assert failure.message == "what became of it cannot be told: ValueError: not here"
    assert outcomes["good"].folder is not None


def test_what_is_to_be_done_anew_takes_the_place_of_what_is_there(
    engine: Engine, store: FolderStore
) -> None:
    tasks = [task("ann"), task("bob")]
    list(engine.run("names", tasks))
    (store.path(tasks[0].key) / "text").write_text("damaged")
    before = store.path(tasks[1].key).stat().st_ino
    anew = [replace(tasks[0], anew=True), tasks[1]]
    outcomes = by_item(list(engine.run("names", anew)))
    assert not outcomes["ann"].kept and outcomes["bob"].kept
    assert (store.path(tasks[0].key) / "text").read_text() == "ANN"
    assert store.path(tasks[1].key).stat().st_ino == before
    assert list((store.root / "scratch").iterdir()) == []


def test_work_that_fails_leaves_what_it_was_to_replace(engine: Engine, store: FolderStore) -> None:
    wanted = task("bad", fail)
    with store.writing(wanted.key) as folder:
        (folder / "text").write_text("as it was")
    (outcome,) = engine.run("names", [replace(wanted, anew=True)])
    assert outcome.failure is not None
    assert (store.path(wanted.key) / "text").read_text() == "as it was"


@dataclass(frozen=True)
class Robbed(FolderStore):
    """Somebody removes a result just before this process looks for it for the nth time."""

    at: int = 0
    asked: list[str] = field(default_factory=list)

    def get(self, key: str) -> Path | None:
        self.asked.append(key)
        if len(self.asked) == self.at or self.at < 0:
            self.forget(key)
        return super().get(key)

    def forget(self, key: str) -> None:
        shutil.rmtree(self.path(key), ignore_errors=True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_result_that_goes_before_it_is_looked_for_is_made_once_more(
    jobs: int, tmp_path: Path
) -> None:
    wanted = task("ann")
    store = Robbed(tmp_path, at=2)
    (outcome,) = local_engine(store, jobs).run("names", [wanted])  # gone after it was made
    assert outcome.folder is not None and not outcome.kept
    assert (outcome.folder / "text").read_text() == "ANN"
    (outcome,) = local_engine(Robbed(tmp_path, at=-1), jobs).run("names", [wanted])
    assert outcome.folder is None
    assert outcome.failure is not None and outcome.failure.gone


def read(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    (folder / "text").write_bytes(inputs["text"].read_bytes())


def read_kindly(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    try:
        read(folder, text, inputs, report)
    except OSError as error:
        raise PhotochromError("cannot be read") from error


@pytest.mark.parametrize("work", [read, read_kindly])
def test_a_failure_says_when_what_it_was_to_read_has_gone(
    engine: Engine, tmp_path: Path, work: object
) -> None:
    gone = replace(task("a", work), inputs={"text": Input(tmp_path / "none", "0" * 64)})
    (outcome,) = engine.run("names", [gone])
    assert outcome.failure is not None and outcome.failure.gone
    assert has_gone(outcome.failure.as_error(PhotochromError))
    (outcome,) = engine.run("names", [task("bad", fail)])
    assert outcome.failure is not None and not outcome.failure.gone
    assert not has_gone(outcome.failure.as_error(PhotochromError))


def leave(folder: Path, text: str, inputs: Inputs, report: Report) -> None:
    sys.exit(text)


def test_work_that_wants_to_end_the_program_is_a_failure(engine: Engine) -> None:
    outcomes = by_item(list(engine.run("names", [task("bad", leave), task("good")])))
    assert outcomes["good"].folder
    failure = outcomes["bad"].failure
    assert failure is not None and failure.message == "SystemExit: bad"


def test_work_that_does_not_exist_in_the_worker_is_a_failure(store: FolderStore) -> None:
    here_only = Task(task("x").key, "x", _Absent())
    outcomes = list(Workers(store, 1).run("names", [here_only]))
    assert outcomes[0].failure is not None
    assert "cannot be started" in outcomes[0].failure.message


class _Absent:
    """Pickles well, unpickles nowhere."""

    def __call__(self, folder: Path, argument: object, inputs: Inputs, report: Report) -> None:
        raise AssertionError

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("not a number",)


def test_leaving_early_stops_the_workers_and_leaves_no_trace(
    store: FolderStore, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    tasks = [task("long", linger, str(mark)), task("short")]
    with closing(Workers(store, 2).run("names", tasks)) as outcomes:
        for outcome in outcomes:
            assert outcome.task.item == "short"
            break
    assert store.get(tasks[0].key) is None
    assert list((store.root / "scratch").iterdir()) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_once_told_to_stop_an_engine_starts_nothing_more(jobs: int, store: FolderStore) -> None:
    tasks = [task(str(number)) for number in range(8)]
    ended: list[Outcome] = []
    control = Control()
    with pytest.raises(StoppedError):
        for outcome in local_engine(store, jobs).run("names", tasks, control=control):
            ended.append(outcome)
            if len(ended) == 2:
                control.stop()
    assert 2 <= len(ended) < len(tasks)
    assert all(store.get(one.task.key) for one in ended)
    assert list((store.root / "scratch").iterdir()) == []


def test_work_in_hand_that_is_not_wanted_any_more_leaves_no_trace(
    store: FolderStore, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    wanted = task("long", linger, str(mark))
    control = Control()

    def stop_soon() -> None:
        while not mark.exists():
            time.sleep(0.02)
        control.stop()

    threading.Thread(target=stop_soon, daemon=True).start()
    with pytest.raises(StoppedError):
        list(Workers(store, 1).run("names", [wanted], control=control))
    assert mark.exists()
    assert store.get(wanted.key) is None
    assert list((store.root / "scratch").iterdir()) == []


def test_in_this_process_work_heeds_a_stop_when_it_reports(store: FolderStore) -> None:
    heard: list[Event] = []
    wanted = task("report", shout)
    control = Control()

    def tell(event: Event) -> None:
        heard.append(event)
        if event.message == "shouting":
            control.stop()

    with pytest.raises(StoppedError):
        list(Serial(store).run("names", [wanted], tell, control))
    assert heard[-1].message == "shouting"
    assert store.get(wanted.key) is None


def test_tasks_wait_until_there_is_memory_for_them(store: FolderStore, tmp_path: Path) -> None:
    tasks = [
        Task(task(str(i)).key, str(i), count_running, str(tmp_path), needs=Needs(memory=need))
        for i, need in enumerate((40, 40, 40, 200, 40))
    ]
    outcomes = list(Workers(store, 4, memory=100).run("names", tasks))
    most = {
        int(one.task.item): int((one.folder / "most").read_text()) for one in outcomes if one.folder
    }
    assert len(most) == 5
    assert max(most.values()) <= 2
    assert most[3] == 1


def count_running(folder: Path, marks: str, inputs: Inputs, report: Report) -> None:
    """Notes how many of its kind run at a time, itself included."""
    mine = Path(marks) / f"{os.getpid()}.running"
    mine.touch()
    most = 0
    for _ in range(10):
        most = max(most, len(list(Path(marks).glob("*.running"))))
        time.sleep(0.02)
    mine.unlink()
    (folder / "most").write_text(str(most))


INTERRUPTED = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from photochrom.engine import FolderStore, Workers
from test_engine_local import linger, task
if __name__ == "__main__":
    engine = Workers(FolderStore(Path({store!r})), 2)
    try:
        list(engine.run("names", [task("a", linger, {a!r}), task("b", linger, {b!r})]))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_an_interrupt_or_the_death_of_their_parent(
    how: signal.Signals, store: FolderStore, tmp_path: Path
) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    script = tmp_path / "script.py"
    script.write_text(
        INTERRUPTED.format(
            tests=str(Path(__file__).parent), store=str(store.root), a=str(a), b=str(b)
        )
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE
    while not (a.exists() and b.exists()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the workers did not start"
        time.sleep(0.02)
    if how is signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does it: to everyone
    else:
        process.kill()
    # The pipes close when the last of the family, worker or parent, is gone.
    out, err = process.communicate(timeout=PATIENCE)
    assert out == ("interrupted\n" if how is signal.SIGINT else "")
    assert err == ""
    if how is signal.SIGKILL:
        assert store.sweep() == 2
    assert list((store.root / "scratch").iterdir()) == []


BOOTING = """
import os, signal, sys
from multiprocessing import connection
sys.path.insert(0, {tests!r})
from pathlib import Path
from photochrom.engine import FolderStore, Workers
from test_engine_local import task
if __name__ == "__main__":
    def killed(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    # The first that is said to a worker.
    if {heard!r} == "nothing":
        from multiprocessing import popen_spawn_posix, util
        connection.Connection.send = killed
        def spawned(*args, start=util.spawnv_passfds):
            process = start(*args)
            if "--multiprocessing-fork" in args[1]:
                killed()
            return process
        popen_spawn_posix.util.spawnv_passfds = spawned
    else:
        def said(self, *args, send=connection.Connection.send):
            send(self, *args)
            killed()
        connection.Connection.send = said
    list(Workers(FolderStore(Path({store!r})), 1).run("names", [task("a")]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("heard", ["nothing", "something"])
def test_a_worker_whose_parent_dies_while_it_boots_goes_without_a_word(
    heard: str, store: FolderStore, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    tests = str(Path(__file__).parent)
    script.write_text(BOOTING.format(tests=tests, store=str(store.root), heard=heard))
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert (out, err) == ("", "")


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_need_no_main_module(jobs: int, tmp_path: Path) -> None:
    """A script without `if __name__ == "__main__":` is not run again in each of its workers."""
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nprint('run')\n"
        "from pathlib import Path\nfrom photochrom.engine import FolderStore, local_engine\n"
        "from test_engine_local import task\n"
        f"engine = local_engine(FolderStore(Path({str(tmp_path / 'store')!r})), {jobs})\n"
        "print([one.failure for one in engine.run('names', [task('a'), task('b')])])\n"
    )
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("run\n[None, None]\n", "")


def test_kept_workers_go_from_one_batch_to_the_next(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)

    def pids(engine: Engine, *texts: str) -> set[int]:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        tasks = [Task(key, text, shout, text) for key, text in zip(keys, texts, strict=True)]
        assert all(one.failure is None for one in engine.run("words", tasks))
        return {int((store.path(key) / "pid").read_text()) for key in keys}

    with kept_engine(store, 2) as engine:
        first = pids(engine, "a", "b")
        assert pids(engine, "c") <= first
        failing = Task("f" * 64, "f", fail, "f")
        assert [one.failure is None for one in engine.run("words", [failing])] == [False]
        assert pids(engine, "d", "e", "g", "h") <= first
        # Whoever leaves a batch early ends its workers, and the next one has new ones.
        with closing(engine.run("words", [task("x"), task("y")])) as batch:
            next(batch)
        assert not pids(engine, "i") & first
    for pid in first:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with kept_engine(store, 1) as engine:
        assert pids(engine, "j") == {os.getpid()}
