"""The headers of tus 1.0 (https://tus.io/protocols/resumable-upload), read and written."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol

from starlette.datastructures import Headers

from photochrom.service.core.problems import (
    InvalidError,
    MediaTypeError,
    PreconditionError,
    ServiceError,
)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
RESUMABLE = {"Tus-Resumable": VERSION}
CHUNK = "application/offset+octet-stream"

_LONGEST = 16 << 10
"""Characters of metadata."""
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


ALGORITHMS: Mapping[str, Callable[[], _Hash]] = {
    "sha256": hashlib.sha256,
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "md5": lambda: hashlib.md5(usedforsecurity=False),
}


class MalformedError(ServiceError):
    """A header that the protocol does not have so."""

    code = "malformed"


@dataclass
class Checksum:
    """What the bytes of one request shall add up to."""

    hash: _Hash
    expected: bytes

    @property
    def fits(self) -> bool:
        """Whether those that came do."""
        return self.hash.digest() == self.expected


@dataclass(frozen=True)
class Told:
    """What the client says of the file.

    Attributes:
        text: The header, as it was sent.
        filename: Of the user; empty if not told.
        sha256: Of the whole; None if not told.
        collection: To which it shall be added.
        keep_duplicate: Whether it shall be a photograph of its own even if there is one with the
            same bytes.
    """

    text: str = ""
    filename: str = ""
    sha256: str | None = None
    collection: str | None = None
    keep_duplicate: bool = False


def check_version(headers: Headers) -> None:
    """Asks for the version that we speak.

    Raises:
        PreconditionError: It is another, or none.
    """
    if headers.get("Tus-Resumable") != VERSION:
        raise PreconditionError(
            f"this speaks tus {VERSION}",
            where="Tus-Resumable",
            headers={"Tus-Version": VERSION},
        )


def length_of(headers: Headers) -> int:
    """How long the file is.

    Raises:
        MalformedError: It is not said, or put off; or several uploads are to be one.
    """
    if "Upload-Defer-Length" in headers:
        raise MalformedError(
            "the length is wanted at the beginning",
            where="Upload-Defer-Length",
            fix="send Upload-Length",
        )
    if "Upload-Concat" in headers:
        raise MalformedError("uploads are not joined here", where="Upload-Concat")
    length = _number(headers, "Upload-Length")
    if length == 0:
        raise MalformedError("the file is empty", where="Upload-Length", fix="choose another")
    return length


def offset_of(headers: Headers) -> int:
    """Where the bytes of a request belong.

    Raises:
        MalformedError: It is not said.
    """
    return _number(headers, "Upload-Offset")


def has_chunk(headers: Headers) -> bool:
    """Whether a request that creates an upload brings its first bytes as well."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower() == CHUNK


def check_chunk(headers: Headers) -> None:
    """Asks for the content type of bytes.

    Raises:
        MediaTypeError: It is another.
    """
    if not has_chunk(headers):
        raise MediaTypeError(f"send {CHUNK}", where="Content-Type")


def checksum_of(headers: Headers) -> Checksum | None:
    """What the bytes shall add up to.

    Raises:
        MalformedError: No algorithm of ours, or no digest.
    """
    said = headers.get("Upload-Checksum")
    if said is None:
        return None
    name, _, encoded = said.strip().partition(" ")
    algorithm = ALGORITHMS.get(name)
    if algorithm is None:
        known = ", ".join(ALGORITHMS)
        raise MalformedError("is not known", where="Upload-Checksum", fix=f"take one of {known}")
    try:
        expected = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        expected = b""
    started = algorithm()
    if len(expected) != len(started.digest()):
        raise MalformedError(f"is no {name} in base 64", where="Upload-Checksum")
    return Checksum(started, expected)


def told_in(headers: Headers) -> Told:
    """What the client says of the file.

    Raises:
        MalformedError: The header has another form.
        InvalidError: It says what cannot be.
    """
    text = headers.get("Upload-Metadata", "")
    if len(text) > _LONGEST:
        raise MalformedError("is too long", where="Upload-Metadata")
    pairs = _pairs(text)
    sha256 = pairs.get("sha256", "").lower() or None
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise InvalidError("is no SHA-256 in 64 hexadecimal digits", where="Upload-Metadata sha256")
    return Told(
        text=text,
        filename=pairs.get("filename") or pairs.get("name") or "",
        sha256=sha256,
        collection=pairs.get("collection") or None,
        keep_duplicate=pairs.get("keep_duplicate", "").lower() in ("1", "true", "yes"),
    )


def expires(until: datetime) -> dict[str, str]:
    """The header that says until when an upload is kept."""
    return {"Upload-Expires": format_datetime(until.astimezone(UTC), usegmt=True)}


def _number(headers: Headers, name: str) -> int:
    said = headers.get(name)
    if said is None:
        raise MalformedError("is missing", where=name)
    if not _NUMBER.fullmatch(said.strip()):
        raise MalformedError("is no number of bytes", where=name)
    return int(said)


def _pairs(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise MalformedError(
                f'"{key}" has no value in base 64 of UTF-8', where="Upload-Metadata"
            ) from None
    return pairs
