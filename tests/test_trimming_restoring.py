"""What is trimmed is restored, recorded, compared and filmed as it lies in its scan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from conftest import Ran
from photochrom import restoration
from photochrom.comparing.pair import Pair
from photochrom.engine import FolderStore, Serial
from photochrom.errors import PhotographError
from photochrom.files import sha256_of
from photochrom.nets import Registry
from photochrom.orders import Order, key_for, results_of, task_for
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.record import Record
from photochrom.reporting import pictures
from photochrom.source import Source
from photochrom.steps.plate import Context, Notes, Pin, Plate
from photochrom.trimming import Trim
from test_trimming import FELT, SIZE, laid, picture

Run = Callable[..., Ran]
TONE = Recipe.preset("faithful").only(["tone"])
MARK = (420, 150)
"""A place of the print, in its pixels, that is told from all others."""


def marked() -> NDArray[np.uint8]:
    print_ = picture()
    cv2.circle(print_, MARK, 16, (12, 12, 12), -1)
    cv2.circle(print_, MARK, 10, (222, 222, 222), -1)
    return print_


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A print on felt, photographed askew, of 16 bits."""
    path = tmp_path / "print.tif"
    pixels, _ = laid(marked(), FELT, 2.0, 9)
    tifffile.imwrite(path, pixels.astype(np.uint16) * 257, photometric="rgb")
    return path


def pinned(scan: Path) -> tuple[float, float]:
    """Where the mark is, in shares of the scan."""
    mask = np.zeros((440, 600, 3), np.uint8)
    cv2.circle(mask, MARK, 8, (255, 255, 255), -1)
    seen, _ = laid(mask, (0, 0, 0), 2.0, 9, rough=0)
    rows, columns = np.nonzero(seen[..., 0] > 100)
    return float(columns.mean() + 0.5) / SIZE[0], float(rows.mean() + 0.5) / SIZE[1]


@pytest.mark.parametrize(
    "trim",
    [
        Trim(crop="auto"),
        Trim(straighten=-4.0),
        Trim(crop=(0.2, 0.1, 0.7, 0.7)),
        Trim(crop=(0.2, 0.1, 0.7, 0.7), straighten=7.0),
    ],
)
def test_pins_at_places_of_the_scan_land_where_they_were_put(
    scan: Path, trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Plate, tuple[Pin, ...]]] = []

    def apply(
        name: str, plate: Plate, recipe: Recipe, context: Context, where: Path | None
    ) -> tuple[Plate, Notes]:
        told.append((plate, context.pins))
        return plate, {}

    monkeypatch.setattr(restoration, "_apply", apply)
    pin = Pin(pinned(scan), "#2e6b3a", "inventory 12")
    restored = restoration.restore(Photograph.open(scan), TONE, pins=[pin], trim=trim)
    ((plate, (moved,)),) = told
    height, width = plate.light.shape
    at = int(moved.at[0] * width), int(moved.at[1] * height)
    assert plate.light[at[1] - 2 : at[1] + 3, at[0] - 2 : at[0] + 3].min() > 0.8
    around = plate.light[at[1] - 13, at[0]], plate.light[at[1], at[0] + 13]
    assert max(around) < 0.35
    # The record has it where it was told.
    assert restored.record.pins[0]["at"] == pin.at


def test_pins_that_were_cut_off_are_said(scan: Path) -> None:
    pins = [Pin((0.02, 0.03), "#2e6b3a", "felt"), Pin((0.5, 0.5), "#aa3333", "coat")]
    restored = restoration.restore(Photograph.open(scan), TONE, pins=pins, trim=Trim(crop="auto"))
    assert [pin["source"] for pin in restored.record.pins] == ["coat"]
    assert any("outside of what is left are not used: 0.02,0.03" in one for one in restored.notices)


def test_without_being_asked_nothing_is_different(scan: Path, tmp_path: Path) -> None:
    plain = restoration.restore(Photograph.open(scan), TONE).save(tmp_path / "a.tif")
    asked = restoration.restore(Photograph.open(scan), TONE, trim=Trim()).save(tmp_path / "b.tif")
    assert plain.derivatives[0]["sha256"] == asked.derivatives[0]["sha256"]
    assert "trim" not in json.loads(plain.to_json())


