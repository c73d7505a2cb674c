"""What the docs say of the code's rooms: all of it is there, and no room is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "photochrom"
PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")
TREE = PAGE.split("```")[1]
PATH = r"[a-z_]+(?:/[a-z_]+)*(?:/|\.py)"


def _lines() -> list[tuple[str, str]]:
    """Each line of the tree: the folder that it is in, and its name."""
    found, inside = [], [""]
    for line in TREE.splitlines():
        if named := re.match(rf"( *)({PATH})", line):
            depth = len(named[1])
            # Four spaces lead into the package, two into a room of it.
            level = 0 if depth == 0 else 1 + (depth - 4) // 2
            del inside[level + 1 :]
            found.append((inside[level], named[2]))
            inside.append(inside[level] + named[2])
    return found


def _place(named: str) -> Path | None:
    return next((root / named for root in (SOURCE, ROOT) if (root / named).exists()), None)


@pytest.mark.parametrize(("folder", "name"), _lines())
def test_every_room_of_the_tree_is_there(folder: str, name: str) -> None:
    assert (ROOT / folder / name).exists()


def test_the_tree_leaves_out_no_room() -> None:
    named = {name for folder, name in _lines() if folder == "src/photochrom/"}
    there = {
        path.name + ("/" if path.is_dir() else "")
        for path in SOURCE.glob("[a-z]*")
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert named == there


@pytest.mark.parametrize("named", sorted(set(re.findall(rf"`({PATH})`", PAGE.replace(TREE, "")))))
def test_every_module_that_is_named_is_there(named: str) -> None:
    if named != "restore.py":  # which the page says there is not
        assert _place(named) is not None


@pytest.mark.parametrize(("name", "module"), re.findall(rf"`(\w+)` in `({PATH})`", PAGE))
def test_what_a_module_is_said_to_define_it_defines(name: str, module: str) -> None:
    path = _place(module)
    assert path is not None
    defined = ast.parse(path.read_text("utf-8")).body
    assert name in {getattr(one, "name", None) for one in defined}
