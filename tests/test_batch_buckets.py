"""Folders of scans in a bucket, restored into a bucket, against a real S3 server."""

from __future__ import annotations

import io
import itertools
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bucket_kit import foreign
from conftest import Ran
from metadata_kit import described, xmp
from photochrom.batch import listing, plan
from photochrom.errors import PlaceError
from photochrom.files import sha256_of
from photochrom.places import Object, Url, find, listed, put, read, remove
from rough_proxy import Proxy

Run = Callable[..., Ran]
TONE = ("--steps", "tone", "--json")


@pytest.fixture
def jpeg(gray_scene: NDArray[np.uint8]) -> Callable[[int], bytes]:
    """Makes scans, each number another."""

    def made(number: int) -> bytes:
        said = io.BytesIO()
        Image.fromarray(np.roll(gray_scene, number, axis=1)).save(said, "JPEG", quality=90)
        return said.getvalue()

    return made


def names(folder: Url) -> list[str]:
    found = (one.url.relative_to(folder).as_posix() for one in listed(folder))
    return [name for name in found if not name.startswith(".photochrom/")]


def outcomes(ran: Ran) -> list[str]:
    return sorted(json.loads(line)["outcome"] for line in ran.out.splitlines())


@pytest.mark.every_cloud
def test_from_bucket_to_bucket_and_nothing_done_twice(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes], tmp_path: Path
) -> None:
    scans, out = bucket / "scans", bucket / "out"
    for number, name in enumerate(("1931/a.jpg", "1931/b.jpg", "1932/a b ü.jpg")):
        put(jpeg(number), scans / name)
    put(b"notes", scans / "1931/notes.txt")
    put(b"thumbs", scans / "1931/Thumbs.db")
    put(xmp(described("Harbor")), scans / "1931/a.xmp")
    ran = photochrom("restore", f"{scans}/", "-o", out, *TONE)
    assert ran.code == 0, ran.err
    assert outcomes(ran) == ["made"] * 3
    assert "1 that is no photograph (notes.txt); 1 in hidden and system folders" in ran.err
    assert names(out) == [
        "1931/a.record.json",
        "1931/a.tif",
        "1931/b.record.json",
        "1931/b.tif",
        "1932/a b ü.record.json",
        "1932/a b ü.tif",
    ]
    record = json.loads(read(out / "1931/a.record.json"))
    (tmp_path / "a.jpg").write_bytes(jpeg(0))
    assert record["original"]["sha256"] == sha256_of(tmp_path / "a.jpg")
    assert record["original"]["file"] == "a.jpg"
    assert b"Harbor" in read(out / "1931/a.tif")
    found = find(out / "1931/a.tif")
    assert found is not None and found.sha256 == record["derivatives"][0]["sha256"]

    again = photochrom("restore", f"{scans}/", "-o", out, *TONE)
    assert outcomes(again) == ["kept"] * 3
    remove(out / "1931/b.tif")
    put(jpeg(9), scans / "1931/c.jpg")
    more = photochrom("restore", f"{scans}/", "-o", out, *TONE)
    assert outcomes(more) == ["kept", "kept", "made", "made"]


