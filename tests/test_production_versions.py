"""Several versions of one film, and several productions in one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from PIL import Image

from conftest import Ran
from photochrom.engine import Event
from photochrom.errors import PhotochromError, ProductionError
from photochrom.production import build, frame
from test_production_build import write

VERSIONS = """
[[version]]
name = "upright"
size = [128, 160]

[[version]]
name = "plain"
captions = false

[[version]]
name = "master"
encoder = { codec = "ffv1" }
"""


def size_of(path: Path) -> tuple[int, int]:
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        return stream.width, stream.height


def frames_of(path: Path) -> list[str]:
    """A digest of each decoded frame's light."""
    with av.open(str(path)) as film:
        return [
            hashlib.sha256(frame.to_ndarray(format="gray")).hexdigest()
            for frame in film.decode(video=0)
        ]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write(tmp_path_factory.mktemp("versions"), "ab")
    path.write_text(path.read_text() + VERSIONS)
    result = build(path, jobs=1)
    assert result.failed == ()
    assert [one.name for one in (result.film, *result.versions) if one] == [
        "film.mp4",
        "film-upright.mp4",
        "film-plain.mp4",
        "film-master.mkv",
    ]
    return path


def test_each_version_is_what_it_says(production: Path) -> None:
    out = production.parent / "out"
    assert size_of(out / "film.mp4") == size_of(out / "film-master.mkv") == (160, 128)
    assert size_of(out / "film-upright.mp4") == (128, 160)
    for name in ("film", "film-upright", "film-plain", "film-master"):
        assert "Caption a" in (out / f"{name}.srt").read_text()
        assert (out / f"{name}.cues.html").is_file()
    written, plain = frames_of(out / "film.mp4"), frames_of(out / "film-plain.mp4")
    # The credit stays, and so do cards; where captions stood the picture differs.
    differ = [i for i, (one, other) in enumerate(zip(written, plain, strict=True)) if one != other]
    assert differ and min(differ) >= 12 and max(differ) < len(written) - 24


def test_a_second_build_has_nothing_to_do_and_names_them_all(production: Path) -> None:
    again = build(production, jobs=1)
    assert again.nothing_to_do
    assert {"film", "film (upright)", "sidecars (master)"} <= set(again.kept)
    assert len(again.versions) == 3 and all(path.is_file() for path in again.versions)


def test_versions_share_what_is_alike(production: Path) -> None:
    """Without captions only the bodies of shots with captions are other segments."""
    text = production.read_text()
    events: list[Event] = []
    try:
        production.write_text(text + '\n[[version]]\nname = "again"\n')
        assert build(production, jobs=1, progress=events.append).failed == ()
    finally:
        production.write_text(text)
    started = [event for event in events if event.stage == "film" and event.message == "started"]
    assert started == []


def test_productions_side_by_side_have_a_place_of_their_own(tmp_path: Path) -> None:
    first = write(tmp_path, "ab")
    second = first.with_name("vertical.toml")
    second.write_text(first.read_text().replace("[160, 128]", "[128, 160]"))
    assert build(first, jobs=1).failed == build(second, jobs=1).failed == ()
    assert size_of(tmp_path / "out" / "film.mp4") == (160, 128)
    assert size_of(tmp_path / "out" / "vertical" / "film.mp4") == (128, 160)


