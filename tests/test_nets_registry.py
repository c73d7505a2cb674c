"""Cards, the registry and running networks."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from onnx import helper

import tiny_networks
from photochrom.errors import ModelError
from photochrom.nets import Card, Registry
from photochrom.nets.card import upgrade
from photochrom.nets.registry import MODELS_VARIABLE, user_folders


def test_a_card_is_read_whole(tmp_path: Path) -> None:
    path = tiny_networks.clarity(tmp_path, 2, limits="invents nothing", multiple=8)
    card = Card.from_toml(path.read_text(), path)
    assert (card.name, card.task, card.scale, card.multiple) == ("clarity-x2", "clarity", 2, 8)
    assert card.limits == ("invents nothing",) and card.authors == ("nobody",)
    assert card.range == (0, 1) and card.version == "1"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"schema": None}, "not a model card"),
        ({"schema": "photochrom.card/99"}, "update photochrom"),
        ({"sha256": "abc"}, "'sha256'"),
        ({"license": None}, "'license'"),
        ({"wings": 2}, "'wings'"),
        ({"scale": "two"}, "'scale'"),
        ({"file": "../../evil.onnx"}, "'file'"),
    ],
)
def test_a_wrong_card_is_told_in_one_line(
    tmp_path: Path, keys: dict[str, object], said: str
) -> None:
    path = tiny_networks.restore(tmp_path, **keys)
    with pytest.raises(ModelError) as caught:
        Card.from_toml(path.read_text(), path)
    line = str(caught.value)
    assert said in line and str(path) in line and "\n" not in line


@pytest.mark.parametrize(
    ("keys", "same"),
    [
        *(({key: value}, False) for key, value in {
            "sha256": "0" * 64, "scale": 4, "channels": 3, "range": [-1, 1], "multiple": 8,
            "tile": False, "tile_size": 96, "overlap": 9, "bytes_per_pixel": 7,
            "names": {"light": "x"},
        }.items()),
        *(({key: "other"}, True) for key in ("name", "version", "license", "description")),
    ],
)  # fmt: skip
def test_a_contract_is_what_decides_pictures(
    tmp_path: Path, keys: dict[str, object], same: bool
) -> None:
    path = tiny_networks.clarity(tmp_path, 2)
    card = Card.from_toml(path.read_text(), path)
    other = Card.model_validate(card.model_dump() | keys)
    assert (card.contract_digest == other.contract_digest) is same
    assert len(card.contract_digest) == 64


def test_broken_toml_names_its_line() -> None:
    with pytest.raises(ModelError, match=r"bad\.toml: not TOML: .*line 2"):
        Card.from_toml('schema = "photochrom.card/1"\nname = = 3', "bad.toml")


def test_old_cards_are_upgraded_step_by_step() -> None:
    upgrades = {
        1: lambda table: {"weight": table["mass"]},
        2: lambda table: {**table, "weight": table["weight"] * 10},
    }
    table = {"schema": "photochrom.card/1", "mass": 2}
    assert upgrade(table, "x", target=3, upgrades=upgrades) == {"weight": 20}
    assert table == {"schema": "photochrom.card/1", "mass": 2}


def test_networks_are_chosen_by_task_scale_and_name(tmp_path: Path) -> None:
    tiny_networks.clarity(tmp_path / "own", 2)
    tiny_networks.clarity(tmp_path / "own", 4)
    tiny_networks.clarity(tmp_path / "user", 2, name="better-x2", license="LicenseRef-mine")
    registry = Registry([tmp_path / "own", tmp_path / "user", tmp_path / "missing"])
    assert [card.name for card in registry.cards()] == ["clarity-x2", "clarity-x4", "better-x2"]
    assert registry.card("clarity", scale=2).name == "clarity-x2"
    assert registry.card("clarity", scale=4).name == "clarity-x4"
    assert registry.card("clarity", name="better-x2").license == "LicenseRef-mine"
    with pytest.raises(ModelError, match="no network for task 'clarity' at scale 3"):
        registry.card("clarity", scale=3)
    with pytest.raises(ModelError, match=r"there is: none.*that PHOTOCHROM_MODELS names"):
        registry.card("faces", name="blazeface")
    free = Registry([tmp_path / "own", tmp_path / "user"], licenses={"Apache-2.0"})
    with pytest.raises(ModelError, match="better-x2"):
        free.card("clarity", name="better-x2")


def test_a_broken_card_does_not_hide_the_others(tmp_path: Path) -> None:
    tiny_networks.clarity(tmp_path, 2)
    (tmp_path / "a-broken.toml").write_text("nonsense = ")
    tiny_networks.clarity(tmp_path / "twin", 2)
    registry = Registry([tmp_path, tmp_path / "twin"])
    assert [card.name for card in registry.cards()] == ["clarity-x2"]
    assert len(registry.problems) == 2
    assert "exists already" in str(registry.problems[1])


def test_a_network_is_loaded_once_and_its_digest_checked(tmp_path: Path) -> None:
    tiny_networks.clarity(tmp_path, 2)
    registry = Registry([tmp_path])
    assert registry.network("clarity") is registry.network("clarity", scale=2)
    registry.verify(registry.named("clarity-x2"))
    with (tmp_path / "clarity-x2.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        Registry([tmp_path]).network("clarity")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        registry.verify(registry.named("clarity-x2"))
    (tmp_path / "clarity-x2.onnx").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        Registry([tmp_path]).network("clarity")


def test_user_folders_follow_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_networks.clarity(tmp_path / "mine", 2, name="my-own-x2")
    separator = ";" if sys.platform == "win32" else ":"
    monkeypatch.setenv(MODELS_VARIABLE, f"{tmp_path / 'mine'}{separator}{tmp_path / 'none'}")
    assert user_folders() == (tmp_path / "mine", tmp_path / "none")
    registry = Registry.default()
    assert registry.card("clarity", name="my-own-x2").scale == 2
    assert registry is Registry.default()


@pytest.mark.skipif(sys.platform == "win32", reason="the home folder is not in $HOME")
@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("unix.Unix", ".local/share/photochrom/models"),
        ("macos.MacOS", "Library/Application Support/photochrom/models"),
    ],
)
def test_without_a_word_the_networks_lie_where_the_platform_keeps_data(
    system: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, _, name = system.partition(".")
    of_platform = getattr(importlib.import_module(f"platformdirs.{module}"), name)
    monkeypatch.setattr(platformdirs, "PlatformDirs", of_platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in (MODELS_VARIABLE, "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert user_folders() == (tmp_path / expected,)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if module == "unix":
        assert user_folders() == (tmp_path / "data/photochrom/models",)


def test_a_network_runs_the_same_on_any_number_of_threads(tmp_path: Path) -> None:
    tiny_networks.restore(tmp_path)
    light = np.random.default_rng(1).random((1, 1, 64, 48), np.float32)
    one = Registry([tmp_path], threads=1).network("restore").run({"gray": light})
    two = Registry([tmp_path], threads=2).network("restore").run({"gray": light})
    assert set(one) == {"mask", "clean"}
    assert one["clean"].tobytes() == two["clean"].tobytes()
    assert one["clean"][0, 0, 10, 10] == pytest.approx(light[0, 0, 8:13, 8:13].mean(), abs=1e-6)


def test_what_a_network_cannot_take_is_a_model_error(tmp_path: Path) -> None:
    tiny_networks.restore(tmp_path)
    network = Registry([tmp_path]).network("restore")
    with pytest.raises(ModelError, match="failed on"):
        network.run({"gray": np.zeros((1, 3, 32, 32), np.float32)})
    with pytest.raises(ModelError, match="no input 'wings'"):
        network.run({"gray": np.zeros((1, 1, 32, 32)), "wings": np.zeros(1)})
    with pytest.raises(ModelError, match="'gray' was not given"):
        network.run({})


def test_a_file_that_is_no_network_is_a_model_error(tmp_path: Path) -> None:
    import hashlib

    content = b"not a network"
    tiny_networks.clarity(tmp_path, 2, sha256=hashlib.sha256(content).hexdigest())
    (tmp_path / "clarity-x2.onnx").write_bytes(content)
    with pytest.raises(ModelError, match="not an ONNX network"):
        Registry([tmp_path]).network("clarity")


def test_a_network_for_colored_input_of_another_range_serves_gray(tmp_path: Path) -> None:
    """Like a well-known upscaler: three channels, 0..255, other names."""
    picture = [1, 3, "H", "W"]
    tiny_networks.write(
        tmp_path,
        "theirs",
        "clarity",
        [helper.make_node("Mul", ["data", "weights"], ["output"])],
        [tiny_networks.value("data", picture)],
        [tiny_networks.value("output", picture)],
        [
            tiny_networks.constant(
                "weights", np.array([0.5, 1, 1.5], np.float32).reshape(1, 3, 1, 1)
            )
        ],
        channels=3,
        range=[0, 255],
        names={"gray": "data", "clear": "output"},
    )
    network = Registry([tmp_path]).network("clarity")
    light = np.random.default_rng(2).random((1, 1, 8, 8), np.float32)
    clear = network.run({"gray": light})["clear"]
    assert clear.shape == light.shape
    np.testing.assert_allclose(clear, light, atol=1e-6)


def test_a_network_without_its_tasks_outputs_is_refused(tmp_path: Path) -> None:
    tiny_networks.restore(tmp_path, name="halfway", task="clarity")
    with pytest.raises(ModelError, match="no 'clear'"):
        Registry([tmp_path]).network("clarity")


def test_networks_that_are_replaced_are_read_again(tmp_path: Path) -> None:
    tiny_networks.restore(tmp_path, name="one")
    first = Registry.of([tmp_path], threads=1)
    assert Registry.of([tmp_path], threads=1) is first
    assert Registry.of([tmp_path], threads=2) is not first
    card = first.card("restore")
    # Another card, and another network beneath a card that stays.
    text = (tmp_path / "one.toml").read_text()
    (tmp_path / "two.toml").write_text(text.replace('"one"', '"two"'))
    assert [one.name for one in Registry.of([tmp_path], threads=1).cards()] == ["one", "two"]
    first.network("restore")
    with (tmp_path / card.file).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        Registry.of([tmp_path], threads=1).network("restore")
