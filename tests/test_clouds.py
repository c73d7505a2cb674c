"""What commands do in each cloud beside making pictures: planning, drafting, refusing, waiting."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import azure_server
import s3_server
from bucket_kit import laid_out, text
from cloud_kit import Cloud
from conftest import Ran
from photochrom.errors import PlaceError
from photochrom.places import Url, find, listed, put, read
from photochrom.places.access import client_of
from rough_proxy import Proxy, gone_for

Run = Callable[..., Ran]
TONE = ("--steps", "tone", "--json")


def jpeg(number: int) -> bytes:
    said = io.BytesIO()
    pixels = np.random.default_rng(number).integers(60, 200, (48, 64), np.uint8)
    Image.fromarray(pixels).save(said, "JPEG", quality=90)
    return said.getvalue()


@pytest.fixture
def scans(bucket: Url) -> Url:
    """A folder of three scans in a bucket."""
    for number in range(3):
        put(jpeg(number), bucket / "in" / f"{number}.jpg")
    return bucket / "in/"


@pytest.mark.every_cloud
def test_from_a_look_at_a_bucket_to_a_production(photochrom: Run, scans: Url, bucket: Url) -> None:
    ran = photochrom("plan", scans, "--recipe", "faithful", "--seconds", "1", "--cores", "4")
    assert ran.code == 0, ran.err
    assert "3" in ran.out
    production = bucket / "film/production.toml"
    ran = photochrom("new", scans, "-o", production)
    assert ran.code == 0, ran.err
    assert read(production).decode().count("[[photograph]]") == 3
    assert photochrom("check", production).code == 0


@pytest.mark.every_cloud
@pytest.mark.parametrize("command", ["restore", "plan", "new", "make", "cache"])
def test_a_wrong_secret_is_one_line(
    photochrom: Run,
    cloud: Cloud,
    scans: Url,
    bucket: Url,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    production = laid_out(bucket / "film", text(), {})
    words = {
        "restore": (scans, "-o", bucket / "out", *TONE),
        "plan": (scans, "--seconds", "1"),
        "new": (scans, "-o", bucket / "new/production.toml"),
        "make": (production,),
        "cache": ("show", bucket / "cache/"),
    }
    for name, value in cloud.wrong.items():
        monkeypatch.setenv(name, value)
    ran = photochrom(command, *words[command])
    assert ran.code == 2, ran.out
    told = [line for line in ran.err.splitlines() if "refused" in line]
    assert len(told) == 1 and f"{cloud.scheme}://scans" in told[0]
    said = ran.out + ran.err
    assert "Traceback" not in said
    assert not any(secret in said for secret in (*cloud.secrets, *cloud.wrong.values()))


@pytest.mark.slow
@pytest.mark.every_cloud
def test_a_batch_waits_ten_seconds_for_a_bucket_that_is_gone(
    photochrom: Run, cloud: Cloud, scans: Url, bucket: Url, proxy: Proxy
) -> None:
    """It goes when the first result is on its way."""
    put(jpeg(7), bucket / "other.jpg")
    back: list[Callable[[], None]] = []

    def go() -> None:
        proxy.wait_for("PUT", 1, "/out/")
        back.append(gone_for(proxy, 10))

    went = threading.Thread(target=go)
    went.start()
    ran = photochrom("restore", scans, "-o", bucket / "out", *TONE)
    went.join()
    assert ran.code == 0, ran.err
    assert [json.loads(line)["outcome"] for line in ran.out.splitlines()] == ["made"] * 3
    back[0]()
    assert not any(secret in ran.out + ran.err for secret in cloud.secrets)
    for one in listed(bucket / "out"):
        assert not any(secret.encode() in read(one.url) for secret in cloud.secrets)
    there = {one.url.name for one in listed(bucket / "out") if ".photochrom" not in str(one.url)}
    assert there == {f"{n}{ending}" for n in range(3) for ending in (".tif", ".record.json")}


# -- where settings are found ----------------------------------------------------------------------


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No settings but those that a test makes, on a machine that is no cloud's."""
    pytest.importorskip("obstore")
    for name in s3_server.foreign_settings():
        monkeypatch.delenv(name)
    monkeypatch.setattr("photochrom.places.access._answers", lambda *_: False)
    monkeypatch.setattr("photochrom.places.access.shutil.which", lambda *_: None)
    return monkeypatch


