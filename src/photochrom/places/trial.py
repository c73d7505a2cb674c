"""A program: tries each setting of a cloud in the environment alone, and says which are refused.

It is run with a scheme and how the names begin, and writes JSON: what the library for object stores
says, by name. Standard output is for its caller alone, because that may have values in it.
"""

from __future__ import annotations

import json
import os
import sys

from obstore.store import AzureStore, GCSStore, S3Store


def _refusal(scheme: str) -> str | None:
    """What the library says when it opens a bucket; None if nothing is wrong. No one is asked."""
    try:
        if scheme == "s3":
            S3Store("bucket")
        elif scheme == "gs":
            GCSStore("bucket")
        else:
            os.environ.setdefault("AZURE_STORAGE_ACCOUNT_NAME", "account")
            AzureStore.from_url("az://bucket")
    except BaseException as error:  # it breaks down with errors that are no `Exception`
        return str(error)
    return None


def _refused(scheme: str, prefix: str) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name.startswith(prefix)}
    said: dict[str, str] = {}
    for name, value in given.items():
        for other in [one for one in os.environ if one.startswith(prefix)]:
            del os.environ[other]
        os.environ[name] = value
        if (text := _refusal(scheme)) is not None:
            said[name] = text
    return said


if __name__ == "__main__":
    json.dump(_refused(*sys.argv[1:]), sys.stdout)
