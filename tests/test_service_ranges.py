"""Range requests and conditions, as RFC 9110 has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from fastapi import Request, Response
from starlette.testclient import TestClient

from photochrom.service.core.problems import NotFoundError, PreconditionError
from photochrom.service.core.ranges import Content, RangeError, attachment, range_in, ranged

BYTES = bytes(range(200))
MODIFIED = datetime(2026, 5, 17, 10, 0, 0, 500_000, tzinfo=UTC)
CONTENT = Content(len(BYTES), "abc", "image/jpeg", MODIFIED)


def read(start: int, end: int) -> Iterator[bytes]:
    for place in range(start, end, 64):
        yield BYTES[place : min(end, place + 64)]


def asked(method: str = "GET", **headers: str) -> Response:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": method, "headers": raw})
    return ranged(request, CONTENT, read)


def body(answer: Response) -> bytes:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(scope, receive, send)

    return TestClient(app).get("/").content


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("BYTES = 10-19", (10, 20)),
        ("bytes=190-", (190, 200)),
        ("bytes=190-1000", (190, 200)),
        ("bytes=-10", (190, 200)),
        ("bytes=-1000", (0, 200)),
        ("bytes=0-9,20-29", None),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=１-２", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("pages=1-2", None),
        ("bytes", None),
    ],
)
def test_ranges(header: str | None, found: tuple[int, int] | None) -> None:
    assert range_in(header, 200) == found


@pytest.mark.parametrize("header", ["bytes=200-", "bytes=200-300", "bytes=-0"])
def test_behind_the_end(header: str) -> None:
    with pytest.raises(RangeError) as raised:
        range_in(header, 200)
    assert raised.value.headers == {"Content-Range": "bytes */200"}
    with pytest.raises(RangeError):
        range_in("bytes=-10", 0)


def test_the_whole() -> None:
    answer = asked()
    assert answer.status_code == 200
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == "200"
    assert answer.headers["etag"] == '"abc"'
    assert answer.headers["last-modified"] == "Sun, 17 May 2026 10:00:00 GMT"
    assert body(answer) == BYTES


def test_a_part() -> None:
    answer = asked(range="bytes=60-139")
    assert answer.status_code == 206
    assert answer.headers["content-range"] == "bytes 60-139/200"
    assert answer.headers["content-length"] == "80"
    assert body(answer) == BYTES[60:140]


def test_head_says_the_same_without_bytes() -> None:
    answer = asked("HEAD", range="bytes=60-139")
    assert (answer.status_code, answer.headers["content-length"]) == (206, "80")
    assert answer.body == b""


def at(seconds: int) -> str:
    return format_datetime(MODIFIED.replace(microsecond=0) + timedelta(seconds=seconds), True)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ('"abc"', 206),
        ('W/"abc"', 200),
        ('"old"', 200),
        (at(0), 206),
        (at(1), 200),
        (at(-1), 200),
        ("yesterday", 200),
    ],
)
def test_if_range(said: str, status: int) -> None:
    assert asked(range="bytes=0-9", if_range=said).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": '"abc"'}, 304),
        ({"if_none_match": 'W/"abc"'}, 304),
        ({"if_none_match": '"x", "abc"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"x"'}, 200),
        ({"if_modified_since": at(0)}, 304),
        ({"if_modified_since": at(-1)}, 200),
        ({"if_modified_since": "whenever"}, 200),
        # The tag counts before the time.
        ({"if_none_match": '"x"', "if_modified_since": at(0)}, 200),
        ({"if_match": '"abc"'}, 200),
        ({"if_match": "*"}, 200),
        ({"if_unmodified_since": at(0)}, 200),
    ],
)
def test_conditions(headers: dict[str, str], status: int) -> None:
    answer = asked(**headers)
    assert answer.status_code == status
    assert answer.headers["etag"] == '"abc"'


@pytest.mark.parametrize("headers", [{"if_match": '"x"'}, {"if_unmodified_since": at(-1)}])
def test_conditions_that_do_not_hold(headers: dict[str, str]) -> None:
    with pytest.raises(PreconditionError):
        asked(**headers)


def test_a_file_that_is_gone_is_told_before_the_answer_begins() -> None:
    def gone(start: int, end: int) -> Iterator[bytes]:
        raise NotFoundError("its file is not there any more")
        yield b""

    request = Request({"type": "http", "method": "GET", "headers": []})
    with pytest.raises(NotFoundError):
        ranged(request, CONTENT, gone)


def test_names_of_files_do_not_leave_their_header() -> None:
    said = attachment('Märkte "1931"\r\nX: y.tif')
    assert "\r" not in said and "\n" not in said
    assert said.startswith('attachment; filename="M_rkte _1931___X_ y.tif"; filename*=UTF-8')
