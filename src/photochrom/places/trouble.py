"""What can go wrong in a place elsewhere, in one line each, and what of it is worth another try.

This is decided here and nowhere else: whoever wants to know asks an error whether it is
`transient`.
"""

from __future__ import annotations

import logging
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from photochrom.errors import PlaceError
from photochrom.places.url import Url

_STATUS = re.compile(r"Server returned non-2xx status code: (\d{3})")
_ADDRESS = re.compile(r"https?://\S+")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_RETRY_SECONDS = "PHOTOCHROM_RETRY_SECONDS"
# Of no module that could be imported, and no `Exception`.
_PANIC = "PanicException"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_TOLD_AFTER = 5.0
# Without a handler of the program's, warnings are lines on standard error.
_LOG = logging.getLogger("photochrom.places")

_RIGHTS = "check the credentials in the environment, and that they may do this there"
_SIGN_IN = {
    "s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in",
    "gs": "run: gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS",
    "az": "run: az login, or set AZURE_STORAGE_ACCOUNT_KEY",
}
_SAID_BY_CODE = {
    "SignatureDoesNotMatch": ("the secret key does not fit the access key", _RIGHTS),
    "InvalidAccessKeyId": ("nobody has this access key there", _RIGHTS),
    "ExpiredToken": ("the credentials have expired", "sign in again"),
    "TokenRefreshRequired": ("the credentials have expired", "sign in again"),
    "InvalidToken": ("the session token is not valid", "sign in again"),
    "RequestTimeTooSkewed": ("this machine's clock is wrong", "set the clock"),
}
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound")
_FULL = ("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "StorageFull")
_ELSEWHERE = ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint")
_COME_BACK = ("SlowDown", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict")
# Of an upload that was finished, and whose answer was lost; or that the bucket's rules removed.
_NO_PARTS = ("NoSuchUpload", "InvalidBlockList")
_ASKED_FOR_CREDENTIALS = ("169.254.169.254", "metadata.google.internal", "credential provider")
_NO_SUCH_HOST = ("Name or service not known", "nodename nor servname", "No such host is known")


def retry_seconds() -> float:
    """How long a place may be away before we give up: `PHOTOCHROM_RETRY_SECONDS`, or 180 s.

    Raises:
        PlaceError: The setting is no number of seconds.
    """
    said = os.environ.get(_RETRY_SECONDS, "180")
    try:
        seconds = float(said)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise PlaceError(
            f'"{said}" is no number of seconds',
            where=_RETRY_SECONDS,
            fix="write 180, or 0 for no second try",
            kind="settings",
        )
    return seconds


class Patience:
    """Waits between tries, longer each time and never twice alike, until time is up.

    Args:
        url: What is tried.
    """

    def __init__(self, url: Url):
        self._url = url
        self._seconds = retry_seconds()
        self.progress()

    def progress(self) -> None:
        """Says that something came: time starts anew."""
        self._begun = time.monotonic()
        self._pause = _FIRST_PAUSE
        self._told = False

    def after(self, error: PlaceError) -> None:
        """Waits, after an error, until the next try is due.

        Raises:
            PlaceError: The same; another try is not worth it, or time is up.
        """
        if not error.transient:
            raise error
        left = self._begun + self._seconds - time.monotonic()
        if left <= 0:
            tried = f"{error.what}; tried for {self._seconds:g} s"
            raise PlaceError(
                tried, where=error.where, fix=error.fix, kind=error.kind, transient=True
            ) from None
        if not self._told and time.monotonic() - self._begun > _TOLD_AFTER:
            self._told = True
            _LOG.warning("waiting for %s: %s; for %.0f seconds more", self._url, error.what, left)
        # Many who were cut off at once shall not come back at once.
        time.sleep(min(left, self._pause * random.uniform(0.5, 1.0)))
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)


@contextmanager
def plainly(url: Url) -> Iterator[None]:
    """Says in our words what the library for object stores says in its own.

    Only its calls belong in the block: a missing file of this machine would be taken for a missing
    object.

    Raises:
        PlaceError: Something went wrong.
    """
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError, ValueError) as error:  # an OSError is what its writers say
        # Its messages are pages long and may hold signatures.
        raise _said(error, url) from None
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        what = "cannot be opened: the library for object stores broke down"
        fix = "check the cloud's settings in the environment"
        raise PlaceError(what, where=str(url), fix=fix, kind="settings") from None


def _said(error: Exception, url: Url) -> PlaceError:
    # A scan may well be called after a certificate, or after what a service says.
    full = str(error).replace(url.key, "") if url.key else str(error)
    text = _ADDRESS.sub("", full)
    found = _STATUS.search(text)
    status = int(found[1]) if found else 0
    named = _CODE.search(text)
    code = named[1] if named else ""
    where = str(url)
    if any(words in full for words in _ASKED_FOR_CREDENTIALS):
        return no_credentials(url)
    said = _by_code(code, url) or _by_class(type(error).__name__, text, status, url)
    return said or _unreachable(text, status, where)


