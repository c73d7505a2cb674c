"""The cue sheet, and the texts beside a film: read back, added up, compared with the plan."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pysubs2
import pytest

from browser_kit import overflow
from photochrom.errors import ProductionError
from photochrom.film.exchange.cut import Media, timeline_of
from photochrom.film.exchange.timecode import timecode
from photochrom.film.plan import Plan
from photochrom.film.plan.cues import cues
from photochrom.film.plan.timeline import Segment, length_of
from photochrom.film.stills import Stills
from photochrom.film.storyboard import ComparisonCard
from photochrom.phrases import phrases_for
from photochrom.production.cue_page import cue_page, screen_time
from photochrom.production.cue_sheet import COLUMNS, CueSheet, Picture, cue_lines
from photochrom.production.file import ProductionFile
from photochrom.production.footage import shown
from photochrom.production.sidecars import texts
from photochrom.production.treatment import treatment
from photochrom.record import Record, StepRecord

ENGLISH = phrases_for()

PRODUCTION = """\
schema = "photochrom.production/1"
title = "Fish & <Sons>"

[[photograph]]
id = "shop"
file = "shop.tif"
date = 1931
people = ["Ann <Fish>", "Bob"]
place = "Zürich"
caption = "The shop\\nin spring"
alt = "Two people & a dog"
credit = "Ann"
license = "CC BY 4.0"
source = "City archive, 12"

[[photograph]]
id = "street"
file = "street.tif"
credit = "Ann"
license = "CC BY 4.0"

[film]
rate = "RATE"
fade = 0.5

[[shot]]
card = "title"
length = 3.1

[[shot]]
photograph = "shop"
length = 5.3
reveal = { kind = "wipe", from = "scan" }

[[shot]]
card = "chapter"
heading = "Later"
length = 3

[[shot]]
photograph = "street"
length = 4.7
reveal = "dissolve"
caption = "A street"
credit = "Ann, cropped"

[[shot]]
photograph = "shop"
length = 4
caption = ""
transition = "cut"

