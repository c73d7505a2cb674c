"""The service's specification: `python -m photochrom.service.openapi > studio/openapi.json`.

The studio's types of the API are generated from it (`npm run api` in `studio/`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from photochrom.service.app import create_app
from photochrom.service.context import Context
from photochrom.service.settings import Settings


def specification() -> str:
    """The specification as JSON text, the same for the same code."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Context.opened(Settings.read(data=Path(folder))) as context,
    ):
        data = create_app(context).openapi()
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(specification())
