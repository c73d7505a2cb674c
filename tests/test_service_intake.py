"""What was sent in is hostile until it was decoded, by a process that can die alone."""

from __future__ import annotations

import errno
import io
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import tarfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from photochrom.photograph import Photograph
from photochrom.service.core.problems import FullError, UnavailableError
from photochrom.service.intake import looking
from photochrom.service.intake.child import Facts, InterruptedLookError, Refused, looked_into
from photochrom.service.intake.taking import take_in
from photochrom.service.photographs.tables import State
from service_kit import Service, service_in
from test_service_photographs import taken

SHARED = Path(__file__).parents[2] / "shared"


def picture(shape: tuple[int, ...] = (60, 80), seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, shape, np.uint8)


def encoded(format: str, pixels: np.ndarray | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture() if pixels is None else pixels).save(file, format, **options)
    return file.getvalue()


def png_of(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks into as many bytes as it has pixels."""
    packing = zlib.compressobj(9)
    row = bytes(width + 1)
    return png_of(
        width, height, b"".join([packing.compress(row) for _ in range(height)]) + packing.flush()
    )


Look = Callable[..., Facts | Refused]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    count = iter(range(1_000_000))

    def look(content: bytes, name: str = "scan.png", **limits: Any) -> Facts | Refused:
        place = tmp_path / str(next(count))
        folder = place / "found"
        folder.mkdir(parents=True)
        (place / name).write_bytes(content)
        told = {"pixels": 4_000_000, "memory": 1 << 30, "seconds": 300.0, **limits}
        found = looked_into(place / name, folder, **told)
        written = {path.name for path in folder.iterdir()}
        assert written <= {looking.FACTS, looking.PREVIEW, looking.THUMBNAIL}
        return found

    return look


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", pixel_limit=8_000_000, decode_seconds=300) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


def state(client: TestClient, id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/photographs/{id}").json()
    return found


def test_a_photograph_becomes_ready(service: Service, client: TestClient) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Market day"
    content = encoded("JPEG", picture((3000, 2000)), exif=exif)
    id = taken(client, content, "Markt 1931.jpg").json()["photograph"]["id"]
    take_in(service.context, id)
    found = state(client, id)
    assert (found["state"], found["reason"]) == ("ready", None)
    assert (found["format"], found["width"], found["height"]) == ("jpeg", 2000, 3000)
    assert (found["bit_depth"], found["channels"]) == (8, 1)
    assert (found["found"]["year"], found["found"]["caption"]) == (1931, "Market day")
    assert found["found"]["emulsion"] == "panchromatic"
    preview = Image.open(io.BytesIO(client.get(found["links"]["preview"]).content))
    assert (preview.format, preview.size, preview.mode) == ("JPEG", (1365, 2048), "L")
    assert not preview.getexif()
    thumbnail = Image.open(io.BytesIO(client.get(found["links"]["thumbnail"]).content))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (341, 512))


def test_twice_does_no_harm(service: Service, client: TestClient) -> None:
    id = taken(client, encoded("PNG")).json()["photograph"]["id"]
    take_in(service.context, id)
    before = state(client, id)
    client.patch(f"/v1/photographs/{id}", json={"title": "Market"})
    take_in(service.context, id)
    assert state(client, id) == before | {"title": "Market", "revision": 2}


def test_a_photograph_that_is_gone_is_passed_over(service: Service, client: TestClient) -> None:
    take_in(service.context, "ph_01jxamp0exabp0exabp0exab00")
    id = taken(client, encoded("PNG")).json()["photograph"]["id"]
    for file in service.context.settings.data.rglob("scan.png"):
        file.unlink()
    take_in(service.context, id)
    assert state(client, id)["reason"] == "its file is not there any more"


def test_a_refused_photograph_says_why(service: Service, client: TestClient) -> None:
    id = taken(client, b"GIF89a, or not", "note.gif").json()["photograph"]["id"]
    take_in(service.context, id)
    found = state(client, id)
    assert found["state"] == "refused"
    assert "truncated or damaged" in found["reason"]
    assert found["links"]["preview"] is None
    # Nothing of where it lies here, and no name but its own.
    assert "/" not in found["reason"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "is not an image"),
        (b"", "empty"),
        (bomb(3000, 3000), "9 megapixels"),
        (png_of(2**31 - 1, 2**31 - 1, zlib.compress(b"x")), "pixels"),
        (png_of(0, 0, zlib.compress(b"x")), ""),
        (png_of(40, 30, b"no zlib"), "damaged"),
        (encoded("PNG")[:-3000], "damaged"),
        (encoded("JPEG")[:200], "damaged"),
        (encoded("TIFF")[:100], ""),
        (b"II*\0" + b"\xff" * 400, ""),
        (b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0", "no pixels"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\0" * 100, "damaged"),
        (b"P5 99999 99999 255\n", "pixels"),
        (b"P5 30 30 255\n123", "damaged"),
        (b"BM" + b"\xff" * 60, "damaged"),
    ],
)
def test_what_is_no_photograph(look: Look, content: bytes, reason: str) -> None:
    found = look(content)
    assert isinstance(found, Refused)
    assert reason.replace("9 megapixels", "3000 x 3000") in found.reason


@pytest.mark.skipif(sys.platform != "linux", reason="memory of a process is limited on Linux only")
def test_what_takes_too_much_memory(look: Look) -> None:
    found = look(bomb(20_000, 20_000), pixels=500_000_000, memory=200 << 20)
    assert isinstance(found, Refused)
    assert "memory" in found.reason


def _ends_with(number: int, file: Path, folder: Path) -> Facts | Refused:
    """Looks into a file whose child meets its end by a signal before it can be done."""
    os.mkfifo(file)  # Opening it waits for a writer, who never comes.

    over = threading.Event()

    def end() -> None:
        # Again and again: it may be another that is found first, and one that has gone by then.
        while not over.wait(0.1):
            for one in psutil.Process().children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if _is_looking(one):
                        one.send_signal(number)

    ending = threading.Thread(target=end)
    ending.start()
    try:
        return looked_into(file, folder, pixels=1000, memory=1 << 30, seconds=300)
    finally:
        over.set()
        ending.join()


_LOOK_ONCE = """
import sys
from pathlib import Path
from photochrom.service.intake.child import looked_into
file = Path(sys.argv[1])
print(looked_into(file, file.parent / "found", pixels=4_000_000, memory=1 << 30, seconds=300))
"""


@pytest.mark.parametrize("letters", range(1, 90, 11))
def test_a_temporary_folder_may_be_anywhere(tmp_path: Path, letters: int) -> None:
    temporary = tmp_path / ("t" * letters)
    temporary.mkdir()
    (tmp_path / "found").mkdir()
    (tmp_path / "scan.png").write_bytes(encoded("PNG"))
    # By a process of its own: a server of forks that runs already has its address.
    said = subprocess.run(
        [sys.executable, "-c", _LOOK_ONCE, str(tmp_path / "scan.png")],
        env=os.environ | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
    )
    assert "format='png'" in said.stdout, said.stderr


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EAGAIN, UnavailableError), (errno.ENOSPC, FullError)]
)
def test_who_can_start_no_process_blames_no_file(
    look: Look, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    def no_process(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(BaseProcess, "start", no_process)
    with pytest.raises(error):
        look(encoded("PNG"))


def _is_looking(process: psutil.Process) -> bool:
    """Whether a process is a child that looks: one of those that our server of forks has.

    Other tests have servers of their own below us, which are none of its business.
    """
    try:
        above = process.parent()
        return (
            above is not None
            and above.ppid() == os.getpid()
            and any("multiprocessing.forkserver" in word for word in above.cmdline())
        )
    except psutil.Error:
        return False


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such signals here")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_dies_takes_nobody_along(tmp_path: Path, number: int) -> None:
    (tmp_path / "found").mkdir()
    found = _ends_with(number, tmp_path / "scan.png", tmp_path / "found")
    assert isinstance(found, Refused)
    assert "broke down" in found.reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such signals here")
def test_who_is_asked_to_end_refuses_nothing(tmp_path: Path) -> None:
    (tmp_path / "found").mkdir()
    with pytest.raises(InterruptedLookError):
        _ends_with(signal.SIGTERM, tmp_path / "scan.png", tmp_path / "found")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "scan.png")
    (tmp_path / "found").mkdir()
    found = looked_into(
        tmp_path / "scan.png", tmp_path / "found", pixels=9, memory=1 << 30, seconds=2
    )
    assert isinstance(found, Refused)
    assert "2 seconds" in found.reason
    assert not [one for one in multiprocessing.active_children() if one.name == "photochrom-intake"]


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"{}", b"\xff", b"null", b'{"format": "png"}', b"[" * 100_000, b" " * 2_000_000],
)
def test_what_a_child_says_is_not_believed(tmp_path: Path, said: bytes) -> None:
    from photochrom.service.intake.child import _told

    (tmp_path / looking.FACTS).write_bytes(said)
    for code in (0, looking.REFUSED):
        assert isinstance(_told(code, tmp_path, 1 << 30), Refused)


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """A file as broken disks and malice make it: bytes changed, cut out, doubled, cut off."""
    data = bytearray(content)
    for _ in range(int(rng.integers(1, 8))):
        place = int(rng.integers(len(data)))
        match int(rng.integers(6)):
            case 0 | 1:
                data[place] = int(rng.integers(256))
            case 2:
                data[place : place + 4] = rng.bytes(4)
            case 3:
                data[place : place + 4] = b"\xff\xff\xff\x7f"
            case 4:
                del data[place : place + int(rng.integers(1, 64))]
            case _:
                data[place:place] = data[place : place + int(rng.integers(1, 64))]
        if not data:
            return b""
    return bytes(data)


def seeds() -> list[tuple[str, bytes]]:
    """Small files of all kinds."""
    color = picture((24, 32, 3))
    made = [(f"a.{kind.lower()}", encoded(kind, color)) for kind in ("PNG", "JPEG", "TIFF", "WEBP")]
    made += [("a.gif", encoded("GIF")), ("a.bmp", encoded("BMP")), ("a.jp2", encoded("JPEG2000"))]
    made += [("a.pgm", encoded("PPM")), ("b.tif", encoded("TIFF", color, compression="tiff_lzw"))]
    return made


def look_at_mutated(look: Look, from_: list[tuple[str, bytes]], count: int) -> None:
    rng = np.random.default_rng(14)
    ready = 0
    for number in range(count):
        name, content = from_[number % len(from_)]
        found = look(mutated(content, rng), name)
        ready += isinstance(found, Facts)
        if isinstance(found, Refused):
            assert found.reason and "Traceback" not in found.reason
            assert "what decoding it said" not in found.reason
    assert 0 < ready < count


def test_two_hundred_hostile_files(look: Look) -> None:
    look_at_mutated(look, seeds(), 200)


@pytest.mark.slow
def test_two_thousand_hostile_files(look: Look) -> None:
    archive = SHARED / "tiffs" / "tiffs.tar"
    if not archive.is_file():
        pytest.skip("the collection of TIFFs is not here")
    from_ = seeds()
    with tarfile.open(archive) as tar:
        for member in tar:
            if (
                member.isfile()
                and member.name.endswith((".tif", ".tiff"))
                and member.size < 300_000
            ):
                file = tar.extractfile(member)
                assert file is not None
                from_.append((f"{len(from_)}.tif", file.read()))
    look_at_mutated(look, from_, 2000)


def test_all_kinds_that_are_read_are_taken_in(look: Look) -> None:
    for name, content in seeds():
        found = look(content, name)
        assert isinstance(found, Facts), found
        assert (found.width, found.height) in ((32, 24), (80, 60))


def test_sixteen_bits_have_a_preview_of_the_same_light(look: Look, tmp_path: Path) -> None:
    levels = np.repeat(np.linspace(0, 65535, 64).astype(np.uint16)[None], 64, axis=0)
    Photograph.from_array(levels).save(tmp_path / "a.tif")
    found = look((tmp_path / "a.tif").read_bytes(), "b.tif")
    assert isinstance(found, Facts) and found.bit_depth == 16
    (preview,) = tmp_path.rglob(looking.PREVIEW)
    shown = np.asarray(Image.open(preview)).astype(int)
    assert np.abs(shown - levels // 257).max() <= 6


def test_a_photograph_that_a_twin_was_refused_of_is_looked_into(
    service: Service, client: TestClient
) -> None:
    first = taken(client, b"nothing", "a.png").json()["photograph"]["id"]
    take_in(service.context, first)
    second = taken(client, b"nothing", "a.png").json()
    assert (second["is_duplicate"], second["photograph"]["state"]) == (False, State.RECEIVED)
