"""When a package builds the studio, and with what; whether it builds is tested in `studio/`."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def backend() -> ModuleType:
    pytest.importorskip("hatchling", reason="hatchling, which builds packages, is not installed")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources of the project, of which only the studio's are there; a machine without Node."""
    ignored = shutil.ignore_patterns("node_modules", "dist", "test-results", "looks")
    shutil.copytree(ROOT / "studio", tmp_path / "studio", ignore=ignored)
    monkeypatch.delenv("PHOTOCHROM_STUDIO", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    return tmp_path


def hook_in(backend: ModuleType, root: Path) -> Any:
    return backend.StudioHook(str(root), {}, None, None, "", "wheel")


def built(backend: ModuleType, root: Path) -> None:
    static = root / backend.STATIC
    static.mkdir(parents=True)
    (static / "index.html").write_text("page")
    (static / backend.STAMP).write_text(backend.digest(root / "studio") + "\n")


def test_node_is_asked_for_where_the_studio_is_to_be_built(
    backend: ModuleType, sources: Path
) -> None:
    assert hook_in(backend, sources).dependencies() == [backend.NODE]


def test_nothing_is_asked_for_or_made_where_it_lies_built(
    backend: ModuleType, sources: Path
) -> None:
    built(backend, sources)
    hook = hook_in(backend, sources)
    assert hook.dependencies() == []
    data: dict[str, Any] = {"artifacts": []}
    hook.initialize("standard", data)
    assert data["artifacts"] == ["/src/photochrom/service/static"]


@pytest.mark.parametrize("changed", ["src/main.ts", "package-lock.json", "src/new.ts"])
def test_what_was_built_from_other_sources_is_built_anew(
    backend: ModuleType, sources: Path, changed: str
) -> None:
    built(backend, sources)
    path = sources / "studio" / changed
    path.write_text((path.read_text() if path.exists() else "") + "\n")
    assert hook_in(backend, sources).dependencies() == [backend.NODE]


def test_what_only_checks_read_changes_nothing(backend: ModuleType, sources: Path) -> None:
    built(backend, sources)
    (sources / "studio" / "tests" / "new.test.ts").write_text("")
    assert hook_in(backend, sources).dependencies() == []


def test_it_can_be_skipped(
    backend: ModuleType, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_STUDIO", "skip")
    hook = hook_in(backend, sources)
    assert hook.dependencies() == []
    data: dict[str, Any] = {"artifacts": []}
    hook.initialize("standard", data)
    assert data["artifacts"] == []


def test_editable_installs_ask_for_nothing_and_build_nothing(
    backend: ModuleType, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, sources / name)
    monkeypatch.chdir(sources)
    assert backend.NODE in backend.get_requires_for_build_wheel()
    asked = backend.get_requires_for_build_editable()
    assert backend.NODE not in asked
    data: dict[str, Any] = {"artifacts": []}
    hook_in(backend, sources).initialize("editable", data)
    assert not (sources / backend.STATIC).exists()