[[shot]]
card = "credits"
length = 3
"""


def record(file: str, *, saturation: float = 1.0, pins: Sequence[Mapping[str, Any]] = ()) -> Record:
    return Record(
        original={"file": file, "sha256": file * 3},
        recipe={},
        emulsion={},
        pins=[dict(pin) for pin in pins],
        measures={},
        steps=[
            StepRecord("tone", 1, {}, [], {}),
            StepRecord("clarity", 1, {"scale": 2}, [{"name": "enlarge", "sha256": "0"}], {}),
            StepRecord(
                "color", 1, {"saturation": saturation}, [{"name": "tint", "sha256": "0"}], {}
            ),
        ],
        result={},
        runtime={"photochrom": "0"},
    )


PIN = {"at": (0.42, 0.5), "color": (27, 34, 51), "source": "Rules <1941>", "strength": 1.0}
OTHER = PIN | {"color": [255, 0, 7], "source": "Diary"}


def made(rate: str) -> tuple[Plan, ProductionFile, dict[str, Picture]]:
    file = ProductionFile.parse(PRODUCTION.replace("RATE", rate), "production.toml")
    stills = {
        one.id: Stills(*[Path(one.id)] * 3, (f"{one.id}1", f"{one.id}2", f"{one.id}3"))
        for one in file.production.photographs
    }
    records = {
        "shop": record("shop.tif", pins=[PIN, OTHER, PIN]),
        "street": record("s.tif", saturation=0),
    }
    pictures = {id: Picture(file.production.entry(id), one) for id, one in records.items()}
    return Plan.of(file.storyboard(), stills), file, pictures


def sheet_of(rate: str = "24") -> tuple[CueSheet, tuple[Segment, ...]]:
    plan, _, pictures = made(rate)
    film = plan.film
    lines = cue_lines(plan.cues, pictures, ENGLISH)
    return CueSheet(film.title, "film.mp4", film.size, film.rate, lines, ENGLISH), plan.segments


def rows_of(sheet: CueSheet) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.to_csv(), newline="")))


@pytest.mark.parametrize("rate", ["24", "25", "24000/1001", "30000/1001"])
def test_the_sheet_adds_up_to_the_film_and_follows_the_storyboard(rate: str) -> None:
    sheet, segments = sheet_of(rate)
    *lines, total = rows_of(sheet)
    length = length_of(segments)
    assert tuple(total) == COLUMNS
    assert total["kind"] == "total"
    assert int(total["frames"]) == length == sum(int(line["frames"]) for line in lines)
    assert total["duration"] == total["time_out"] == timecode(length, Fraction(rate))
    assert float(total["seconds"]) == pytest.approx(float(length / Fraction(rate)), abs=5e-4)
    ends = [line["time_out"] for line in lines]
    assert [line["time_in"] for line in lines] == [timecode(0, Fraction(rate)), *ends[:-1]]
    asked = [3.1, 5.3, 3, 4.7, 4, 3]
    for line, seconds, cue in zip(lines, asked, cues(segments), strict=True):
        exact = Fraction(rate)
        assert int(line["frames"]) == round(Fraction(str(seconds)) * exact)
        assert round(Fraction(line["seconds_in"]) * exact) == cue.start
        assert line["time_in"] == timecode(cue.start, exact)
        assert line["time_out"] == timecode(cue.stop, exact)
        assert line["duration"] == timecode(cue.frames, exact)
    assert [line["number"] for line in lines] == list("123456")


def test_a_rate_without_timecode_leaves_seconds() -> None:
    sheet, segments = sheet_of("25/2")
    total = rows_of(sheet)[-1]
    assert (total["time_out"], total["duration"]) == ("", "")
    assert float(total["seconds_out"]) == pytest.approx(length_of(segments) / 12.5)
    assert f'<p class="facts"><span>film.mp4</span><span>({total["seconds"]} s)' in cue_page(sheet)


def test_a_line_says_whose_the_photograph_is_and_what_was_done() -> None:
    title, shop, chapter, street, again, _, _ = rows_of(sheet_of()[0])
    assert (title["kind"], title["text"]) == ("title card", "Fish & <Sons>")
    assert (chapter["kind"], chapter["text"]) == ("chapter card", "Later")
    assert not any(title[name] for name in COLUMNS[COLUMNS.index("people") :])
    known = {name: shop[name] for name in COLUMNS[COLUMNS.index("photograph") :]}
    assert known == {
        "photograph": "shop",
        "shown": "scan as it came; colored",
        "text": "The shop, in spring",
        "people": "Ann <Fish>; Bob",
        "date": "1931",
        "place": "Zürich",
        "credit": "Ann",
        "license": "CC BY 4.0",
        "source": "City archive, 12",
        "file": "shop.tif",
        "sha256": "shop.tif" * 3,
        "steps": "tone, clarity (x2), color",
        "networks": "enlarge (clarity); tint (color)",
        "color": "estimated, 3 documented",
        "documented_colors": "#1b2233 in 2 places: Rules <1941>; #ff0007: Diary",
        "color_shares": "",
        "narration": "",
    }
    # Never colored: its reveal leads from the restored picture to itself.
    assert (street["shown"], street["color"], street["steps"]) == (
        "restored",
        "none",
        "tone, clarity (x2)",
    )
    assert (street["text"], street["credit"]) == ("A street", "Ann, cropped")
    # A shot that hides its caption is still known by it.
    assert (again["shown"], again["text"]) == ("colored", "The shop, in spring")


def test_screen_time_by_credit_adds_up() -> None:
    sheet, segments = sheet_of()
    times = screen_time(sheet)
    assert [key[0] for key in times] == ["Ann", "Ann, cropped", "Cards"]
    assert times["Ann", "CC BY 4.0"][:2] == (1, 2)
    assert sum(frames for _, _, frames in times.values()) == length_of(segments)
    assert sum(shots for _, shots, _ in times.values()) == len(sheet.lines)


class Page(HTMLParser):
    """Checks that every element is closed in order, and keeps texts and attributes."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count: Counter[str] = Counter()
        self.rows: list[list[str]] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] += 1
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "tr" in self.open and self.rows[-1]:
            self.rows[-1][-1] += data


def test_the_page_is_whole_and_says_what_the_table_says() -> None:
    sheet, _ = sheet_of()
    text = cue_page(sheet)
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.count["h1"] == 1 and page.count["table"] == 2
    times = [row[1][:11] for row in page.rows[1 : len(sheet.lines) + 1]]
    assert times == [row["time_in"] for row in rows_of(sheet)[:-1]]
    total = page.rows[len(sheet.lines) + 1]
    assert total[2].startswith(sheet.timecode(sheet.frames))
    shop = " ".join(page.rows[2])
    for said in ("Ann <Fish>", "Zürich, 1931", "CC BY 4.0", "City archive, 12", "Rules <1941>"):
        assert said in shop
    assert record("shop.tif", pins=[PIN, OTHER, PIN]).statement() in shop
    assert "As in 2." in page.rows[5][6]
    assert "Fish & <Sons>" in page.rows[1][4]


