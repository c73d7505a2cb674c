"""A bad network between us and a real server: slow, torn, refused, and answers that are lost."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from photochrom.errors import PlaceError
from photochrom.places import Url, fetch, find, head, listed, put, read, remove
from rough_proxy import Fault, Proxy, gone_for

CONTENT = bytes(range(256)) * 4000  # a megabyte


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.every_cloud
@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_errors_of_the_service_are_ridden_out(bucket: Url, proxy: Proxy, status: int) -> None:
    url = bucket / "a"
    for method in ("PUT", "HEAD", "GET"):
        proxy.add(Fault("status", method, times=4, status=status))
    put(b"x", url)
    assert head(url).size == 1
    assert read(url) == b"x"
    proxy.add(Fault("status", "GET", "list", times=4, status=status))
    assert [one.url for one in listed(bucket)] == [url]
    proxy.add(Fault("status", times=4, status=status))
    remove(url)
    assert proxy.all_happened
    assert find(url) is None


@pytest.mark.every_cloud
def test_time_is_up_at_some_time(
    bucket: Url, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_RETRY_SECONDS", "0.5")
    proxy.add(Fault("status", times=10**6, status=503))
    says = r"the service answers with an error \(HTTP 503\); tried for 0.5 s; check the network"
    with pytest.raises(PlaceError, match=says) as told:
        put(b"x", bucket / "a")
    assert told.value.kind == "unreachable" and told.value.transient


@pytest.mark.every_cloud
def test_what_the_service_refuses_for_good_is_not_asked_again(bucket: Url, proxy: Proxy) -> None:
    for status in (400, 405, 501):
        asked = len(proxy.requests)
        proxy.add(Fault("status", times=1, status=status))
        with pytest.raises(PlaceError) as told:
            read(bucket / "a")
        assert not told.value.transient
        if status < 500:
            assert len(proxy.requests) == asked + 1


@pytest.mark.every_cloud
def test_no_space_left_is_said(bucket: Url, proxy: Proxy) -> None:
    proxy.add(Fault("status", "PUT", status=507, times=10))
    with pytest.raises(PlaceError, match="there is no space left") as told:
        put(b"x", bucket / "a")
    assert told.value.kind == "full"


@pytest.mark.every_cloud
@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_is_heard_while_a_service_is_away(bucket: Url, proxy: Proxy) -> None:
    program = """
