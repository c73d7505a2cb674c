"""What is found out about a production before anything is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Ran
from photochrom.engine import Event
from photochrom.errors import PhotochromError, ProductionError
from photochrom.production import ProductionFile, build, checking, frame, preview, remarks
from photochrom.production.result import MissingError
from test_production_build import HEAD, write

Run = Callable[..., Ran]

UNSET = "\U000f1234"
"""A character for private use: no font of a package has it."""


@pytest.fixture
def production(tmp_path: Path) -> Path:
    return write(tmp_path, "ab")


@pytest.fixture
def _no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    from photochrom.film.words import fonts

    class System:
        def matchFamilyStyleCharacter(self, *_: Any) -> None:  # noqa: N802
            return None

    monkeypatch.setattr(fonts.skia.FontMgr, "RefDefault", System)


def change(production: Path, *pairs: tuple[str, str]) -> None:
    text = production.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    production.write_text(text)


def line_of(production: Path, text: str) -> int:
    return production.read_text().partition(text)[0].count("\n") + 1


def test_all_that_is_missing_is_told_at_once_with_line_and_key(
    photochrom: Run, production: Path
) -> None:
    (production.parent / "scans" / "b.png").unlink()
    change(
        production,
        ('"tone.toml"', '"mine.toml"'),
        ('id = "b"', 'id = "b"\nrecipe = "faithfull"'),
        ("fade = 0.5", 'fade = 0.5\nsound = { music = ["a.mp3", "b.mp3"], ambient = "sea.wav" }'),
        ('photograph = "a"', 'photograph = "a"\nnarration = "voice.wav"'),
        (
            "[film]",
            '[film.theme]\ntitle_font = "No Such Family"\ntext_font = "t.ttf"\n\n'
            '[film]\nfaces = "no-net"',
        ),
    )
    ran = photochrom("make", production)
    assert ran.code == 2
    for key, name, text in (
        ("recipe", "mine.toml", "mine.toml"),
        ("photograph 2, file", "scans/b.png", 'file = "scans/b.png"'),
        ("photograph 2, recipe", "faithful", "faithfull"),
        ("film, sound, music 1", "a.mp3", "a.mp3"),
        ("film, sound, music 2", "b.mp3", "b.mp3"),
        ("film, sound, ambient 1", "sea.wav", "sea.wav"),
        ("shot 2, narration", "voice.wav", "voice.wav"),
        ("film, theme, title_font", "No Such Family", "No Such"),
        ("film, theme, text_font", "t.ttf", "t.ttf"),
        ("film, faces", "no-net", "no-net"),
    ):
        place = f"{production}:{line_of(production, text)}: '{key}'"
        told = [one for one in ran.err.splitlines() if place in one and name in one]
        assert len(told) == 1, (place, ran.err)
    assert not (production.parent / "out").exists()


@pytest.mark.parametrize("show", [build, preview, lambda path: frame(path, "0")])
def test_one_thing_that_is_missing_is_told_by_whatever_needs_it(
    production: Path, show: Callable[[Path], object]
) -> None:
    change(production, ('"tone.toml"', '"mine.toml"'))
    with pytest.raises(ProductionError, match=r"toml:3: 'recipe' is \"mine\.toml\", but there is"):
        show(production)


def test_a_missing_scan_is_told_before_and_stops_no_other(
    photochrom: Run, production: Path
) -> None:
    (production.parent / "scans" / "b.png").unlink()
    ran = photochrom("make", production, "--jobs", 1)
    assert ran.code == 1
    line = line_of(production, 'file = "scans/b.png"')
    first, *_, last = [one for one in ran.err.splitlines() if f"{production}:{line}:" in one]
    assert first.startswith("photochrom: ") and "there is no file" in first
    assert "'photograph 2, file' is \"scans/b.png\", and cannot be read" in last
    assert (production.parent / "out" / "pictures" / "a.tif").is_file()


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"Caption b"', f'"Caption {UNSET}"', "photograph 2, caption"),
        ('"Ann b"', f'"{UNSET}"', "photograph 2, credit"),
        ('title = "Three"', f'title = "Three {UNSET}"', "title"),
        ('card = "title"', f'card = "title"\nsubtitle = "{UNSET}"', "shot 1, subtitle"),
        (
            'photograph = "a"',
            f'photograph = "a"\ncaption = {{ name = "N", text = "{UNSET}" }}',
            "shot 2, caption, text",
        ),
        (
            'card = "title"',
            f'card = "timeline"\nmarks = [\n{{ date = 1900 }},\n{{ date = "{UNSET}" }}]',
            "shot 1, marks 2, date",
        ),
        ("[film]", f'[film]\ntheme = {{ mark = "{UNSET}" }}', "film, theme, mark"),
    ],
)
@pytest.mark.usefixtures("_no_system_fonts")
def test_a_character_that_no_font_has_is_told_before_anything_is_made(
    production: Path, old: str, new: str, key: str
) -> None:
    change(production, (old, new))
    events: list[Event] = []
    with pytest.raises(ProductionError) as caught:
        build(production, jobs=1, progress=events.append)
    line = line_of(production, UNSET)
    assert str(caught.value).startswith(f"{production}:{line}: '{key}': no font has the character")
    assert "U+F1234" in str(caught.value)
    assert {event.stage for event in events} <= {"scans"}


@pytest.mark.usefixtures("_no_system_fonts")
def test_words_that_nobody_sees_need_no_font(production: Path) -> None:
    change(
        production,
        ('id = "a"', f'id = "a"\nplace = "{UNSET}"\nnotes = "{UNSET}"\nalt = "{UNSET}"'),
        ('caption = "Caption b"', f'caption = "{UNSET}"'),
        ('photograph = "b"', 'photograph = "b"\ncaption = "Another"'),
    )
    checking.check(ProductionFile.open(production))
    # Where captions do not stand in the picture, players set them.
    change(production, ("[film]", "[film]\ncaptions = false"), ("Another", UNSET))
    checking.check(ProductionFile.open(production))


def test_several_errors_travel_between_processes() -> None:
    import pickle

    error = MissingError([ProductionError("a", where="p:1"), ProductionError("b", fix="c")])
    copy = pickle.loads(pickle.dumps(error))
    assert copy.lines == error.lines == ("p:1: a", "b; c")
    assert str(copy) == str(error) == "p:1: a; b; c"


# -- a place for results -----------------------------------------------------------------------


def stages(production: Path, said: str) -> set[str]:
    """In which stages something happened before a build was refused."""
    events: list[Event] = []
    with pytest.raises(PhotochromError, match=said):
        build(production, jobs=1, progress=events.append)
    return {event.stage for event in events}


def test_a_film_of_somebody_else_in_the_way_is_told_before_the_work(production: Path) -> None:
    film = production.parent / "out" / "film.mp4"
    film.parent.mkdir()
    film.write_bytes(b"somebody's own")
    assert stages(production, "film.mp4: was changed, or put there, by somebody") <= {"scans"}
    assert film.read_bytes() == b"somebody's own"
    film.unlink()
    assert build(production, jobs=1).failed == ()
    # The film of a version has a name of its own.
    change(production, ("[film]", '[[version]]\nname = "wide"\nsize = [256, 128]\n\n[film]'))
    film.with_name("film-wide.mp4").write_bytes(b"somebody's own")
    assert stages(production, "film-wide.mp4: was changed, or put there") <= {"scans"}


def test_pictures_of_another_production_are_told_before_the_work(production: Path) -> None:
    assert build(production, jobs=1).failed == ()
    other = production.with_name("other.toml")
    head = HEAD.replace('"tone.toml"', '"other-recipe.toml"') + '\n[output]\nfolder = "out"\n'
    (production.parent / "other-recipe.toml").write_text(
        (production.parent / "tone.toml").read_text().replace('["tone"]', '["tone", "repair"]')
    )
    other.write_text(head + production.read_text().removeprefix(HEAD).partition("\n[film]")[0])
    assert stages(other, "belongs to another production") <= {"scans"}


def test_no_folder_for_results_is_told_before_the_work(production: Path) -> None:
    (production.parent / "out").write_text("a file")
    assert stages(production, "out: is no folder for results") <= {"scans"}


def test_a_film_of_ours_is_replaced_when_the_cache_is_gone(production: Path) -> None:
    import shutil

    assert build(production, jobs=1).failed == ()
    shutil.rmtree(production.parent / ".photochrom")
    assert build(production, jobs=1).failed == ()


def test_what_is_seen_in_pictures_has_a_name_of_its_own(production: Path) -> None:
    events: list[Event] = []
    build(production, jobs=1, progress=events.append)
    made = [(one.stage, one.item) for one in events if one.share >= 1 and one.message == "made"]
    assert len(made) == len(set(made))
    assert {"pictures", "views", "film"} <= {stage for stage, _ in made}


# -- remarks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"Caption a"', f'"{"word " * 20}"', "shot 2, caption"),
        ('photograph = "a"', f'photograph = "a"\ncaption = "{"word " * 20}"', "shot 2, caption"),
        ('card = "title"', f'card = "title"\nsubtitle = "{"word " * 9}"', "shot 1, title"),
        ('card = "title"', f'card = "text"\ntext = "{"word " * 9}"', "shot 1, text"),
        ('card = "title"', f'card = "quotation"\ntext = "{"word " * 9}"', "shot 1, text"),
        ('card = "disclosure"', f'card = "disclosure"\ntext = "{"word " * 9}"', "shot 4, text"),
    ],
)
def test_words_that_cannot_be_read_in_their_time_are_remarked_upon(
    photochrom: Run, production: Path, old: str, new: str, key: str
) -> None:
    assert unread(production) == []
    change(production, (old, new))
    (said,) = unread(production)
    assert f"'{key}' has " in said and "17 a second" in said
    line = int(said.removeprefix(f"{production}:").partition(":")[0])
    shot = int(key.split()[1].strip(","))
    heads = [i for i, one in enumerate(production.read_text().splitlines(), 1) if one == "[[shot]]"]
    assert heads[shot - 1] <= line <= heads[shot]


def unread(production: Path) -> list[str]:
    return [one for one in remarks(production) if "to read" in one or "a second" in one]


def test_remarks_stop_nothing(photochrom: Run, production: Path) -> None:
    change(production, ('"Caption a"', f'"{"word " * 20}"'))
    ran = photochrom("make", production, "--jobs", 1)
    assert ran.code == 0
    assert len([one for one in ran.err.splitlines() if "17 a second" in one]) == 1


def test_a_move_that_the_frame_cannot_show_as_asked_is_told_with_what_it_shows(
    photochrom: Run, production: Path
) -> None:
    asked = "move = { from = [0, 0, 0.2, 1], to = [0.8, 0, 0.2, 1] }"
    change(production, ('photograph = "a"', f'photograph = "a"\n{asked}'))
    told = [one for one in remarks(production) if "of which the frame shows" in one]
    assert len(told) == 2
    line = line_of(production, asked)
    assert told[0].startswith(
        f"{production}:{line}: 'shot 2, move, from' is [0, 0, 0.2, 1], of which the frame shows [0,"
    )
    assert told[0].endswith("ask for less height: the frame is wide")
    assert photochrom("make", production, "--jobs", 1).code == 0
    ran = photochrom("film", "frame", production, "2.5", "-o", production.parent / "frame.png")
    assert ran.code == 0
    assert "'shot 2, move, to' is [0.8, 0, 0.2, 1], of which the frame shows" in ran.err
    # Of another shot nothing is told.
    ran = photochrom("film", "frame", production, "4.5", "-o", production.parent / "frame.png")
    assert ran.code == 0 and "of which the frame shows" not in ran.err


def test_a_scan_that_is_small_for_the_film_is_told_of_with_what_helps(production: Path) -> None:
    (told,) = (one for one in remarks(production) if "larger than they are" in one)
    assert "a (1.8 times), b (1.8 times); scale = 2 lets clarity enlarge it" in told
    change(production, ('id = "a"', 'id = "a"\nscale = 2'))
    (told,) = (one for one in remarks(production) if "larger than they are" in one)
    assert "a (" not in told and "b (1.8 times)" in told
