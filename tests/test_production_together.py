"""Builds that share a cache: none takes anything from another, whatever is forced or removed."""

from __future__ import annotations

import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from photochrom.engine import Event, FolderStore
from photochrom.production import build, preview
from test_production_build import made, outputs, production, write

__all__ = ["made", "production"]

SCRIPT = """
import sys
from contextlib import AbstractContextManager
from photochrom.production import build

waited = []

def tell(event):
    if not waited and {moment!r} == f"{{event.stage}} {{event.item}} {{event.message}}":
        waited.append(event)
        print("there", flush=True)
        sys.stdin.readline()

result = build({production!r}, force=True, jobs={jobs}, progress=tell)
assert not result.failed, result.failed
print(*sorted(result.made))
"""


def forced(production: Path, moment: str, jobs: int = 1) -> subprocess.Popen[str]:
    """Forces a build in another process, which says when it has come to a moment, and waits."""
    text = SCRIPT.format(moment=moment, production=str(production), jobs=jobs)
    return subprocess.Popen(
        [sys.executable, "-c", text],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def there(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == "there\n", process.communicate()


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate("\n")
    assert process.returncode == 0, out + err
    return out


@pytest.mark.parametrize(
    ("first", "second", "jobs"),
    [
        ("film joined joining with sound", "film joined joining with sound", 2),
        ("film joined joining with sound", "film c started", 1),
        ("pictures a made", "film joined made", 1),
    ],
)
def test_of_two_that_are_forced_at_once_none_takes_from_the_other(
    production: Path, first: str, second: str, jobs: int
) -> None:
    before = outputs(production)
    waiting = forced(production, first, jobs)
    there(waiting)
    other = forced(production, second)
    there(other)
    everything = "a b c film sidecars\n"
    assert ended(waiting) == everything
    assert ended(other) == everything
    assert outputs(production) == before
    assert build(production, jobs=1).nothing_to_do


class Cleared:
    """Removes all results at a moment of a build, once."""

    def __init__(self, production: Path, moment: str):
        self._store = FolderStore(production.parent / ".photochrom")
        self._moment = moment
        self.times = 0

    def __call__(self, event: Event) -> None:
        if not self.times and self._moment == f"{event.stage} {event.item} {event.message}":
            self.times += 1
            for one in self._store.results():
                self._store.forget(one.key)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    "moment",
    [
        *("pictures a made", "pictures c made"),
        *("film sound started", "film c started", "film c made", "film poster started"),
        *("film poster made", "film joined joining with sound", "film joined made"),
    ],
)
def test_what_goes_before_it_is_read_is_made_once_more(
    made: Path, tmp_path: Path, moment: str, force: bool
) -> None:
    production = write(tmp_path)
    cleared = Cleared(production, moment)
    result = build(production, jobs=1, force=force, progress=cleared)
    assert cleared.times == 1
    assert result.failed == ()
    assert set(result.made) == {"a", "b", "c", "film", "sidecars"}
    assert outputs(production) == outputs(made)


@pytest.mark.parametrize("moment", ["film c started", "film joined joining with sound"])
def test_a_preview_makes_once_more_what_goes(production: Path, moment: str) -> None:
    cleared = Cleared(production, moment)
    assert preview(production, jobs=1, progress=cleared).made
    assert cleared.times == 1


def test_force_makes_everything_anew_and_nothing_twice(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what several versions of the film share."""
    production.write_text(
        production.read_text() + '\n[[version]]\nname = "plain"\ncaptions = false\n'
    )
    assert build(production, jobs=1).failed == ()
    written: list[str] = []
    writing = FolderStore.writing

    def counted(
        store: FolderStore, key: str, kind: str = "", *, replace: bool = False
    ) -> AbstractContextManager[Path]:
        assert replace
        written.append(key)
        return writing(store, key, kind, replace=replace)

    monkeypatch.setattr(FolderStore, "writing", counted)
    assert build(production, jobs=1, force=True).failed == ()
    store = FolderStore(production.parent / ".photochrom")
    assert sorted(written) == sorted(one.key for one in store.results())
