"""What networks run on: asked for in the environment, in the key, in the record, on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnxruntime
import pytest
from PIL import Image

import tiny_networks
from photochrom.engine import FolderStore, Serial, keys
from photochrom.errors import ModelError
from photochrom.files import sha256_of
from photochrom.nets import Provider, Registry
from photochrom.nets.provider import PROVIDER_VARIABLE, chosen, require
from photochrom.orders import Order, key_for, results_of, task_for
from photochrom.recipe import Recipe

BOTH = [Provider.CUDA.value, Provider.CPU.value]


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """Of a small scan, with one tiny network of the user's own."""
    scan = tmp_path / "scan.png"
    Image.linear_gradient("L").resize((64, 48)).save(scan)
    recipe = Recipe.preset("faithful").only(["tone", "color"])
    recipe = recipe.with_params("color", network="mine")
    return Order("portrait", scan, sha256_of(scan), recipe)


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(PROVIDER_VARIABLE, raising=False)
    tiny_networks.color(tmp_path / "models", name="mine")
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.mark.parametrize(
    ("said", "provider"),
    [
        (None, Provider.CPU),
        ("", Provider.CPU),
        ("cpu", Provider.CPU),
        ("cuda", Provider.CUDA),
        (" CUDA ", Provider.CUDA),
    ],
)
def test_the_environment_says_what_networks_run_on(
    said: str | None, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    if said is not None:
        monkeypatch.setenv(PROVIDER_VARIABLE, said)
    assert chosen() is provider
    assert Registry.default().provider is provider
    assert Registry([]).provider is provider


@pytest.mark.parametrize("said", ["gpu", "cuda:0", "CUDAExecutionProvider", "0"])
def test_what_is_none_is_told_in_one_line(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROVIDER_VARIABLE, said)
    with pytest.raises(ModelError) as caught:
        Registry.default()
    line = str(caught.value)
    assert line.startswith(PROVIDER_VARIABLE) and repr(said) in line and "cpu, cuda" in line


def test_the_key_is_another_and_only_then_a_gpu_is_needed(order: Order) -> None:
    cpu, cuda = (task_for(order, Registry.default(provider=one)) for one in Provider)
    assert cpu.key != cuda.key
    assert cpu.needs.gpu == 0 < cuda.needs.gpu <= 1
    assert replace(cpu.needs, gpu=cuda.needs.gpu) == cuda.needs
    assert key_for(order, Registry.default()) == cpu.key


def test_a_network_is_asked_of_one_provider_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for another gets another registry, with sessions of its own."""
    cpu, cuda = (Registry.default(provider=one) for one in Provider)
    assert cpu is not cuda
    assert Registry.default() is cpu
    monkeypatch.setenv(PROVIDER_VARIABLE, "cuda")
    assert Registry.default() is cuda


def test_the_record_says_what_networks_ran_on(order: Order, tmp_path: Path) -> None:
    task = task_for(order, Registry.default())
    (outcome,) = Serial(FolderStore(tmp_path / "store")).run("pictures", [task])
    assert outcome.folder is not None, outcome.failure
    record = json.loads(results_of(outcome.folder, order).record.read_text())
    assert record["runtime"]["provider"] == "CPUExecutionProvider"


def test_a_worker_runs_what_was_ordered_whatever_its_own_environment_says(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Provider] = []
    there = Registry.default

    def noted(**given: Any) -> Registry:
        asked.append(given["provider"])
        return there(threads=given["threads"], provider=Provider.CPU)

    task = task_for(order, there(provider=Provider.CUDA))
    monkeypatch.setattr(Registry, "default", noted)
    monkeypatch.setenv(PROVIDER_VARIABLE, "cpu")
    (outcome,) = Serial(FolderStore(tmp_path / "store")).run("pictures", [task])
    assert outcome.failure is None
    assert asked == [Provider.CUDA]


def test_without_cuda_one_line_says_what_to_install(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: BOTH[1:])
    with pytest.raises(ModelError, match=r"has no CUDA; .*onnxruntime-gpu"):
        require(Provider.CUDA)
    task = task_for(order, Registry.default(provider=Provider.CUDA))
    (outcome,) = Serial(FolderStore(tmp_path / "store")).run("pictures", [task])
    assert outcome.failure is not None and outcome.failure.trace is None
    assert "onnxruntime-gpu" in outcome.failure.message and "\n" not in outcome.failure.message
    assert not list((tmp_path / "store").rglob("*.tif"))


def test_with_cuda_it_is_asked_for_before_the_processor(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the runtime is told, by a session that notes it and then runs on the processor."""
    told: list[Any] = []
    true_session = onnxruntime.InferenceSession

    class Noting(true_session):  # type: ignore[misc, valid-type]
        def __init__(self, content: bytes, options: Any, *, providers: list[Any], **more: Any):
            told.append((providers, more))
            super().__init__(content, options, providers=BOTH[1:])

        def get_providers(self) -> list[str]:
            return BOTH

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: BOTH)
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: print("noise"), raising=False)
    monkeypatch.setattr(onnxruntime, "set_default_logger_severity", lambda level: None)
    monkeypatch.setattr(onnxruntime, "InferenceSession", Noting)
    Registry([models], provider=Provider.CUDA).network("color")
    ((first, last), more), *others = told
    assert first[0] == BOTH[0] and last == BOTH[1] and not others
    assert first[1]["use_tf32"] == "0" and more == {"enable_fallback": 0}


def test_cuda_that_is_installed_and_does_not_start_is_told(
    models: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The runtime then goes on with the processor, and would say nothing."""
    true_session = onnxruntime.InferenceSession

    def without_driver(content: bytes, options: Any, **given: Any) -> Any:
        return true_session(content, options, providers=BOTH[1:])

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: BOTH)
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: print("noise"), raising=False)
    monkeypatch.setattr(onnxruntime, "set_default_logger_severity", lambda level: None)
    monkeypatch.setattr(onnxruntime, "InferenceSession", without_driver)
    with pytest.raises(ModelError, match=r"CUDA does not start .*nvidia-smi"):
        Registry([models], provider=Provider.CUDA).network("color")
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("installed", "counts"),
    [
        ({"onnxruntime": "1.32.0"}, "1.32.0"),
        ({"onnxruntime-gpu": "1.31.1"}, "1.31.1"),
        ({"onnxruntime": "1.32.0", "onnxruntime-gpu": "1.32.0"}, "1.32.0"),
        ({"onnxruntime": "1.32.0", "onnxruntime-gpu": "1.31.1"}, "1.32.0 or 1.31.1"),
        ({}, None),
    ],
)
def test_the_runtime_counts_under_the_name_that_it_was_installed_by(
    installed: dict[str, str], counts: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if name not in installed:
            raise keys.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(keys, "version", version)
    keys._version.cache_clear()
    try:
        assert keys.versions()["onnxruntime"] == counts
    finally:
        keys._version.cache_clear()
