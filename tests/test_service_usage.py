"""Usage, and what there is to choose: counted once, told by day and month, each to its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from photochrom.emulsion import Emulsion
from photochrom.nets import Registry
from photochrom.recipe import Recipe
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import new_id
from photochrom.service.photographs.tables import Photograph
from photochrom.service.productions.tables import Production
from photochrom.service.quotas.counted import Counted
from photochrom.service.results.tables import Result, ResultKind
from photochrom.service.usage.repository import Usage
from photochrom.service.usage.tables import Did, Used
from service_kit import Service, service_in


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path, quota_photographs=100, database=database_url) as service:
        yield service


def test_counted_once_and_summed_up_for_its_own(service: Service) -> None:
    ada, eve = (service.account(name) for name in ("ada", "eve"))
    owner, stranger = service.client_of(ada), service.client_of(eve)
    own, other = service.organization_of(ada), service.organization_of(eve)
    for _ in range(2):  # A step that is run twice.
        with service.context.database.writing(own) as session:
            usage = Usage(session)
            usage.count(own, Did.RESTORED, "rs_a", "ph_a")
            usage.count(own, Did.RESTORED, "rs_a", "ph_b")
            usage.count(own, Did.RESTORED, "rs_b", "ph_a")
            usage.count(own, Did.FILMED, "fi_a", amount=62.5)
    with service.context.database.writing(other) as session:
        Usage(session).count(other, Did.RESTORED, "rs_c", "ph_c")
    with service.context.database.writing(EVERYONE) as session:
        for row in session.query(Used).filter(Used.owner == "rs_b"):
            row.day = (now() - timedelta(days=20)).date().isoformat()
    found = owner.get("/v1/usage").json()
    today, before = now().date(), (now() - timedelta(days=20)).date()
    assert found["periods"] == [
        {"period": before.isoformat(), "photographs_restored": 1, "film_seconds": 0.0},
        {"period": today.isoformat(), "photographs_restored": 2, "film_seconds": 62.5},
    ]
    months = owner.get("/v1/usage", params={"by": "month"}).json()["periods"]
    assert sum(one["photographs_restored"] for one in months) == 3
    assert {one["period"] for one in months} == {f"{today:%Y-%m}", f"{before:%Y-%m}"}
    asked = {"first": before.isoformat(), "last": before.isoformat()}
    assert len(owner.get("/v1/usage", params=asked).json()["periods"]) == 1
    assert stranger.get("/v1/usage").json()["periods"][0]["photographs_restored"] == 1


def test_what_is_undone_does_not_count(service: Service) -> None:
    ada = service.account("ada")
    owner, own = service.client_of(ada), service.organization_of(ada)
    with pytest.raises(RuntimeError), service.context.database.writing(own) as session:
        Usage(session).count(own, Did.RESTORED, "rs_a", "ph_a")
        raise RuntimeError("the disk is full")
    assert owner.get("/v1/usage").json()["periods"] == []


def test_what_is_stored_now_and_what_may_be(service: Service) -> None:
    ada = service.account("ada")
    owner, own = service.client_of(ada), service.organization_of(ada)
    stranger = service.client_of(service.account("eve"))
    with service.context.database.writing(own) as session:
        for size in (1000, 3_000_000_000):
            session.add(
                Photograph(
                    organization_id=own,
                    by="us_x",
                    filename="a",
                    name="a",
                    bytes=size,
                    sha256="0" * 64,
                    found={},
                    people=[],
                )
            )
        session.add(
            Result(
                organization_id=own,
                of="rs_x",
                kind=ResultKind.PICTURE,
                name="a.tif",
                media_type="image/tiff",
                size=5,
                sha256="0" * 64,
                blob="x",
            )
        )
    found = owner.get("/v1/usage").json()
    assert found["now"] == {
        "photographs": 2,
        "bytes": 3_000_001_000,
        "file_bytes": 0,
        "results": 1,
        "result_bytes": 5,
    }
    assert found["quotas"] == {"photographs": 100, "bytes": None}
    assert set(stranger.get("/v1/usage").json()["now"].values()) == {0}


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-05-17", "last": "2026-05-16"},
        {"first": "1990-01-01", "last": "2026-05-16"},
        {"last": "0001-01-01", "first": "9999-12-31"},
        {"by": "year"},
        {"first": "yesterday"},
    ],
)
def test_no_such_time(tmp_path: Path, asked: dict[str, str]) -> None:
    with service_in(tmp_path) as service:
        owner = service.client_of(service.account("ada"))
        assert owner.get("/v1/usage", params=asked).status_code == 422
        assert owner.get("/v1/usage", params={"last": "0001-01-01"}).status_code == 200


def test_what_there_is_to_choose(tmp_path: Path) -> None:
    with service_in(tmp_path) as service:
        owner = service.client_of(service.account("ada"))
        recipes = owner.get("/v1/recipes").json()
        assert [one["name"] for one in recipes] == list(Recipe.presets())
        for one in recipes:
            recipe = Recipe.preset(one["name"])
            assert one["description"].endswith(".") and "#" not in one["description"]
            assert [step["name"] for step in one["steps"]] == list(recipe.steps)
            assert Recipe.from_toml(one["toml"]).digest == recipe.digest
        emulsions = {one["name"]: one for one in owner.get("/v1/emulsions").json()}
        assert emulsions.keys() == set(Emulsion)
        assert emulsions["orthochromatic"]["first_year"] == 1886
        assert emulsions["orthochromatic"]["last_year"] == 1929
        assert emulsions["blue-sensitive"]["first_year"] is None
        networks = owner.get("/v1/networks").json()
        assert [one["name"] for one in networks] == [
            card.name for card in Registry.default().cards()
        ]
        assert all(one["license"] and json.dumps(one["results"]) for one in networks)
        for path in ("recipes", "emulsions", "networks", "usage"):
            assert service.client.get(f"/v1/{path}").status_code == 401


def test_files_of_productions_count_toward_the_quota(tmp_path: Path) -> None:
    """With photographs and with what is on its way; a file that replaces another takes its room."""
    with service_in(tmp_path, quota_bytes=1000) as service:
        ada = service.account("ada")
        owner, own = service.client_of(ada), service.organization_of(ada)
        production = Production(id=new_id("pr"), organization_id=own, by=ada.id, title="Games")
        with service.context.database.writing(own) as session:
            session.add(production)
        url = f"/v1/productions/{production.id}/files"
        assert owner.put(f"{url}/a.wav", content=b"x" * 600).status_code == 200
        refused = owner.put(f"{url}/b.wav", content=b"x" * 500)
        assert (refused.status_code, refused.json()["code"]) == (403, "over_quota")
        # Also if nobody has said before how long it is.
        refused = owner.put(f"{url}/b.wav", content=iter([b"x" * 250, b"x" * 250]))
        assert (refused.status_code, refused.json()["code"]) == (403, "over_quota")
        assert [one["name"] for one in owner.get(url).json()] == ["a.wav"]
        assert owner.put(f"{url}/a.wav", content=b"x" * 900).status_code == 200
        begin = {"Tus-Resumable": "1.0.0", "Upload-Length": "200"}
        assert owner.post("/v1/uploads", headers=begin).json()["code"] == "over_quota"
        assert owner.get("/v1/usage").json()["now"]["file_bytes"] == 900
        assert owner.put(f"{url}/a.wav", content=b"x" * 100).status_code == 200
        assert owner.post("/v1/uploads", headers=begin).status_code == 201
        refused = owner.put(f"{url}/b.wav", content=b"x" * 701)
        assert refused.status_code == 403
        assert owner.delete(f"{url}/a.wav").status_code == 204
        assert owner.put(f"{url}/b.wav", content=b"x" * 800).status_code == 200
        kept = (tmp_path / "blobs").rglob("b.wav")
        assert [path.stat().st_size for path in kept] == [800]


def test_all_that_counts_is_counted() -> None:
    assert {one.__name__ for one in Counted.__subclasses__()} == {"Asset", "Photograph", "Upload"}
