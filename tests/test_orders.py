"""Orders: their keys hold all that results depend on, and their work gives just that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import tiny_networks
from metadata_kit import described, xmp
from photochrom.emulsion import Emulsion
from photochrom.engine import FolderStore, GoneError, Serial, keys
from photochrom.files import sha256_of
from photochrom.nets import Registry
from photochrom.orders import Order, key_for, label_for, results_of, task_for
from photochrom.photograph import Known, Photograph
from photochrom.recipe import Recipe
from photochrom.steps.plate import Pin


@pytest.fixture
def order(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Order:
    scan = tmp_path / "scan.png"
    Image.fromarray(gray_scene).save(scan)
    recipe = Recipe.preset("faithful").only(["tone", "grain"])
    return Order("portrait", scan, sha256_of(scan), recipe, formats=("tiff", "jpeg"))


CHANGES: dict[str, Callable[[Order], Order]] = {
    "name": lambda order: replace(order, name="other"),
    "the scan's name": lambda order: replace(order, scan=order.scan.with_name("1931.png")),
    "digest": lambda order: replace(order, sha256="0" * 64),
    "recipe": lambda order: replace(order, recipe=order.recipe.only(["tone"])),
    "emulsion": lambda order: replace(order, emulsion=Emulsion.PANCHROMATIC),
    "year": lambda order: replace(order, year=1931),
    "pins": lambda order: replace(order, pins=(Pin((0.5, 0.5), "#2e6b3a", "inventory"),)),
    "formats": lambda order: replace(order, formats=("jpeg", "tiff")),
    "quality": lambda order: replace(order, quality=80),
    "gray": lambda order: replace(order, gray=True),
    "sidecar": lambda order: replace(order, sidecar="0" * 64),
    "strip": lambda order: replace(order, strip=("location",)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_a_result_changes_its_key(order: Order, what: str) -> None:
    registry = Registry.default()
    assert key_for(order, registry) != key_for(CHANGES[what](order), registry)


def test_what_does_not_change_a_result_does_not_change_its_key(order: Order) -> None:
    registry = Registry.default()
    elsewhere = replace(order, threads=7, scan=Path("/elsewhere") / order.scan.name)
    elsewhere = replace(elsewhere, known=Known(caption="Harbor"))
    assert key_for(order, registry) == key_for(elsewhere, registry)


def test_another_runtime_is_another_key(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_for(order, Registry.default())
    monkeypatch.setattr(keys, "_version", lambda name: "99")
    assert key_for(order, Registry.default()) != before


def test_an_order_gives_its_files_and_its_record_names_it(order: Order, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    task = task_for(order, Registry.default())
    (outcome,) = Serial(store).run("pictures", [task])
    assert outcome.folder is not None, outcome.failure
    pictures = results_of(outcome.folder, order)
    names = ["portrait.tif", "portrait.jpg", "portrait.record.json"]
    assert [path.name for path in pictures.published] == names
    assert json.loads(pictures.record.read_text())["order"] == task.key


def test_a_scan_that_was_changed_meanwhile_is_told(order: Order, tmp_path: Path) -> None:
    task = task_for(order, Registry.default())
    Image.new("L", (64, 64), 90).save(order.scan)
    (outcome,) = Serial(FolderStore(tmp_path / "store")).run("pictures", [task])
    assert outcome.failure is not None and "was changed" in outcome.failure.message


def test_needs_grow_with_the_pixels_of_the_result(tmp_path: Path) -> None:
    def memory(size: tuple[int, int], recipe: Recipe) -> int:
        scan = tmp_path / "scan.png"
        Image.new("L", size).save(scan)
        return task_for(Order("x", scan, "0" * 64, recipe), Registry.default()).needs.memory

    plain = Recipe.preset("faithful")
    small, large = memory((100, 100), plain), memory((2000, 1000), plain)
    doubled = memory((1000, 500), plain.with_scale(2))
    assert small < large == doubled


@pytest.mark.parametrize(
    ("color", "rgb"), [("#2e6b3a", (46, 107, 58)), ((46, 107, 58), (46, 107, 58))]
)
def test_a_pin_takes_a_color_as_files_write_it(color: Any, rgb: tuple[int, int, int]) -> None:
    assert Pin((0.5, 0.5), color, "inventory").color == rgb
    assert replace(Pin((0.5, 0.5), color, "inventory"), strength=0.5).color == rgb


@pytest.mark.parametrize("color", ["gren", "#2e6b3", "#2e6b3g", (256, 0, 0), (1, 2)])
def test_a_color_that_is_none_is_told(color: Any) -> None:
    with pytest.raises(ValueError, match="no color"):
        Pin((0.5, 0.5), color, "inventory")


def test_a_sidecar_is_an_input_and_none_that_was_changed_is_taken(
    order: Order, tmp_path: Path
) -> None:
    sidecar = order.scan.with_suffix(".xmp")
    sidecar.write_bytes(xmp(described("Harbor")))
    order = replace(order, sidecar=sha256_of(sidecar))
    task = task_for(order, Registry.default())
    assert [one.path for one in task.inputs.values()] == [order.scan, sidecar]
    (outcome,) = Serial(FolderStore(tmp_path / "store")).run("pictures", [task])
    assert outcome.folder is not None, outcome.failure
    pictures = results_of(outcome.folder, order)
    assert {Photograph.probe(one).caption for one in pictures.published[:2]} == {"Harbor"}
    assert json.loads(pictures.record.read_text())["original"]["sidecar"] == order.sidecar
    for change in (lambda: sidecar.write_bytes(xmp(described("Shed"))), sidecar.unlink):
        change()
        (outcome,) = Serial(FolderStore(tmp_path / "other")).run("pictures", [task])
        assert outcome.failure is not None and "was changed" in outcome.failure.message


def test_what_is_known_is_written_into_copies(order: Order, tmp_path: Path) -> None:
    engine = Serial(FolderStore(tmp_path / "store"))
    task = task_for(order, Registry.default())
    (restored,) = engine.run("pictures", [task])
    assert restored.folder is not None, restored.failure
    assert label_for(order, restored.folder, task.key) is None
    keys_of = set()
    for caption in ("Harbor", "Shed"):
        known = replace(order, known=Known(caption=caption))
        label = label_for(known, restored.folder, task.key)
        assert label is not None
        keys_of.add(label.key)
        (outcome,) = engine.run("labels", [label])
        assert outcome.folder is not None, outcome.failure
        *pictures, record = results_of(outcome.folder, known).published
        said = json.loads(record.read_text())
        assert said["order"] == label.key
        assert [one["sha256"] for one in said["derivatives"]] == [sha256_of(p) for p in pictures]
        assert {Photograph.probe(one).caption for one in pictures} == {caption}
        plain = results_of(restored.folder, order).color
        np.testing.assert_array_equal(
            Photograph.open(plain).pixels, Photograph.open(pictures[0]).pixels
        )
    assert len(keys_of) == 2


def test_another_contract_of_a_network_is_another_key(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_networks.color(tmp_path / "models", name="mine")
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    recipe = Recipe.preset("faithful").only(["color"]).with_params("color", network="mine")
    before = key_for(replace(order, recipe=recipe), Registry.default())
    card = tmp_path / "models" / "mine.toml"
    text = card.read_text()
    card.write_text(re.sub(r"multiple = \d+", "multiple = 64", text))
    assert key_for(replace(order, recipe=recipe), Registry.default()) != before


@pytest.mark.parametrize("replaced", [False, True])
def test_a_picture_that_goes_while_it_is_looked_at_has_not_lost_its_gray_one(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    """Else a film would show the colored picture where it is to show the gray one."""
    store, key = FolderStore(tmp_path / "store"), "0" * 64

    def put() -> None:
        with store.writing(key) as folder:
            for name in ("portrait.tif", ".gray.tif", "portrait.record.json"):
                (folder / name).touch()

    exists = Path.exists

    def meanwhile(path: Path, **options: bool) -> bool:
        if path.is_relative_to(store.path(key)):
            store.forget(key)
            there = exists(path, **options)
            if replaced:
                put()
            return there
        return exists(path, **options)

    put()
    assert results_of(store.path(key), order).gray.name == ".gray.tif"
    monkeypatch.setattr(Path, "exists", meanwhile)
    with pytest.raises(GoneError):
        results_of(store.path(key), order)
