"""Productions of what lies on the web, and drafts of folders in buckets."""

from __future__ import annotations

import functools
import http.server
import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bucket_kit import (
    HEAD,
    TONE,
    contents,
    laid_out,
    picture,
    sound,
    text,
)
from conftest import Ran
from metadata_kit import described, xmp
from photochrom.places import Url, put, read, remove
from photochrom.production import opened

Run = Callable[..., Ran]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


def test_scans_on_the_web(photochrom: Run, tmp_path: Path) -> None:
    """A signed address is used, and its signature is nowhere."""
    pytest.importorskip("obstore", reason="the extra photochrom[cloud] is not installed")
    (tmp_path / "web").mkdir()
    pages = [Image.open(io.BytesIO(picture(seed))) for seed in (1, 2)]
    pages[0].save(tmp_path / "web" / "two pages.tif", save_all=True, append_images=pages[1:])
    (tmp_path / "web" / "tone.toml").write_text(TONE)
    handler = functools.partial(_Quiet, directory=str(tmp_path / "web"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        web = f"http://127.0.0.1:{server.server_port}"
        words = HEAD.replace("recipes/tone.toml", f"{web}/tone.toml?sig=s3cr3t")
        words += f'[[photograph]]\nid = "a"\nfile = "{web}/two pages.tif?sig=s3cr3t#page=2"\n'
        path = tmp_path / "production.toml"
        path.write_text(words)
        ran = photochrom("make", path, "--jobs", 1)
        assert ran.code == 0, ran.err
        assert "up to date" in photochrom("make", path, "--jobs", 1).err
        path.write_text(words.replace("two pages", "three"))
        gone = photochrom("make", path, "--jobs", 1)
        assert f"there is no file {web}/three.tif" in gone.err
        server.shutdown()
    record = (tmp_path / "out/pictures/a.record.json").read_text()
    assert '"page": 2' in record
    assert "two pages.tif" in record
    written = [one for one in tmp_path.rglob("*") if one.is_file() and one.name != path.name]
    assert not [one for one in written if b"s3cr3t" in one.read_bytes()]
    assert "s3cr3t" not in ran.err + gone.err
    assert not [one for one in written if "s3cr3t" in str(one)]


def test_a_production_on_the_web_says_where_results_go(photochrom: Run, tmp_path: Path) -> None:
    pytest.importorskip("obstore", reason="the extra photochrom[cloud] is not installed")
    (tmp_path / "web").mkdir()
    laid_out(tmp_path / "web", text(), contents())
    handler = functools.partial(_Quiet, directory=str(tmp_path / "web"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        web = f"http://127.0.0.1:{server.server_port}/production.toml"
        ran = photochrom("make", web, "--jobs", 1)
        server.shutdown()
    assert ran.code == 2
    assert "the web is for reading only" in ran.err
    assert 'write folder = "s3://BUCKET/FOLDER/"' in ran.err


def test_a_draft_of_a_folder_in_a_bucket(photochrom: Run, bucket: Url, tmp_path: Path) -> None:
    scans = bucket / "in/1931"
    for seed, name in enumerate(("a.png", "pier/b c.png")):
        put(picture(seed), scans / name)
    put(xmp(described("Cranes")), scans / "a.xmp")
    put(b"file,caption\nb c.png,The pier\n", scans / "table.csv")
    put(b"notes", scans / "notes.txt")
    put(sound(), scans / "a.wav")
    path = tmp_path / "production.toml"
    ran = photochrom("new", f"{scans}/", "-o", path, "--music", scans / "a.wav", "--no-beats")
    assert ran.code == 0, ran.err
    said = path.read_text()
    assert f'file = "{scans}/a.png"' in said
    assert f'file = "{scans}/pier/b c.png"' in said
    assert f'music = ["{scans}/a.wav"]' in said
    assert f'narration = "{scans}/a.wav"' in said
    assert 'title = "1931"' in said
    assert 'caption = "Cranes"' in said
    assert 'caption = "The pier"' in said
    assert "1 that is no photograph (notes.txt)" in said
    assert str(tmp_path) not in said
    # What was brought to be looked at is not brought again.
    assert opened(path).production.photographs[1].id
    ran = photochrom("make", path, "--jobs", 1, "--preview")
    assert "scans brought" not in ran.err
    # What has gone from there is not drafted of.
    remove(scans / "pier/b c.png")
    remove(scans / "table.csv")
    assert photochrom("new", scans, "-o", path).code == 2
    ran = photochrom("new", scans, "-o", path, "--force")
    assert "(1 photographs" in ran.out
    assert "table" not in ran.err


def test_a_draft_that_lies_with_its_scans(photochrom: Run, bucket: Url, tmp_path: Path) -> None:
    put(picture(1), bucket / "scans/a.png")
    far = bucket / "production.toml"
    assert photochrom("new", bucket / "scans", "-o", far).code == 0
    assert b'file = "scans/a.png"' in read(far)
    ran = photochrom("new", bucket / "scans", "-o", far)
    assert (ran.code, f"{far}: there is such a file already" in ran.err) == (2, True)
    assert photochrom("new", bucket / "scans", "-o", far, "--force").code == 0
    (tmp_path / "a.png").write_bytes(picture(1))
    ran = photochrom("new", tmp_path, "-o", bucket / "other.toml")
    assert "lies on this machine" in ran.err
    ran = photochrom("new", bucket / "nothing", "-o", bucket / "other.toml")
    assert (ran.code, f"{bucket}nothing/" in ran.err) == (2, True)
    assert len(ran.err.splitlines()) == 1