KEY = base64.b64encode(b"key").decode()


@pytest.mark.parametrize(
    ("settings", "config"),
    [
        (
            {"AZURE_STORAGE_ACCOUNT": "acme", "AZURE_STORAGE_KEY": KEY},
            {"account_name": "acme", "account_key": KEY},
        ),
        (
            {
                "AZURE_STORAGE_CONNECTION_STRING": "DefaultEndpointsProtocol=https;"
                f"AccountName=acme;AccountKey={KEY};EndpointSuffix=core.chinacloudapi.cn"
            },
            {
                "account_name": "acme",
                "account_key": KEY,
                "endpoint": "https://acme.blob.core.chinacloudapi.cn",
            },
        ),
        (
            {
                "AZURE_STORAGE_CONNECTION_STRING": f"AccountName=acme;AccountKey={KEY};"
                "BlobEndpoint=http://127.0.0.1:10000/acme;",
                "AZURE_STORAGE_ACCOUNT_NAME": "other",
            },
            {
                "account_name": "other",
                "account_key": KEY,
                "endpoint": "http://127.0.0.1:10000/acme",
            },
        ),
        (
            {"AZURE_STORAGE_CONNECTION_STRING": "UseDevelopmentStorage=true"},
            {"use_emulator": True},
        ),
    ],
)
def test_what_azure_s_own_tools_find_is_found(
    azure: pytest.MonkeyPatch, settings: dict[str, str], config: dict[str, str]
) -> None:
    for name, value in settings.items():
        azure.setenv(name, value)
    client, key = client_of(Url.of("az://scans/a.tif"))
    assert key == "a.tif"
    told = dict(client.config)
    assert {name: told[name] for name in config} == {
        name: str(value).lower() if value is True else value for name, value in config.items()
    }


@pytest.mark.parametrize("said", ["hush", "AccountName=;AccountKey=hush", "AccountName=a;hush"])
def test_what_is_no_connection_string_is_said(azure: pytest.MonkeyPatch, said: str) -> None:
    azure.setenv("AZURE_STORAGE_CONNECTION_STRING", said)
    with pytest.raises(PlaceError, match=r"^AZURE_STORAGE_CONNECTION_STRING: is no connec") as told:
        find(Url.of("az://scans/a.tif"))
    assert "hush" not in str(told.value) and told.value.kind == "settings"


def test_a_token_of_google_s_is_enough(azure: pytest.MonkeyPatch, tmp_path: Path) -> None:
    azure.setenv("HOME", str(tmp_path))
    azure.setenv("GOOGLE_BEARER_TOKEN", "token")
    assert client_of(Url.of("gs://scans/a.tif"))[1] == "a.tif"


@pytest.mark.slow
@pytest.mark.parametrize("cloud", ["az"], indirect=True)
def test_a_connection_string_leads_to_azure(
    cloud: Cloud, bucket: Url, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator's own, whose account is a part of the path."""
    put(b"x", bucket / "a.tif")
    for name in cloud.environment:
        monkeypatch.delenv(name)
    account, key = azure_server.ACCOUNT, azure_server.SECRET
    monkeypatch.setenv(
        "AZURE_STORAGE_CONNECTION_STRING",
        f"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={key};"
        f"BlobEndpoint={cloud.address}/{account};",
    )
    assert read(bucket / "a.tif") == b"x"
    assert [one.url for one in listed(bucket)] == [bucket / "a.tif"]
