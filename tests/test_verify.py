"""`photochrom verify`: restored pictures against their records and originals."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import Ran
from photochrom.batch import Settings, plan, run
from photochrom.engine import Ledger
from photochrom.engine.machine import cache_folder
from photochrom.nets import Registry
from photochrom.recipe import Recipe
from photochrom.record import Record, StepRecord
from photochrom.reporting.older import older
from photochrom.steps import STEPS
from restoring_kit import scan

Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "scans" / "album").mkdir(parents=True)
    for name in ("a.png", "b.png", "album/c.png"):
        scan(folder / "scans" / name, (64, 48))
    settings = Settings(Recipe.preset("faithful").only(["tone"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOCHROM_CACHE", str(folder / "cache"))
        results = list(run(plan([folder / "scans"], folder / "restored"), settings))
    assert [one.outcome for one in results] == ["made"] * 3
    return folder


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A folder with `scans` and what was made of them, `restored`; one in a subfolder."""
    for name in ("scans", "restored"):
        shutil.copytree(made / name, tmp_path / name)
    return tmp_path


def _states(command: Run, *words: object) -> dict[str, str]:
    ran = command("verify", *words, "--json")
    return {one["name"]: one["state"] for one in map(json.loads, ran.out.splitlines())}


def _edit(record: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads(record.read_text())
    change(data)
    record.write_text(json.dumps(data))


def test_all_is_whole(photochrom: Run, archive: Path) -> None:
    ran = photochrom("verify", archive / "restored")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "3 photographs: 3 whole\n"
    assert photochrom("verify", archive).code == 0  # from above, too


def test_folders_beside_scans_are_found(photochrom: Run, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    scan(tmp_path / "x" / "a.png", (64, 48))
    assert photochrom("restore", tmp_path / "x", "--steps", "tone").code == 0
    assert photochrom("verify", tmp_path / "x").code == 0
    assert photochrom("verify", tmp_path / "x" / "restored").code == 0


def test_sheets_and_masks_are_no_pictures_without_a_record(photochrom: Run, tmp_path: Path) -> None:
    """What README shows first: one portrait, its sheet, and a sheet that is made later."""
    scan(tmp_path / "portrait.png", (64, 48))
    words = ("--steps", "tone,repair", "--mask")
    assert photochrom("restore", tmp_path / "portrait.png", *words).code == 0
    again = ("--no-compare", "--suffix=-again")
    assert photochrom("restore", tmp_path / "portrait.png", *words, *again).code == 0
    restored = tmp_path / "restored"
    compared = photochrom("compare", tmp_path / "portrait.png", restored / "portrait-again.jpg")
    assert compared.code == 0, compared.err
    for name in ("portrait.compare.jpg", "portrait.mask.png", "portrait-again.compare.jpg"):
        assert (restored / name).is_file()
    ran = photochrom("verify", restored)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "2 photographs: 2 whole\n"
    (restored / "portrait.record.json").write_text("{")
    assert "2 photographs: 1 whole, 1 " in photochrom("verify", restored).err


def _retouched(archive: Path) -> None:
    (archive / "restored/a.tif").write_bytes(b"retouched")


def _picture_gone(archive: Path) -> None:
    (archive / "restored/a.tif").unlink()


def _record_gone(archive: Path) -> None:
    (archive / "restored/a.record.json").unlink()


def _record_damaged(archive: Path) -> None:
    (archive / "restored/a.record.json").write_text("{")


def _leads_away(archive: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["derivatives"].append({"file": "../scans/a.png", "sha256": "0" * 64})

    _edit(archive / "restored/a.record.json", change)


def _original_gone(archive: Path) -> None:
    (archive / "scans/a.png").unlink()


def _original_changed(archive: Path) -> None:
    scan(archive / "scans/a.png", (80, 48))


def _stopped(archive: Path) -> None:
    """As a run that was killed between the picture and its record leaves them."""
    path = archive / "restored/a.tif"
    path.write_bytes(b"newer")
    Ledger(cache_folder()).promise(path, hashlib.sha256(b"newer").hexdigest())


@pytest.mark.parametrize(
    ("harm", "state", "said"),
    [
        (_retouched, "changed", "a.tif: is not as it was made"),
        (_picture_gone, "orphaned", "a.tif, its picture, is gone"),
        (_record_gone, "orphaned", "a.tif: was made by photochrom, and has no record"),
        (_record_damaged, "unreadable", "is not a record"),
        (_leads_away, "unreadable", "names a file of another folder"),
        (_original_gone, "original_missing", "its original, a.png, is not there"),
        (_original_changed, "original_changed", "scans/a.png: is another file than a"),
        (_stopped, "unfinished", "a run was stopped"),
    ],
)
def test_what_is_wrong_is_told(
    photochrom: Run, archive: Path, harm: Callable[[Path], None], state: str, said: str
) -> None:
    harm(archive)
    ran = photochrom("verify", archive / "restored")
    assert ran.code == 1 and said in ran.out.replace("\\", "/")
    assert "3 photographs: 2 whole, 1 " in ran.err
    states = _states(photochrom, archive / "restored")
    assert sorted(states.values()) == sorted([state, "whole", "whole"])


def test_lines_stand_below_what_they_have_in_common(photochrom: Run, archive: Path) -> None:
    _retouched(archive)
    _original_gone(archive)
    (archive / "restored/b.tif").write_bytes(b"retouched")
    lines = photochrom("verify", archive / "restored").out.splitlines()
    assert lines[0] == "1 whose original is missing:"
    assert lines[2] == "1 changed since they were made:"
    # All that was found of one photograph is in its line.
    assert "a.png, is not there; " in lines[1] and "a.tif: is not as it was made" in lines[1]
    assert "b.tif" in lines[3] and len(lines) == 4


def test_originals_may_lie_anywhere_and_have_other_names(photochrom: Run, archive: Path) -> None:
    away = archive / "vault" / "1931"
    away.parent.mkdir()
    (archive / "scans").rename(away)
    (away / "a.png").rename(away / "B 0001.png")
    ran = photochrom("verify", archive / "restored")
    assert ran.code == 1 and "--originals DIR" in ran.err
    assert photochrom("verify", archive / "restored", "--originals", away.parent).code == 0
    assert photochrom("verify", archive / "restored", "--without-originals").code == 0


def test_namesakes_are_not_taken_for_changed_originals(photochrom: Run, archive: Path) -> None:
    for name in ("other", "third"):
        (archive / name).mkdir()
        scan(archive / name / "a.png", (32, 24))
    assert photochrom("verify", archive / "restored").code == 0
    _original_gone(archive)
    ran = photochrom("verify", archive / "restored")
    assert "none of 2 files called a.png is its original" in ran.out


def test_older_steps_are_told_and_wrong_if_asked(photochrom: Run, archive: Path) -> None:
    record = archive / "restored/a.record.json"
    now = STEPS["tone"].version
    _edit(record, lambda data: data["steps"][0].update(version=now - 1))
    ran = photochrom("verify", archive / "restored")
    assert ran.code == 0
    assert f"the step tone was of version {now - 1}, and is of {now}" in ran.out
    assert photochrom("verify", archive / "restored", "--strict").code == 1


def test_other_networks_are_told() -> None:
    registry = Registry.default()
    card = registry.card("color")
    step = StepRecord(
        "color",
        STEPS["color"].version,
        STEPS["color"].params().model_dump(mode="json"),
        [{"name": card.name, "sha256": card.sha256}],
        {},
    )
    record = Record({}, {}, {}, [], {}, [step], {}, {})

    def said(**changes: Any) -> tuple[str, ...]:
        return older(replace(record, steps=[replace(step, **changes)]), registry)

    assert said() == ()
    assert said(models=[{"name": card.name, "sha256": "0" * 64}]) == (
        f"the network {card.name} has changed",
    )
    (other,) = said(models=[{"name": "mine", "sha256": "0" * 64}])
    assert "used the network mine, and would use" in other
    (gone,) = said(params={"network": "mine"}, models=[{"name": "mine", "sha256": "0" * 64}])
    assert gone == "there is no network mine here for the step color"
    assert said(params={"hue": 5})[0].startswith("there is no network")
    assert said(name="halo") == ("there is no step halo any more",)


PRODUCTION = """schema = "photochrom.production/1"
title = "Two"
recipe = "quick.toml"
[[photograph]]
id = "first"
file = "scans/a.png"
caption = "The first"
[[photograph]]
id = "second"
file = "scans/b.png"
[output]
formats = ["png"]
"""


@pytest.fixture
def production(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    for name in ("a.png", "b.png"):
        scan(tmp_path / "scans" / name, (64, 48))
    quick = 'schema = "photochrom.recipe/1"\nsteps = ["tone"]\n'
    (tmp_path / "quick.toml").write_text(quick)
    path = tmp_path / "production.toml"
    path.write_text(PRODUCTION)
    return path


def test_a_production_is_looked_at_as_it_is_now(photochrom: Run, production: Path) -> None:
    assert set(_states(photochrom, production).values()) == {"missing"}
    assert photochrom("make", production, "--jobs", 1).code == 0
    ran = photochrom("verify", production)
    assert (ran.code, ran.out) == (0, "")
    # What is known of a photograph is in its picture, too.
    production.write_text(PRODUCTION.replace("The first", "The very first"))
    assert _states(photochrom, production) == {"first": "outdated", "second": "whole"}
    scan(production.parent / "scans/b.png", (80, 48))
    assert _states(photochrom, production)["second"] == "original_changed"
    assert photochrom("make", production, "--jobs", 1).code == 0
    assert photochrom("verify", production, "--strict").code == 0
    (production.parent / "out/pictures/first.png").write_bytes(b"retouched")
    (production.parent / "scans/b.png").unlink()
    assert _states(photochrom, production) == {"first": "changed", "second": "original_missing"}


@pytest.mark.parametrize("place", ["nowhere", "scans", "scans/a.png"])
def test_where_nothing_can_be_checked_one_line_says_so(
    photochrom: Run, production: Path, place: str
) -> None:
    ran = photochrom("verify", production.parent / place)
    assert ran.code == 2 and ran.out == ""
    assert len(ran.err.splitlines()) == 1 and "production.toml" in ran.err


def test_originals_are_named_or_left_out(photochrom: Run, archive: Path) -> None:
    named = ("--originals", archive / "scans")
    assert photochrom("verify", archive / "restored", *named, "--without-originals").code == 2
    assert photochrom("verify", archive / "restored", "--originals", archive / "no").code == 2


def test_sheets_and_masks_are_no_strays(photochrom: Run, tmp_path: Path) -> None:
    scan(tmp_path / "a.png", (64, 48))
    assert photochrom("restore", tmp_path / "a.png", "--steps", "tone,repair", "--mask").code == 0
    made = tmp_path / "restored"
    assert {"a.compare.jpg", "a.mask.png"} <= {path.name for path in made.iterdir()}
    assert photochrom("verify", made).code == 0
    (made / "a.mask.png").unlink()
    assert photochrom("verify", made).code == 0  # whoever has seen it may remove it


def test_a_sheet_of_compare_is_no_stray(photochrom: Run, archive: Path) -> None:
    made = archive / "restored"
    assert photochrom("compare", archive / "scans/a.png", made / "a.tif").code == 0
    assert (made / "a.compare.jpg").exists()
    assert photochrom("verify", made).code == 0


def test_pictures_without_a_record_count_as_their_photograph(
    photochrom: Run, tmp_path: Path
) -> None:
    scan(tmp_path / "a.png", (64, 48))
    words = ("--steps", "tone,repair", "--mask", "--format", "tiff,jpeg")
    assert photochrom("restore", tmp_path / "a.png", *words).code == 0
    made = tmp_path / "restored"
    (made / "a.record.json").unlink()
    ran = photochrom("verify", made)
    assert ran.code == 1 and "1 photograph: 1 orphaned" in ran.err
    assert "a.jpg: was made by photochrom, and has no record; nor has a.tif, " in ran.out
    assert "a.compare.jpg" in ran.out and "a.mask.png" in ran.out


def test_a_name_that_is_no_utf_8_is_found_again(photochrom: Run, tmp_path: Path) -> None:
    named = Path(os.fsdecode(os.fsencode(tmp_path / "scans") + b"/gr\xfc\xdfe.png"))
    named.parent.mkdir()
    try:
        scan(tmp_path / "plain.png", (64, 48)).rename(named)
    except OSError:
        pytest.skip("this file system has names of UTF-8 only")
    ran = photochrom("restore", named.parent, "-o", tmp_path / "out", "--steps", "tone")
    assert ran.code == 0, ran.err
    assert list(_states(photochrom, tmp_path / "out").values()) == ["whole"]
    states = _states(photochrom, tmp_path / "out", "--originals", named.parent)
    assert list(states.values()) == ["whole"]
