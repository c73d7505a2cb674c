"""Objects in a real S3 server: looked at, listed, read, put and removed."""

from __future__ import annotations

import hashlib
import http.server
import os
import pickle
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import rough_proxy
import s3_server
from cloud_kit import Cloud
from photochrom.errors import PlaceError
from photochrom.places import (
    Url,
    copy,
    digest_of,
    fetch,
    find,
    head,
    is_same,
    listed,
    put,
    read,
    remove,
    remove_all,
)
from photochrom.places.looking import _Order, _pages

# More than one request takes, and so in parts.
LARGE = 40 << 20


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def large() -> bytes:
    return os.urandom(1 << 20) * (LARGE >> 20)


@pytest.mark.every_cloud
@pytest.mark.parametrize(
    "name",
    ["a.tif", "with space.tif", "Straße №1.tif", "50%.tif", "a%20b.tif", "#1?.tif", "a+b&c.tif"],
)
def test_what_is_put_somewhere_is_read_there(bucket: Url, tmp_path: Path, name: str) -> None:
    content = name.encode() * 100
    url = bucket / "1931" / name
    was_put = put(content, url)
    there = head(url)
    assert (was_put.url, was_put.size, was_put.sha256) == (url, len(content), sha256(content))
    assert (there.size, there.etag, there.sha256) == (was_put.size, was_put.etag, was_put.sha256)
    assert abs(there.modified - time.time()) < 3600
    assert read(url) == content
    got = fetch(url, tmp_path / "new" / "copy", there.etag)
    assert (tmp_path / "new" / "copy").read_bytes() == content
    assert got == there
    assert [one.url for one in listed(bucket)] == [url]
    remove(url)
    assert find(url) is None
    remove(url)


@pytest.mark.every_cloud
def test_nothing_is_something_too(bucket: Url, tmp_path: Path) -> None:
    put(b"", bucket / "empty")
    assert read(bucket / "empty") == b""
    assert fetch(bucket / "empty", tmp_path / "empty").sha256 == sha256(b"")


@pytest.mark.every_cloud
def test_creating_twice_is_no_error_and_creating_over_something_else_is(bucket: Url) -> None:
    url = bucket / "a.tif"
    put(b"one", url)
    assert put(b"one", url).sha256 == sha256(b"one")
    with pytest.raises(
        PlaceError, match=f"{url}: somebody else's object lies there; choose"
    ) as told:
        put(b"two", url)
    assert told.value.kind == "taken" and not told.value.transient
    assert read(url) == b"one"


@pytest.mark.every_cloud
def test_only_what_is_still_the_same_is_replaced(bucket: Url) -> None:
    url = bucket / "a.tif"
    first = put(b"one", url)
    put(b"two", url, mode="replace", etag=first.etag)
    assert put(b"two", url, mode="replace", etag=first.etag).sha256 == sha256(b"two")
    for gone in (url, bucket / "never"):
        with pytest.raises(PlaceError, match="was changed while it was being worked on") as told:
            put(b"three", gone, mode="replace", etag=first.etag)
        assert told.value.kind == "changed"
    assert read(url) == b"two"
    put(b"three", url, mode="replace")
    assert read(url) == b"three"


@pytest.mark.every_cloud
def test_reading_what_is_not_any_more_what_was_planned_is_an_error(
    bucket: Url, tmp_path: Path
) -> None:
    url = bucket / "a.tif"
    planned = put(b"one", url)
    put(b"two", url, mode="replace")
    with pytest.raises(PlaceError, match="was changed while it was being worked on"):
        fetch(url, tmp_path / "a.tif", planned.etag)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.every_cloud
def test_large_ones_go_in_parts_and_keep_the_promises(
    bucket: Url, tmp_path: Path, large: bytes
) -> None:
    file, url = tmp_path / "large.tif", bucket / "large.tif"
    file.write_bytes(large)
    there = put(file, url)
    assert there == head(url) and there.sha256 == sha256(large)
    # Which it was is seen by the etag, that of parts being no MD5; Azure's never is one.
    assert there.etag is not None and md5(large) not in there.etag
    assert url.scheme != "s3" or there.etag.endswith('-5"')
    assert fetch(url, tmp_path / "copy").sha256 == sha256(large)
    assert (tmp_path / "copy").read_bytes() == large
    assert put(file, url) == there
    with pytest.raises(PlaceError, match="somebody else's object"):
        put(large[:-1] + b"?", url)
    with pytest.raises(PlaceError, match="was changed"):
        put(large + b"?", url, mode="replace", etag='"another"')
    assert head(url) == there
    replaced = put(large + b"?", url, mode="replace", etag=there.etag)
    assert replaced.size == LARGE + 1


