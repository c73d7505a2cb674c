"""Films on a Ray cluster of several nodes: what dies in the middle changes no byte."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

import cluster_kit
from photochrom.engine import Event
from photochrom.places import Url
from photochrom.production import build, preview
from test_cluster_batches import _workers
from test_production_build import outputs, write


@pytest.mark.slow
def test_workers_are_killed_and_the_film_is_the_same(cluster: Any, tmp_path: Path) -> None:
    """One while pictures are restored, one while the film is made."""
    killed: dict[str, int] = {}

    def kill(event: Event) -> None:
        wanted = event.stage in ("pictures", "film") and event.stage not in killed
        if wanted and (workers := _workers()):
            killed[event.stage] = workers[-1]
            os.kill(workers[-1], signal.SIGKILL)

    far, near = write(_folder(tmp_path / "far")), write(_folder(tmp_path / "near"))
    result = build(far, engine="ray", progress=kill)
    assert killed.keys() == {"pictures", "film"}
    assert result.failed == ()
    build(near, jobs=1)
    assert outputs(far) == outputs(near)
    assert build(far, engine="ray").nothing_to_do


@pytest.mark.slow
def test_a_node_goes_and_the_film_is_the_same(cluster: Any, tmp_path: Path) -> None:
    """With whatever it has in hand of the film."""
    lost = cluster.add_node(**cluster_kit.node())
    gone: list[str] = []

    def remove(event: Event) -> None:
        if not gone and event.stage == "film" and lost.node_id[:6] in event.place:
            gone.append(event.place)
            cluster.remove_node(lost, allow_graceful=False)

    far, near = write(_folder(tmp_path / "far")), write(_folder(tmp_path / "near"))
    result = build(far, engine="ray", progress=remove)
    assert gone and result.failed == ()
    build(near, jobs=1)
    assert outputs(far) == outputs(near)


def test_a_film_goes_through_a_bucket(cluster: Any, bucket: Url, tmp_path: Path) -> None:
    """Nodes share nothing with this machine but the bucket."""
    production = write(_folder(tmp_path / "far"), "a")
    text = production.read_text()
    assert "[output]" not in text
    production.write_text(f'{text}\n[output]\ncache = "{bucket}cache/"\n')
    result = build(production, engine="ray")
    assert result.failed == () and result.film is not None
    near = write(_folder(tmp_path / "near"), "a")
    build(near, jobs=1)
    assert outputs(production) == outputs(near)
    assert preview(production, engine="ray").path.is_file()


def _folder(folder: Path) -> Path:
    folder.mkdir()
    return folder
