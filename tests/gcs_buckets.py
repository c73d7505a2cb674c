"""What lies in the buckets of `gcs_server`, and who may come to it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BUCKETS = ("scans", "results")
ACCOUNT = "tests@photochrom.iam.gserviceaccount.com"
_SMALLEST_PART = 5 << 20
_PAGE = 1000


@dataclass(frozen=True)
class Blob:
    content: bytes
    headers: dict[str, str]
    generation: int
    etag: str
    modified: float = field(default_factory=time.time)


class RefusedError(Exception):
    def __init__(self, status: int, code: str):
        super().__init__(code)
        self.status, self.code = status, code


def missing() -> RefusedError:
    return RefusedError(404, "NoSuchKey")


class Cloud:
    """The service: who may come, and what lies in its buckets."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1_700_000_000_000_000)
        self._buckets: dict[str, dict[str, Blob]] = {name: {} for name in BUCKETS}
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
        if not self._is_ours(authorization):
            raise RefusedError(401, "AuthenticationRequired")

    def _is_ours(self, authorization: str) -> bool:
        try:
            message, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
            self._key.public_key().verify(
                _decoded(signature), message.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            claims = json.loads(_decoded(message.partition(".")[2]))
            now = time.time()
            return bool(claims["iss"] == ACCOUNT and claims["iat"] - 600 <= now <= claims["exp"])
        except (InvalidSignature, ValueError, KeyError):
            return False

    def bucket(self, name: str) -> dict[str, Blob]:
        try:
            return self._buckets[name]
        except KeyError:
            raise RefusedError(404, "NoSuchBucket") from None

    def put(self, bucket: str, key: str, blob: Blob, match: str | None) -> Blob:
        with self._lock:
            there = self.bucket(bucket).get(key)
            if match is not None and int(match) != (there.generation if there else 0):
                raise RefusedError(412, "PreconditionFailed")
            self._buckets[bucket][key] = kept = replace(blob, generation=next(self._numbers))
            return kept

    def remove(self, bucket: str, key: str) -> None:
        with self._lock:
            if self.bucket(bucket).pop(key, None) is None:
                raise missing()

    def find(self, bucket: str, key: str) -> Blob:
        with self._lock:
            found = self.bucket(bucket).get(key)
        if found is None:
            raise missing()
        return found

    def page(self, bucket: str, prefix: str, after: str) -> tuple[list[tuple[str, Blob]], bool]:
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
        etag = md5(content)
        with self._lock:
            if upload not in self._uploads:
                raise RefusedError(404, "NoSuchUpload")
            self._uploads[upload][3][number] = (etag, content)
        return etag

    def finish(self, upload: str, wanted: list[tuple[int, str]]) -> Blob:
        with self._lock:
            if upload not in self._uploads:
                raise RefusedError(404, "NoSuchUpload")
            bucket, key, headers, parts = self._uploads[upload]
        if [parts.get(number, ("", b""))[0] for number, _ in wanted] != [tag for _, tag in wanted]:
            raise RefusedError(400, "InvalidPart")
        contents = [parts[number][1] for number, _ in wanted]
        if any(len(one) < _SMALLEST_PART for one in contents[:-1]):
            raise RefusedError(400, "EntityTooSmall")
        content = b"".join(contents)
        # What came in parts has no MD5 for an etag.
        etag = '"-' + base64.b64encode(hashlib.sha1(content).digest()[:9]).decode() + '="'
        blob = self.put(bucket, key, Blob(content, headers, 0, etag), None)
        self.abandon(upload)
        return blob

    def abandon(self, upload: str) -> None:
        with self._lock:
            self._uploads.pop(upload, None)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def md5(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