@pytest.mark.every_cloud
def test_of_many_who_create_at_once_one_wins_and_the_same_bytes_all_do(bucket: Url) -> None:
    outcomes: list[str] = []

    def create(url: Url, content: bytes) -> None:
        try:
            put(content, url)
            outcomes.append("put")
        except PlaceError as error:
            outcomes.append(error.kind)

    for url, contents in (
        (bucket / "own", [bytes([n]) for n in range(8)]),
        (bucket / "same", [b"same"] * 8),
    ):
        outcomes.clear()
        threads = [threading.Thread(target=create, args=(url, one)) for one in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("put") == (1 if url.name == "own" else 8)
        assert set(outcomes) <= {"put", "taken"}


@pytest.mark.every_cloud
def test_copies_are_made_by_the_service_or_through_here(bucket: Url) -> None:
    source = bucket / "a.tif"
    put(b"one", source, media_type="image/tiff")
    for target in (bucket / "b.tif", Url(bucket.scheme, "results", bucket.key) / "a.tif"):
        assert copy(source, target).sha256 == sha256(b"one")
        assert copy(source, target).sha256 == sha256(b"one")
        put(b"two", target, mode="replace")
        with pytest.raises(PlaceError, match="somebody else's object"):
            copy(source, target)
        copy(source, target, mode="replace")
        assert read(target) == b"one"


@pytest.mark.every_cloud
def test_a_folder_is_removed_and_its_namesakes_stay(bucket: Url) -> None:
    for name in ("a/1", "a/b/2", "a/b/c/3", "ab/4", "a.tif"):
        put(b"x", bucket / name)
    assert remove_all(bucket / "a") == 3
    assert [str(one.url.relative_to(bucket)) for one in listed(bucket)] == ["a.tif", "ab/4"]
    assert remove_all(bucket / "a") == 0
    with pytest.raises(PlaceError, match="is a bucket as a whole"):
        remove_all(Url(bucket.scheme, "scans"))


@pytest.mark.every_cloud
def test_listings_come_folder_by_folder_and_in_order(bucket: Url) -> None:
    names = ["A", "a-b", "a.b", "a/x", "a/y/z", "a0", "z", "é", "～", "😀"]
    for name in reversed(names):
        put(b"x", bucket / name)
    found = [str(one.url.relative_to(bucket)) for one in listed(bucket)]
    by_path = sorted(names, key=lambda name: name.encode().split(b"/"))
    by_unit = sorted(names, key=lambda name: name.encode("utf-16-be"))
    assert found in (names, by_path, by_unit)


@pytest.mark.every_cloud
def test_a_listing_goes_on_after_a_key(bucket: Url) -> None:
    """With which what broke off is taken up again."""
    names = ["a b.tif", "a.tif", "b/1 #%.tif", "b/2.tif", "é.tif"]
    for name in names:
        put(b"x", bucket / name)
    for done, name in enumerate(names):
        pages = _pages(bucket, (bucket / name).key)
        left = [Url(bucket.scheme, bucket.bucket, one["path"]) for page in pages for one in page]
        assert [str(url.relative_to(bucket)) for url in left] == names[done + 1 :]


@pytest.mark.parametrize(
    ("keys", "fine"),
    [
        (["a", "a-b", "a/x", "a0"], True),
        (["a/x", "a/y/z", "a-b", "a0"], True),
        (["a-b", "a/x", "a.b"], False),
        (["a/x", "a-b", "a/y"], False),
        (["b", "a"], False),
        (["a", "a"], False),
        (["a-b/x", "a", "a/x"], False),
    ],
)
def test_listings_in_no_order_are_refused(keys: list[str], fine: bool) -> None:
    order = _Order(Url.of("s3://in"))

    def check() -> None:
        for key in keys:
            order.check(key)

    if fine:
        check()
    else:
        with pytest.raises(PlaceError, match=r'the service lists "a.*" after "[ab]'):
            check()


def _peak(folder: Url) -> tuple[int, int]:
    tracemalloc.start()
    count = sum(1 for _ in listed(folder))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return count, peak


@pytest.mark.every_cloud
@pytest.mark.slow
def test_listings_stream(bucket: Url, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as many take no more memory than a page, and what breaks off goes on."""
    few, many = bucket / "few", bucket / "many"

    def fill(start: int) -> None:
        for n in range(start, 5000, 8):
            put(b"x" if n % 7 else b"", many / f"{n // 100:02}" / f"{n:05}.tif")
            if n < 500:
                put(b"x", few / f"{n:05}.tif")

    threads = [threading.Thread(target=fill, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    next(listed(few))
    page_of_few, page_of_many = _peak(few), _peak(many)
    assert (page_of_few[0], page_of_many[0]) == (500, 5000)
    # Google's server is in this process, and what it holds would be counted.
    assert cloud.scheme == "gs" or page_of_many[1] < 1.5 * page_of_few[1]
    with rough_proxy.proxied(cloud.address) as proxy:
        monkeypatch.setenv(cloud.endpoint, proxy.address)
        # Azure's pages are of 5,000, so that there is only the first.
        later_ones = ("continuation-token", "start-after")
        for later in ("comp=list",) if cloud.scheme == "az" else later_ones:
            proxy.add(rough_proxy.Fault("tear", "GET", later, after=5000, times=2))
        names = [one.url.name for one in listed(many)]
        assert proxy.all_happened
    assert names == [f"{n:05}.tif" for n in range(5000)]


# -- what goes wrong -------------------------------------------------------------------------------

ACTIONS = {
    "head": head,
    "list": lambda url: list(listed(url.parent)),
    "read": read,
    "put": partial(put, b"x"),
    "remove": remove,
}


@pytest.mark.every_cloud
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("trouble", ["secret", "name", "address"])
def test_each_trouble_is_one_line(
    cloud: Cloud, bucket: Url, monkeypatch: pytest.MonkeyPatch, action: str, trouble: str
) -> None:
    monkeypatch.setenv("PHOTOCHROM_RETRY_SECONDS", "0")
    kind = "refused"
    if trouble == "address":
        wrong, kind = {cloud.endpoint: "http://127.0.0.1:1"}, "unreachable"
    elif trouble == "secret" or cloud.scheme != "s3":
        wrong = cloud.wrong  # Google has the name in the file with the key, Azure in the address.
    else:
        wrong = {"AWS_ACCESS_KEY_ID": "NOBODY"}
    for setting, value in wrong.items():
        monkeypatch.setenv(setting, value)
    with pytest.raises(PlaceError, match=rf"^{cloud.scheme}://scans/") as told:
        ACTIONS[action](bucket / "certificate 404.tif")
    line = str(told.value)
    assert told.value.kind == kind, line
    assert told.value.transient == (kind == "unreachable")
    assert len(line) < 250 and "\n" not in line
    assert not any(words in line for words in ("Error", "Generic", *cloud.secrets, *wrong.values()))
    assert told.value.__suppress_context__ and told.value.__cause__ is None


@pytest.mark.every_cloud
@pytest.mark.parametrize("action", ACTIONS)
def test_a_bucket_that_is_not_there_is_named(bucket: Url, action: str) -> None:
    none = f"{bucket.scheme}://no-such-bucket"
    if (bucket.scheme, action) == ("az", "remove"):
        # Removals go in a batch, whose answers do not tell of what it is that there is none.
        ACTIONS[action](Url.of(f"{none}/a/b.tif"))
        return
    with pytest.raises(PlaceError, match=rf"^{none}: there is no such bucket") as told:
        ACTIONS[action](Url.of(f"{none}/a/b.tif"))
    assert told.value.kind == "bucket"


@pytest.mark.every_cloud
def test_an_object_that_is_not_there_is_named(bucket: Url, tmp_path: Path) -> None:
    for look in (head, read, lambda url: fetch(url, tmp_path / "x"), lambda url: copy(url, bucket)):
        with pytest.raises(PlaceError, match=r"a\.tif: is not there; check the name") as told:
            look(bucket / "a.tif")
        assert told.value.kind == "missing"
    assert list(listed(bucket / "nothing")) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["s3://scans/a", "gs://scans/a", "az://scans/a"])
def test_without_credentials_nobody_waits(
    bucket: Url, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    for name in s3_server.environment(""):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("photochrom.places.access._answers", lambda *_: False)
    with pytest.raises(PlaceError, match="no credentials were found") as told:
        head(Url.of(url))
    assert told.value.kind == "credentials"


def _only_a_profile(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    (home / ".aws").mkdir()
    (home / ".aws" / "credentials").write_text(
        f"[arch]\naws_access_key_id={s3_server.KEY}\naws_secret_access_key={s3_server.SECRET}\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("AWS_PROFILE", "arch")


def test_profiles_are_read_through_boto3(
    bucket: Url, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("boto3", reason="profiles are read through boto3, which is not installed")
    _only_a_profile(monkeypatch, tmp_path)
    put(b"x", bucket / "a")
    assert read(bucket / "a") == b"x"
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(PlaceError, match="check AWS_PROFILE, or run: aws sso login"):
        head(bucket / "a")


def test_without_boto3_a_profile_says_that_it_is_needed(
    bucket: Url, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _only_a_profile(monkeypatch, tmp_path)
    for module in ("boto3", "obstore.auth.boto3"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PlaceError, match="pip install boto3, through which AWS_PROFILE is read"):
        head(bucket / "a")


def test_what_a_provider_of_credentials_says_is_not_repeated(
    bucket: Url, monkeypatch: pytest.MonkeyPatch
) -> None:
    def expired() -> None:
        raise RuntimeError(f"the token {s3_server.SECRET} has expired")

    monkeypatch.setattr(
        "photochrom.places.access._aws", lambda url: {"credential_provider": expired}
    )
    monkeypatch.setenv("AWS_REGION", "eu-west-1")  # another client than that of others
    with pytest.raises(PlaceError, match="no credentials were found, or they have") as told:
        head(bucket / "a")
    assert told.value.kind == "credentials" and s3_server.SECRET not in str(told.value)


def test_half_a_pair_of_credentials_is_said(bucket: Url, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(PlaceError, match="set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        head(bucket / "a")


def test_the_wrong_protocol_is_said_at_once(bucket: Url, monkeypatch: pytest.MonkeyPatch) -> None:
    address = os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", address.replace("http:", "https:"))
    with pytest.raises(PlaceError, match="speaks no TLS, or has a certificate that"):
        head(bucket / "a")


@pytest.mark.parametrize("said", ["soon", "-1", "nan", "1e99"])
def test_a_setting_that_is_no_number_of_seconds(
    bucket: Url, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("PHOTOCHROM_RETRY_SECONDS", said)
    with pytest.raises(PlaceError, match=f'RETRY_SECONDS: "{said}" is no number of seconds'):
        head(bucket / "a")


def test_without_the_extra_one_line_says_how_to_have_it() -> None:
    program = """
import sys
sys.modules["obstore"] = None
from photochrom.errors import PlaceError
from photochrom.places import Url, find
try:
    find(Url.of("s3://in/a"))
except PlaceError as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == (
        "s3://in/a: needs the extra for object stores; pip install 'photochrom[cloud]'\n"
    )


def test_a_place_that_cannot_be_written_here_is_one_line(bucket: Url, tmp_path: Path) -> None:
    put(b"x", bucket / "a")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PlaceError, match="cannot be written"):
        fetch(bucket / "a", tmp_path / "file" / "a")
    with pytest.raises(PlaceError, match=r"cannot be read \(No such file"):
        put(tmp_path / "none", bucket / "b")


@pytest.mark.every_cloud
def test_what_is_damaged_over_there_is_not_taken_for_the_whole(bucket: Url, tmp_path: Path) -> None:
    import obstore

    from photochrom.places.access import client_of
    from photochrom.places.objects import ATTRIBUTE

    url = bucket / "a"
    client, key = client_of(url)
    obstore.put(client, key, b"damaged", attributes={ATTRIBUTE: sha256(b"original")})
    for look in (read, lambda url: fetch(url, tmp_path / "a")):
        with pytest.raises(PlaceError, match="its bytes have another SHA-256") as told:
            look(url)
        assert told.value.kind == "damaged"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.every_cloud
@pytest.mark.parametrize("owner", ["", "s3://films/a b/production.toml", "/hafen/zürich 東京.toml"])
def test_an_object_says_whose_it_is(bucket: Url, owner: str) -> None:
    assert put(b"x", bucket / "a", owner=owner).owner == owner
    found = find(bucket / "a")
    assert found is not None and found.owner == owner
    # The very bytes twice: whoever was first has it.
    put(b"x", bucket / "a", owner="another")
    assert head(bucket / "a").owner == owner


@pytest.mark.every_cloud
@pytest.mark.parametrize("size", [0, 5, 12 << 20])
def test_equal_bytes_that_others_have_put_there_are_the_same(
    bucket: Url, tmp_path: Path, size: int
) -> None:
    import obstore

    from photochrom.places.access import client_of

    content, url = bytes(size), bucket / "a"
    path = tmp_path / "a"
    path.write_bytes(content)
    client, key = client_of(url)
    # In one request its etag is an MD5, in parts it is something else.
    for parts in (False, True) if size else (False,):
        obstore.put(client, key, content, use_multipart=parts, chunk_size=5 << 20)
        found = head(url)
        assert found.sha256 is None
        for source in (content, path):
            assert is_same(found, source, sha256(content))
            assert put(source, url).etag == found.etag
        assert digest_of(found) == sha256(content)
    other = bytes(size - 1) + b"1" if size else b"1"
    assert not is_same(found, other, sha256(other))
    with pytest.raises(PlaceError) as told:
        put(other, url)
    assert told.value.kind == "taken"


@pytest.mark.every_cloud
def test_too_large_for_memory_is_refused(bucket: Url) -> None:
    put(b"12345", bucket / "a")
    assert read(bucket / "a", limit=5) == b"12345"
    with pytest.raises(PlaceError, match="has more than 4 bytes"):
        read(bucket / "a", limit=4)


def test_errors_travel_between_processes() -> None:
    error = PlaceError("is away", where="s3://in/a", kind="unreachable", transient=True)
    back = pickle.loads(pickle.dumps(error))
    assert (str(back), back.kind, back.transient) == (str(error), "unreachable", True)


# -- the web ---------------------------------------------------------------------------------------


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Url, Path]]:
    """A plain web server, which knows neither etags nor ranges, and its folder."""
    folder = tmp_path / "web"
    folder.mkdir()
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Url.of(f"http://127.0.0.1:{server.server_port}/"), folder
        server.shutdown()
        thread.join()


