"""Productions in buckets, and productions of scans in buckets, against a real S3 server."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import opentimelineio
import pytest
from PIL import Image

from bucket_kit import (
    FILM,
    HEAD,
    TONE,
    contents,
    foreign,
    laid_out,
    outputs,
    picture,
    text,
)
from conftest import Ran
from photochrom.engine.needed import needed_in
from photochrom.engine.staging import lent_by, portable
from photochrom.places import Url, find, listed, put, read, remove
from photochrom.production import opened
from rough_proxy import Fault, Proxy

Run = Callable[..., Ran]


@pytest.mark.every_cloud
@pytest.mark.slow
def test_from_bucket_to_bucket_as_from_folder_to_folder(
    photochrom: Run, bucket: Url, tmp_path: Path
) -> None:
    """A film with a reveal and music; the same bytes, and nothing is done twice."""
    said = text(film=FILM.replace("{music}", "music/a.wav"))
    near = laid_out(tmp_path / "near", said, contents())
    far = laid_out(bucket / "film", said, contents())
    assert photochrom("make", near, "--jobs", 1).code == 0
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code == 0, ran.err
    assert ran.out.split() == [str(bucket / "film/out/film.mp4")]
    out = tmp_path / "near" / "out"
    wanted = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }
    assert b"Cranes" in wanted["pictures/a.tif"]
    assert outputs(bucket / "film/out") == wanted
    film = find(bucket / "film/out/film.mp4")
    again = photochrom("make", far, "--jobs", 1)
    assert "everything is up to date" in again.err
    assert "brought" not in again.err
    assert find(bucket / "film/out/film.mp4") == film
    small = photochrom("make", far, "--preview", "--jobs", 1)
    assert small.out.split() == [str(bucket / "film/out/film.preview.mp4")]
    assert find(bucket / "film/out/film.preview.mp4")
    assert photochrom("film", "frame", far, "0.5", "-o", tmp_path / "frame.png").code == 0
    assert (tmp_path / "frame.png").is_file()
    shown = bucket / "frame.png"
    for _ in range(2):
        assert photochrom("film", "frame", far, "0.5", "-o", shown).out.split() == [str(shown)]
    assert read(shown) == (tmp_path / "frame.png").read_bytes()
    foreign(shown, b"of somebody else")
    ran = photochrom("film", "sheet", far, "-o", shown)
    assert (ran.code, "by somebody else" in ran.err) == (2, True)
    assert read(shown) == b"of somebody else"
    ran = photochrom("film", "export", far, "--to", "edl")
    assert ran.out.split() == [str(bucket / "film/out/film.edl")]
    assert b"TITLE" in read(bucket / "film/out/film.edl")
    assert "picture" in photochrom("cache", "show", far).out
    # An edited cut goes back, and what it was before is kept beside it.
    cut = tmp_path / "cut.otio"
    assert photochrom("film", "export", far, "--to", "otio", "-o", cut).out.split() == [str(cut)]
    timeline = opentimelineio.adapters.read_from_file(str(cut))
    track = timeline.video_tracks()[0]
    first, last = [one for one in track if isinstance(one, opentimelineio.schema.Clip)]
    track[:] = []
    track.extend([last, first])
    opentimelineio.adapters.write_to_file(timeline, str(cut))
    ran = photochrom("film", "import", far, cut)
    assert ran.out == f"{far} (as it was: {far}.bak)\n"
    assert read(bucket / "film/production.toml.bak").decode() == said
    now = read(bucket / "film/production.toml").decode()
    assert now.index("credits") < now.index('photograph = "a"')


@pytest.mark.every_cloud
def test_pictures_from_bucket_to_bucket(photochrom: Run, bucket: Url) -> None:
    """What changes in the bucket is made again, and nothing else."""
    far = laid_out(bucket / "film", text(), contents())
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code == 0, ran.err
    assert "6 files brought" in ran.err
    before = outputs(bucket / "film/out")
    assert b"Cranes" in before["pictures/a.tif"]
    put(picture(7), bucket / "film/scans/b.png", mode="replace")
    ran = photochrom("make", far, "--jobs", 1)
    assert "1 made, 1 kept" in ran.err
    assert "scans brought, 1 of 1: b.png" in ran.err
    assert "3 files brought" in ran.err
    after = outputs(bucket / "film/out")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {f"pictures/b.{end}" for end in ("tif", "jpg", "record.json")}
    # Words beside a scan are part of it, also when they go.
    remove(bucket / "film/scans/a.xmp")
    ran = photochrom("make", far, "--jobs", 1)
    assert "1 made, 1 kept" in ran.err
    assert b"Cranes" not in read(bucket / "film/out/pictures/a.tif")
    # What has gone from where it was brought is brought again.
    remove(bucket / "film/out/pictures/a.jpg")
    ran = photochrom("make", far, "--jobs", 1)
    assert "1 file brought" in ran.err
    assert read(bucket / "film/out/pictures/a.jpg") == _near(far, "out/pictures/a.jpg")


def _near(far: Path | Url, name: str) -> bytes:
    return (opened(far, inputs=False).path.parent / name).read_bytes()


def test_another_machine_sends_nothing_that_is_there(
    photochrom: Run, bucket: Url, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = laid_out(bucket, text(), contents())
    assert photochrom("make", far, "--jobs", 1).code == 0
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "other"))
    before = {one.url: one.etag for one in listed(bucket)}
    ran = photochrom("make", far, "--jobs", 1)
    assert "2 made" in ran.err
    assert "out/" not in ran.err
    assert {one.url: one.etag for one in listed(bucket)} == before
    # Copied by somebody who has lost what was said of it, it is still the same.
    copied = read(bucket / "out/pictures/a.tif")
    foreign(bucket / "out/pictures/a.tif", copied)
    ran = photochrom("make", far, "--jobs", 1)
    assert (ran.code, "everything is up to date" in ran.err) == (0, True)


@pytest.mark.every_cloud
def test_machines_that_share_results(
    photochrom: Run, bucket: Url, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = HEAD + '\n[output]\ncache = "cache/"\n'
    far = laid_out(bucket, text(head=head), contents())
    assert "2 made" in photochrom("make", far, "--jobs", 1).err
    assert next(listed(bucket / "cache/results"))
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "other"))
    ran = photochrom("make", far, "--jobs", 1)
    assert (ran.code, "everything is up to date" in ran.err) == (0, True)
    assert "files brought to" not in ran.err


def test_what_a_cluster_is_lent_is_needed(bucket: Url, tmp_path: Path) -> None:
    """Scans of this machine, and sidecars, go to workers through the bucket."""
    from photochrom.production import cached
    from photochrom.production.desk import Desk

    head = HEAD + f'\n[output]\ncache = "{bucket}cache/"\n'
    here = laid_out(tmp_path, text(head=head), contents())
    desk = Desk(opened(here), engine="ray")
    tasks = [task for _, task in desk.orders(desk.scans()).values()]
    for task in tasks:
        portable(task, desk.store)
    (lent,) = cached(here)
    assert (lent.kind, lent.count, lent.unneeded) == ("input", 3, lent.bytes)
    desk.note_needed(tasks)
    (lent,) = cached(here)
    assert lent.unneeded == 0
    # As long as there is a production that may go on with them.
    needed = {key for task in tasks for key in lent_by(task, desk.store)}
    assert needed < needed_in(desk.file.cache)
    here.unlink()
    assert needed_in(desk.file.cache) == set()


def test_a_production_here_of_scans_there(photochrom: Run, bucket: Url, tmp_path: Path) -> None:
    for name, content in contents().items():
        put(content, bucket / name)
    head = HEAD.replace('"recipes', f'"{bucket}recipes')
    head += f'\n[output]\nfolder = "{bucket}out"\n'
    path = tmp_path / "production.toml"
    path.write_text(text(f"{bucket}scans/", head=head))
    ran = photochrom("make", path, "--jobs", 1)
    assert ran.code == 0, ran.err
    assert f"6 files brought to {bucket}out/" in ran.err
    copies = tmp_path / ".photochrom" / "far" / "s3" / bucket.bucket / bucket.key
    assert (copies / "scans" / "a.png").read_bytes() == picture(0)
    assert b"Cranes" in read(bucket / "out/pictures/a.tif")
    assert "everything is up to date" in photochrom("make", path, "--jobs", 1).err


def test_a_page_of_a_scan_there(photochrom: Run, bucket: Url, tmp_path: Path) -> None:
    said = io.BytesIO()
    pages = [Image.open(io.BytesIO(picture(seed))) for seed in (1, 2)]
    pages[0].save(said, "TIFF", save_all=True, append_images=pages[1:])
    put(said.getvalue(), bucket / "two.tif")
    put(TONE.encode(), bucket / "recipes/tone.toml")
    words = HEAD + '\n[[photograph]]\nid = "a"\nfile = "two.tif#page=2"\n'
    put(words.encode(), bucket / "production.toml")
    ran = photochrom("make", bucket / "production.toml", "--jobs", 1)
    assert ran.code == 0, ran.err
    assert b'"page": 2' in read(bucket / "out/pictures/a.record.json")


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        ("scans/b.png", "'photograph 2, file' is \"scans/b.png\", but there is no file"),
        ("recipes/tone.toml", "'recipe' is \"recipes/tone.toml\", but there is no file"),
    ],
)
def test_what_is_missing_is_told_with_its_line(
    photochrom: Run, bucket: Url, gone: str, line: str
) -> None:
    far = laid_out(bucket, text(), contents())
    remove(bucket / gone)
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code != 0
    assert f"{bucket}production.toml:" in ran.err
    assert f"{line} {bucket}{gone}" in ran.err
    assert os.environ["PHOTOCHROM_CACHE"] not in ran.err


def test_what_was_there_once_is_missing_when_it_is_gone(photochrom: Run, bucket: Url) -> None:
    far = laid_out(bucket, text(), contents())
    assert photochrom("make", far, "--jobs", 1).code == 0
    remove(bucket / "scans/b.png")
    ran = photochrom("make", far, "--jobs", 1)
    assert (ran.code, f"there is no file {bucket}scans/b.png" in ran.err) == (1, True)
    remove(bucket / "production.toml")
    ran = photochrom("make", far, "--jobs", 1)
    assert f"{far}: there is no such file" in ran.err


def test_mistakes_name_urls_and_not_their_copies(photochrom: Run, bucket: Url) -> None:
    others = contents() | {"scans/b.png": b"no picture", "recipes/tone.toml": b"no recipe"}
    far = laid_out(bucket, text(), others)
    ran = photochrom("make", far, "--jobs", 1)
    assert f"{bucket}recipes/tone.toml" in ran.err
    put(TONE.encode(), bucket / "recipes/tone.toml", mode="replace")
    more = photochrom("make", far, "--jobs", 1)
    assert more.code == 1
    assert f"{bucket}scans/b.png" in more.err
    put(b"schema = 1\nx\ny = 1", bucket / "production.toml", mode="replace")
    bad = photochrom("make", far)
    assert f"{far}:2" in bad.err
    for one in (ran, more, bad):
        assert os.environ["PHOTOCHROM_CACHE"] not in one.err
        assert "Traceback" not in one.err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ftp://a/b.png?secret", "is no place we can read or write"),
        ("s3://", "names no bucket"),
        ("https://me:secret@example.org/b.png", "holds a user name or a password"),
        ("/home/a/b.png", "lies on a machine, but the production does not"),
        ("file:///home/a/b.png", "lies on a machine, but the production does not"),
        ("../../../b.png", "lies in no bucket"),
        ("s3://no-such-bucket/b.png", "there is no such bucket"),
    ],
)
def test_names_that_mean_nothing(photochrom: Run, bucket: Url, name: str, said: str) -> None:
    words = text(ids="a").replace("scans/a.png", name)
    far = laid_out(bucket, words, contents("a"))
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code != 0
    assert len(ran.err.splitlines()) == 1
    assert said in ran.err
    assert "secret" not in ran.err


def test_what_cannot_be_used_is_told_before_anything_is_made(
    photochrom: Run, bucket: Url, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = HEAD + '\n[output]\nfolder = "s3://no-such-bucket/out/"\n'
    far = laid_out(bucket, text(head=head), contents())
    ran = photochrom("make", far, "--jobs", 1)
    assert (ran.code, "s3://no-such-bucket: there is no such bucket" in ran.err) == (2, True)
    assert "made" not in ran.err
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "file"))
    ran = photochrom("make", far, "--jobs", 1)
    assert (ran.code, "Traceback" in ran.err) == (2, False)
    assert len(ran.err.splitlines()) == 1


@pytest.mark.every_cloud
def test_what_somebody_else_has_put_there_is_left(photochrom: Run, bucket: Url) -> None:
    far = laid_out(bucket, text(), contents())
    foreign(bucket / "out/pictures/a.tif", b"retouched")
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code == 1
    assert f"{bucket}out/pictures/a.tif: was changed, or put there, by somebody else" in ran.err
    assert read(bucket / "out/pictures/a.tif") == b"retouched"
    there = outputs(bucket / "out")
    assert "pictures/a.record.json" not in there  # It describes another.
    assert {f"pictures/b.{end}" for end in ("tif", "jpg", "record.json")} <= there.keys()
    ran = photochrom("make", far, "--jobs", 1, "--force")
    assert ran.code == 0, ran.err
    assert read(bucket / "out/pictures/a.tif") != b"retouched"


@pytest.mark.parametrize("far", [True, False])
def test_two_productions_that_share_a_folder(
    photochrom: Run, bucket: Url, tmp_path: Path, far: bool
) -> None:
    """What the first has put there is never replaced by the second, wherever they lie."""
    home: Path | Url = bucket / "film" if far else tmp_path
    head = HEAD + f'\n[output]\nfolder = "{bucket}out/"\n'
    first = laid_out(home, text(head=head, ids="a"), contents())
    ran = photochrom("make", first, "--jobs", 1)
    assert ran.code == 0, ran.err
    before = outputs(bucket / "out")
    there = find(bucket / "out/pictures/a.tif")
    assert there is not None and there.owner == str(first)
    # Equal pictures are shared; the others have a place.
    second = home / "vertical.toml"
    _write(second, text(head=head))
    ran = photochrom("make", second, "--jobs", 1)
    assert ran.code == 0, ran.err
    assert "3 files brought" in ran.err
    assert outputs(bucket / "out").items() >= before.items()
    # Other pictures of the same name are refused, also by force.
    _write(second, text(head=head).replace('credit = "Ann a"', 'credit = "Bob"'))
    for more in ((), ("--force",)):
        ran = photochrom("make", second, "--jobs", 1, *more)
        assert ran.code != 0
        assert f"belongs to another production, {first}; choose another folder" in ran.err
        assert outputs(bucket / "out").items() >= before.items()
    # The first goes on as it was.
    ran = photochrom("make", first, "--jobs", 1)
    assert (ran.code, "everything is up to date" in ran.err) == (0, True), ran.err
    # What is of nobody any more may be had.
    _unlink(first)
    ran = photochrom("make", second, "--jobs", 1)
    assert ran.code == 0, ran.err
    assert b"Bob" in read(bucket / "out/pictures/a.tif")
    there = find(bucket / "out/pictures/a.tif")
    assert there is not None and there.owner == str(second)


def _write(place: Path | Url, said: str) -> None:
    if isinstance(place, Url):
        put(said.encode(), place, mode="replace")
    else:
        place.write_text(said)


def _unlink(place: Path | Url) -> None:
    if isinstance(place, Url):
        remove(place)
    else:
        place.unlink()


def test_what_a_production_of_another_machine_owns(
    photochrom: Run, bucket: Url, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody here can say whether it still exists: it stays, until somebody says so."""
    head = HEAD + f'\n[output]\nfolder = "{bucket}out/"\n'
    here = laid_out(tmp_path / "here", text(head=head, ids="a"), contents("a"))
    theirs = "/home/bob/production.toml"
    put(b"of another machine", bucket / "out/pictures/a.tif", owner=theirs)
    ran = photochrom("make", here, "--jobs", 1)
    assert ran.code == 1
    assert f"belongs to another production, {theirs}" in ran.err
    assert read(bucket / "out/pictures/a.tif") == b"of another machine"
    ran = photochrom("make", here, "--jobs", 1, "--force")
    assert ran.code == 0, ran.err
    # One that was moved on this machine is not taken for another's.
    moved = tmp_path / "moved"
    (tmp_path / "here").rename(moved)
    said = text(head=head, ids="a").replace("Ann a", "Bob")
    (moved / "production.toml").write_text(said)
    ran = photochrom("make", moved / "production.toml", "--jobs", 1)
    assert ran.code == 0, ran.err
    found = find(bucket / "out/pictures/a.tif")
    assert found is not None and found.owner == str(moved / "production.toml")


