"""Settings of clouds in the environment: which of them is why nothing can be opened.

The library for object stores reads dozens of variables, and says of one that it cannot make sense
of what its value is, not its name. So they are tried one by one, in a process that is there for it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from photochrom.errors import PlaceError
from photochrom.places import azure
from photochrom.places.url import WEB, Url

_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT", "AZURITE_BLOB_STORAGE_URL"),
}
_IN_HEADERS = ("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_PREFIXES = {"s3": "AWS_", "gs": "GOOGLE_"}
# How long the process that tries them may take; it opens no connection.
_SECONDS = 60
# The library's words for what it cannot read, whatever it was to be.
_UNREADABLE = "Generic Config error"
_SENSE = {
    "as boolean": "is neither true nor false; write one of them",
    "as Duration": "is no time; write 30s or the like",
    "as u32": "is no number; write one",
    "as usize": "is no number; write one",
}


def endpoint(scheme: str) -> str:
    """The address of a cloud's service, as the environment has it; empty: the cloud's own."""
    if (cloud := _cloud(scheme)) == "az" and (named := azure.endpoint()):
        return named
    return next(
        (os.environ[name] for name in _ENDPOINTS.get(cloud, ()) if os.environ.get(name)), ""
    )


def _cloud(scheme: str) -> str:
    return "az" if scheme.startswith("abfs") else scheme


def look_over(scheme: str) -> None:
    """Complains of settings at which the library would not raise an error, but break down."""
    for name in (name for name in _ENDPOINTS.get(_cloud(scheme), ()) if name in os.environ):
        if not _is_address(os.environ[name]):
            raise PlaceError(
                "is no address of a service",
                where=name,
                fix="write https://HOST or http://HOST:PORT, or unset it",
                kind="settings",
            )
    for name in _IN_HEADERS if scheme == "s3" else ():
        if not os.environ.get(name, "").isprintable():
            what, fix = "has a line break or the like in it", "set it anew"
            raise PlaceError(what, where=name, fix=fix, kind="settings")


def _is_address(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        return False
    return split.scheme in WEB and bool(_HOST.fullmatch(split.hostname or "")) and port != 0


@contextmanager
def refusals_told(url: Url) -> Iterator[None]:
    """Has the library say which setting it is that it cannot make sense of, when it opens a place.

    Raises:
        PlaceError: One is, of kind "settings".
    """
    from obstore.exceptions import BaseError

    try:
        yield
    except BaseError as error:
        tell_refused(url, str(error))
        raise


def tell_refused(url: Url, said: str | None = None) -> None:
    """Raises an error that names the settings that the library refuses, if there are any.

    Args:
        url: What was to be opened.
        said: What the library has said when it refused; None: nobody has asked it.
    """
    alone = _tried(url)
    if said is None:
        names = [name for name, text in alone.items() if text.startswith(_UNREADABLE)]
        said = alone[names[0]] if names else ""
    names = sorted(name for name, text in alone.items() if text == _head(said))
    if not names:
        return
    found = (words for sign, words in _SENSE.items() if sign in said)
    what, _, fix = next(found, "means nothing; check it").partition("; ")
    each = " each" if names[1:] else ""
    raise PlaceError(
        f"{what}{each}", where=", ".join(names), fix=f"{fix}, or unset it", kind="settings"
    )


def _tried(url: Url) -> Mapping[str, str]:
    """What the library says of each variable alone, of those that it refuses."""
    prefix = _PREFIXES.get(url.scheme, "AZURE_")
    if not any(name.startswith(prefix) for name in os.environ):
        return {}
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    trial = Path(__file__).with_name("trial.py")
    # Not as a module: neither this package nor what lies beside the file is to be imported.
    command = [sys.executable, "-P", str(trial), url.scheme, prefix]
    try:
        tried = subprocess.run(
            command, env=found, capture_output=True, timeout=_SECONDS, check=True, text=True
        )
        said = json.loads(tried.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}  # Then it is told without their names.
    return {str(name): _head(str(text)) for name, text in said.items()}


def _head(text: str) -> str:
    """What the library says, without where in itself it was."""
    return text.partition("\n")[0]
