"""URLs: what callers use of a path, and one line for what is none."""

from __future__ import annotations

import pickle
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.errors import PlaceError
from photochrom.places import Url, place_of

PARTS = st.text(
    st.characters(exclude_characters="/\x7f", exclude_categories=("C",)), min_size=1, max_size=12
).filter(lambda part: part not in (".", ".."))


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "abfs", "abfss"])
def test_a_url_has_what_callers_use_of_a_path(scheme: str) -> None:
    url = Url.of(f"{scheme}://in/1931/a b#1?.50%.tif")
    assert (url.name, url.stem, url.suffix) == ("a b#1?.50%.tif", "a b#1?.50%", ".tif")
    assert str(url) == f"{scheme}://in/1931/a b#1?.50%.tif"
    assert str(url.parent) == f"{scheme}://in/1931/"
    assert str(url.parent.parent) == str(url.parent.parent.parent) == f"{scheme}://in/"
    assert str(url.with_name("ü.png")) == f"{scheme}://in/1931/ü.png"
    assert str(url.with_suffix(".png")) == f"{scheme}://in/1931/a b#1?.50%.png"
    assert url.parent / url.name == url
    assert str(url.parent.parent / PurePosixPath("1931/b.tif")) == f"{scheme}://in/1931/b.tif"
    assert url.relative_to(Url.of(f"{scheme}://in")) == PurePosixPath("1931/a b#1?.50%.tif")
    assert not url.is_folder and url.parent.is_folder and Url.of(f"{scheme}://in").is_folder


def test_the_names_of_hadoop_for_azure_keep_their_account() -> None:
    url = Url.of("abfss://scans@acme.dfs.core.windows.net/1931/a.tif")
    assert (url.bucket, url.key) == ("scans@acme.dfs.core.windows.net", "1931/a.tif")


def test_a_folder_is_one_with_or_without_its_slash() -> None:
    with_slash, without = Url.of("s3://in/1931/"), Url.of("s3://in/1931")
    assert with_slash.name == without.name == "1931"
    assert with_slash / "a.tif" == without / "a.tif"
    assert without.folder == with_slash.folder == with_slash
    assert with_slash.relative_to(without) == PurePosixPath()
    assert (with_slash / "a.tif").is_relative_to(without)
    assert not Url.of("s3://in/1931-b/a.tif").is_relative_to(without)
    assert not Url.of("s3://other/1931/a.tif").is_relative_to(without)


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_keys_are_taken_as_they_are(parts: list[str]) -> None:
    key = "/".join(parts)
    url = Url.of(f"s3://in/{key}")
    assert url.key == key and str(url) == f"s3://in/{key}"
    assert place_of(str(url)) == url
    assert Url.of("s3://in/") / key == url
    assert url.parent / url.name == url
    assert pickle.loads(pickle.dumps(url)) == url


@given(st.lists(PARTS, min_size=1, max_size=3))
def test_web_addresses_come_out_as_they_went_in_and_names_as_people_read_them(
    parts: list[str],
) -> None:
    url = Url.of("https://archive.org/scans/") / "/".join(parts)
    assert url.name == parts[-1]
    assert Url.of(str(url)) == url
    assert url.relative_to(Url.of("https://archive.org/scans")) == PurePosixPath(*parts)


def test_a_web_address_may_be_typed_or_copied_and_keeps_its_encoded_slashes() -> None:
    typed, copied = (
        Url.of("https://a.org/Straße 1.tif"),
        Url.of("https://a.org/Stra%C3%9Fe%201.tif"),
    )
    assert typed == copied and typed.name == "Straße 1.tif"
    image = Url.of("https://iiif.org/2/box%2F17/full/max/0/default.jpg")
    assert str(image) == "https://iiif.org/2/box%2F17/full/max/0/default.jpg"
    assert image.parent.parent.parent.parent.name == "box%2F17"


def test_a_signature_is_kept_and_never_shown() -> None:
    url = Url.of("https://a.org/scan.tif?X-Amz-Signature=s3cret&x=1")
    assert url.query == "X-Amz-Signature=s3cret&x=1"
    assert "s3cret" not in str(url) + repr(url) + url.name + str([url])
    assert pickle.loads(pickle.dumps(url)).query == url.query
    assert url.with_name("other.tif").query == "" and url.parent.query == ""


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("scans/a.tif", "scans/a.tif"),
        ("file:///scans/a%20b.tif", "/scans/a b.tif"),
        ("file://localhost/scans/a.tif", "/scans/a.tif"),
        ("FILE:///scans/a.tif", "/scans/a.tif"),
        ("C://scans", "C://scans"),
        ("a:b", "a:b"),
        ("what?.tif#page=2", "what?.tif#page=2"),
    ],
)
def test_all_else_is_a_path(name: str, path: str) -> None:
    assert place_of(name) == Path(path)
    assert place_of(Path(path)) == Path(path)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("s4://in/a.tif", r"s4://: is no place .* did you mean s3://\?"),
        ("gcs://in/a.tif", r"did you mean gs://\?"),
        ("wasbs://in/a.tif", r"did you mean az://\?"),
        ("ftp://in/a.tif", "s3://, gs://, az:// and https:// are read"),
        ("s3://", "names no bucket; write s3://BUCKET/KEY"),
        ("s3:///a.tif", "names no bucket"),
        ("s3://two words/a.tif", "is no name of a bucket"),
        ("https:///a.tif", "names no host"),
        ("s3://in/a//b.tif", "has an empty part"),
        ("s3://in//b.tif", "has an empty part"),
        ("s3://in/../b.tif", "has an empty part"),
        ("s3://in/./b.tif", "has an empty part"),
        ("https://a.org/x/../b.tif", "has an empty part"),
        ("s3://in/a\nb.tif", "has a line break"),
        ("s3:/in/a.tif", "is no URL, and no such file is there; URLs begin with s3://"),
        ("file://server/a.tif", "names a file of another machine"),
    ],
)
def test_what_is_no_url_is_one_clear_line(name: str, says: str) -> None:
    with pytest.raises(PlaceError, match=says) as error:
        place_of(name)
    assert error.value.kind == "address" and not error.value.transient
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "abfss", "https", "http"])
def test_passwords_in_a_url_are_refused_and_not_repeated(scheme: str) -> None:
    with pytest.raises(PlaceError, match="holds a user name or a password") as error:
        Url.of(f"{scheme}://user:s3cret@in/a.tif")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("below", ["/a", "../a", "a//b", "", "a/./b"])
def test_what_lies_below_is_relative_and_plain(below: str) -> None:
    if below == "":
        assert Url.of("s3://in/x") / below == Url.of("s3://in/x/")
    else:
        with pytest.raises(PlaceError, match="has an empty part"):
            Url.of("s3://in/x") / below


def test_urls_have_an_order_and_are_no_paths() -> None:
    one, other = Url.of("s3://in/a"), Url.of("s3://in/b")
    assert sorted({other, one, Url.of("s3://in/a")}) == [one, other]
    with pytest.raises(TypeError):
        open(one)  # type: ignore[call-overload]  # noqa: PTH123, SIM115
