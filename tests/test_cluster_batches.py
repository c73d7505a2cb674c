"""Batches on a Ray cluster of several nodes, from bucket to bucket; what dies changes nothing."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import cluster_kit
from conftest import Ran
from photochrom.batch import Result, Settings, plan, run, store_for
from photochrom.engine import PAUSED, RESUMED, Control, Event
from photochrom.errors import StoppedError
from photochrom.places import Url, listed, put, read
from photochrom.recipe import Recipe

Run = Callable[..., Ran]
SETTINGS = Settings(Recipe.preset("faithful").only(["tone", "repair"]))
SCANS = 10


@pytest.fixture
def scans(bucket: Url, gray_scene: NDArray[np.uint8]) -> Url:
    """A folder of a bucket with scans in it, each another."""
    for number in range(SCANS):
        said = io.BytesIO()
        Image.fromarray(np.roll(gray_scene, number, axis=1)).save(said, "JPEG", quality=90)
        put(said.getvalue(), bucket / f"in/{number}.jpg")
    return bucket / "in/"


def restored(scans: Url, out: Url, engine: str, seen: Callable[[Event], None]) -> list[Result]:
    planned = plan([scans], out)
    store = store_for(planned, engine)
    with closing(
        run(planned, SETTINGS, engine=engine, store=store, workers=None, progress=seen)
    ) as results:
        return list(results)


def contents(out: Url) -> dict[str, bytes]:
    found = (one.url for one in listed(out) if "/.photochrom/" not in str(one.url))
    return {str(url.relative_to(out)): read(url) for url in found}


def undisturbed(scans: Url, out: Url) -> dict[str, bytes]:
    results = restored(scans, out, "local", lambda event: None)
    assert [one.error for one in results] == [None] * SCANS
    return contents(out)


def test_a_worker_is_killed_and_the_bytes_are_the_same(
    cluster: Any, bucket: Url, scans: Url
) -> None:
    killed: list[int] = []

    def kill(event: Event) -> None:
        """The first worker that says something has said its last."""
        if not killed and (workers := _workers()):
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    results = restored(scans, bucket / "cluster/", "ray", kill)
    assert killed and [one.error for one in results] == [None] * SCANS
    assert contents(bucket / "cluster/") == undisturbed(scans, bucket / "local/")
    again = restored(scans, bucket / "cluster/", "ray", lambda event: None)
    assert [one.outcome for one in again] == ["kept"] * SCANS


def test_a_batch_is_paused_and_ended_and_the_bytes_are_the_same(
    cluster: Any, bucket: Url, scans: Url
) -> None:
    control, said = Control(), []

    def tell(event: Event) -> None:
        said.append(event.message)
        if event.message == PAUSED:
            control.resume()
        elif event.message == "made" and PAUSED not in said:
            control.pause()
        elif said.count("made") == 6:
            control.end()

    planned = plan([scans], bucket / "cluster/")
    store = store_for(planned, "ray")
    results = run(
        planned, SETTINGS, engine="ray", store=store, workers=None, progress=tell, control=control
    )
    with pytest.raises(StoppedError):
        list(results)
    assert PAUSED in said and RESUMED in said
    again = restored(scans, bucket / "cluster/", "ray", lambda event: None)
    assert {one.outcome for one in again} == {"made", "kept"}
    assert contents(bucket / "cluster/") == undisturbed(scans, bucket / "local/")


def _workers() -> list[int]:
    """Processes of our actors."""
    import psutil

    named = ((one.pid, one.info["cmdline"] or [""]) for one in psutil.process_iter(["cmdline"]))
    return [pid for pid, words in named if "ray::Actor" in words[0]]


@pytest.mark.slow
def test_a_node_goes_and_the_bytes_are_the_same(cluster: Any, bucket: Url, scans: Url) -> None:
    lost = cluster.add_node(**cluster_kit.node())
    gone: list[Any] = []

    def remove(event: Event) -> None:
        if not gone and lost.node_id[:6] in event.place:
            gone.append(lost)
            cluster.remove_node(lost, allow_graceful=False)

    results = restored(scans, bucket / "cluster/", "ray", remove)
    assert [one.error for one in results] == [None] * SCANS
    assert contents(bucket / "cluster/") == undisturbed(scans, bucket / "local/")


@pytest.mark.slow
def test_two_drivers_at_once_make_each_result_once_or_throw_it_away(
    cluster: Any, bucket: Url, scans: Url
) -> None:
    """One on the cluster and one on this machine, at the same scans, in turns."""
    out = bucket / "both/"
    planned = plan([scans], out)
    first = run(planned, SETTINGS, engine="ray", store=store_for(planned, "ray"), workers=None)
    second = run(planned, SETTINGS, store=store_for(planned, "ray"))
    results: list[Result] = []
    running: list[Iterator[Result]] = [first, second]
    while running:
        for one in list(running):
            result = next(one, None)
            if result is None:
                running.remove(one)
            else:
                results.append(result)
    assert [one.error for one in results] == [None] * (2 * SCANS)
    assert contents(out) == undisturbed(scans, bucket / "local/")


def test_the_command_line_says_who_made_what(
    cluster: Any, photochrom: Run, bucket: Url, scans: Url
) -> None:
    words = ("-o", bucket / "out", "--engine", "ray", "--steps", "tone", "--json")
    ran = photochrom("restore", scans, *words)
    assert ran.code == 0, ran.err
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert {line["outcome"] for line in lines} == {"made"}
    assert all(line["place"] in ran.err for line in lines)
    assert "restore: connecting to the cluster\n" in ran.err


def test_scans_of_this_machine_go_through_the_bucket(
    cluster: Any,
    photochrom: Run,
    bucket: Url,
    gray_scene: NDArray[np.uint8],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(bucket / "cache/"))
    (tmp_path / "in").mkdir()
    Image.fromarray(gray_scene).save(tmp_path / "in" / "a.png")
    words = ("--engine", "ray", "--steps", "tone", "--json")
    ran = photochrom("restore", tmp_path / "in", "-o", tmp_path / "out", *words)
    assert ran.code == 0, ran.err
    assert (tmp_path / "out" / "a.tif").is_file()
    kinds = [one.url.name for one in listed(bucket / "cache/results/") if one.url.name == "a.png"]
    assert kinds == ["a.png"]
