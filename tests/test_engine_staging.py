"""What workers are told of files elsewhere: their names, and never those of copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from photochrom.engine.staging import told_of
from photochrom.errors import PhotochromError


def test_all_of_an_error_names_the_file_elsewhere(tmp_path: Path) -> None:
    copy = tmp_path / "scan.tif"
    with pytest.raises(PhotochromError) as raised, told_of({copy: "s3://scans/scan.tif"}):
        raise PhotochromError(f"{copy} is odd", where=f"{copy}#3", fix=f"name {copy}#1")
    assert str(raised.value) == "s3://scans/scan.tif#3: s3://scans/scan.tif is odd; name " + (
        "s3://scans/scan.tif#1"
    )
