"""`photochrom report`: a page of restored pictures, before and after."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from conftest import Ran
from photochrom.batch import Settings, plan, run
from photochrom.recipe import Recipe
from photochrom.reporting import making
from photochrom.reporting.overlays import FILLED
from photochrom.reporting.pictures import pair, side_for
from photochrom.reporting.rows import percent
from photochrom.source import Source
from photochrom.steps import STEPS, maps
from restoring_kit import scan

Run = Callable[..., Ran]

ODD = "z<b onload='x'>&.png"
NAMES = ("a.png", "b.png", ODD)


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, path: Path):
        super().__init__()
        self.text, self.found = path.read_text("utf-8"), []
        self.found: list[tuple[str, dict[str, str | None]]]
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str, name: str = "") -> list[dict[str, str | None]]:
        return [
            attrs
            for found, attrs in self.found
            if found == tag and (not name or name in (attrs.get("class") or "").split())
        ]

    @property
    def names(self) -> list[str | None]:
        return [one["data-name"] for one in self.all("article")]


def _picture(attrs: dict[str, str | None]) -> Image.Image:
    kind, _, content = (attrs["src"] or "").partition(",")
    assert kind in ("data:image/jpeg;base64", "data:image/png;base64")
    return Image.open(io.BytesIO(base64.b64decode(content)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "scans").mkdir()
    for name in NAMES:
        scan(folder / "scans" / name, (160, 120))
    settings = Settings(Recipe.preset("faithful").only(["tone"]), formats=("png",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOCHROM_CACHE", str(folder / "cache"))
        results = list(run(plan([folder / "scans"], folder / "restored"), settings))
    assert [one.outcome for one in results] == ["made"] * 3
    return folder


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A folder with `scans` and what was made of them, `restored`; their records tell of repairs
    and colors, the surest of "b"."""
    for name in ("scans", "restored"):
        shutil.copytree(made / name, tmp_path / name)
    for stem, sure in (("a", 0.6), ("b", 0.7), (ODD[:-4], 0.5)):
        _color(tmp_path / "restored" / f"{stem}.record.json", sure)
    return tmp_path


def _color(path: Path, sure: float, doubtful: float = 0.1) -> None:
    """Has a record tell of repairs and colors."""
    data = json.loads(path.read_text())
    mask = np.zeros((120, 160), np.uint8)
    mask[:, 80:] = 255
    figures = {"share": 0.4, "certainty": sure, "doubtful": doubtful}
    notes: dict[str, dict[str, Any]] = {
        "repair": {"share": 0.02, "regions": 3, "map": maps.of_mask(mask)},
        "color": {
            "certainty": 0.8,
            "colored": figures,
            "parts": {"people": {**figures, "certainty": sure - 0.2}},
            "map": maps.of_certainty(np.full((30, 40), 0.8, np.float32)),
        },
    }
    data["steps"] += [
        {
            "name": name,
            "version": STEPS[name].version,
            "params": STEPS[name].params().model_dump(mode="json"),
            "models": [],
            "notes": said,
        }
        for name, said in notes.items()
    ]
    path.write_text(json.dumps(data))


def _page(run: Run, archive: Path, *words: object) -> Page:
    output = archive / "report.html"
    ran = run("report", archive / "restored", "-o", output, *words)
    assert ran.code == 0, ran.err
    return Page(output)


def test_a_page_shows_all_before_and_after_and_needs_nothing_else(
    photochrom: Run, archive: Path
) -> None:
    page = _page(photochrom, archive)
    assert page.names == ["a", "b", ODD[:-4]]
    for kind in ("before", "after"):
        pictures = page.all("img", kind)
        assert [_picture(one).size for one in pictures] == [(160, 120)] * 3
        assert all(one["alt"] for one in pictures)
    assert page.all("img", "before")[0]["alt"] == "a, as scanned"
    assert page.all("img", "after")[0]["alt"] == "a, restored and colored"
    assert len(page.all("input")) == 3 * 3 + 2  # A slider and two switches each, two for all.
    assert {one.get("src", "data:")[:5] for _, one in page.found} == {"data:"}  # type: ignore[index]
    assert not page.all("link") and not re.search(r"https?://|url\(|@import", page.text)
    (policy,) = (one for one in page.all("meta") if one.get("http-equiv"))
    assert "default-src 'none'" in (policy["content"] or "")


