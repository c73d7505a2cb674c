"""Draws what a film itself says in every language: `python -m examples.languages cards.jpg`.

A row a language, a column a card: the title, a chapter, a shot with its caption and mark, a
comparison, the disclosure, the credits, a timeline, a figure, a chart, a map, and what ends a
short film. Look at it after every change of a catalog. Languages that no font of the machine has
are named and left out; `--font FILE` lends them one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photochrom.errors import StoryboardError
from photochrom.film.plan import Plan
from photochrom.film.scenes.shooting import picture_at
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Storyboard
from photochrom.phrases import LANGUAGES, phrases_for
from photochrom.production.schema import Entry
from photochrom.production.words import credits, disclosure
from photochrom.record import Record, StepRecord

SIZE = (1920, 1080)
CELL = 640
GAP = 12

SAID = {
    "ar": ("دكّان على النهر", "الربيع", "غريس هوبر", "في مختبر الحوسبة", "هارفارد"),
    "de": ("Der Laden am Fluss", "Frühling", "Grace Hopper", "am Rechenlabor", "Harvard"),
    "en": ("The Shop by the River", "Spring", "Grace Hopper", "at the laboratory", "Harvard"),
    "es": ("La tienda junto al río", "Primavera", "Grace Hopper", "en el laboratorio", "Harvard"),
    "fr": ("La boutique du fleuve", "Printemps", "Grace Hopper", "au laboratoire", "Harvard"),
    "it": ("La bottega sul fiume", "Primavera", "Grace Hopper", "nel laboratorio", "Harvard"),
    "ja": ("川辺の店", "春", "グレース・ホッパー", "計算研究所にて", "ハーバード"),
    "ko": ("강가의 가게", "봄", "그레이스 호퍼", "계산 연구소에서", "하버드"),
    "nl": ("De winkel aan de rivier", "Lente", "Grace Hopper", "in het laboratorium", "Harvard"),
    "pl": ("Sklep nad rzeką", "Wiosna", "Grace Hopper", "w pracowni obliczeń", "Harvard"),
    "pt": ("A loja junto ao rio", "Primavera", "Grace Hopper", "no laboratório", "Harvard"),
    "ru": ("Лавка у реки", "Весна", "Грейс Хоппер", "в вычислительной лаборатории", "Гарвард"),
    "zh": ("河边小店", "春天", "格蕾丝·霍珀", "于计算实验室", "哈佛"),
    "zh-Hant": ("河邊小店", "春天", "葛麗絲·霍普", "於計算實驗室", "哈佛"),
}
"""What the user says in each: title, chapter, and name, text and place of a caption."""

_CARDS = (
    *("title", "chapter", "photograph", "comparison", "disclosure", "credits", "timeline"),
    *("figure", "chart", "map", "ending"),
)


def record(*, colored: bool = True) -> Record:
    """What was done to a photograph: all that a disclosure speaks of."""
    networks = {"repair": "find-defects", "color": "photochrom-color"}
    notes = {
        "known": {"documented": 0.2, "reported": 0.1, "assumed": 0, "agreed": 0.3, "guessed": 0.4},
        "lent": [{"name": "b", "share": 0.5}],
        "variant": {"letter": "b", "of": ["a", "b", "c"], "likely": 0.62, "doubtful": 0.1},
    }
    steps = [
        StepRecord(
            name,
            1,
            {"scale": 2} if name == "clarity" else {},
            [{"name": networks[name], "sha256": "0"}] if name in networks else [],
            notes if name == "color" else {},
        )
        for name in ("tone", "repair", "clarity", *(["color"] if colored else []), "grain")
    ]
    pins = [
        {"color": b"\x1b\x22\x33", "source": source, "sure": sure}
        for source, sure in (
            ("Uniform Regulations, 1941", "documented"),
            ("diary of A. Fish", "reported"),
        )
    ]
    return Record(
        original={"file": "a.tif", "sha256": "0", "pages": 1},
        recipe={},
        emulsion={},
        pins=pins if colored else [],
        measures={},
        steps=steps,
        result={},
        runtime={"photochrom": "0.1.0"},
        lent=[{"name": "b", "sha256": "0"}] if colored else [],
    )


def storyboard(language: str, fonts: dict[str, str] | None = None) -> Storyboard:
    """A film of every card that has words of the film's own."""
    say = phrases_for(language)
    title, chapter, name, text, place = SAID[language]
    entries = [
        Entry(id="a", file="a.tif", credit="Ann Fish", license="CC BY 4.0", source="City Archive"),
        Entry(id="b", file="b.tif", credit="U.S. Navy", license="public domain"),
    ]
    caption = {"name": name, "text": text, "place": place, "date": "1944-08-07"}
    points = [[1900, 2.2], {"year": 1976, "value": 20.7, "text": chapter}, [2024, 50]]
    places = {"name": place, "latitude": 48.86, "longitude": 2.35}
    marks = [{"date": "1904~", "text": chapter}, {"date": "192X", "text": title}]
    film: dict[str, Any] = {"language": language, "size": SIZE, "title": title, "fade": 0.5}
    film["theme"] = {"mark": "auto", **(fonts or {})}
    who = [one.model_dump() for one in credits(entries, say)]
    told = disclosure([record(), record(), record(colored=False)], say)
    cut = {"transition": "cut"}
    items: list[dict[str, Any]] = [
        {"card": "title", "subtitle": "1904–1944"},
        {"card": "chapter", "heading": chapter, "text": title},
        {"photograph": "a", "move": "still", "caption": caption, "credit": "Ann Fish"},
        {"card": "comparison", "photograph": "a"},
        {"card": "disclosure", "text": told},
        {"card": "credits", "credits": who},
        {"card": "timeline", "marks": marks},
        {"card": "figure", "number": 5457, "of": 11420, "text": text, "source": place},
        {"card": "chart", "points": points, "unit": "%", "heading": title, "source": place},
        {"card": "map", "country": "FR", "heading": chapter, "places": [places]},
        {"card": "disclosure", "text": say("disclosure-briefest"), "credits": who},
    ]
    return Storyboard.parse(
        {"film": film, "shot": [{**item, **cut, "length": 8} for item in items]}
    )