import sys
from photochrom.places import Url, head
try:
    print("asking", flush=True)
    head(Url.of(sys.argv[1]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    proxy.go()
    command = [sys.executable, "-c", program, str(bucket / "a")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == "asking\n"
        asking.send_signal(signal.SIGINT)
        # Not after the three minutes that a service may be away: then it would say so.
        assert asking.stdout.read() == "interrupted\n"


@pytest.mark.every_cloud
@pytest.mark.parametrize("tears", [1, 5, 12])
@pytest.mark.parametrize("after", [0, 1, 100_000])
def test_torn_bodies_go_on_where_they_were(
    bucket: Url, proxy: Proxy, tmp_path: Path, tears: int, after: int
) -> None:
    url = bucket / "a"
    put(CONTENT, url)
    # As many as there are: with 100,000 bytes each it is over before the last.
    proxy.add(Fault("tear", "GET", times=tears, after=after))
    assert fetch(url, tmp_path / "a").sha256 == sha256(CONTENT)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.every_cloud
def test_an_object_that_changes_between_two_pieces_is_not_put_together_of_both(
    bucket: Url, proxy: Proxy, tmp_path: Path
) -> None:
    url = bucket / "a"
    put(CONTENT, url)
    here = url.parent.name
    late = Fault("slow", "GET", here)
    # The first answer breaks off; the one that would go on waits until the object is another.
    proxy.add(Fault("tear", "GET", here, after=1000))
    proxy.add(Fault("status", "GET", here, status=503), late)
    other = threading.Thread(target=_replace_when_asked_twice, args=(proxy, url, late))
    other.start()
    with pytest.raises(PlaceError, match="was changed while it was being worked on"):
        fetch(url, tmp_path / "a")
    other.join()
    assert list(tmp_path.iterdir()) == []


def _replace_when_asked_twice(proxy: Proxy, url: Url, late: Fault) -> None:
    proxy.wait_for("GET", 2)
    put(bytes(len(CONTENT)), url, mode="replace")
    late.until.set()


@pytest.mark.every_cloud
def test_torn_listings_go_on_where_they_were(bucket: Url, proxy: Proxy) -> None:
    names = [f"{n // 10}/{n:03}" for n in range(60)]
    for name in names:
        put(b"x", bucket / name)
    proxy.add(Fault("tear", "GET", "list", times=3, after=700))
    assert [str(one.url.relative_to(bucket)) for one in listed(bucket)] == names
    assert proxy.all_happened


@pytest.mark.every_cloud
@pytest.mark.parametrize("size", [10, 40 << 20])
def test_a_lost_answer_to_a_put_is_no_error_and_no_second_object(
    bucket: Url, proxy: Proxy, size: int
) -> None:
    content, url = os.urandom(size), bucket / "a"
    method, where = "PUT", ""
    if size > 1000:  # the request that makes one object of the parts
        method, where = ("PUT", "blocklist") if url.scheme == "az" else ("POST", "uploadId")
    proxy.add(Fault("lose", method, where, times=2))
    assert put(content, url).sha256 == sha256(content)
    assert proxy.all_happened
    assert head(url).sha256 == sha256(content)


@pytest.mark.every_cloud
def test_parts_that_cannot_be_sent_are_one_line(
    bucket: Url, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_RETRY_SECONDS", "0.5")
    part = "blockid" if bucket.scheme == "az" else "partNumber"
    for status, kind in ((503, "unreachable"), (403, "refused")):
        proxy.add(Fault("status", "PUT", part, times=10**6, status=status))
        with pytest.raises(PlaceError, match=rf"^{bucket.scheme}://scans/") as told:
            put(bytes(40 << 20), bucket / "a")
        assert told.value.kind == kind
        proxy.mend()
    assert find(bucket / "a") is None


@pytest.mark.every_cloud
def test_a_lost_answer_does_not_hide_that_somebody_elses_object_lies_there(
    bucket: Url, proxy: Proxy
) -> None:
    url = bucket / "a"
    put(b"theirs", url)
    proxy.add(Fault("lose", "PUT", times=2))
    with pytest.raises(PlaceError, match="somebody else's object lies there"):
        put(b"ours", url)
    with pytest.raises(PlaceError, match="was changed"):
        put(b"ours", url, mode="replace", etag='"stale"')
    assert read(url) == b"theirs"


@pytest.mark.every_cloud
def test_a_lost_answer_to_a_replacement_is_no_error(bucket: Url, proxy: Proxy) -> None:
    url = bucket / "a"
    first = put(b"one", url)
    proxy.add(Fault("lose", "PUT", times=2))
    assert put(b"two", url, mode="replace", etag=first.etag).sha256 == sha256(b"two")
    assert read(url) == b"two"


@pytest.mark.every_cloud
def test_a_slow_answer_is_waited_for(bucket: Url, proxy: Proxy) -> None:
    slow = Fault("slow", "PUT")
    proxy.add(slow)
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(put(b"x", bucket / "a").size))
    waiting.start()
    proxy.wait_for("PUT", 1)
    assert answers == []
    slow.until.set()
    waiting.join()
    assert answers == [1]


@pytest.mark.every_cloud
@pytest.mark.parametrize("seconds", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_a_server_that_goes_and_comes_back_is_waited_for(
    bucket: Url, proxy: Proxy, tmp_path: Path, seconds: float
) -> None:
    url = bucket / "a"
    for action in (
        lambda: put(CONTENT, url),
        lambda: fetch(url, tmp_path / "a"),
        lambda: list(listed(bucket)),
        lambda: put(os.urandom(1 << 20) * 40, bucket / "large"),
    ):
        back = gone_for(proxy, seconds)
        action()
        back()
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert [one.url.name for one in listed(bucket)] == ["a", "large"]


@pytest.mark.every_cloud
def test_a_server_that_goes_in_the_middle_of_reading_is_waited_for(
    bucket: Url, proxy: Proxy, tmp_path: Path
) -> None:
    url = bucket / "a"
    put(CONTENT, url)
    proxy.add(Fault("tear", "GET", after=300_000))
    went = threading.Thread(target=_go_when_asked, args=(proxy,))
    went.start()
    assert fetch(url, tmp_path / "a").sha256 == sha256(CONTENT)
    went.join()


def _go_when_asked(proxy: Proxy) -> None:
    proxy.wait_for("GET", 1)
    gone_for(proxy, 1)()


def test_signed_web_addresses_go_on_where_they_were(
    bucket: Url, proxy: Proxy, tmp_path: Path
) -> None:
    import obstore

    from photochrom.places.access import client_of

    put(CONTENT, bucket / "a.tif")
    client, key = client_of(bucket / "a.tif")
    signed = Url.of(obstore.sign(client, "GET", key, timedelta(hours=1)))
    proxy.add(Fault("status", "GET", times=4), Fault("tear", "GET", times=4, after=200_000))
    assert fetch(signed, tmp_path / "a").sha256 == sha256(CONTENT)
    assert proxy.all_happened
