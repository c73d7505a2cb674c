"""A Google Cloud Storage for tests, in this process and in memory: what of its XML API is spoken here.

There is no emulator that has enough of it in a package: conditions by generation, uploads in parts,
listings in pages. So this is one, written after https://cloud.google.com/storage/docs/xml-api. Where
Google differs from Amazon it does so, too: what is removed twice is missing (404), conditions of
writing are generations and not etags, listings tell no generation, and tokens are signed with the
key of a service account, which is verified.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BUCKETS = ("scans", "results")
ACCOUNT = "tests@photochrom.iam.gserviceaccount.com"
_SMALLEST_PART = 5 << 20
_PAGE = 1000
_KEPT = ("Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True)
class _Blob:
    content: bytes
    headers: dict[str, str]
    generation: int
    etag: str
    modified: float = field(default_factory=time.time)


class _Refused(Exception):
    def __init__(self, status: int, code: str):
        super().__init__(code)
        self.status, self.code = status, code


def _missing() -> _Refused:
    return _Refused(404, "NoSuchKey")


class Cloud:
    """The service: who may come, and what lies in its buckets."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1_700_000_000_000_000)
        self._buckets: dict[str, dict[str, _Blob]] = {name: {} for name in BUCKETS}
        self._uploads: dict[str, tuple[str, str, dict[str, str], dict[int, tuple[str, bytes]]]] = {}
        self.address = ""

    def account(self, folder: Path, *, right: bool = True) -> Path:
        """A file with the key of the service account, or with one that nobody knows here."""
        key = self._key if right else rsa.generate_private_key(65537, 2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        said = {"type": "service_account", "client_email": ACCOUNT, "private_key_id": "1"}
        path = folder / f"account-{'right' if right else 'wrong'}.json"
        path.write_text(json.dumps(said | {"private_key": pem.decode()}))
        return path

    def environment(self, folder: Path) -> dict[str, str]:
        """The settings with which it is found."""
        account = str(self.account(folder))
        return {"GOOGLE_APPLICATION_CREDENTIALS": account, "GOOGLE_BASE_URL": self.address}

    def let_in(self, authorization: str) -> None:
        """Raises unless a token is signed by the account, for now."""
        try:
            message, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
            self._key.public_key().verify(
                _decoded(signature), message.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            claims = json.loads(_decoded(message.partition(".")[2]))
            if claims["iss"] == ACCOUNT and claims["iat"] - 600 <= time.time() <= claims["exp"]:
                return
        except (InvalidSignature, ValueError, KeyError):
            pass  # It is no token, or not of this account: then nobody is let in.
        raise _Refused(401, "AuthenticationRequired")

    def bucket(self, name: str) -> dict[str, _Blob]:
        try:
            return self._buckets[name]
        except KeyError:
            raise _Refused(404, "NoSuchBucket") from None

    def put(self, bucket: str, key: str, blob: _Blob, match: str | None) -> _Blob:
        with self._lock:
            there = self.bucket(bucket).get(key)
            if match is not None and int(match) != (there.generation if there else 0):
                raise _Refused(412, "PreconditionFailed")
            self._buckets[bucket][key] = kept = replace(blob, generation=next(self._numbers))
            return kept

    def remove(self, bucket: str, key: str) -> None:
        with self._lock:
            if self.bucket(bucket).pop(key, None) is None:
                raise _missing()

    def find(self, bucket: str, key: str) -> _Blob:
        with self._lock:
            found = self.bucket(bucket).get(key)
        if found is None:
            raise _missing()
        return found

    def page(self, bucket: str, prefix: str, after: str) -> tuple[list[tuple[str, _Blob]], bool]:
        """What comes next, in the order of bytes, and whether that is not all."""
        with self._lock:
            found = [one for one in self.bucket(bucket).items() if one[0].startswith(prefix)]
        found = [one for one in found if one[0].encode() > after.encode()]
        found.sort(key=lambda one: one[0].encode())
        return found[:_PAGE], len(found) > _PAGE

    def begin(self, bucket: str, key: str, headers: dict[str, str]) -> str:
        self.bucket(bucket)
        with self._lock:
            upload = f"upload-{next(self._numbers)}"
            self._uploads[upload] = (bucket, key, headers, {})
        return upload

    def part(self, upload: str, number: int, content: bytes) -> str:
        etag = _md5(content)
        with self._lock:
            if upload not in self._uploads:
                raise _Refused(404, "NoSuchUpload")
            self._uploads[upload][3][number] = (etag, content)
        return etag

    def finish(self, upload: str, wanted: list[tuple[int, str]]) -> _Blob:
        with self._lock:
            if upload not in self._uploads:
                raise _Refused(404, "NoSuchUpload")
            bucket, key, headers, parts = self._uploads[upload]
        if [parts.get(number, ("", b""))[0] for number, _ in wanted] != [tag for _, tag in wanted]:
            raise _Refused(400, "InvalidPart")
        contents = [parts[number][1] for number, _ in wanted]
        if any(len(one) < _SMALLEST_PART for one in contents[:-1]):
            raise _Refused(400, "EntityTooSmall")
        content = b"".join(contents)
        # What came in parts has no MD5 for an etag.
        etag = '"-' + base64.b64encode(hashlib.sha1(content).digest()[:9]).decode() + '="'
        blob = self.put(bucket, key, _Blob(content, headers, 0, etag), None)
        self.abandon(upload)
        return blob

    def abandon(self, upload: str) -> None:
        with self._lock:
            self._uploads.pop(upload, None)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _md5(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cloud: Cloud

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.cloud.let_in(self.headers.get("Authorization", ""))
            split = urlsplit(self.path)
            bucket, _, key = split.path.removeprefix("/").partition("/")
            asked = {name: values[0] for name, values in parse_qs(split.query, True).items()}
            getattr(self, f"_{self.command.lower()}")(unquote(bucket), unquote(key), asked, body)
        except _Refused as error:
            self._answer(error.status, f"<Error><Code>{error.code}</Code></Error>".encode())

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815

    def _get(self, bucket: str, key: str, asked: dict[str, str], body: bytes) -> None:
        if not key:
            self._list(bucket, asked)
            return
        blob = self.cloud.find(bucket, key)
        if self.headers.get("If-Match", blob.etag) != blob.etag:
            raise _Refused(412, "PreconditionFailed")
        content, status, said = blob.content, 200, self._headers(blob)
        if wanted := _RANGE.fullmatch(self.headers.get("Range", "")):
            start, size = int(wanted[1]), len(content)
            end = min(int(wanted[2] or size - 1), size - 1)
            if start >= size:
                raise _Refused(416, "InvalidRange")
            content, status = content[start : end + 1], 206
            said["Content-Range"] = f"bytes {start}-{end}/{size}"
        self._answer(status, content, said)

    _head = _get

    def _list(self, bucket: str, asked: dict[str, str]) -> None:
        if asked.get("list-type") != "2" or "delimiter" in asked:
            raise _Refused(501, "NotImplemented")
        token = asked.get("continuation-token", "")
        after = unquote(token) if token else asked.get("start-after", "")
        page, more = self.cloud.page(bucket, asked.get("prefix", ""), after)
        said = [
            f"<Contents><Key>{escape(key)}</Key><ETag>{blob.etag}</ETag>"
            f"<Size>{len(blob.content)}</Size><LastModified>{_iso(blob.modified)}</LastModified>"
            "</Contents>"
            for key, blob in page
        ]
        if more:
            said.append(f"<NextContinuationToken>{escape(page[-1][0])}</NextContinuationToken>")
        self._answer(200, f"<ListBucketResult>{''.join(said)}</ListBucketResult>".encode())

    def _put(self, bucket: str, key: str, asked: dict[str, str], body: bytes) -> None:
        if upload := asked.get("uploadId"):
            etag = self.cloud.part(upload, int(asked["partNumber"]), body)
            self._answer(200, b"", {"ETag": etag})
            return
        match = self.headers.get("x-goog-if-generation-match")
        if source := self.headers.get("x-goog-copy-source"):
            there, _, name = source.removeprefix("/").partition("/")
            blob = self.cloud.put(
                bucket, key, self.cloud.find(unquote(there), unquote(name)), match
            )
            said = f"<CopyObjectResult><ETag>{blob.etag}</ETag></CopyObjectResult>"
            self._answer(200, said.encode())
            return
        blob = self.cloud.put(bucket, key, _Blob(body, self._given(), 0, _md5(body)), match)
        self._answer(200, b"", {"ETag": blob.etag, "x-goog-generation": str(blob.generation)})

    def _post(self, bucket: str, key: str, asked: dict[str, str], body: bytes) -> None:
        if "uploads" in asked:
            upload = self.cloud.begin(bucket, key, self._given())
            root, said = "InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId>"
        else:
            parts = ET.fromstring(body).iter("Part")
            wanted = [
                (int(one.findtext("PartNumber", "")), one.findtext("ETag", "")) for one in parts
            ]
            etag = self.cloud.finish(asked["uploadId"], wanted).etag
            root, said = "CompleteMultipartUploadResult", f"<ETag>{etag}</ETag>"
        self._answer(200, f"<{root}>{said}</{root}>".encode())

    def _delete(self, bucket: str, key: str, asked: dict[str, str], body: bytes) -> None:
        if upload := asked.get("uploadId"):
            self.cloud.abandon(upload)
        else:
            self.cloud.remove(bucket, key)
        self._answer(204, b"")

    def _given(self) -> dict[str, str]:
        """The headers that an object keeps."""
        said = {name: self.headers[name] for name in _KEPT if name in self.headers}
        mine = (one for one in self.headers.items() if one[0].lower().startswith("x-goog-meta-"))
        return said | {name.lower(): value for name, value in mine}

    def _headers(self, blob: _Blob) -> dict[str, str]:
        modified = formatdate(blob.modified, usegmt=True)
        said = {"ETag": blob.etag, "Last-Modified": modified, "Accept-Ranges": "bytes"}
        return blob.headers | said | {"x-goog-generation": str(blob.generation)}

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Whoever has asked is gone: that is what some tests are about."""


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


@contextmanager
def running() -> Iterator[Cloud]:
    """Runs a service with the buckets `scans` and `results`."""
    cloud = Cloud()
    handler = type("Handler", (_Handler,), {"cloud": cloud})
    with _Listening(("127.0.0.1", 0), handler) as server:
        cloud.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield cloud
        finally:
            server.shutdown()
            thread.join()