def stills(folder: Path) -> Stills:
    """A picture of a wall and the sky, worn, gray and in color."""
    rows, columns = np.mgrid[0:1080, 0:1600].astype(np.float32)
    light = 70 + 110 * (1 - rows / 1080) + 12 * np.sin(columns / 37) * np.sin(rows / 23)
    color = np.stack([light * 1.05, light, light * 0.86], axis=-1)
    scan = np.stack([light * 0.9 + 18] * 3, axis=-1)
    paths = []
    for name, picture in (("scan", scan), ("gray", np.stack([light] * 3, -1)), ("color", color)):
        paths.append(folder / f"{name}.png")
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(paths[-1])
    return Stills(*paths)


def cards(language: str, files: Stills, font: str = "") -> list[NDArray[np.uint8]]:
    """Every card of a film in a language, from the middle of its time.

    Raises:
        StoryboardError: No font has a character.
    """
    fonts = {"title_font": font, "text_font": font} if font else None
    plan = Plan.of(storyboard(language, fonts), {"a": files})
    return [picture_at(plan.segments, cue.start + cue.frames // 2) for cue in plan.cues]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m examples.languages", description=__doc__)
    parser.add_argument("out", type=Path, help="the picture (.jpg); single cards go beside it")
    parser.add_argument("--only", help="languages, parted by commas")
    parser.add_argument("--font", default="", help="a font file for those that have none")
    told = parser.parse_args(arguments)
    if told.out.suffix.lower() not in Image.registered_extensions():
        parser.error(f"{told.out}: name a picture, as in cards.jpg")
    wanted = told.only.split(",") if told.only else sorted(LANGUAGES)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        files = stills(Path(folder))
        for language in wanted:
            try:
                pictures = cards(language, files)
            except StoryboardError as error:
                if not told.font:
                    print(f"{language}: left out: {error}", file=sys.stderr)
                    continue
                pictures = cards(language, files, told.font)
            rows.append([Image.fromarray(one) for one in pictures])
            for name, picture in zip(_CARDS, rows[-1], strict=True):
                picture.save(told.out.with_name(f"{told.out.stem}-{language}-{name}.png"))
    height = CELL * SIZE[1] // SIZE[0]
    count = len(_CARDS)
    whole = (GAP + count * (CELL + GAP), GAP + len(rows) * (height + GAP))
    sheet = Image.new("RGB", whole, (90, 90, 90))
    draw = ImageDraw.Draw(sheet)
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            at = (GAP + x * (CELL + GAP), GAP + y * (height + GAP))
            sheet.paste(picture.resize((CELL, height), Image.Resampling.LANCZOS), at)
            draw.rectangle((at[0] - 1, at[1] - 1, at[0] + CELL, at[1] + height), outline=(60,) * 3)
    sheet.save(told.out, quality=88)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
