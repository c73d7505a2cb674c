"""Clients of object stores: opened once in each process, with credentials from the environment.

Nobody hands us credentials, and we hand them to nobody: the library reads them where the clouds'
own tools do (https://docs.rs/object_store lists the variables).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.errors import PlaceError
from photochrom.places import azure
from photochrom.places.settings import endpoint, look_over, refusals_told, tell_refused
from photochrom.places.trouble import no_credentials, plainly, retry_seconds
from photochrom.places.url import Url

if TYPE_CHECKING:
    from obstore.auth.boto3 import Boto3CredentialProvider
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_SPEAKS_OF_US = (
    "AWS_",
    "GOOGLE_",
    "GCE_",
    "AZURE_",
    "AZURITE_",
    "PHOTOCHROM_RETRY_SECONDS",
    "HOME",
)
_AT_MOST = 64

_clients: dict[tuple[str, ...], ObjectStore] = {}
_lock = threading.Lock()


def client_of(url: Url, *, patient: bool = False) -> tuple[ObjectStore, str]:
    """The client for a place, and the key by which it knows it.

    Args:
        url: The place.
        patient: Whether the library itself is to wait for a service that is away, which nothing
            can interrupt; otherwise it tries for a second or two, and `Patience` waits.

    Raises:
        PlaceError: obstore is missing, no credentials are found, or the settings do not fit.
    """
    _library(url)
    if url.is_web:
        return _web(url), ""
    # Whoever changes the environment gets another client; what is kept of it is a digest.
    key = (str(os.getpid()), url.scheme, url.bucket, str(patient), _environment())
    with _lock:
        client = _clients.get(key)
    if client is None:
        client = _open(url, patient)
        with _lock:
            while len(_clients) >= _AT_MOST:
                _clients.pop(next(iter(_clients)))
            client = _clients.setdefault(key, client)
    return client, url.key.removesuffix("/")


def _library(url: Url) -> None:
    """Everybody comes through here before they import the library themselves."""
    try:
        import obstore  # noqa: F401
    except ImportError:
        raise PlaceError(
            "needs the extra for object stores",
            where=str(url),
            fix="pip install 'photochrom[cloud]'",
            kind="settings",
        ) from None


def same_service(one: Url, other: Url) -> bool:
    """Whether two places lie in one bucket, in which the service can copy by itself."""
    return not one.is_web and (one.scheme, one.bucket) == (other.scheme, other.bucket)


def _environment() -> str:
    ours = sorted(item for item in os.environ.items() if item[0].startswith(_SPEAKS_OF_US))
    return hashlib.sha256(repr(ours).encode("utf-8", "surrogateescape")).hexdigest()


def _open(url: Url, patient: bool) -> ObjectStore:
    look_over(url.scheme)
    try:
        with plainly(url), refusals_told(url):
            return _opened(url, patient)
    except PlaceError as error:
        if error.kind != "credentials":
            raise
        # A setting that means nothing may be why they were not found.
        tell_refused(url)
        raise


def _opened(url: Url, patient: bool) -> ObjectStore:
    from obstore.store import AzureStore, GCSStore, S3Store

    options, retry = _options(url), _retry(patient)
    if url.scheme == "s3":
        extra = _aws(url)
        return S3Store(url.bucket, client_options=options, retry_config=retry, **extra)
    if url.scheme == "gs":
        _google(url)
        return GCSStore(url.bucket, client_options=options, retry_config=retry)
    address = f"{url.scheme}://{url.bucket}"
    extra = _azure(url)
    return AzureStore.from_url(address, client_options=options, retry_config=retry, **extra)


def _web(url: Url) -> ObjectStore:
    """Each address is a client of its own: only so it stays as it was given, query and all."""
    from obstore.store import HTTPStore

    query = f"?{url.query}" if url.query else ""
    with plainly(url):
        return HTTPStore.from_url(
            f"{url}{query}", client_options=_options(url), retry_config=_retry(False)
        )


def _options(url: Url) -> ClientConfig:
    options: ClientConfig = {
        # A large object takes as long as it takes; what counts is that something comes.
        "timeout": timedelta(days=1),
        "read_timeout": timedelta(seconds=60),
        "connect_timeout": timedelta(seconds=5),
    }
    if url.scheme == "http" or endpoint(url.scheme).startswith("http://"):
        options["allow_http"] = True
    bundle = os.environ.get("AWS_CA_BUNDLE", "")
    if url.scheme == "s3" and bundle and Path(bundle).is_file():
        options["root_certificate"] = Path(bundle).read_bytes()
    return options


def _retry(patient: bool) -> RetryConfig:
    pause = {"max_backoff": timedelta(seconds=5)}
    if patient:
        seconds = timedelta(seconds=retry_seconds())
        return {"max_retries": 1000, "retry_timeout": seconds, "backoff": pause}  # type: ignore[typeddict-item]
    return {"max_retries": 2, "retry_timeout": timedelta(seconds=2), "backoff": pause}  # type: ignore[typeddict-item]


# -- credentials --------------------------------------------------------------------------------


def _aws(url: Url) -> dict[str, Any]:
    """What the library does not find by itself: profiles and single sign-on, through boto3."""
    told = ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_SKIP_SIGNATURE")
    pair = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    if sum(bool(os.environ.get(name)) for name in pair) == 1:
        raise no_credentials(url, f"set both {pair[0]} and {pair[1]}")
    container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    # As with Amazon's own tools, what the environment says goes before a profile.
    if any(os.environ.get(name) for name in (*told, *container)):
        return {}
    profile = os.environ.get("AWS_PROFILE", "")
    if profile or _aws_files():
        provider = _from_boto3(url)
        if provider is not None:
            return {"credential_provider": provider}
        if profile:
            raise no_credentials(url, "pip install boto3, through which AWS_PROFILE is read")
    if not _answers(os.environ.get("AWS_METADATA_ENDPOINT", "http://169.254.169.254")):
        hint = "pip install boto3, through which ~/.aws is read" if _aws_files() else None
        raise no_credentials(url, hint)
    return {}


def _aws_files() -> bool:
    named = {"AWS_SHARED_CREDENTIALS_FILE": "credentials", "AWS_CONFIG_FILE": "config"}
    places = (os.environ.get(name) or f"~/.aws/{file}" for name, file in named.items())
    return any(Path(place).expanduser().is_file() for place in places)


def _from_boto3(url: Url) -> Boto3CredentialProvider | None:
    """None where boto3 is not installed."""
    try:
        from botocore.exceptions import BotoCoreError
        from obstore.auth.boto3 import Boto3CredentialProvider
    except ImportError:
        return None
    try:
        return Boto3CredentialProvider()
    except (BotoCoreError, ValueError):
        raise no_credentials(url, "check AWS_PROFILE, or run: aws sso login") from None


def _google(url: Url) -> None:
    told = ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SKIP_SIGNATURE")
    more = ("GOOGLE_SERVICE_ACCOUNT_PATH", "GOOGLE_SERVICE_ACCOUNT_KEY", "GOOGLE_BEARER_TOKEN")
    signed_in = Path("~/.config/gcloud/application_default_credentials.json").expanduser()
    if os.name == "nt":
        signed_in = Path(os.environ.get("APPDATA", "")) / "gcloud" / signed_in.name
    if any(os.environ.get(name) for name in (*told, *more)) or signed_in.is_file():
        return
    named = os.environ.get("GCE_METADATA_HOST") or os.environ.get("GCE_METADATA_ROOT")
    if not _answers(f"http://{named or 'metadata.google.internal'}"):
        raise no_credentials(url)


def _azure(url: Url) -> dict[str, Any]:
    told = azure.told()
    if "@" in url.bucket:
        told.pop("account_name", None)  # The address names it.
    if told.keys() & {"account_key", "sas_key", "use_emulator"}:
        return told
    words = ("CLIENT_SECRET", "FEDERATED_TOKEN_FILE", "USE_", "SKIP_SIGNATURE", "TOKEN")
    more = ("MASTER_KEY", "IDENTITY_ENDPOINT", "MSI_ENDPOINT")
    names = [name for name in os.environ if name.startswith("AZURE_")]
    if any(word in name for word in (*words, *more) for name in names):
        return told
    if shutil.which("az"):
        return told | {"use_azure_cli": True}
    if not _answers("http://169.254.169.254"):
        raise no_credentials(url)
    return told


def _answers(metadata: str) -> bool:
    """Whether this is a cloud's machine, of which credentials can be asked.

    The library would try for minutes, where there is nobody.
    """
    host, _, port = metadata.partition("://")[2].partition("/")[0].partition(":")
    try:
        with socket.create_connection((host, int(port or 80)), timeout=1.0):
            return True
    except (OSError, ValueError):
        return False