def _by_code(code: str, url: Url) -> PlaceError | None:
    """From what the service calls it."""
    where = str(url)
    if code in _NO_BUCKET:
        return no_bucket(url)
    if code in _SAID_BY_CODE:
        what, fix = _SAID_BY_CODE[code]
        return PlaceError(f"refused: {what}", where=where, fix=fix, kind="refused")
    if code in _FULL:
        return PlaceError("there is no space left", where=where, fix="make some", kind="full")
    if code in _ELSEWHERE:
        return PlaceError(
            "lies in another region", where=where, fix="set AWS_REGION to it", kind="settings"
        )
    if code in _NO_PARTS:
        what = "the parts that were sent are gone"
        return PlaceError(what, where=where, fix="run again", kind="unreachable", transient=True)
    if code in _COME_BACK:
        return PlaceError("is too busy to answer", where=where, kind="unreachable", transient=True)
    return None


def _by_class(name: str, text: str, status: int, url: Url) -> PlaceError | None:
    """From the kind of error that it is to the library, and the HTTP status."""
    where = str(url)
    if name in ("FileNotFoundError", "NotFoundError") or status in (404, 410):
        return PlaceError("is not there", where=where, fix="check the name", kind="missing")
    if name in ("PermissionDeniedError", "UnauthenticatedError") or status in (401, 403):
        fix = "check the address; a signed one may have expired" if url.is_web else _RIGHTS
        return PlaceError(
            f"access was refused ({status or 403})", where=where, fix=fix, kind="refused"
        )
    if name == "AlreadyExistsError" or (name == "GenericError" and status == 409):
        return taken(url)
    if name == "PreconditionError" or status == 412:
        return changed(url)
    if status == 507:
        return PlaceError("there is no space left", where=where, fix="make some", kind="full")
    if name == "NotSupportedError" or status in (405, 501):
        return PlaceError("the service cannot do this", where=where, kind="unsupported")
    if name == "ValueError":
        return PlaceError("is no name that an object can have", where=where, fix="rename it")
    return _by_settings(text, where)


def _by_settings(text: str, where: str) -> PlaceError | None:
    lower = text.lower()
    if "redirect without location" in lower:
        return PlaceError(
            "lies in another region", where=where, fix="set AWS_REGION to it", kind="settings"
        )
    if "account must be specified" in lower:
        return PlaceError(
            "belongs to no storage account",
            where=where,
            fix="set AZURE_STORAGE_ACCOUNT_NAME",
            kind="settings",
        )
    if any(words in lower for words in ("invalidcertificate", "invalidmessage", "corrupt message")):
        return PlaceError(
            "speaks no TLS, or has a certificate that is not trusted",
            where=where,
            fix="check the endpoint's https:// or http://, or set AWS_CA_BUNDLE",
            kind="settings",
        )
    if any(words in text for words in _NO_SUCH_HOST):
        return PlaceError(
            "the host has no address",
            where=where,
            fix="check its name, and the endpoint in the environment if one is set",
            kind="settings",
        )
    return None


def _unreachable(text: str, status: int, where: str) -> PlaceError:
    if 400 <= status < 500 and status not in (408, 425, 429):
        return PlaceError(
            f"the service refuses what was asked (HTTP {status})", where=where, kind="unsupported"
        )
    if status:
        what = f"the service answers with an error (HTTP {status})"
    elif "Error performing" in text:
        what = "cannot be reached"
    elif "HTTP error" in text or "retry_timeout" in text or "List" in text:
        what = "the connection broke off"
    else:
        return PlaceError(
            "cannot be opened", where=where, fix="check the cloud's settings", kind="settings"
        )
    fix = "check the network and the service, and run again"
    return PlaceError(what, where=where, fix=fix, kind="unreachable", transient=True)


def no_credentials(url: Url, fix: str | None = None) -> PlaceError:
    """Nobody here may go there."""
    return PlaceError(
        "no credentials were found, or they have expired",
        where=str(url),
        fix=fix or _SIGN_IN.get(url.scheme, _SIGN_IN["az"]),
        kind="credentials",
    )


def no_bucket(url: Url) -> PlaceError:
    """There is no such bucket."""
    return PlaceError(
        "there is no such bucket",
        where=f"{url.scheme}://{url.bucket}",
        fix="check its name, or make it",
        kind="bucket",
    )


def taken(url: Url) -> PlaceError:
    """Something lies there that is not ours to replace."""
    return PlaceError(
        "somebody else's object lies there",
        where=str(url),
        fix="choose another place, or remove it",
        kind="taken",
    )


def changed(url: Url) -> PlaceError:
    """It is not what it was when it was looked at."""
    return PlaceError(
        "was changed while it was being worked on",
        where=str(url),
        fix="run again",
        kind="changed",
    )


def writable(url: Url) -> None:
    """An error about what is for reading only."""
    if url.is_web:
        raise PlaceError(
            "the web is for reading only",
            where=str(url),
            fix="write to s3://, gs:// or az://",
            kind="unsupported",
        )
