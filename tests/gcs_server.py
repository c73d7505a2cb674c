"""A Google Cloud Storage for tests, in this process and in memory: as much of it as is spoken here.

There is no emulator that has enough of it in a package: conditions by generation, uploads in
parts, listings in pages. So this is one, written after the reference of the XML API at
https://cloud.google.com/storage/docs/xml-api. Where Google differs from Amazon it does so, too:
what is removed twice is missing (404), conditions of writing are generations and not etags,
listings tell no generation, and tokens are signed with the key of a service account, which is
verified.
"""

from __future__ import annotations

import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from gcs_buckets import Blob, Cloud, RefusedError, md5

_KEPT = ("Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


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
        except RefusedError as error:
            self._answer(error.status, f"<Error><Code>{error.code}</Code></Error>".encode())

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815

    def _get(self, bucket: str, key: str, asked: dict[str, str], body: bytes) -> None:
        if not key:
            self._list(bucket, asked)
            return
        blob = self.cloud.find(bucket, key)
        if self.headers.get("If-Match", blob.etag) != blob.etag:
            raise RefusedError(412, "PreconditionFailed")
        content, status, said = blob.content, 200, self._headers(blob)
        if wanted := _RANGE.fullmatch(self.headers.get("Range", "")):
            start, size = int(wanted[1]), len(content)
            end = min(int(wanted[2] or size - 1), size - 1)
            if start >= size:
                raise RefusedError(416, "InvalidRange")
            content, status = content[start : end + 1], 206
            said["Content-Range"] = f"bytes {start}-{end}/{size}"
        self._answer(status, content, said)

    _head = _get

    def _list(self, bucket: str, asked: dict[str, str]) -> None:
        if asked.get("list-type") != "2" or "delimiter" in asked:
            raise RefusedError(501, "NotImplemented")
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
        blob = self.cloud.put(bucket, key, Blob(body, self._given(), 0, md5(body)), match)
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

    def _headers(self, blob: Blob) -> dict[str, str]:
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