def test_names_are_no_markup(photochrom: Run, archive: Path) -> None:
    page = _page(photochrom, archive)
    assert not page.all("b") and not any("onload" in attrs for _, attrs in page.found)


def test_overlays_say_where(photochrom: Run, archive: Path) -> None:
    page = _page(photochrom, archive)
    filled = _picture(page.all("img", "filled")[0]).convert("RGBA")
    assert filled.getpixel((5, 60))[3] == 0
    assert filled.getpixel((filled.width - 5, 60)) == (*bytes.fromhex(FILLED[1:]), 255)
    sure = _picture(page.all("img", "sureness")[0]).convert("RGB")
    red, green, blue = sure.getpixel((5, 5))
    assert red > 200 and green > 200 and blue < 100


def test_what_is_to_be_looked_at_comes_first(photochrom: Run, archive: Path) -> None:
    shutil.copy(archive / "restored/b.png", archive / "restored/c.png")
    _color(archive / "restored/b.record.json", 0.45, doubtful=0.8)
    page = _page(photochrom, archive)
    # c.png is ours and has no record; of b it is known that its colors are guesses.
    assert page.names == ["c.png", "b", "a", ODD[:-4]]
    assert "of its colors 80 % are guesses more than not" in page.text


def test_what_is_merely_of_another_day_is_no_warning(photochrom: Run, archive: Path) -> None:
    record = archive / "restored/b.record.json"
    data = json.loads(record.read_text())
    data["steps"][0]["version"] -= 1
    record.write_text(json.dumps(data))
    page = _page(photochrom, archive)
    assert page.names[0] == "b" and not page.all("ul", "warnings")
    assert "of version" in page.text and "with something to look at" not in page.text


def test_figures_stand_on_the_page_and_in_a_table(photochrom: Run, archive: Path) -> None:
    page = _page(photochrom, archive, "--csv", archive / "report.csv")
    assert "2.0 % in 3 places" in page.text and "<dt>of people</dt><dd>40 %</dd>" in page.text
    assert [one["data-sure"] for one in page.all("article")] == ["0.6", "0.7", "0.5"]
    rows = list(csv.DictReader((archive / "report.csv").open(newline="")))
    assert [row["name"] for row in rows] == ["a", "b", ODD[:-4]]
    first = rows[0]
    assert (first["state"], first["filled_share"], first["filled_places"]) == ("whole", "0.02", "3")
    assert (first["colored_certainty"], first["doubtful_share"]) == ("0.6", "0.1")
    assert (float(first["people_certainty"]), first["sky_certainty"]) == (pytest.approx(0.4), "")
    assert first["original"].endswith("a.png") and "Restored by photochrom" in first["statement"]


def test_without_its_original_a_picture_stands_alone(photochrom: Run, archive: Path) -> None:
    (archive / "scans/a.png").unlink()
    page = _page(photochrom, archive)
    assert page.names[0] == "a" and len(page.all("input", "of-filled")) == 3
    assert len(page.all("img", "before")) == 2 and "its original, a.png, is not there" in page.text
    assert len(_page(photochrom, archive, "--without-originals").all("img", "before")) == 0


def test_a_broken_picture_does_not_stop_the_report(photochrom: Run, archive: Path) -> None:
    (archive / "restored/a.png").write_bytes(b"broken")
    _color(archive / "restored/b.record.json", 0.5)
    record = archive / "restored/b.record.json"
    record.write_text(record.read_text().replace('"map": "', '"map": "!'))
    page = _page(photochrom, archive)
    assert page.names[0] == "a" and "is not as it was made" in page.text
    assert "the restored picture is not shown" in page.text


def test_many_are_on_several_pages_within_their_bytes(
    photochrom: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "A_PAGE", 2)
    monkeypatch.setattr(making, "LIMIT", 4 * 1500)
    page = _page(photochrom, archive)
    (link,) = {one["href"] for one in page.all("a")}
    assert link == "report-2.html" and "Page 1 of 2" in page.text and len(page.names) == 2
    second = Page(archive / "report-2.html")
    assert {one["href"] for one in second.all("a")} == {"report.html"}
    for one in (*page.all("img", "before"), *page.all("img", "after")):
        assert len(base64.b64decode((one["src"] or "").partition(",")[2])) <= 1500


