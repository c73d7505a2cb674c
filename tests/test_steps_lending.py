"""What is seen in one picture is found in another, and lends it its colors there and only there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import tiny_networks
from photochrom.colors.difference import ciede2000
from photochrom.colorspace import lab_from_srgb
from photochrom.emulsion import Emulsion
from photochrom.errors import ModelError, PhotographError
from photochrom.glancing import glance, reference
from photochrom.nets import Registry
from photochrom.nets.inner import exposing
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.restored import Restored
from photochrom.steps.answer import Answer, Features, Glance, Lender, Likely
from photochrom.steps.compose import compose
from photochrom.steps.glance import all_features_of, features_of, load, save
from photochrom.steps.lending import lent
from photochrom.steps.matching import paired
from photochrom.steps.plate import Pin
from scene_kit import elsewhere, gray, part, scene

RECIPE = Recipe(name="color", steps=("color",))
PAN, ORTHO = Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC


@cache
def registry() -> Registry:
    return Registry.default(threads=1)


def seen(photograph: Photograph) -> Features:
    return features_of(photograph.gray(), registry())


def shown(restored: Restored) -> NDArray[np.float32]:
    """L*a*b* of a picture."""
    rows = np.concatenate(list(compose(restored.plate)))
    return lab_from_srgb(rows.astype(np.float32) / np.float32(65535))


def test_a_part_is_found_where_it_is_on_another_emulsion_and_in_other_tones() -> None:
    whole, piece = seen(gray(scene())), seen(gray(part(scene()), ORTHO, 1.3))
    found = paired(piece, whole)
    assert found.weight.mean() > 0.6
    rows, columns = np.mgrid[: found.weight.shape[0], : found.weight.shape[1]] + 0.5
    sure = found.weight > 0.5
    assert np.abs(found.at[..., 0] - 0.1 - 0.8 * columns / piece.span[1])[sure].mean() < 0.02
    assert np.abs(found.at[..., 1] - 0.05 - 0.8 * rows / piece.span[0])[sure].mean() < 0.02


def test_a_mirrored_one_is_found_mirrored() -> None:
    whole, mirrored = seen(gray(scene())), seen(gray(scene()[:, ::-1].copy()))
    found = paired(mirrored, whole)
    sure = found.weight > 0.5
    assert sure.mean() > 0.3
    columns = np.mgrid[: sure.shape[0], : sure.shape[1]][1] + 0.5
    assert np.abs(found.at[..., 0] - (1 - columns / mirrored.span[1]))[sure].mean() < 0.03


def test_nothing_is_found_in_a_picture_of_something_else() -> None:
    assert not paired(seen(gray(scene())), seen(gray(elsewhere()))).weight.any()
    assert not paired(seen(gray(elsewhere())), seen(gray(scene()))).weight.any()


def test_pictures_too_small_for_any_neighborhood_are_no_trouble() -> None:
    tiny = seen(gray(part(scene(), share=0.02)))
    assert np.isfinite(paired(tiny, tiny).at).all()
    one = Features(np.ones((4, 1, 1), np.float32), (1.0, 1.0))
    assert not paired(one, one).weight.any()


def answer_of(shape: tuple[int, int], ab: tuple[float, float], certainty: float) -> Answer:
    palette = np.array([[60, 40], [10, -50], [0, 0]], np.float32)
    shares = np.zeros((3, *shape), np.float32)
    shares[int(np.abs(palette - ab).sum(axis=1).argmin())] = 1
    sure = np.full(shape, certainty, np.float32)
    return Answer(
        np.full((*shape, 2), ab, np.float32), sure, np.zeros(shape), Likely(shares, palette)
    )


def test_the_surest_decides_and_both_move_to_one_idea() -> None:
    features = seen(gray(scene()))
    red, blue = answer_of((60, 80), (60, 40), 0.8), answer_of((60, 80), (10, -50), 0.4)
    of_blue = lent(blue, features, [Lender("a", Glance((features,), red, ""))])
    of_red = lent(red, features, [Lender("b", Glance((features,), blue, ""))])
    for found in (of_blue, of_red):
        assert found.answer.likely is not None
        assert found.answer.likely.shares[0][10:50, 10:70].mean() > 0.9
        assert np.allclose(found.answer.likely.shares.sum(axis=0), 1, atol=1e-4)
    apart = np.abs(of_blue.answer.ab - of_red.answer.ab)[10:50, 10:70]
    assert np.median(apart) < 2
    # What comes from elsewhere is told: nearly all in one, nearly nothing in the other.
    assert np.median(of_blue.agreed) > 0.9 and np.median(of_red.agreed) < 0.1


def test_a_scene_comes_out_in_one_palette() -> None:
    scans = [(gray(scene()), PAN), (gray(part(scene()), ORTHO, 1.4), ORTHO)]
    glances = [glance(one, RECIPE, emulsion=of, registry=registry()) for one, of in scans]
    apart = []
    for lenders in ([], [Lender(str(number), one) for number, one in enumerate(glances)]):
        whole, piece = (
            shown(
                restore(
                    one,
                    RECIPE,
                    emulsion=of,
                    lenders=[other for other in lenders if other.name != str(number)],
                    registry=registry(),
                )
            )
            for number, (one, of) in enumerate(scans)
        )
        same = part(whole.astype(np.float32))
        same[..., 0] = piece[..., 0]
        apart.append(ciede2000(same, piece).mean())
    assert apart[1] < 0.6 * apart[0]


def test_a_reference_lends_its_colors_and_is_told_of(tmp_path: Path) -> None:
    scan = gray(part(scene()), ORTHO)
    true = lab_from_srgb(part(scene()).astype(np.float32) / np.float32(255))
    poster = reference(
        Photograph.from_array(scene()), "poster.jpg", source="archive", sure="reported"
    )
    free, told = (restore(scan, RECIPE, emulsion=ORTHO, lenders=one) for one in ((), (poster,)))
    error = [
        ciede2000(np.dstack([true[..., :1], shown(one)[..., 1:]]), true).mean()
        for one in (free, told)
    ]
    assert error[1] < error[0] / 2
    record = told.record
    assert record.lent[0]["source"] == "archive"
    notes = record.steps[0].notes
    assert notes["lent"][0]["share"] > 0.5
    assert notes["known"]["reported"] > 0.5 and "agreed" not in notes["known"]
    assert sum(notes["known"].values()) == pytest.approx(1, abs=0.001)
    assert "taken from a reference: archive (reported)" in record.statement()
    assert record.from_json(record.to_json()).references == record.references


@pytest.mark.parametrize("seed", [1, 2])
def test_a_reference_of_something_else_changes_nothing_and_is_told_of(seed: int) -> None:
    scan = gray(scene())
    # Of the second some is taken for found, but nothing of the scan in it.
    other = reference(Photograph.from_array(elsewhere(seed)), "other.jpg")
    free, told = (restore(scan, RECIPE, emulsion=PAN, lenders=one) for one in ((), (other,)))
    assert np.array_equal(shown(free), shown(told))
    assert "the reference other.jpg lends it no color" in told.record.notices[-1]
    assert "reference" not in told.record.statement()


def test_a_pin_is_never_moved_and_goes_to_the_others() -> None:
    scan, pin = gray(scene()), Pin((0.5, 0.1), "#2e6b3a", "inventory 12")
    told = {}
    for lenders in ((), (reference(Photograph.from_array(scene()), "poster"),)):
        restored = restore(scan, RECIPE, emulsion=PAN, pins=[pin], lenders=lenders)
        (told[bool(lenders)],) = restored.record.steps[0].notes["pinned"]
    assert told[True]["honored"] and told[True]["share"] == told[False]["share"]
    pinned = glance(scan, RECIPE, emulsion=PAN, pins=[pin], registry=registry())
    other = restore(gray(scene(), ORTHO), RECIPE, emulsion=ORTHO, lenders=[Lender("a", pinned)])
    wanted = lab_from_srgb(np.array(pin.color, np.float32) / 255)
    found = shown(other)[24, 160]
    assert ciede2000([50, *found[1:]], [50, *wanted[1:]]) < 12


def test_references_are_the_same_in_every_variant() -> None:
    poster = reference(Photograph.from_array(scene()), "poster")
    restored = restore(gray(scene()), RECIPE, emulsion=PAN, lenders=[poster], variants=4)
    chroma = restored.plate.chroma
    assert chroma is not None
    for other in restored.plate.others:
        apart = np.abs(other.chroma.ab - chroma.ab).max(axis=-1)
        assert np.median(apart) < 1


def test_what_is_in_color_lends_nothing_unasked_and_gray_is_no_reference() -> None:
    found = glance(Photograph.from_array(scene()), RECIPE, registry=registry())
    assert found.features == () and found.answer is None
    with pytest.raises(PhotographError, match="is a reference without colors"):
        reference(gray(scene()), "x.jpg")


def test_a_glance_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = glance(gray(scene()), RECIPE, registry=registry())
    save(found, tmp_path / "a.npz")
    save(found, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    read = load(tmp_path / "a.npz")
    assert read.sha256 == found.sha256 and len(read.features) == 3
    assert read.answer is not None and found.answer is not None
    assert read.answer.likely is not None and found.answer.likely is not None
    assert np.abs(read.answer.ab - found.answer.ab).max() < 0.1
    assert np.abs(read.answer.likely.shares - found.answer.likely.shares).max() < 0.02
    save(Glance((), None, "x"), tmp_path / "a.npz")
    assert load(tmp_path / "a.npz") == Glance((), None, "x")
    (tmp_path / "a.npz").write_bytes(b"no glance")
    with pytest.raises(PhotographError, match="is no glance"):
        load(tmp_path / "a.npz")


def test_looking_inside_changes_nothing_that_the_network_says(tmp_path: Path) -> None:
    network = registry().network("color")
    light = gray(scene()).gray()[:224, :320]
    told = {
        "gray": light[None, None],
        "hints": np.zeros((1, 3, 224, 320), np.float32),
        "emulsion": np.array([[0, 0, 1, 0]], np.float32),
        "temperature": np.ones(1, np.float32),
    }
    before = network.run(told)
    assert network.look_inside("features", told).shape[2:] == (14, 20)
    after = network.run(told)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    tiny_networks.color(tmp_path)
    with pytest.raises(ModelError, match="does not tell where its features are"):
        all_features_of(light, Registry([tmp_path]))
    tiny_networks.color(tmp_path, inner={"features": "nowhere"})
    with pytest.raises(ModelError, match="not an ONNX network that can run here"):
        all_features_of(light, Registry([tmp_path]))
    tiny_networks.color(tmp_path, inner={"features": "small"})
    assert len(all_features_of(light, Registry([tmp_path]))) == 3


def test_long_names_are_written_as_protocol_buffers_write_them() -> None:
    assert exposing(b"", "a" * 200)[:3] == b"\x3a\xd4\x01"