def test_a_derivative_says_what_was_cut_and_has_its_depth(scan: Path, tmp_path: Path) -> None:
    photograph = Photograph.open(scan)
    record = restoration.restore(photograph, TONE, trim=Trim(crop="auto")).save(tmp_path / "a.tif")
    assert record == Record.open(tmp_path / "a.record.json")
    assert (record.result["width"], record.result["height"]) == tuple(record.trim["size"])
    assert record.original["width"] == SIZE[0]
    assert f"{100 * record.trim['share']:.1f} % of its scan" in record.statement()
    pixels = tifffile.imread(tmp_path / "a.tif")
    assert pixels.dtype == np.uint16 and pixels.shape[1::-1] == tuple(record.trim["size"])


@pytest.mark.parametrize(
    "change",
    [
        {"corners": [[0, 0], [1, 0], [1, 1]]},
        {"corners": [[0, 0], [9, 0], [1, 1], [0, 1]]},
        {"size": [0, 10]},
        {"degrees": "some"},
    ],
)
def test_a_record_with_a_frame_that_is_none_is_refused(
    scan: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    trim = Trim(crop="auto")
    restoration.restore(Photograph.open(scan), TONE, trim=trim).save(tmp_path / "a.tif")
    said = json.loads((tmp_path / "a.record.json").read_text())
    said["trim"] |= change
    with pytest.raises(PhotographError, match="is not a record"):
        Record.from_json(json.dumps(said))


def test_before_and_after_lie_over_one_another(scan: Path, tmp_path: Path) -> None:
    for name, trim in (("auto", Trim(crop="auto")), ("part", Trim(crop=(0.3, 0.3, 0.4, 0.5)))):
        after = tmp_path / f"{name}.tif"
        record = restoration.restore(Photograph.open(scan), TONE, trim=trim).save(after)
        pair = Pair.open(scan, after)
        assert pair.size == tuple(record.trim["size"])
        one, other = (side[..., 0].astype(float).ravel() for side in (pair.before, pair.after))
        assert np.corrcoef(one, other)[0, 1] > 0.97
        before, shown = pictures.pair(Source.of(scan), after, 400, 10**6, record.geometry)
        assert before is not None and shown is not None
        assert (before.width, before.height) == (shown.width, shown.height)


def test_films_show_the_scan_as_the_picture_shows_it(scan: Path, tmp_path: Path) -> None:
    order = Order("a", scan, sha256_of(scan), TONE, gray=True, trim=Trim(crop="auto"))
    store = FolderStore(tmp_path / "store")
    (outcome,) = Serial(store).run("pictures", [task_for(order, Registry.default())])
    assert outcome.folder is not None, outcome.failure
    found = results_of(outcome.folder, order)
    assert found.scan is not None
    shapes = {Photograph.open(path).pixels.shape[:2] for path in (found.scan, found.color)}
    assert len(shapes) == 1
    assert Photograph.open(found.scan).pixels.dtype == np.uint16


def test_the_frame_is_part_of_an_orders_key_only_where_it_is_asked_for(scan: Path) -> None:
    order, registry = Order("a", scan, "0" * 64, TONE), Registry.default()
    keys = {
        key_for(replace(order, trim=trim), registry)
        for trim in (Trim(), Trim(crop="auto"), Trim(straighten=1.0), Trim(frame="cut"))
    }
    assert len(keys) == 4


def test_the_command_cuts_and_says_so(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    ran = photochrom("restore", scan, "--crop", "auto", "--steps", "tone", "-o", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "print.tif: cut by" in ran.err and "its colored surround" in ran.err
    record = Record.open(tmp_path / "out/print.record.json")
    assert record.trim["asked"] == {"crop": "auto", "straighten": None, "frame": "keep"}
    again = photochrom("restore", scan, "--crop", "auto", "--steps", "tone", "-o", tmp_path / "out")
    assert again.code == 0 and "(kept)" in again.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--crop", "10,10,300,200"], "shares, not pixels"),
        (["--straighten", "level"], "'level' is no angle"),
        (["--frame", "gone"], "'keep', 'cut'"),
        (["--crop", "0,0,1,0,1,1,0,1", "--straighten", "2"], "leave straightening out"),
    ],
)
def test_what_cannot_be_asked_is_told(
    photochrom: Run, scan: Path, words: list[str], said: str
) -> None:
    ran = photochrom("restore", scan, *words)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())


def test_a_part_is_of_one_photograph(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    (tmp_path / "other.tif").write_bytes(scan.read_bytes())
    ran = photochrom("restore", tmp_path, "--crop", "0,0,0.5,0.5")
    assert ran.code == 2
    assert "a crop is a part of one picture" in ran.err
