"""The bench of the service: it drives a real one, counts what came of it, and finds no mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.service.client import Account
from bench.service.judging import jobs, trend
from bench.service.measuring import Load, loaded
from bench.service.report import draw, report
from bench.service.requests import Asked, latencies, statuses
from bench.service.scans import scan
from bench.service.serving import Sample

from photochrom.service.core.database import EVERYONE
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import State
from service_kit import service_in


def test_a_few_clients_for_some_seconds(tmp_path: Path) -> None:
    figures = loaded(Load(4, 2, 0.15, 0.05, 0.2, 300), lambda what, done: None)
    figures = json.loads(json.dumps(figures, allow_nan=False))
    nothing = dict.fromkeys(("server_errors", "too_many", "broken", "wrong", "log_errors"), 0)
    assert {name: figures[name] for name in nothing} == nothing, figures["said"]
    ends = figures["jobs"]
    assert (ends["lost"], ends["twice"], ends["deaths"], ends["items_failed"]) == (0, 0, 0, 0)
    assert ends["states"] == {"succeeded": ends["accepted"]}
    assert figures["results_damaged"] == 0
    assert 0 < figures["reads"]["count"] + figures["writes"]["count"] <= figures["requests"]
    text = report(figures)
    assert "| answers that are mistakes of the service (5xx) | none | 0 | yes |" in text
    assert "| accepted jobs that are lost | none | 0 | yes |" in text
    pytest.importorskip("matplotlib", reason="benches need the extra `bench`")
    draw(figures, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "service-latency.png",
        "service-memory.png",
    }


def test_what_is_lost_or_not_over_is_counted(tmp_path: Path) -> None:
    """A bench that could not find it would tell nothing."""
    with service_in(tmp_path) as service:
        organization = service.organization_of(service.account("ada"))
        with service.context.database.writing(EVERYONE) as session:
            rows = [
                Jobs(session).accept(organization, "restoration", f"re_{n}", "us_x")
                for n in range(4)
            ]
            ids = [row.id for row in rows]
            for id in ids[:3]:
                Jobs(session).cancel(id)
            Jobs(session).retry(ids[2])
            Jobs(session).cancel(ids[2])
    found = jobs(tmp_path, Account(jobs=[*ids, "jo_never"], photographs=["ph_never"]))
    # One waits still, and two were never there.
    assert (found["accepted"], found["lost"], found["twice"]) == (6, 3, 1)
    assert found["states"] == {str(State.CANCELLED): 3, str(State.QUEUED): 1}


def test_what_grows_is_seen() -> None:
    samples = [Sample(60.0 * n, 100 + 3.0 * n, 50, 9, 9, 9, 4, n) for n in range(30)]
    grows, stays = trend(samples, "api_mb"), trend(samples, "executors_mb")
    assert grows == {"first": 103.0, "last": 184.0, "most": 187.0, "slope_a_minute": 3.0}
    assert (stays["first"], stays["last"], stays["slope_a_minute"]) == (50, 50, 0)


def test_times_are_told_by_percentiles() -> None:
    asked = [Asked("GET", "jobs", 200, 0.0, n / 1000) for n in range(1, 101)]
    assert latencies(asked)["p50_ms"] == pytest.approx(50.5)
    assert latencies(asked)["p95_ms"] == pytest.approx(95.1, abs=0.1)
    assert statuses([*asked, Asked("POST", "jobs", 503, 0.0, 1)]) == {"200": 100, "503": 1}


def test_scans_are_others_for_each_and_the_same_again() -> None:
    assert len({scan(number)[1] for number in range(9)}) == 9
    assert scan(3) == scan(3)