def test_the_page_does_not_say_again_what_a_caption_says() -> None:
    """Lower thirds that `new` drafts have place and date in them."""
    sheet, _ = sheet_of()
    lines = [
        replace(line, text="The shop, Zürich, 1931") if line.text.startswith("The shop") else line
        for line in sheet.lines
    ]
    page = Page()
    page.feed(cue_page(replace(sheet, lines=tuple(lines))))
    shown = page.rows[2][4]
    assert shown.count("Zürich") == shown.count("1931") == 1 and "Ann <Fish>, Bob" in shown


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = cue_page(sheet_of()[0])
    page = Page()
    page.feed(text)
    names = {name for name, _ in page.attributes}
    assert names <= {"lang", "charset", "name", "content", "class", "dir", "scope", "colspan"} | {
        "style",
        "data-name",
    }
    assert not re.search(r"https?:|url\(|@import|<script", text)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_page_fits_a_phone(tmp_path: Path, language: str) -> None:
    sheet, _ = sheet_of()
    long = "Donaudampfschiffahrtsgesellschaftskapitänsmützenabzeichen"
    lines = tuple(replace(line, text=f"{line.text} {long}", credit=long) for line in sheet.lines)
    text = cue_page(replace(sheet, lines=lines, film=f"{long}.mp4", say=phrases_for(language)))
    assert overflow(text, [320, 390, 600, 820, 961, 1440], tmp_path) == [0] * 6


@pytest.mark.parametrize("rate", ["24", "30000/1001"])
def test_the_texts_beside_the_film_say_what_the_storyboard_says(rate: str) -> None:
    plan, _, pictures = made(rate)
    found = texts(plan, "film.mp4", pictures)
    read = {
        name: pysubs2.SSAFile.from_string(found[name], format_=name.rsplit(".", 1)[1])
        for name in (".srt", ".vtt", ".descriptions.vtt")
    }
    assert [one.plaintext for one in read[".srt"]] == ["The shop\nin spring", "A street"]
    assert [(one.start, one.end) for one in read[".vtt"]] == [
        (one.start, one.end) for one in read[".srt"]
    ]
    told = [one.plaintext.replace("&amp;", "&") for one in read[".descriptions.vtt"]]
    assert told[1] == "Two people & a dog. The shop, in spring."
    assert told[4] == "Two people & a dog."
    shop = rows_of(
        CueSheet("", "", (2, 2), Fraction(rate), cue_lines(plan.cues, pictures, ENGLISH), ENGLISH)
    )[1]
    event = read[".descriptions.vtt"][1]
    assert event.start / 1000 == pytest.approx(float(shop["seconds_in"]), abs=6e-4)
    assert event.end / 1000 == pytest.approx(float(shop["seconds_out"]), abs=6e-4)


def test_a_network_that_colors_nothing_is_not_said_to_have_colored() -> None:
    done = treatment(record("a", saturation=0, pins=[PIN]), ENGLISH)
    assert (done.color, done.documented) == ("none", ())
    assert "color" not in done.steps


COMPARISON = """
[[shot]]
card = "comparison"
photograph = "street"
length = 4
"""


def test_a_comparison_is_a_line_of_its_photograph() -> None:
    text = PRODUCTION.replace("RATE", "24").replace(
        '\nid = "street"', '\nid = "street"\nalt = "A lane"'
    )
    file = ProductionFile.parse(text + COMPARISON, "production.toml")
    assert shown(file) == ["shop", "street"]
    card = file.storyboard().shots[-1]
    assert isinstance(card, ComparisonCard)
    assert card.credit == "Ann", "it is named where it is seen"
    _, _, pictures = made("24")
    stills = {
        id: Stills(*[Path(id)] * 3, (f"{id}1", f"{id}2", f"{id}2" if id == "street" else id))
        for id in pictures
    }
    plan = Plan.of(file.storyboard(), stills)
    line = cue_lines(plan.cues, pictures, ENGLISH)[-1]
    assert (line.kind, line.text, line.credit) == ("comparison", "", "Ann")
    assert line.shown == ("scan as it came", "restored")
    assert line.picture is pictures["street"]
    beside = texts(
        plan,
        "film.mp4",
        pictures | {"street": Picture(file.production.entry("street"), pictures["street"].record)},
    )
    assert "Comparison card · street: scan as it came, then restored" in beside[".cues.html"]
    assert beside[".descriptions.vtt"].rstrip().endswith("A lane. As scanned. Restored.")
    (cut,) = (
        clip
        for clip in timeline_of(
            file.storyboard(),
            plan.segments,
            {id: Media(Path(f"{id}.png"), (30, 20)) for id in stills},
            [str(n) for n in range(len(file.production.shots))],
        ).clips
        if clip.name == "comparison card"
    )
    assert (cut.media, cut.text) == (None, "As scanned\nRestored")


def test_a_comparison_of_nothing_is_told_with_its_line() -> None:
    text = PRODUCTION.replace("RATE", "24") + COMPARISON.replace('"street"', '"stret"')
    line = 1 + text[: text.index('"stret"')].count("\n")
    with pytest.raises(ProductionError, match=rf"production\.toml:{line}: .*\"stret\".*'street'"):
        ProductionFile.parse(text, "production.toml")