def test_the_same_bytes_as_from_folder_to_folder(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes], tmp_path: Path
) -> None:
    """But for the order in the record, which names what stood for the scan."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(jpeg(1))
    put(jpeg(1), bucket / "in/a.jpg")
    near, far, mixed = tmp_path / "near", bucket / "far", tmp_path / "mixed"
    assert photochrom("restore", tmp_path / "in", "-o", near, *TONE).code == 0
    assert photochrom("restore", bucket / "in/a.jpg", "-o", far, *TONE).code == 0
    assert photochrom("restore", f"{bucket}in/", "-o", mixed, *TONE).code == 0
    assert photochrom("restore", tmp_path / "in", "-o", bucket / "up", *TONE).code == 0
    wanted = (near / "a.tif").read_bytes()
    assert read(far / "a.tif") == wanted == (mixed / "a.tif").read_bytes()
    assert read(bucket / "up/a.tif") == wanted


@pytest.mark.every_cloud
def test_what_somebody_has_put_there_stays(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes]
) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    put(jpeg(2), bucket / "in/b.jpg")
    out = bucket / "out"
    foreign(out / "a.tif", b"of somebody else")
    ran = photochrom("restore", f"{bucket}in/", "-o", out, *TONE)
    assert outcomes(ran) == ["failed", "made"]
    assert "put there by somebody else" in ran.err
    assert read(out / "a.tif") == b"of somebody else"
    foreign(out / "b.tif", b"retouched")
    ran = photochrom("restore", bucket / "in/b.jpg", "-o", out, *TONE)
    assert (ran.code, outcomes(ran)) == (0, ["left"])
    ran = photochrom("restore", bucket / "in/b.jpg", "-o", out, "--force", *TONE)
    assert outcomes(ran) == ["made"]
    assert read(out / "b.tif") != b"retouched"


@pytest.mark.every_cloud
def test_copies_made_by_other_tools_are_ours(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes], proxy: Proxy
) -> None:
    """They may drop what we said of an object; its bytes are the same."""
    put(jpeg(1), bucket / "in/a.jpg")
    put(jpeg(2), bucket / "in/b.jpg")
    words = ("restore", f"{bucket}in/", "-o", bucket / "out", *TONE)
    assert outcomes(photochrom(*words)) == ["made"] * 2
    there = [one.url for one in listed(bucket / "out")]
    for url in there:
        foreign(url, read(url))
    assert outcomes(photochrom(*words)) == ["kept"] * 2
    # What had to be read is not read again the next time.
    proxy.requests.clear()
    assert outcomes(photochrom(*words)) == ["kept"] * 2
    assert not [one for one in proxy.requests if one.startswith("GET") and "a.tif" in one]
    # Another recipe replaces them, as it would have replaced what they are copies of.
    ran = photochrom(*words[:4], "--steps", "tone,grain", "--json")
    assert outcomes(ran) == ["made"] * 2, ran.err
    # As many bytes, but others.
    retouched = bytearray(read(bucket / "out/a.tif"))
    retouched[-1] ^= 1
    foreign(bucket / "out/a.tif", bytes(retouched))
    ran = photochrom(*words[:4], "--steps", "tone,grain", "--json")
    assert outcomes(ran) == ["kept", "left"]
    assert read(bucket / "out/a.tif") == bytes(retouched)


@pytest.mark.every_cloud
def test_what_belongs_to_a_production_is_not_replaced(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes]
) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    put(b"of a film", bucket / "out/a.tif", owner="s3://films/harbor/production.toml")
    words = ("restore", f"{bucket}in/", "-o", bucket / "out")
    ran = photochrom(*words, *TONE)
    assert outcomes(ran) == ["failed"]
    assert "a.tif: belongs to a production, s3://films/harbor/production.toml" in ran.err
    assert read(bucket / "out/a.tif") == b"of a film"
    assert outcomes(photochrom(*words, "--force", *TONE)) == ["made"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_listing_that_breaks_off_hides_nothing(
    photochrom: Run,
    bucket: Url,
    jpeg: Callable[[int], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    jobs: int,
) -> None:
    """What has been listed is made, counted and told, and then why there is no more."""
    for number in range(4):
        put(jpeg(number), bucket / f"in/{number}.jpg")
    put(b"no photograph", bucket / "in/1.jpg", mode="replace")
    words = ("restore", f"{bucket}in/", "-o", tmp_path, "--steps", "tone", "--jobs", jobs)
    whole = listing.listed
    times = 0

    def torn(folder: Url) -> Iterator[Object]:
        nonlocal times
        times += 1
        found = whole(folder)
        if times != 2:  # once they are counted, and then they are taken
            yield from found
            return
        yield from itertools.islice(found, 3)
        raise PlaceError("cannot be reached", where=str(folder), kind="unreachable")

    with monkeypatch.context() as patch:
        patch.setattr(listing, "listed", torn)
        ran = photochrom(*words)
    assert ran.code == 1
    told = [line for line in ran.err.splitlines() if "restore, " not in line]
    assert "2 photographs: 1 made, 1 failed" in told
    assert f"  {bucket}in/1.jpg: is not an image" in ran.err
    assert told[-2:] == [
        f"photochrom: {bucket}in/: cannot be reached",
        "2 of 4 not come to: run the same command again to go on",
    ]
    put(jpeg(1), bucket / "in/1.jpg", mode="replace")
    ran = photochrom(*words)
    assert (ran.code, "4 photographs: 3 made, 1 kept" in ran.err) == (0, True), ran.err
    # Where nothing was come to, there is nothing to sum up.
    times = 1
    with monkeypatch.context() as patch:
        patch.setattr(listing, "listed", lambda folder: whole(bucket / "none/"))
        assert photochrom(*words).code == 2


def test_a_scan_that_was_replaced_is_not_taken_for_the_old_one(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes]
) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    words = ("restore", f"{bucket}in/", "-o", bucket / "out", *TONE)
    assert outcomes(photochrom(*words)) == ["made"]
    found = find(bucket / "in/a.jpg")
    assert found is not None
    put(jpeg(2), bucket / "in/a.jpg", mode="replace", etag=found.etag)
    ran = photochrom(*words)
    assert outcomes(ran) == ["failed"]
    assert "made of another scan" in ran.err
    assert outcomes(photochrom(*words, "--force")) == ["made"]


def test_no_scan_is_replaced(photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes]) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    ran = photochrom("restore", bucket / "in/a.jpg", "-o", bucket / "in", "--format", "jpeg", *TONE)
    assert ran.code == 2 and "would replace the original photograph" in ran.err
    assert read(bucket / "in/a.jpg") == jpeg(1)


def test_two_scans_of_one_name_have_names_of_their_own(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes], gray_scene: NDArray[np.uint8]
) -> None:
    png = io.BytesIO()
    Image.fromarray(gray_scene).save(png, "PNG")
    put(jpeg(1), bucket / "in/a.jpg")
    put(png.getvalue(), bucket / "in/a.png")
    put(jpeg(2), bucket / "in/a.b.jpg")
    assert (
        outcomes(photochrom("restore", f"{bucket}in/", "-o", bucket / "out", *TONE)) == ["made"] * 3
    )
    assert [name for name in names(bucket / "out") if name.endswith(".tif")] == [
        "a-jpg.tif",
        "a-png.tif",
        "a.b.tif",
    ]


def test_results_among_the_scans_are_not_restored(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes]
) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    words = ("restore", f"{bucket}in/", *TONE)
    assert outcomes(photochrom(*words, "-o", bucket / "in")) == ["made"]
    assert outcomes(photochrom(*words, "-o", bucket / "in")) == ["kept"]
    assert outcomes(photochrom(*words, "-o", bucket / "in/more")) == ["made"]
    assert [job.name for job in plan([bucket / "in/"])] == ["a"]


@pytest.mark.every_cloud
def test_failures_are_listed_and_taken_up_again(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes]
) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    put(b"broken", bucket / "in/b.jpg")
    out = bucket / "out"
    ran = photochrom("restore", f"{bucket}in/", "-o", out, *TONE)
    assert ran.code == 1 and outcomes(ran) == ["failed", "made"]
    (line,) = map(json.loads, read(out / "failed.jsonl").splitlines())
    assert line["input"] == str(bucket / "in/b.jpg") and line["name"] == "b"
    assert f"--only {out / 'failed.jsonl'}" in ran.err
    found = find(bucket / "in/b.jpg")
    assert found is not None
    put(jpeg(2), bucket / "in/b.jpg", mode="replace", etag=found.etag)
    ran = photochrom("restore", "--only", out / "failed.jsonl", *TONE)
    assert (ran.code, outcomes(ran)) == (0, ["made"])
    assert find(out / "failed.jsonl") is None
    assert outcomes(photochrom("restore", f"{bucket}in/", "-o", out, *TONE)) == ["kept", "kept"]


def test_after_so_many_failures_a_batch_is_given_up(photochrom: Run, bucket: Url) -> None:
    for number in range(6):
        put(b"broken", bucket / f"in/{number}.jpg")
    words = ("restore", f"{bucket}in/", "-o", bucket / "out", "--max-failures", "2", *TONE)
    ran = photochrom(*words)
    assert ran.code == 1 and outcomes(ran) == ["failed", "failed"]
    assert "given up" in ran.err


def test_bad_places_are_one_line(photochrom: Run, bucket: Url, tmp_path: Path) -> None:
    ran = photochrom("restore", f"{bucket}empty/", "-o", tmp_path)
    assert ran.code == 2 and "there is no photograph in this folder" in ran.err
    ran = photochrom("restore", bucket / "gone.jpg", "-o", tmp_path)
    assert ran.code == 2 and "is not there" in ran.err
    ran = photochrom("restore", "s4://bucket/a.jpg", "-o", tmp_path)
    assert ran.code == 2 and "did you mean s3://" in ran.err
    for one in (ran,):
        assert "Traceback" not in one.err


def test_what_is_wrong_with_a_scan_names_it_and_not_our_copy(
    photochrom: Run, bucket: Url, tmp_path: Path
) -> None:
    put(b"broken", bucket / "in/a.jpg")
    ran = photochrom("restore", f"{bucket}in/", "-o", tmp_path / "out", *TONE)
    assert ran.code == 2 and f"{bucket / 'in/a.jpg'}: " in ran.err
    assert "scratch" not in ran.out + ran.err


def test_a_folder_without_its_slash_is_told(
    photochrom: Run, bucket: Url, jpeg: Callable[[int], bytes], tmp_path: Path
) -> None:
    put(jpeg(1), bucket / "in/a.jpg")
    ran = photochrom("restore", bucket / "in", "-o", tmp_path)
    assert ran.code == 2 and f"a folder ends in a slash: {bucket}in/" in ran.err


@pytest.mark.parametrize("command", ["inspect", "age"])
def test_commands_for_files_of_this_machine_say_so(photochrom: Run, command: str) -> None:
    more = ("-o", "b.jpg") if command == "age" else ()
    ran = photochrom(command, "s3://bucket/a.jpg", *more)
    assert ran.code == 2 and "s3://bucket/a.jpg lies elsewhere" in ran.err


def test_a_cluster_where_nobody_answers_is_one_line(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    pytest.importorskip("ray", reason="the extra photochrom[ray] is not installed")
    Image.fromarray(gray_scene).save(tmp_path / "a.png")
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"ray://127.0.0.1:{taken.getsockname()[1]}"
        ran = photochrom("restore", tmp_path / "a.png", "--engine", address)
    assert ran.code == 2 and f"{address}: nobody answers there" in ran.err
