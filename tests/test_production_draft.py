"""Drafts: a folder of scans becomes a production file that comes out at the asked length."""

from __future__ import annotations

import os
import re
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import ProductionError
from photochrom.film.storyboard import DisclosureCard, Move, Shot
from photochrom.phrases import phrases_for
from photochrom.phrases.catalogs import LANGUAGES
from photochrom.production import Draft, ProductionFile, draft
from photochrom.production.drafting.templates import words
from photochrom.production.pacing import (
    BRIEFEST_SHOT,
    CHARACTERS_A_SECOND,
    LONGEST_SHOT,
    reading_time,
    seconds_of,
)
from photochrom.production.words import usual_disclosure
from photochrom.scans import natural_key


def picture(path: Path, *, seed: int = 0, size: tuple[int, int] = (48, 32), text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    exif = Image.Exif()
    if text:
        exif[0x010E] = text
    Image.fromarray(pixels).save(path, exif=exif)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    for number in range(12):
        picture(folder / f"scan {number}.jpg", seed=number, text=f"Caption number {number}.")
    return folder


def read(drafted: Draft, scans: Path) -> ProductionFile:
    return ProductionFile.parse(drafted.text, scans.parent / "production.toml")


def test_a_draft_holds_every_photograph_in_natural_order(scans: Path) -> None:
    drafted = draft(scans)
    production = read(drafted, scans).production
    assert [entry.id for entry in production.photographs] == [f"scan-{n}" for n in range(12)]
    assert production.photographs[3].file == "scans/scan 3.jpg"
    assert production.photographs[3].caption == "Caption number 3."
    assert production.title == "scans"
    assert drafted.photographs == 12
    assert drafted.warnings == ()


@pytest.mark.parametrize("length", ["1:30", "2:00", "3:00.5", 100, 77.125])
def test_the_film_comes_to_the_asked_length_exactly(scans: Path, length: str | float) -> None:
    drafted = draft(scans, length=length)
    storyboard = read(drafted, scans).storyboard()
    assert drafted.warnings == ()
    assert drafted.seconds == storyboard.length
    assert storyboard.length == pytest.approx(seconds_of(length), abs=1e-9)


def test_every_caption_can_be_read_and_no_shot_is_endless(scans: Path) -> None:
    for length in ("1:15", "3:00", None):
        for shot in read(draft(scans, length=length), scans).storyboard().shots:
            if isinstance(shot, Shot):
                assert max(BRIEFEST_SHOT, reading_time(shot.caption.plain)) <= shot.length <= 20


def test_reveals_vary_and_mostly_dissolve(tmp_path: Path) -> None:
    for number in range(40):
        size = (32, 48) if number % 5 < 2 else (48, 32)
        picture(tmp_path / "scans" / f"{number:02}.png", seed=number, size=size)
    drafted = draft(tmp_path / "scans", length="8:00")
    shots = [s for s in read(drafted, tmp_path / "scans").storyboard().shots if isinstance(s, Shot)]
    kinds = [shot.reveal.kind for shot in shots]
    assert set(kinds) == {"dissolve", "wipe", "scan", "iris", "split", "none"}
    assert kinds.count("dissolve") >= 20
    assert all(one != other or one == "dissolve" for one, other in pairwise(kinds))
    # The film opens with a scan as it came; where the camera goes is left to photochrom.
    assert [shot.reveal.from_ for shot in shots] == ["scan"] + ["gray"] * 39
    assert {shot.move for shot in shots} == {"auto"}
    # A circle opens in pictures of its shape only.
    irises = [shot.photograph for shot in shots if shot.reveal.kind == "iris"]
    assert all(int(name) % 5 < 2 for name in irises)


def test_forty_photographs_fill_eight_minutes_sanely(tmp_path: Path) -> None:
    for number in range(40):
        text = "What is to be seen here. " * (1 + number % 5)
        size = (160, 40) if number == 7 else (48, 32)
        name = f"{1896 + number} {number}.jpg"
        picture(tmp_path / "scans" / name, seed=number, size=size, text=text)
    drafted = draft(tmp_path / "scans", length="8:00")
    storyboard = read(drafted, tmp_path / "scans").storyboard()
    shots = [item for item in storyboard.shots if isinstance(item, Shot)]
    assert drafted.seconds == storyboard.length == 480
    assert drafted.warnings == ()
    assert [shot.photograph for shot in shots] == [f"{1896 + n}-{n}" for n in range(40)]
    assert all(BRIEFEST_SHOT <= shot.length <= LONGEST_SHOT for shot in shots)
    by_text = {
        len(shot.caption.plain): shot.length for shot in shots if shot.reveal.kind == "dissolve"
    }
    assert by_text[max(by_text)] > by_text[min(by_text)]
    # A panorama is crossed, which takes longer than others with as many words.
    like = [
        s
        for s in shots
        if len(s.caption.plain) == len(shots[7].caption.plain) and s is not shots[7]
    ]
    assert shots[7].length > max(shot.length for shot in like)


def test_a_color_photograph_is_not_revealed_and_is_told_of(
    scans: Path, scene: NDArray[np.uint8]
) -> None:
    Image.fromarray(scene).save(scans / "scan 0.jpg")
    toned = np.random.default_rng(3).integers(0, 256, (32, 48, 1), dtype=np.uint8)
    sepia = (toned * np.array([1.0, 0.9, 0.75])).astype(np.uint8)
    Image.fromarray(sepia).save(scans / "scan 1.png")
    (scans / "scan 1.jpg").unlink()
    drafted = draft(scans, length="2:00")
    shots = [s for s in read(drafted, scans).storyboard().shots if isinstance(s, Shot)]
    assert shots[0].reveal.kind == "none"
    assert shots[1].reveal.kind == "dissolve"
    assert len(drafted.warnings) == 1
    assert "in color already: scan 0.jpg;" in drafted.warnings[0]


def test_further_shots_of_a_photograph_show_something_else(tmp_path: Path) -> None:
    light = np.full((90, 160), 200, np.uint8)
    light[50:70, 115:135] = 20
    (tmp_path / "scans").mkdir()
    Image.fromarray(light).save(tmp_path / "scans" / "one.png")
    drafted = draft(tmp_path / "scans", length="1:20")
    shots = [s for s in read(drafted, tmp_path / "scans").storyboard().shots if isinstance(s, Shot)]
    assert [shot.framing for shot in shots] == ["auto", "auto", "mat", "auto"]
    assert [shot.reveal.kind for shot in shots] == ["scan", "none", "none", "none"]
    assert shots[0].move == "auto"
    # The second comes near to what stands out.
    assert isinstance(shots[1].move, Move)
    left, top, width, height = shots[1].move.end
    assert width < 0.6
    assert left < 0.72 < left + width
    assert top < 0.55 < top + height


def test_too_many_photographs_are_said_and_stay_readable(scans: Path) -> None:
    drafted = draft(scans, length="0:20")
    assert drafted.seconds > 20
    assert len(drafted.warnings) == 2  # Besides, there is no reveal in it.
    assert f"{drafted.length} long, not 0:20" in drafted.warnings[0]
    assert drafted.warnings[0] in " ".join(
        line.lstrip("# ") for line in drafted.text.splitlines() if line.startswith("#")
    )


@pytest.mark.parametrize(("captioned", "said"), [(True, True), (False, False)])
def test_captions_are_blamed_where_there_are_some(
    tmp_path: Path, captioned: bool, said: bool
) -> None:
    """What a file is called is none."""
    for number in range(12):
        text = "Women at the harbor mending nets" if captioned else ""
        picture(tmp_path / "scans" / f"Mending nets {number}.png", seed=number, text=text)
    (note,) = [one for one in draft(tmp_path / "scans", length=5).warnings if "long, not" in one]
    assert ("captions" in note) is said
    assert "narrations" not in note


def test_a_film_that_is_too_long_says_what_its_cards_take(tmp_path: Path) -> None:
    """Of a short film they are the greater part: nobody gains it by shorter captions."""
    picture(tmp_path / "scans" / "one.png")
    drafted = draft(tmp_path / "scans", length=5)
    cards = sum(part.length for part in read(drafted, tmp_path / "scans").storyboard().shots[:1])
    said = re.search(r"1 photographs? need ([0-9:.]+), its cards ([0-9:.]+);", drafted.warnings[0])
    assert said, drafted.warnings
    minutes = [float(one.split(":")[0]) * 60 + float(one.split(":")[1]) for one in said.groups()]
    assert sum(minutes) == pytest.approx(drafted.seconds) and minutes[1] > cards > 0


def test_too_few_photographs_get_several_shots_and_at_last_a_note(tmp_path: Path) -> None:
    picture(tmp_path / "scans" / "one.png")
    two = draft(tmp_path / "scans", length="1:15")
    shots = [s for s in read(two, tmp_path / "scans").storyboard().shots if isinstance(s, Shot)]
    assert len(shots) == 4
    assert [shot.caption.plain for shot in shots][1:] == ["", "", ""]
    assert two.seconds == 75
    assert two.warnings == ()
    ten = draft(tmp_path / "scans", length="10:00")
    assert ten.seconds == 600
    assert "few for 10:00" in ten.warnings[0]


def test_dates_decide_unless_names_are_numbered(tmp_path: Path) -> None:
    for index, name in enumerate(["b 1931", "a 1943", "c 1912", "d", "Zebra 1899"]):
        picture(tmp_path / "dated" / f"{name}.jpg", seed=index)
    for index, name in enumerate(["1 wedding 1931", "2 school 1915", "10 birth 1899"]):
        picture(tmp_path / "numbered" / f"{name}.jpg", seed=index)
    dated = read(draft(tmp_path / "dated"), tmp_path / "dated").production.photographs
    # d has no date and follows c by name.
    assert [entry.id for entry in dated] == ["zebra-1899", "c-1912", "d", "b-1931", "a-1943"]
    assert [entry.year for entry in dated] == [1899, 1912, None, 1931, 1943]
    numbered = read(draft(tmp_path / "numbered"), tmp_path / "numbered").production.photographs
    assert [entry.id[:2].rstrip("-") for entry in numbered] == ["1", "2", "10"]


def test_what_cannot_be_used_is_left_out_and_said(scans: Path) -> None:
    (scans / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (scans / "empty.tif").touch()
    (scans / "notes.txt").write_text("no photograph")
    (scans / ".hidden.jpg").write_bytes((scans / "scan 1.jpg").read_bytes())
    (scans / "zz twin.jpg").write_bytes((scans / "scan 1.jpg").read_bytes())
    picture(scans / "done.png", seed=77)
    (scans / "done.record.json").touch()
    drafted = draft(scans)
    assert drafted.photographs == 12
    said = "\n".join(drafted.warnings)
    assert said.count("\n") == 3
    assert "passed over: 1 that is no photograph (notes.txt)" in said
    assert "broken.jpg: left out" in said
    assert "empty.tif: left out" in said
    assert "zz twin.jpg: left out: it is the same file as scan 1.jpg" in said


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_text_is_left_out_and_said(scans: Path) -> None:
    name = os.fsdecode(bytes(scans) + b"/caf\xe9.jpg")
    Path(name).write_bytes((scans / "scan 1.jpg").read_bytes() + b" ")
    drafted = draft(scans)
    assert drafted.photographs == 12
    assert "not UTF-8" in drafted.warnings[0]
    drafted.text.encode("utf-8")


def test_a_folder_without_photographs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ProductionError, match="there is no photograph"):
        draft(tmp_path)
    (tmp_path / "broken.jpg").write_text("x")
    with pytest.raises(ProductionError, match=r"there is no photograph.*broken\.jpg"):
        draft(tmp_path)
    with pytest.raises(ProductionError, match="is not a folder"):
        draft(tmp_path / "nowhere")


def test_hostile_titles_and_captions_stay_text(tmp_path: Path) -> None:
    caption = "say \"no\" \\ to\x7f [tables] # and 'quotes' in 東京"
    picture(tmp_path / "scans" / 'x\n"y" # z].jpg', text=caption)
    title = 'a "title"\n[[photograph]] \\u0041'
    drafted = draft(tmp_path / "scans", title=title)
    production = read(drafted, tmp_path / "scans").production
    assert production.title == title
    assert len(production.photographs) == 1
    assert production.photographs[0].file == 'scans/x\n"y" # z].jpg'


@pytest.mark.parametrize("language", ["en", "de", "ru", "ja"])
@pytest.mark.parametrize("length", [30, 45, 60, 90, 120, 150, 180, 300])
def test_the_cards_at_the_end_take_a_tenth_of_a_film_and_can_be_read(
    tmp_path: Path, length: int, language: str
) -> None:
    for index in range(6):
        picture(tmp_path / "scans" / f"{index}.jpg", seed=index)
    file = read(draft(tmp_path / "scans", length=length, language=language), tmp_path / "scans")
    ending = [one for one in file.storyboard().shots if not isinstance(one, Shot)][1:]
    assert sum(card.length for card in ending) <= length / 10
    say = phrases_for(language)
    told = [usual_disclosure(say), usual_disclosure(say, brief=True), say("disclosure-briefest")]
    board = file.storyboard(told).shots
    (card,) = (one for one in board if isinstance(one, DisclosureCard))
    share = 2 / 3 if card.text == told[0] else 1.0
    assert card.length >= share * len(card.text) / CHARACTERS_A_SECOND
    assert (card.text == told[-1]) or length > 30 or language == "ja"
    # Whoever is to be thanked is, on a card of their own or on this one.
    assert bool(card.lines) != (ending[-1] is not ending[0])


def test_two_drafts_are_the_same(scans: Path) -> None:
    assert draft(scans, length="3:00") == draft(scans, length="3:00")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("many")
    for number in range(60):
        caption = "One of the many words that captions are made of. " * (number % 4)
        picture(folder / f"{number}.png", seed=number, text=caption)
    return sorted(folder.iterdir(), key=lambda path: natural_key(path.name))


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 60), st.integers(0, 10_000), st.booleans())
def test_lengths_add_up_whatever_is_asked(
    many: list[Path], count: int, spare: int, dated: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        scans = Path(name) / "scans"
        scans.mkdir()
        for number, path in enumerate(many[:count]):
            year = f" {1900 + number}" if dated else ""
            (scans / f"{path.stem}{year}.png").hardlink_to(path)
        shortest = draft(scans, length=1).seconds
        # A few photographs get several shots each, which would be slow for many.
        asked = round(shortest + spare * (count if count > 3 else 20) / 1000, 3)
        drafted = draft(scans, length=asked)
        storyboard = read(drafted, scans).storyboard()
    assert storyboard.length == pytest.approx(asked, abs=1e-6)
    assert drafted.seconds == storyboard.length
    shots = [item for item in storyboard.shots if isinstance(item, Shot)]
    assert min(shot.length for shot in shots) >= BRIEFEST_SHOT
    if asked <= 4 * LONGEST_SHOT * count:
        assert max(shot.length for shot in shots) <= LONGEST_SHOT + 0.25


@pytest.mark.parametrize("number", [1, 3, 6, 12])
def test_a_short_film_has_a_reveal_or_says_that_there_was_no_room(
    tmp_path: Path, number: int
) -> None:
    folder = tmp_path / "scans"
    for index in range(number):
        picture(folder / f"{index}.jpg", seed=index)
    briefest = draft(folder, length=5).seconds
    for length in (5, briefest, briefest + 2, briefest + 2.5, briefest + 5):
        drafted = draft(folder, length=length)
        shots = read(drafted, folder).storyboard().shots
        reveals = [one for one in shots if isinstance(one, Shot) and one.reveal.kind != "none"]
        (said,) = [one for one in drafted.warnings if "turns to color" in one] or [""]
        assert bool(reveals) == (not said) == (length >= briefest + 2.5), (length, said)
        if said:
            # What it names is long enough.
            named = said.rpartition("--length ")[2].partition(" ")[0]
            again = draft(folder, length=named)
            assert "turns to color" not in " ".join(again.warnings)


def test_a_reveal_that_takes_no_time_is_not_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    for index in range(4):
        # There is more to read than a reveal takes.
        picture(folder / f"{index}.jpg", seed=index, text=f"{'Many words. ' * 9}{index}.")
    shots = read(draft(folder, length=5), folder).storyboard().shots
    kinds = [shot.reveal.kind for shot in shots if isinstance(shot, Shot)]
    assert kinds == ["scan", "dissolve", "none", "dissolve"]


def test_what_is_known_becomes_lower_thirds_and_no_file_name_is_shown(tmp_path: Path) -> None:
    for number, name in enumerate(("mending nets", "in the shop", "b", "c", "d")):
        picture(tmp_path / "scans" / f"{number} {name}.png", seed=number)
    (tmp_path / "scans" / "captions.csv").write_text(
        "file,caption,date,place,people\n"
        "0 mending nets,,1931-05-17,Bergen,Kari\n"
        "2 b,Kari in Bergen in 1931,1931,Bergen,Kari\n"
        "3 c,Three of us,,Oslo,Kari; Ola; Per\n"
        "4 d,Only words,,,\n"
    )
    drafted = draft(tmp_path / "scans", language="de")
    file = read(drafted, tmp_path / "scans")
    shots = {s.photograph[0]: s.caption for s in file.storyboard().shots if isinstance(s, Shot)}
    assert shots["0"].model_dump(include={"name", "text", "place", "date"}) == {
        "name": "Kari",
        "text": "",
        "place": "Bergen",
        "date": "1931-05-17",
    }
    assert not shots["1"].plain, "a file name is nobody's caption"
    assert '# caption = "In the shop"  # file name' in drafted.text
    assert shots["2"].plain == "Kari in Bergen in 1931", "nothing is said twice"
    assert shots["3"].parts == ("", "Three of us", "Oslo")
    assert shots["4"].plain == "Only words"
    assert sum("caption = {" in line for line in drafted.text.splitlines()) == 2


def test_scans_too_small_for_the_frame_are_told_of_and_clarity_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    for name, width in (("large", 1800), ("middle", 900), ("small", 480), ("tiny", 240)):
        picture(folder / f"{name}.jpg", size=(width, width * 2 // 3))
    drafted = draft(folder)
    production = read(drafted, folder).production
    scales = {entry.id: entry.scale for entry in production.photographs}
    assert scales == {"large": None, "middle": 2, "small": 4, "tiny": 4}
    said = r": tiny \(\d\.\d times\), small \(4\.\d times\), middle \(2\.\d times\)$"
    assert re.search(said, drafted.sizes)
    assert re.search(r"scale = 2  # the film shows it 2\.\d times as large", drafted.text)


def test_a_template_frames_the_photographs_and_its_comments_stay(scans: Path) -> None:
    drafted = draft(scans, template="portraits")
    file = read(drafted, scans)
    cards = [getattr(item, "card", "") for item in file.production.shots]
    first, last = cards.index(""), len(cards) - 1 - cards[::-1].index("")
    assert cards[:first] == ["title", "figure", "map", "text"]
    assert cards[last + 1 :] == ["chart", "figure", "disclosure"]
    assert set(cards[first : last + 1]) == {""}
    assert "# Where it was." in drafted.text and "make them yours" in drafted.text
    assert drafted.seconds == file.storyboard().length
    plain = draft(scans)
    assert drafted.seconds > plain.seconds + 30
    assert "figure" not in plain.text
    asked = draft(scans, template="portraits", length="3:00")
    assert read(asked, scans).storyboard().length == 180


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_a_template_speaks_the_language_of_the_film(scans: Path, language: str) -> None:
    said = words("portraits")[language]
    english = words("portraits")["de"].keys()
    assert said.keys() == english and all(said.values())
    drafted = draft(scans, template="portraits", language=language)
    shots = read(drafted, scans).production.shots
    told = {getattr(item, key, "") for item in shots for key in ("heading", "text", "source")}
    assert not {one for one in english if said[one] != one} & told
    assert {said["Those who went first"], said["International Olympic Committee"]} <= told


def test_regions_and_other_languages_have_a_template_too(scans: Path) -> None:
    austrian = draft(scans, template="portraits", language="de-AT").text
    assert "Die den Anfang machten" in austrian
    assert "Those who went first" in draft(scans, template="portraits", language="fi").text


def test_the_cards_at_the_end_of_a_short_film_are_short(scans: Path) -> None:
    def end(length: str) -> float:
        items = read(draft(scans, length=length), scans).storyboard().shots[-2:]
        assert [getattr(item, "card", "") for item in items] == ["disclosure", "credits"]
        return sum(item.length for item in items)

    assert end("1:30") <= 9 and end("3:00") >= 18
