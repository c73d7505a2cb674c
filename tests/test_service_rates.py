"""Requests of a minute: granted to each, and told when to come again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.service.core.rates import Rates
from service_kit import service_in


def test_more_than_granted_is_told_when_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_007.0)  # No minute ends meanwhile.
    with service_in(tmp_path, requests_a_minute=3) as service:
        client = service.client_of(service.account("ada"))
        answers = [client.get("/v1/user") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        left = [one.headers["ratelimit"].split(";")[1] for one in answers]
        assert left == ["r=2", "r=1", "r=0", "r=0"]
        assert answers[0].headers["ratelimit-policy"] == '"minute";q=3;w=60'
        assert answers[3].headers["retry-after"] == "54"
        assert answers[3].json()["code"] == "too_many"
        other = service.client_of(service.account("bob"))
        assert other.get("/v1/user").status_code == 200


@settings(max_examples=60)
@given(limit=st.integers(1, 50), hits=st.lists(st.integers(0, 5_000), min_size=1, max_size=80))
def test_who_waits_as_told_is_granted(limit: int, hits: list[int]) -> None:
    clock = 1_800_000_000.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: clock)
        rates = Rates(limit)
        for pause in hits:
            clock += pause / 1000
            grant = rates.hit("ada")
            if not grant.granted:
                assert grant.retry_after > 0 and grant.remaining == 0
                clock += grant.retry_after
                assert rates.hit("ada").granted


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = 1_800_000_000.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: clock)
        rates = Rates(2)
        while rates.hit("ada").granted:
            pass
        clock -= 86_400
        assert rates.hit("ada").granted
