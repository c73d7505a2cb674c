"""Folders for what is on its way: gone with their block, and swept when their maker was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from photochrom.scratch import scratch, sweep_scratch

_MAKER = """
import sys
from pathlib import Path
from photochrom.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "half").write_bytes(b"half of a picture")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


def maker(place: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A process in the middle of its work, and the name of its folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", _MAKER, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    return process, process.stdout.readline().decode().strip()


def test_it_is_gone_with_its_block(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_bytes(b"x")
    assert not folder.exists()
    assert not [one for one in tmp_path.iterdir() if one.suffix != ".lock"]


def test_what_the_killed_left_goes_and_the_living_go_on(tmp_path: Path) -> None:
    (dead, left), (living, kept) = maker(tmp_path), maker(tmp_path)
    try:
        dead.kill()
        dead.wait()
        assert (tmp_path / left / "half").exists()
        assert sweep_scratch(tmp_path) == 1
        assert not (tmp_path / left).exists()
        assert (tmp_path / kept / "half").exists()
        assert sweep_scratch(tmp_path) == 0
        living.communicate()
        assert living.returncode == 0
        assert not (tmp_path / kept).exists()
    finally:
        for one in (dead, living):
            one.kill()
            one.communicate()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    assert sweep_scratch(tmp_path / "not" / "there") == 0
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis.lock").touch()
    assert sweep_scratch(tmp_path) == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["thesis", "thesis.lock"]
