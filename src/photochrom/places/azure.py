"""What Azure's own command line finds in the environment, and the library for object stores does
not: its names of account and key, and connection strings."""

from __future__ import annotations

import os
from typing import Any

from photochrom.errors import PlaceError

_CONNECTION = "AZURE_STORAGE_CONNECTION_STRING"
_ACCOUNT = ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT")
_KEY = ("AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ACCESS_KEY", "AZURE_STORAGE_KEY")
_SIGNATURE = ("AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_SAS_KEY")
_ENDPOINT = ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT")
_DEVELOPMENT = "UseDevelopmentStorage"


def told() -> dict[str, Any]:
    """What the library is to be told: account, key, signature, address, emulator; what it is not
    told it finds.

    A variable of its own goes before what the connection string says of the same.

    Raises:
        PlaceError: The connection string is none.
    """
    said = _connection()
    given = {
        "account_name": _first(_ACCOUNT) or said.get("AccountName"),
        "account_key": _first(_KEY) or said.get("AccountKey"),
        "sas_key": _first(_SIGNATURE) or said.get("SharedAccessSignature"),
        "endpoint": endpoint(),
    }
    found: dict[str, Any] = {name: value for name, value in given.items() if value}
    if said.get(_DEVELOPMENT, "").lower() == "true":
        found["use_emulator"] = True
    return found


def endpoint() -> str:
    """The address of the service; empty: Azure's, for the account."""
    said = _connection()
    if address := _first(_ENDPOINT) or said.get("BlobEndpoint"):
        return address
    suffix, account = said.get("EndpointSuffix"), said.get("AccountName")
    if not suffix or not account:
        return ""
    return f"{said.get('DefaultEndpointsProtocol', 'https')}://{account}.blob.{suffix}"


def _first(names: tuple[str, ...]) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def _connection() -> dict[str, str]:
    parts = [part for part in os.environ.get(_CONNECTION, "").split(";") if part.strip()]
    pairs = [part.strip().partition("=") for part in parts]
    if not all(name and value for name, _, value in pairs):
        raise PlaceError(
            "is no connection string",
            where=_CONNECTION,
            fix="copy it anew from the account's access keys, or unset it",
            kind="settings",
        )
    return {name: value for name, _, value in pairs}
