"""The cache of productions: what is there, what nobody needs, what is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from photochrom.engine import FolderStore
from photochrom.production import build, cached, preview, prune, verify
from test_production_build import HEAD, write


@pytest.fixture
def production(tmp_path: Path) -> Path:
    path = write(tmp_path, "ab")
    assert build(path, jobs=1).failed == ()
    return path


def store_of(production: Path) -> FolderStore:
    return FolderStore(production.parent / ".photochrom")


def unneeded(production: Path) -> dict[str, int]:
    return {one.kind: one.unneeded for one in cached(production) if one.unneeded}


def test_all_that_a_build_made_is_needed(production: Path) -> None:
    kinds = {one.kind: one.count for one in cached(production)}
    beside = {"sound": 1, "poster": 1, "film": 1, "sidecars": 1}
    assert kinds == {"picture": 2, "label": 2, "attention": 2, "segment": 6, **beside}
    assert unneeded(production) == {}
    assert prune(production) == 0
    assert build(production, jobs=1).nothing_to_do


def test_what_an_edit_leaves_behind_is_pruned_and_nothing_else(production: Path) -> None:
    before = {one.key for one in store_of(production).results()}
    text = production.read_text()
    production.write_text(text.replace("Caption b", "Another caption"))
    assert build(production, jobs=1).failed == ()
    assert set(unneeded(production)) == {"segment"}
    size = sum(one.bytes for one in cached(production))
    removed = prune(production)
    assert removed > 0
    assert sum(one.bytes for one in cached(production)) == size - removed
    gone = before - {one.key for one in store_of(production).results()}
    # The segment, and the film, its texts and the picture with its words, which no build keeps.
    assert len(gone) == 4
    # Without what saves it the work, a build finds all that it needs.
    for stamp in (production.parent / ".photochrom" / "builds").iterdir():
        stamp.unlink()
    assert build(production, jobs=1).nothing_to_do


def test_a_preview_and_another_production_need_what_is_theirs(
    production: Path, tmp_path: Path
) -> None:
    assert preview(production, jobs=1).made
    assert unneeded(production) == {}
    other = production.with_name("other.toml")
    text = production.read_text().replace("Caption b", "Another caption")
    other.write_text(text.replace("[film]", '[output]\nfolder = "other"\n\n[film]'))
    assert build(other, jobs=1).failed == ()
    assert unneeded(production) == unneeded(other) == {}
    other.unlink()
    assert set(unneeded(production)) == {"label", "segment", "film", "sidecars"}


def test_previews_of_versions_need_what_is_theirs(production: Path) -> None:
    text = production.read_text()
    # Without the captions, each shot is another.
    tall = '[[version]]\nname = "tall"\nsize = [128, 160]\ncaptions = false\n\n[film]'
    production.write_text(text.replace("[film]", tall))
    assert build(production, jobs=1).failed == ()
    for version in ("", "tall", ""):
        preview(production, version, jobs=1)
        assert unneeded(production) == {}
    assert prune(production) == 0
    # What a version needed that is gone is needed by nobody.
    production.write_text(text)
    assert build(production, jobs=1).failed == ()
    preview(production, force=True, jobs=1)
    assert set(unneeded(production)) >= {"segment"}


def test_what_a_stopped_build_has_made_is_needed(production: Path) -> None:
    text = production.read_text()
    production.write_text(text.replace("Caption a", "One").replace("Caption b", "Two"))

    def interrupted(event: Any) -> None:
        if (event.stage, event.item, event.message) == ("film", "b", "started"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(production, jobs=1, progress=interrupted)
    assert unneeded(production) == {}
    made: list[str] = []
    result = build(
        production, jobs=1, progress=lambda e: made.append(e.item) if e.message == "made" else None
    )
    assert result.failed == ()
    assert "a" not in made and "b" in made


def test_a_limit_is_kept_from_the_oldest_on_as_far_as_nothing_is_needed(production: Path) -> None:
    store = store_of(production)
    for number, key in enumerate(("1" * 64, "2" * 64, "3" * 64)):
        with store.writing(key, "segment") as folder:
            (folder / "segment.mp4").write_bytes(bytes(100_000 + number))
    size = sum(one.bytes for one in store.results())
    assert prune(production, size - 150_000) > 200_000
    assert store.get("1" * 64) is None and store.get("2" * 64) is None
    assert store.get("3" * 64) is not None
    prune(production, 0)
    assert store.get("3" * 64) is None
    assert build(production, jobs=1).nothing_to_do


def test_a_damaged_result_is_found_and_made_again(
    production: Path, photochrom: Callable[..., Any]
) -> None:
    assert verify(production) == ()
    store = store_of(production)
    # One of a photograph, which another title leaves as it is.
    segments = [one for one in store.results() if one.kind == "segment"]
    segment = max(segments, key=lambda one: one.bytes)
    path = store.path(segment.key) / "segment.mp4"
    before = path.read_bytes()
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    ran = photochrom("cache", "verify", production)
    assert ran.code == 1
    assert ran.out == f"segment {segment.key[:12]}: damaged, and removed\n"
    assert photochrom("cache", "verify", production).code == 0
    text = production.read_text()
    production.write_text(text.replace('title = "Three"', 'title = "Four"'))
    assert build(production, jobs=1).failed == ()
    assert store.get(segment.key) is not None


def test_the_command_shows_and_prunes(production: Path, photochrom: Callable[..., Any]) -> None:
    production.write_text(production.read_text().replace("Caption b", "Another caption"))
    assert build(production, jobs=1).failed == ()
    lines = photochrom("cache", "show", production).out.splitlines()
    assert lines[0].split() == ["results", "size", "not", "needed"]
    assert {line.split()[0] for line in lines[1:]} >= {"picture", "segment", "sound", "together"}
    assert lines[-1].split()[-2:] != ["0", "B"]
    assert "removed" in photochrom("cache", "prune", production).err
    assert photochrom("cache", "show", production).out.splitlines()[-1].split()[-2:] == ["0", "B"]
    ran = photochrom("cache", "prune", production, "--keep-under", "1k")
    assert "what is left is needed" in ran.err
    ran = photochrom("cache", "prune", production, "--keep-under", "much")
    assert ran.code == 2 and "20G" in ran.err


def test_the_user_s_cache_is_shown_verified_and_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photochrom: Callable[..., Any]
) -> None:
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "mine"))
    assert photochrom("cache", "show", "--user").out.splitlines()[-1].split()[1] == "0"
    store = FolderStore(tmp_path / "mine")
    for key in ("1" * 64, "2" * 64):
        with store.writing(key, "picture") as folder:
            (folder / "a.tif").write_bytes(bytes(100_000))
    (store.path("2" * 64) / "a.tif").write_bytes(b"")
    ran = photochrom("cache", "verify", "--user")
    assert (ran.code, ran.out) == (1, f"picture {'2' * 12}: damaged, and removed\n")
    assert photochrom("cache", "show", "--user").out.splitlines()[1].split()[:2] == ["picture", "1"]
    assert "removed" in photochrom("cache", "prune", "--user").err
    assert list(store.results()) == []
    ran = photochrom("cache", "prune", "--user", "production.toml")
    assert ran.code == 2 and "not both" in ran.err


def test_a_cache_in_the_user_s_own_folder_leaves_that_to_backups(tmp_path: Path) -> None:
    path = write(tmp_path, "a", film=False, head=HEAD + '\n[output]\ncache = "."\n')
    assert build(path, jobs=1).failed == ()
    tagged = {str(one.parent.relative_to(tmp_path)) for one in tmp_path.rglob("CACHEDIR.TAG")}
    assert tagged == {"ledger", "results", "scratch"}
