"""Settings of clouds that mean nothing: one line each, and never a word of what is secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import s3_server
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


@pytest.mark.parametrize(
    ("scheme", "name", "value", "said"),
    [
        ("s3", "AWS_SKIP_SIGNATURE", "", "is neither true nor false"),
        ("s3", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "hush", "is neither true nor false"),
        ("s3", "AWS_DISABLE_TAGGING", "", "is neither true nor false"),
        ("s3", "AWS_CHECKSUM_ALGORITHM", "hush", "means nothing"),
        ("s3", "AWS_CONDITIONAL_PUT", "", "means nothing"),
        ("s3", "AWS_SERVER_SIDE_ENCRYPTION", "hush", "means nothing"),
        ("gs", "GOOGLE_SKIP_SIGNATURE", "hush", "is neither true nor false"),
        ("gs", "GOOGLE_SERVICE_ACCOUNT_KEY", "hush", "means nothing"),
        ("az", "AZURE_STORAGE_USE_EMULATOR", "hush", "is neither true nor false"),
        ("az", "AZURE_STORAGE_SAS_TOKEN", "hush", "means nothing"),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_settings_that_the_library_refuses_are_told_by_their_names(
    monkeypatch: pytest.MonkeyPatch, scheme: str, name: str, value: str, said: str, signed: bool
) -> None:
    """Also where no credentials are found without them; and never a word of what they are."""
    pytest.importorskip("obstore")
    monkeypatch.setattr("photochrom.places.access._answers", lambda *_: False)
    for one in s3_server.foreign_settings():
        monkeypatch.delenv(one)
    for one in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if signed else ():
        monkeypatch.setenv(one, "key")
    if scheme == "az":
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    # Settings beside it that are fine, or that are empty and may be.
    monkeypatch.setenv("AWS_PROFILE", "")
    monkeypatch.setenv("GOOGLE_BUCKET", "")
    monkeypatch.setenv(name, value)
    with pytest.raises(PlaceError) as raised:
        find(Url(scheme, "bucket", "a"))
    if not signed and raised.value.kind == "credentials":
        # What has nothing to do with how a place is opened is told once it is.
        assert name == "AWS_SERVER_SIDE_ENCRYPTION"
        return
    assert raised.value.kind == "settings"
    assert str(raised.value).startswith(f"{name}: {said}; ")
    assert str(raised.value).endswith("or unset it")
    assert "hush" not in str(raised.value)


def test_several_settings_of_one_mistake_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore")
    for one in s3_server.foreign_settings():
        monkeypatch.delenv(one)
    for one in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(one, "key")
    for one in ("AWS_S3_EXPRESS", "AWS_SKIP_SIGNATURE"):
        monkeypatch.setenv(one, "")
    with pytest.raises(PlaceError, match=r"^AWS_S3_EXPRESS, AWS_SKIP_SIGNATURE: is neither true"):
        find(Url("s3", "bucket", "a"))


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
