"""Where things lie that are no files of this machine: a URL, with what callers use of a path."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath, PurePosixPath
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

from photochrom.errors import PlaceError

CLOUDS = ("s3", "gs", "az", "abfs", "abfss")
WEB = ("https", "http")
_KNOWN = (*CLOUDS, *WEB, "file")
# What other programs call the same places.
_ALIASES = {
    "adl": "az",
    "azure": "az",
    "gcs": "gs",
    "s3a": "s3",
    "s3n": "s3",
    "wasb": "az",
    "wasbs": "az",
}
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?P<rest>.*)", re.DOTALL)
_ONE_SLASH = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9]+):/(?P<rest>[^/].*)", re.DOTALL)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HADOOP = re.compile(r"[A-Za-z0-9$-]+@[A-Za-z0-9.-]+")
_HOST = re.compile(r"[^\s/@\\]+")
_SAFE = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, order=True)
class Url:
    """An object, or a folder of objects, in a bucket or on the web.

    What follows the bucket is a key, taken literally as the clouds' own tools do: spaces, `#`, `?`
    and `%` stand for themselves. A web address is percent-encoded.

    Attributes:
        scheme: "s3", "gs", "az", "abfs", "abfss", "https" or "http".
        bucket: The bucket, the container (`container@account.dfs.core.windows.net` with abfs), or
            the host with its port.
        key: What follows, without the slash before it; ends in a slash, or is empty, for a folder.
        query: Of a web address; it may hold a signature, and so is never written anywhere.
    """

    scheme: str
    bucket: str
    key: str = ""
    query: str = field(default="", repr=False)

    @classmethod
    def of(cls, text: str) -> Url:
        """Take a URL apart.

        Raises:
            PlaceError: It is none, or not one of ours.
        """
        found = _URL.fullmatch(text)
        if found is None:
            raise PlaceError("is no URL", where=text, fix="write s3://BUCKET/KEY")
        scheme = _scheme(found["scheme"])
        if scheme in WEB:
            return _web(scheme, found["rest"])
        bucket, _, key = found["rest"].partition("/")
        url = cls(scheme, _bucket(scheme, bucket), key)
        _check(url.key, str(url))
        return url

    @property
    def is_web(self) -> bool:
        """Whether it lies on the web, where there is only reading."""
        return self.scheme in WEB

    @property
    def is_folder(self) -> bool:
        """Whether it names a folder: it ends in a slash, or nothing follows the bucket."""
        return not self.key or self.key.endswith("/")

    @property
    def name(self) -> str:
        """The last part of the key, decoded on the web; empty for a bucket as a whole."""
        return self._plain(self.key.rstrip("/").rpartition("/")[2])

    @property
    def stem(self) -> str:
        """The name without its last ending."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The last ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> Url:
        """The folder that it lies in; a bucket as a whole lies in itself."""
        above, slash, _ = self.key.rstrip("/").rpartition("/")
        return self._at(above + slash)

    @property
    def folder(self) -> Url:
        """The same, named as a folder."""
        return self if self.is_folder else self._at(self.key + "/")

    def __truediv__(self, below: str | PurePath) -> Url:
        """What lies below, as with paths.

        Raises:
            PlaceError: `below` is absolute, or has empty parts, "." or "..".
        """
        text = below.as_posix() if isinstance(below, PurePath) else below
        _check(text, f"{self}: {text}")
        return self._at(self.folder.key + self._coded(text))

    def with_name(self, name: str) -> Url:
        """The same folder's object of another name."""
        return self.parent / name

    def with_suffix(self, suffix: str) -> Url:
        """The same with another ending; see `pathlib.PurePath.with_suffix`."""
        return self.parent / PurePosixPath(self.name).with_suffix(suffix).name

    def relative_to(self, other: Url) -> PurePosixPath:
        """What has to be put below `other` to come here.

        Raises:
            ValueError: It does not lie there.
        """
        above = other.folder.key
        here = (self.scheme, self.bucket) == (other.scheme, other.bucket)
        if not here or not self.folder.key.startswith(above):
            raise ValueError(f"{self} does not lie in {other}")
        below = self.folder.key.removeprefix(above).strip("/")
        return PurePosixPath(*(self._plain(part) for part in below.split("/")))

    def is_relative_to(self, other: Url) -> bool:
        """Whether it lies below `other`, or is it."""
        try:
            self.relative_to(other)
        except ValueError:
            return False
        return True

    def __str__(self) -> str:
        """The address, without a web address's query."""
        return f"{self.scheme}://{self.bucket}/{self.key}"

    def _at(self, key: str) -> Url:
        # A signature holds for one address.
        return replace(self, key=key, query=self.query if key == self.key else "")

    def _plain(self, part: str) -> str:
        decoded = unquote(part) if self.is_web else part
        # One part stays one part: IIIF servers have addresses with encoded slashes.
        return part if "/" in decoded else decoded

    def _coded(self, text: str) -> str:
        return quote(text, safe=_SAFE) if self.is_web else text


