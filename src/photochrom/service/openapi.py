"""Writes the specification: `python -m photochrom.service.openapi [FILE]`.

The studio's client is generated from it; a test compares the file with the application.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from photochrom.files import part_of
from photochrom.service.app import create_app
from photochrom.service.context import Context
from photochrom.service.settings import Settings

FILE = Path("studio/openapi.json")


def specification() -> str:
    """The specification as the text of a file: the same for the same application."""
    with TemporaryDirectory(prefix="photochrom-") as folder:
        # Its own settings, and none of whoever runs it.
        settings = Settings.model_construct(data=Path(folder))
        with Context.opened(settings) as context:
            found = create_app(context).openapi()
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Writes the file."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    with part_of(file) as part:
        part.write_text(specification(), "utf-8")
    print(file)


if __name__ == "__main__":
    main()
