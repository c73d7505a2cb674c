"""Copies on this machine: where they lie, whose they are, and what people are told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from photochrom.errors import PhotochromError, ProductionError
from photochrom.places import Object, Url
from photochrom.production.elsewhere import far_place
from photochrom.production.mirror import Mirror

HOME = Url.of("s3://films/1931/production.toml")


@pytest.mark.parametrize(
    "url",
    [
        "s3://scans/1931/a b#1?.tif",
        "gs://scans/ü/~x/C:/a.tif",
        "abfss://scans@acme.dfs.core.windows.net/1931/a.tif",
        "https://example.org/a%20b.tif",
        "https://example.org/%2e%2e/%2E%2E/%2fetc/a.tif",
        "https://example.org:8080/..%2f..%2fa.tif?one=1",
    ],
)
def test_copies_lie_below_the_mirror_and_are_told_of_by_their_urls(
    tmp_path: Path, url: str
) -> None:
    mirror, place = Mirror(tmp_path), Url.of(url)
    near = mirror.near(place)
    assert near.resolve().is_relative_to(mirror.root.resolve() / place.scheme)
    assert ".." not in near.parts
    said = mirror.said(f"{near}: is no picture")
    assert said.startswith(f"{place.scheme}://{place.bucket}/")
    assert str(tmp_path) not in said


def test_two_queries_are_two_files_and_neither_is_to_be_seen(tmp_path: Path) -> None:
    one, other = (Url.of(f"https://example.org/a.tif?id={id}") for id in (1, 2))
    near = {Mirror(tmp_path).near(one), Mirror(tmp_path).near(other)}
    assert len(near) == 2
    assert {path.name for path in near} == {"a.tif"}
    assert not [path for path in near if "id=" in str(path)]


def test_a_copy_that_somebody_has_changed_is_none(tmp_path: Path) -> None:
    mirror, url = Mirror(tmp_path), Url.of("s3://scans/a.tif")
    seen = Object(url, 1, '"e"', 0.0)
    near = mirror.near(url)
    near.parent.mkdir(parents=True)
    near.write_bytes(b"a")
    assert mirror.mark(url) is None
    mirror.note_sent(seen, "0" * 64)
    assert mirror.sent(url) == ('etag:"e" 1', "0" * 64)
    mirror.drop(url)  # Nobody has brought it, so it is not ours to remove.
    assert near.is_file()


@pytest.mark.parametrize(
    ("name", "meant", "page"),
    [
        ("scans/a.tif", "s3://films/1931/scans/a.tif", None),
        ("./scans//a.tif", "s3://films/1931/scans/a.tif", None),
        ("../a b.tif#page=2", "s3://films/a b.tif", 2),
        ("gs://other/a.tif#page=3", "gs://other/a.tif", 3),
        ("out/", "s3://films/1931/out/", None),
        ("https://example.org/a.tif?x=1#page=4", "https://example.org/a.tif", 4),
    ],
)
def test_what_names_mean_in_a_production_elsewhere(name: str, meant: str, page: int | None) -> None:
    found = far_place(name, HOME)
    assert found is not None
    assert (str(found.file), found.page) == (meant, page)


@pytest.mark.parametrize("name", ["scans/a.tif", "/a.tif", "~/a.tif", "file:///a.tif"])
def test_what_is_no_url_is_a_file_of_this_machine(name: str) -> None:
    assert far_place(name, None) is None
    if name != "scans/a.tif":
        with pytest.raises(ProductionError, match="lies on a machine"):
            far_place(name, HOME)


@pytest.mark.parametrize("name", ["../../a.tif", "ftp://a/b", "s3://", "https://me:pw@host/a"])
def test_names_of_nothing(name: str) -> None:
    with pytest.raises(PhotochromError) as error:
        far_place(name, HOME)
    assert "pw" not in str(error.value)