Place = Path | Url


def place_of(name: str | os.PathLike[str] | Url) -> Place:
    """What a name on the command line or in a file means: a URL where it looks like one, or a path.

    `file://` is a path; so is a name with a drive letter.

    Raises:
        PlaceError: It looks like a URL and is none that we know.
    """
    if isinstance(name, Url | Path):
        return name
    text = os.fspath(name)
    found = _URL.fullmatch(text)
    if found is None:
        _complain_of_one_slash(text)
        return Path(text)
    return _file(text) if found["scheme"].lower() == "file" else Url.of(text)


def public(name: str) -> str:
    """A name as it may be told and written down: of a web address all but the query, which may hold
    a signature."""
    found = _URL.fullmatch(name)
    web = found is not None and found["scheme"].lower() in WEB
    return name.partition("?")[0] if web else name


def _scheme(text: str) -> str:
    scheme = text.lower()
    if scheme in (*CLOUDS, *WEB):
        return scheme
    # Two letters are alike if one of them is the same.
    alike = 0.5 if len(scheme) == 2 else 0.7
    near = difflib.get_close_matches(_ALIASES.get(scheme, scheme), _KNOWN, cutoff=alike)
    known = "files, s3://, gs://, az:// and https:// are read"
    raise PlaceError(
        "is no place we can read or write",
        where=f"{scheme}://",
        fix=f"did you mean {near[0]}://?" if near else known,
        kind="address",
    )


def _bucket(scheme: str, bucket: str) -> str:
    hadoop = scheme.startswith("abfs") and _HADOOP.fullmatch(bucket)
    if "@" in bucket and not hadoop:
        raise _with_a_password(scheme, bucket)
    if not bucket:
        raise PlaceError(
            "names no bucket", where=f"{scheme}://", fix=f"write {scheme}://BUCKET/KEY"
        )
    if not hadoop and not _BUCKET.fullmatch(bucket):
        raise PlaceError(
            "is no name of a bucket",
            where=f"{scheme}://{bucket}",
            fix="they are made of letters, digits, dots, dashes and underscores",
        )
    return bucket


def _web(scheme: str, rest: str) -> Url:
    split = urlsplit(f"{scheme}://{rest}")
    if "@" in split.netloc:
        raise _with_a_password(scheme, split.netloc)
    if not _HOST.fullmatch(split.netloc):
        raise PlaceError("names no host", where=f"{scheme}://", fix=f"write {scheme}://HOST/PATH")
    # Already encoded, as a browser shows it, or with the spaces and letters that people type.
    key = quote(split.path.removeprefix("/"), safe=_SAFE + "%")
    url = Url(scheme, split.netloc.lower(), key, split.query)
    if any(part in (".", "..") for part in url.key.split("/")):
        raise _odd_part(str(url))
    return url


def _with_a_password(scheme: str, place: str) -> PlaceError:
    return PlaceError(
        "holds a user name or a password",
        where=f"{scheme}://...@{place.rpartition('@')[2]}",
        fix="take it out; credentials are found as the cloud's own tools find them",
    )


def _check(key: str, where: str) -> None:
    parts = key.removesuffix("/").split("/") if key else []
    if any(part in ("", ".", "..") for part in parts):
        raise _odd_part(where)
    if any(ord(char) < 32 or ord(char) == 127 for char in key):
        raise PlaceError("has a line break or the like in its name", where=where, fix="rename it")


def _odd_part(where: str) -> PlaceError:
    return PlaceError(
        'has an empty part, "." or ".." in it', where=where, fix="write the key without"
    )


def _complain_of_one_slash(text: str) -> None:
    """A path that was made of a URL on the way to us has lost a slash."""
    found = _ONE_SLASH.fullmatch(text)
    if found and found["scheme"].lower() in _KNOWN and not os.path.lexists(text):
        meant = f"{found['scheme'].lower()}://"
        raise PlaceError(
            "is no URL, and no such file is there", where=text, fix=f"URLs begin with {meant}"
        )


def _file(text: str) -> Path:
    rest = text.partition("://")[2]
    host, slash, path = rest.partition("/")
    if host.lower() not in ("", "localhost") or not slash:
        raise PlaceError(
            "names a file of another machine", where=text, fix="write file:///FOLDER/FILE"
        )
    return Path(url2pathname("/" + path))
