"""Settings of clouds that mean nothing: one line each, and never a word of what is secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Ran
from photochrom.errors import PlaceError
from photochrom.places import Url, find, put
from photochrom.places.trouble import plainly

Run = Callable[..., Ran]


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"])
@pytest.mark.parametrize(
    "address",
    [
        *("", " ", "nonsense", "127.0.0.1:9000", "http://", "http://[::1", "http://a b/"),
        *("ftp://a", "http://a%b", "http://a:99999", "http://ü"),
    ],
)
def test_addresses_that_are_none(
    bucket: Url, monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    monkeypatch.setenv(name, address)
    with pytest.raises(PlaceError, match=f"{name}: is no address of a service"):
        find(bucket / "a")


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_REGION"])
def test_settings_with_line_breaks(bucket: Url, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "hush\nhush")
    with pytest.raises(PlaceError, match=f"{name}: has a line break") as raised:
        find(bucket / "a")
    assert "hush" not in str(raised.value)


def test_a_library_that_breaks_down_is_one_line(bucket: Url) -> None:
    """Whatever of the settings it is that nobody has thought of."""
    pytest.importorskip("obstore")
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(PlaceError, match="broke down"), plainly(bucket):
        raise panic("called `Result::unwrap()`")
    with pytest.raises(KeyboardInterrupt), plainly(bucket):
        raise KeyboardInterrupt


def test_what_cannot_be_read_is_told_by_its_url(
    photochrom: Run, bucket: Url, tmp_path: Path
) -> None:
    """And not by the name of a copy that is gone by then."""
    put(b"broken", bucket / "in/a.jpg")
    for words in (
        ("restore", bucket / "in/a.jpg", "-o", tmp_path / "out", "--steps", "tone"),
        ("restore", bucket / "in/a.jpg", "-o", bucket / "out", "--steps", "tone"),
        ("plan", bucket / "in/a.jpg", "--seconds", "1"),
    ):
        ran = photochrom(*words)
        assert ran.code == 2
        assert f"{bucket / 'in/a.jpg'}: is not an image" in ran.err


@pytest.mark.parametrize("key", ["n" * 250 + ".jpg", "d" * 100 + "/" + "n" * 100 + ".jpg"])
def test_names_that_are_too_long_for_their_results(photochrom: Run, bucket: Url, key: str) -> None:
    put(b"whatever", bucket / key)
    out = bucket / "/".join(["d" * 100] * 8)
    ran = photochrom("restore", bucket / key, "-o", out / ("e" * 90), "--steps", "tone")
    assert ran.code == 2 and "too long for the names of its results" in ran.err