def test_the_web_is_read(web: tuple[Url, Path], tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    url, folder = web
    (folder / "Straße 1.tif").write_bytes(b"scan" * 1000)
    there = head(url / "Straße 1.tif")
    assert (there.size, there.sha256) == (4000, None)
    got = fetch(url / "Straße 1.tif", tmp_path / "copy")
    assert got.sha256 == sha256(b"scan" * 1000)
    assert find(url / "none.tif") is None


def test_a_web_server_without_ranges_is_read_all_the_same(
    web: tuple[Url, Path], tmp_path: Path
) -> None:
    """What breaks off comes again from the beginning; a file that changes meanwhile is an error."""
    pytest.importorskip("obstore")
    url, folder = web
    content = os.urandom(300_000)
    (folder / "a.tif").write_bytes(content)
    with rough_proxy.proxied(str(url)) as proxy:
        scan = Url.of(proxy.address) / "a.tif"
        proxy.add(*(rough_proxy.Fault("tear", after=n) for n in (100_000, 50_000, 250_000)))
        assert fetch(scan, tmp_path / "a").sha256 == sha256(content)
        assert proxy.all_happened
        torn = rough_proxy.Fault("tear", after=100_000)
        late = rough_proxy.Fault("slow")
        proxy.add(torn, late)
        asked = len(proxy.requests)

        def change() -> None:
            proxy.wait_for("GET", asked + 1)
            (folder / "a.tif").write_bytes(content + b"more")
            late.until.set()

        thread = threading.Thread(target=change)
        thread.start()
        try:
            got = fetch(scan, tmp_path / "b")
            # It may have changed before the first answer, too.
            assert got.sha256 == sha256(content + b"more")
        except PlaceError as error:
            assert error.kind == "changed"
        thread.join()


def test_the_web_is_for_reading_only(bucket: Url) -> None:
    page = Url.of("https://a.org/x.tif")
    for action in (partial(put, b"x"), remove, remove_all, lambda url: copy(bucket / "a", url)):
        with pytest.raises(PlaceError, match="the web is for reading only"):
            action(page)
    with pytest.raises(PlaceError, match="the web has no listings"):
        next(listed(page))


def test_signed_addresses_are_read_and_nobody_hears_the_signature(
    bucket: Url, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import obstore

    from photochrom.places.access import client_of

    put(b"scan", bucket / "a #1.tif")
    client, key = client_of(bucket / "a #1.tif")
    signed = Url.of(obstore.sign(client, "GET", key, timedelta(hours=1)))
    assert signed.name == "a #1.tif"
    assert head(signed).size == 4
    assert fetch(signed, tmp_path / "a").sha256 == sha256(b"scan")
    wrong = Url.of(f"{signed}?{signed.query}ff")
    with pytest.raises(PlaceError, match=r"refused: the secret key|access was refused") as told:
        read(wrong)
    said = str(told.value) + repr(told.value) + "".join(capfd.readouterr())
    assert "Signature=" not in said and s3_server.KEY not in said


@pytest.mark.every_cloud
def test_nothing_that_travels_or_is_shown_holds_a_secret(cloud: Cloud, bucket: Url) -> None:
    from photochrom.places.access import client_of

    client, _ = client_of(bucket)
    there = put(b"x", bucket / "a")
    for shown in (repr(client), repr(there), repr(pickle.dumps(there)), repr(pickle.dumps(bucket))):
        assert not any(secret in shown for secret in cloud.secrets)