@pytest.mark.parametrize("words", [("-o", "taken"), ("--csv", "taken"), ("-o", "scans")])
def test_what_is_no_report_is_never_replaced(
    photochrom: Run, archive: Path, words: tuple[str, str]
) -> None:
    (archive / "taken").write_text("name,people\n")
    asked = ["-o", archive / "report.html", words[0], archive / words[1]]
    ran = photochrom("report", archive / "restored", *asked)
    assert ran.code == 2 and len(ran.err.splitlines()) == 1
    assert (archive / "taken").read_text() == "name,people\n"
    assert not (archive / "report.html").exists()


def test_an_earlier_report_is_replaced(photochrom: Run, archive: Path) -> None:
    table = ("--csv", archive / "t.csv")
    first = _page(photochrom, archive, *table).text
    assert _page(photochrom, archive, *table).text == first
    (archive / "restored/a.png").unlink()
    assert _page(photochrom, archive, *table).text != first


def test_a_production_tells_what_is_known(photochrom: Run, archive: Path) -> None:
    (archive / "quick.toml").write_text('schema = "photochrom.recipe/1"\nsteps = ["tone"]\n')
    (archive / "production.toml").write_text(
        'schema = "photochrom.production/1"\ntitle = "Two & more"\nrecipe = "quick.toml"\n'
        '[[photograph]]\nid = "first"\nfile = "scans/a.png"\ncaption = "Anna"\nalt = "A woman"\n'
    )
    output = archive / "report.html"
    assert photochrom("report", archive / "production.toml", "-o", output).code == 0
    assert "is not there: photochrom make" in Page(output).text
    assert photochrom("make", archive / "production.toml", "--jobs", 1).code == 0
    assert photochrom("report", archive / "production.toml", "-o", output).code == 0
    page = Page(output)
    assert '<h1 dir="auto">Two &amp; more</h1>' in page.text and ">Anna</p>" in page.text
    assert page.all("img", "after")[0]["alt"] == "A woman, restored"


def test_pictures_of_other_shapes_stand_beside_each_other(tmp_path: Path) -> None:
    before, after = scan(tmp_path / "a.png", (160, 120)), scan(tmp_path / "b.png", (120, 120))
    first, second = pair(Source(before), after, 1280, 10**6)
    assert first is not None and second is not None
    assert (first.width, first.height) == (160, 120) and second.width == 120
    large = scan(tmp_path / "c.png", (2000, 1490))
    first, second = pair(Source(large), before, 100, 10**6)
    assert first is not None and second is not None
    assert (first.width, first.height) == (second.width, second.height) == (100, 75)


def test_the_more_the_smaller() -> None:
    sides = [side_for(count, making.LIMIT) for count in (2, 40, 100, 200, 400)]
    assert sides == sorted(sides, reverse=True) and sides[0] == 1280 and sides[-1] >= 400


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (0.00004, "under 0.1 %"), (0.032, "3.2 %"), (0.414, "41 %"), (1, "100 %")],
)
def test_shares_are_told_in_percent(share: float, said: str) -> None:
    assert percent(share) == said


CSS = (Path(making.__file__).parent / "report.css").read_text()
PAIRS = [("ink", "paper"), ("soft", "paper"), ("warn", "warn-tint"), ("focus", "paper")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("over", "under"), [*PAIRS, ("ink", "tint"), ("warn", "paper")])
def test_contrasts_are_enough_for_wcag_aa(scheme: str, over: str, under: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    colors = dict(re.findall(r"--([\w-]+): #(\w{6})", blocks[0]))
    if scheme == "dark":
        colors |= dict(re.findall(r"--([\w-]+): #(\w{6})", blocks[1]))

    def luminance(color: str) -> float:
        channels = np.frombuffer(bytes.fromhex(color), np.uint8) / 255
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted([luminance(colors[over]), luminance(colors[under])])
    assert (high + 0.05) / (low + 0.05) >= 4.5