def test_what_belongs_to_another_production_is_never_replaced(tmp_path: Path) -> None:
    first = write(tmp_path, "ab")
    assert build(first, jobs=1).failed == ()
    before = (tmp_path / "out" / "film.mp4").read_bytes()
    second = first.with_name("vertical.toml")
    head, film, rest = first.read_text().partition("\n[film]\n")
    rest = rest.replace("[160, 128]", "[128, 160]")
    second.write_text(f'{head}\n[output]\nfolder = "out"\n{film}{rest}')
    with pytest.raises(PhotochromError, match="belongs to another production") as caught:
        build(second, jobs=1)
    assert str(first.resolve()) in str(caught.value)
    assert (tmp_path / "out" / "film.mp4").read_bytes() == before
    named = second.read_text().replace('folder = "out"', 'folder = "out"\nfilm = "vertical.mp4"')
    second.write_text(named)
    result = build(second, jobs=1)
    assert result.failed == ()
    # The pictures are the same in both, so there is nothing against sharing them.
    assert set(result.kept) >= {"a", "b"}
    assert size_of(tmp_path / "out" / "vertical.mp4") == (128, 160)
    assert build(first, jobs=1).nothing_to_do


def test_a_production_that_failed_in_part_owns_what_it_has_made(tmp_path: Path) -> None:
    """It leaves no stamp; what it has put there is another's all the same."""
    first = write(tmp_path, "ab")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "film.srt").write_text("somebody's own")
    assert build(first, jobs=1).failed
    before = (tmp_path / "out" / "film.mp4").read_bytes()
    second = first.with_name("vertical.toml")
    head, film, rest = first.read_text().partition("\n[film]\n")
    rest = rest.replace("[160, 128]", "[128, 160]")
    second.write_text(f'{head}\n[output]\nfolder = "out"\n{film}{rest}')
    for force in (False, True):
        with pytest.raises(PhotochromError, match="belongs to another production"):
            build(second, jobs=1, force=force)
        assert (tmp_path / "out" / "film.mp4").read_bytes() == before


def test_each_version_can_be_looked_at(
    photochrom: Callable[..., Ran], production: Path, tmp_path: Path
) -> None:
    for name, size in (("", (160, 128)), ("upright", (128, 160)), ("Upright", (128, 160))):
        words = ("--version", name) if name else ()
        output = tmp_path / "frame.png"
        assert photochrom("film", "frame", production, "1.5", "-o", output, *words).code == 0
        with Image.open(output) as frame:
            assert frame.size == size
    sheets = []
    for words in ((), ("--version", "upright")):
        photochrom("film", "sheet", production, "--every", 1, "-o", tmp_path / "s.png", *words)
        with Image.open(tmp_path / "s.png") as sheet:
            sheets.append(sheet.size)
    assert sheets[0] != sheets[1]


def test_each_version_can_be_exported_and_previewed(
    photochrom: Callable[..., Ran], production: Path
) -> None:
    out = production.parent / "out"
    ran = photochrom("film", "export", production, "--to", "fcpxml", "--version", "upright")
    assert ran.code == 0, ran.err
    assert 'width="128"' in (out / "film-upright.fcpxml").read_text()
    assert not (out / "film.fcpxml").exists()
    words = ("--to", "edl", "--version", "upright", "--handles", 2)
    assert photochrom("film", "export", production, *words).code == 0
    assert [one.name for one in out.glob("shots*")] == ["shots-upright"]
    ran = photochrom("make", production, "--preview", "--version", "upright")
    assert ran.code == 0, ran.err
    width, height = size_of(out / "film-upright.preview.mp4")
    assert width < height


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("uprigt", "there is no version \"uprigt\"; did you mean 'upright'? its film has the"),
        ("x", "its film has the versions upright, plain, master"),
    ],
)
def test_a_version_that_is_none_is_told_those_that_are(
    photochrom: Callable[..., Ran], production: Path, name: str, said: str
) -> None:
    for words in (
        ("film", "frame", production, "1"),
        ("film", "sheet", production),
        ("film", "export", production, "--to", "otio"),
        ("make", production, "--preview"),
    ):
        ran = photochrom(*words, "--version", name)
        assert ran.code == 2 and said in ran.err, ran.err
    assert photochrom("make", production, "--version", "upright").code == 2


def test_a_production_without_versions_says_how_to_give_it_one(tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match=r"give it one with \[\[version\]\]"):
        frame(write(tmp_path, "a"), "1", "upright")
