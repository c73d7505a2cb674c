"""Chapters of drafts: by folder, by date, or none; their cards and the card of their years."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.film.storyboard import Shot, TextCard, TimelineCard
from photochrom.photograph import ScanInfo
from photochrom.production import Draft, ProductionFile, draft
from photochrom.production.drafting.chapters import in_chapters
from photochrom.production.drafting.scans import Scan, words_of


def scan(name: str, year: int | None = None, *folder: str) -> Scan:
    info = ScanInfo(
        path=None, format="png", width=48, height=32, bit_depth=8, channels=1, sha256=name, bytes=1
    )
    date = None if year is None else str(year)
    return Scan(path=Path(*folder, f"{name}.png"), folder=folder, id=name, info=info, date=date)


def dated(years: Sequence[int | None]) -> list[Scan]:
    return [scan(f"x{index:03}", year) for index, year in enumerate(years)]


def headings(scans: Sequence[Scan], by: str = "auto") -> list[str]:
    chapters, _ = in_chapters(scans, by)  # type: ignore[arg-type]
    assert sorted(s.id for chapter in chapters for s in chapter.scans) == sorted(
        s.id for s in scans
    )
    return [chapter.heading for chapter in chapters]


def test_decades_are_chapters_called_by_their_years() -> None:
    years = [1897, 1898, 1899, 1903, 1904, 1909, 1914, 1915, 1916, 1931, 1933, 1936]
    assert headings(dated(years)) == ["1897–1899", "1903–1909", "1914–1916", "1931–1936"]


def test_a_decade_of_two_joins_its_nearer_neighbor() -> None:
    assert headings(dated([1901, 1902, 1903, 1911, 1919, 1921, 1922, 1923])) == [
        "1901–1903",
        "1911–1923",
    ]
    assert headings(dated([1907, 1908, 1909, 1910, 1911, 1925, 1926, 1927])) == [
        "1907–1911",
        "1925–1927",
    ]


def test_within_a_decade_years_are_chapters() -> None:
    years = [1914, 1914, 1914, 1916, 1916, 1916, 1917, 1918, 1918, 1918]
    assert headings(dated(years)) == ["1914", "1916–1917", "1918"]


def test_there_are_never_more_than_eight_and_never_fewer_than_three_pictures() -> None:
    for step in (1, 2, 3, 7):
        for count in (6, 20, 60, 160):
            scans = dated([1840 + index * step // 3 for index in range(count)])
            chapters, _ = in_chapters(scans)
            assert len(chapters) <= 8
            if len(chapters) > 1:
                assert min(len(chapter.scans) for chapter in chapters) >= 3


def test_what_is_not_dated_stays_behind_what_it_follows_by_name() -> None:
    scans = dated([1911, None, 1912, 1931, None, 1932, None])
    chapters, _ = in_chapters(scans)
    assert [chapter.heading for chapter in chapters] == ["1911–1912", "1931–1932"]
    assert [s.id for s in chapters[1].scans] == ["x003", "x004", "x005", "x006"]


@pytest.mark.parametrize(
    "years",
    [
        [1931] * 12,
        [1901, 1902, 1931, 1932],
        [None] * 12,
        [1901, 1931, 1951, *[None] * 9],
    ],
)
def test_dates_that_say_little_make_no_chapters(years: list[int | None]) -> None:
    assert headings(dated(years)) == [""]


def test_running_numbers_that_say_another_order_are_kept() -> None:
    scans = [scan(f"{n:02}", 1900 + 7 * (n % 3)) for n in range(12)]
    assert headings(scans) == [""]
    assert len(headings(scans, "date")) > 1


def test_folders_are_chapters_in_the_order_of_their_names() -> None:
    folders = ("10_the return", "2_the_crossing", "1 Home")
    scans = [scan(f"{f[0]}{n}", None, f) for f in sorted(folders) for n in range(3)]
    chapters, said = in_chapters([scan("cover"), *scans])
    assert [chapter.heading for chapter in chapters] == ["", "Home", "The crossing", "The return"]
    assert [s.id for s in chapters[0].scans] == ["cover"]
    assert said == []
    # Folders count before dates, and only the uppermost that differ.
    deep = [scan(f"d{n}", 1900 + n, "all", "abc"[n % 3], "tiff") for n in range(9)]
    assert headings(deep) == ["A", "B", "C"]


def test_many_folders_with_little_in_them_are_no_chapters_unasked() -> None:
    scans = [scan(f"x{n:02}", 1900 + n, f"box {n}") for n in range(24)]
    assert headings(scans) == ["1900–1909", "1910–1919", "1920–1923"]
    assert len(headings(scans, "folder")) == 24


def test_what_was_asked_for_and_cannot_be_is_said() -> None:
    for by, said in (("folder", "no subfolders"), ("date", "make no two chapters")):
        chapters, told = in_chapters(dated([1931] * 5), by)  # type: ignore[arg-type]
        assert [chapter.heading for chapter in chapters] == [""]
        assert said in told[0]
    assert headings(dated([1901, 1902, 1903, 1931, 1932, 1933]), "none") == [""]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("02_the_crossing", "The crossing"),
        ("1931 harvest", "1931 harvest"),
        ("1914-1918", "1914-1918"),
        ("3. Home again", "Home again"),
        ("äpfel", "Äpfel"),
        ("07", ""),
    ],
)
def test_names_as_words(name: str, words: str) -> None:
    assert words_of(name) == words


# -- in the film --------------------------------------------------------------------------------


def pictures(folder: Path, *names: str) -> None:
    for index, name in enumerate(names):
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(index).integers(0, 256, (32, 48), dtype=np.uint8)
        Image.fromarray(pixels).save(path)


def read(drafted: Draft, folder: Path) -> ProductionFile:
    return ProductionFile.parse(drafted.text, folder.parent / "production.toml")


@pytest.fixture
def crossing(tmp_path: Path) -> Path:
    names = [
        f"{number}_{name}/{name} {year}"
        for number, (name, years) in enumerate(
            {"home": (1901, 1902), "the_crossing": (1904, 1905), "arrival": (1906, 1907)}.items()
        )
        for year in years
    ]
    pictures(tmp_path / "scans", *names)
    return tmp_path / "scans"


def test_a_chapter_has_a_card_and_a_dip_leads_to_it(crossing: Path) -> None:
    drafted = draft(crossing, length="2:00")
    storyboard = read(drafted, crossing).storyboard()
    assert drafted.warnings == ()
    assert storyboard.length == 120
    cards = [item for item in storyboard.shots if isinstance(item, TextCard)]
    assert [(card.heading, card.text) for card in cards] == [
        ("Home", "1901–1902"),
        ("The crossing", "1904–1905"),
        ("Arrival", "1906–1907"),
    ]
    assert {(card.card, card.transition.kind) for card in cards} == {("chapter", "dip")}
    assert all(card.length >= 3 for card in cards)
    at = storyboard.shots.index(cards[1])
    assert isinstance(storyboard.shots[at + 1], Shot)
    assert storyboard.shots[at + 1].photograph == "the-crossing-1904"


def test_named_chapters_with_years_stand_on_a_timeline_after_the_title(crossing: Path) -> None:
    shots = read(draft(crossing, length="2:00"), crossing).storyboard().shots
    timeline = shots[1]
    assert isinstance(timeline, TimelineCard)
    assert [(mark.date, mark.text) for mark in timeline.marks] == [
        ("1901–1902", "Home"),
        ("1904–1905", "The crossing"),
        ("1906–1907", "Arrival"),
    ]
    # Not of chapters that are called by their years already, nor if time does not run through them.
    (crossing / "0_home").rename(crossing / "9_home")
    for drafted in (draft(crossing, length="2:00"), draft(crossing, chapters="date")):
        assert "timeline" not in drafted.text


def test_a_film_without_the_time_has_no_cards_of_chapters_unless_asked(crossing: Path) -> None:
    short = draft(crossing, length="0:45")
    assert short.seconds == 45
    assert '"chapter"' not in short.text
    assert short.text.count('transition = "dip"') == 3
    asked = draft(crossing, length="0:50", chapters="folder")
    assert asked.seconds == 50
    assert asked.text.count('card = "chapter"') == 3
    assert "timeline" not in asked.text


def test_without_chapters_a_new_decade_comes_by_a_dip(tmp_path: Path) -> None:
    pictures(tmp_path / "scans", "a 1908", "b 1909", "c 1911", "d 1912")
    shots = read(draft(tmp_path / "scans"), tmp_path / "scans").storyboard().shots
    photographs = [shot for shot in shots if isinstance(shot, Shot)]
    assert [shot.transition.kind for shot in photographs][1:] == ["dissolve", "dip", "dissolve"]
