"""The service by settings (PostgreSQL, a bucket, a Ray cluster): the bytes of one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from photochrom.places import Url
from restoring_kit import RECIPE, ended, executing, photograph, production
from service_kit import Service, service_in

pytestmark = pytest.mark.slow


def made_by(service: Service, folder: Path) -> dict[str, str]:
    """Digests of what a service makes of two photographs: pictures, a film, captions."""
    client = service.client_of(service.account("ada"))
    ids = [photograph(service, client, folder, f"{name}.png") for name in ("harbor", "market")]
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    restoration = client.post("/v1/restorations", json=asked).json()
    toml = production(client, ids, caption="A day")
    film = client.post("/v1/films", json={"production": toml["id"]}).json()
    with executing(service):
        for job in (restoration["job"]["id"], film["job"]["id"]):
            end = ended(client, job)
            assert (end["state"], end["failed"]) == ("succeeded", 0), end
    results: list[dict[str, Any]] = list(client.get(f"/v1/films/{film['id']}").json()["results"])
    for one in client.get(f"/v1/restorations/{restoration['id']}/photographs").json()["items"]:
        results += one["results"]
    part = client.get(results[0]["url"], headers={"Range": "bytes=4-7"})
    assert part.status_code == 206
    kinds = ("film", "captions", "picture")
    return {one["name"]: one["sha256"] for one in results if one["kind"] in kinds}


@pytest.mark.parametrize("engine", ["local", "ray"])
def test_on_a_database_a_bucket_and_a_cluster(
    tmp_path: Path, postgresql: str, bucket: Url, engine: str, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "scans").mkdir()
    with service_in(tmp_path / "near", workers=1) as service:
        near = made_by(service, tmp_path / "scans")
    assert len(near) == 5
    if engine == "ray":
        request.getfixturevalue("cluster")
    settings = {"database": postgresql, "storage": str(bucket), "engine": engine, "workers": 2}
    with service_in(tmp_path / "far", **settings) as service:
        assert made_by(service, tmp_path / "scans") == near