@pytest.mark.slow
def test_another_production_s_film_is_told_before_the_work(
    photochrom: Run, bucket: Url, tmp_path: Path
) -> None:
    head = HEAD + f'\n[output]\nfolder = "{bucket}out/"\n'
    film = FILM.replace("{music}", "music/a.wav")
    first = laid_out(tmp_path, text(head=head, film=film), contents())
    assert photochrom("make", first, "--jobs", 1).code == 0
    second = tmp_path / "vertical.toml"
    second.write_text(text(head=head, film=film.replace("[160, 128]", "[128, 160]")))
    ran = photochrom("make", second, "--jobs", 1)
    assert (ran.code, "made" in ran.err) == (2, False)
    assert f"{bucket}out/film.mp4: belongs to another production, {first}" in ran.err


@pytest.mark.every_cloud
def test_what_somebody_has_changed_there_is_left(
    photochrom: Run, bucket: Url, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = laid_out(bucket, text(), contents())
    assert photochrom("make", far, "--jobs", 1).code == 0
    retouched = bucket / "out/pictures/a.tif"
    foreign(retouched, b"retouched")
    # Another machine knows by the record there that it was ours.
    for place in (None, tmp_path / "other"):
        if place is not None:
            monkeypatch.setenv("PHOTOCHROM_CACHE", str(place))
        ran = photochrom("make", far, "--jobs", 1)
        assert (ran.code, "1 left" in ran.err) == (0, True), ran.err
        assert f"{retouched}: was changed by somebody, and is left as it is" in ran.err
        assert read(retouched) == b"retouched"
    ran = photochrom("make", far, "--jobs", 1, "--force")
    assert (ran.code, "left" in ran.err) == (0, False), ran.err
    assert read(retouched) != b"retouched"


@pytest.mark.every_cloud
def test_a_server_that_goes_and_comes_back(
    photochrom: Run, bucket: Url, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was brought before it went, on either side, is not brought again."""
    monkeypatch.setenv("PHOTOCHROM_RETRY_SECONDS", "0")
    far = laid_out(bucket, text(), contents())
    proxy.add(Fault("status", "GET", "scans/b.png", times=1000))
    ran = photochrom("make", far, "--jobs", 1)
    assert (ran.code, f"{bucket}scans/b.png" in ran.err) == (2, True)
    proxy.mend()
    proxy.add(Fault("status", "PUT", "pictures/b.tif", times=1000))
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code != 0
    assert f"{bucket}out/pictures/b.tif" in ran.err
    assert {"pictures/a.tif", "pictures/b.jpg"} <= outputs(bucket / "out").keys()
    proxy.mend()
    proxy.requests.clear()
    ran = photochrom("make", far, "--jobs", 1)
    assert ran.code == 0, ran.err
    sent = sorted(one.partition("?")[0].rpartition("/")[2] for one in _of(proxy, "PUT"))
    assert sent == ["b.record.json", "b.tif"]
    assert not [one for one in _of(proxy, "GET") if "scans/a.png" in one]


def _of(proxy: Proxy, method: str) -> list[str]:
    return [one for one in proxy.requests if one.startswith(method)]


@pytest.mark.skipif(os.name == "nt", reason="there are no signals to send")
@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_while_something_comes(bucket: Url, proxy: Proxy, how: signal.Signals) -> None:
    """What is on its way is not waited for, and comes whole the next time."""
    far = laid_out(bucket, text(ids="a"), contents("a"))
    fault = Fault("slow", "GET", "scans/a.png")
    proxy.add(fault)
    words = [sys.executable, "-m", "photochrom", "make", str(far), "--jobs", "1"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        proxy.wait_for("GET", 1, "scans/a.png")
        process.send_signal(how)
        _, said = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert how == signal.SIGKILL or "run the same command again to go on" in said
    fault.until.set()
    ran = subprocess.run(words, stderr=subprocess.PIPE, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    copies = opened(far, inputs=False).path.parent
    assert sorted(one.name for one in (copies / "scans").iterdir()) == ["a.png", "a.xmp"]
    assert read(bucket / "scans/a.png") == picture(0)


@pytest.mark.every_cloud
def test_a_cache_in_a_bucket_is_shown_verified_and_pruned(
    photochrom: Run, bucket: Url, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photochrom.engine import FolderStore
    from photochrom.engine.bucket import BucketStore
    from photochrom.engine.machine import cache_folder

    cache = bucket / "cache/"
    store = BucketStore(cache, FolderStore(cache_folder()))
    for number in range(3):
        with store.writing(f"{number:064x}", "picture") as folder:
            (folder / "a").write_bytes(bytes(1000))
    shown = photochrom("cache", "show", cache)
    assert shown.code == 0 and shown.out.split("picture")[1].split()[0] == "3"
    assert "what other machines need" in photochrom("cache", "prune", cache).err
    for one in listed(cache / f"results/00/{1:064x}/"):
        if one.url.name == "a":
            remove(one.url)
    assert photochrom("cache", "verify", cache).code == 1
    assert photochrom("cache", "verify", cache).code == 0
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(cache))
    assert photochrom("cache", "prune", "--user", "--keep-under", "0").code == 0
    assert not list(store.results())
    monkeypatch.setenv("PHOTOCHROM_CACHE", "https://example.org/a/")
    ran = photochrom("cache", "show", "--user")
    assert ran.code == 2 and "PHOTOCHROM_CACHE" in ran.err
