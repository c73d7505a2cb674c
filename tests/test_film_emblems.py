"""Logos: read with what is transparent in them, shown on cards and in a corner, in the keys."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import PhotochromError, ProductionError, StoryboardError
from photochrom.film import Storyboard
from photochrom.film.frames.emblems import Emblem
from photochrom.film.plan.poster import poster
from photochrom.film.plan.reels import Reel
from photochrom.film.plan.timeline import Segment, length_of, segments_of
from photochrom.film.render import shoot
from photochrom.film.scenes.opened import Scenes
from photochrom.film.scenes.shooting import picture_at
from photochrom.film.stills import Stills
from photochrom.production import ProductionFile
from photochrom.production.checking import check
from photochrom.production.naming import files_in
from test_production_build import write

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
GREEN = (0, 200, 0)
SIZE = (640, 360)

Pixels = NDArray[np.uint8]


def svg(folder: Path, inside: str, size: str = 'viewBox="0 0 80 40"', name: str = "logo") -> Path:
    path = folder / f"{name}.svg"
    path.write_text(f"<svg {XMLNS} {size}>{inside}</svg>", "utf-8")
    return path


def green(folder: Path, name: str = "logo") -> Path:
    return svg(folder, '<rect width="80" height="40" fill="#00c800"/>', name=name)


def greens(picture: Pixels) -> NDArray[np.bool_]:
    """Where a picture is of the logo's color."""
    red, level, blue = (picture[..., n].astype(int) for n in range(3))
    return np.asarray((level > red + 60) & (level > blue + 60))


def box(where: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is there."""
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


# -- reading --------------------------------------------------------------------------------------


def test_a_drawing_is_as_sharp_as_it_is_shown(tmp_path: Path) -> None:
    inside = '<style>.a{fill:#00c800}</style><circle class="a" cx="20" cy="20" r="20"/>'
    emblem = Emblem.open(svg(tmp_path, inside))
    assert emblem.size == (80, 40)
    shown = emblem.within(1000, 300)
    assert (shown.width, shown.height) == (600, 300)
    pixels = shown.pixels
    assert tuple(pixels[150, 150]) == (0, 200, 0, 255), "styles by class are known"
    assert not pixels[150, 450:].any(), "the rest is transparent"
    edge = pixels[150, :, 3]
    assert ((edge > 0) & (edge < 255)).sum() <= 3, "not enlarged from fewer pixels"


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ('width="20mm" height="10mm" viewBox="0 0 4 2"', 2.0),
        ('width="100%" height="100%" viewBox="0 0 30 10"', 3.0),
        ('width="50" height="50"', 1.0),
    ],
)
def test_a_drawing_has_the_shape_that_it_says(tmp_path: Path, size: str, found: float) -> None:
    emblem = Emblem.open(svg(tmp_path, "<path d='M0 0h1v1z'/>", size))
    assert emblem.size[0] / emblem.size[1] == pytest.approx(found)
    shown = emblem.within(90, 90)
    assert shown.width / shown.height == pytest.approx(found, rel=0.03)


def test_a_picture_keeps_what_is_transparent_and_is_not_enlarged(tmp_path: Path) -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[:, :30] = (255, 100, 0, 128)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    emblem = Emblem.open(tmp_path / "a.png")
    whole, half = emblem.within(500, 500), emblem.within(30, 30)
    assert (whole.width, whole.height) == (60, 40)
    assert tuple(whole.pixels[20, 10]) == (128, 50, 0, 128), "premultiplied"
    assert (half.width, half.height) == (30, 20)
    assert half.pixels[10, 20:, 3].max() == 0
    for mode in ("L", "LA", "P", "RGB", "1"):
        Image.new(mode, (8, 8), 1).save(tmp_path / "b.png")
        assert Emblem.open(tmp_path / "b.png").within(8, 8).pixels.shape == (8, 8, 4)


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
REFUSED = {
    "type": (f"<svg {XMLNS} viewBox='0 0 9 9'><text>Ann  &amp; Co</text></svg>", "type in it.*Ann"),
    "a file": (
        f"<svg {XMLNS} viewBox='0 0 9 9'><image href='/etc/logo.png' width='9' height='9'/></svg>",
        "another file",
    ),
    "a site": (
        f"<svg {XMLNS} viewBox='0 0 9 9'><use xlink:href='http://a.example/b.svg#c'/></svg>",
        "another file",
    ),
    "a drawing in a drawing": (
        f"<svg {XMLNS} viewBox='0 0 9 9'><image href='data:image/svg+xml;base64,PHN2Zy8+'/></svg>",
        "another file",
    ),
    "no size": (f"<svg {XMLNS}></svg>", "has no size"),
    "nothing": ("", "cannot be read as SVG"),
    "a page": ("<html><body/></html>", "cannot be read as SVG"),
    "half": (f"<svg {XMLNS} viewBox='0 0 9 9'><rect", "cannot be read as SVG"),
    "a thread": (f"<svg {XMLNS} viewBox='0 0 1 90000'></svg>", "too slim"),
    "a bomb": (
        f'<!DOCTYPE svg [<!ENTITY e0 "xxxxxxxxxx">{BOMB}]>'
        f"<svg {XMLNS} viewBox='0 0 9 9'><desc>&e11;</desc></svg>",
        "cannot be read as SVG",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_not_look_the_same_everywhere_is_refused(tmp_path: Path, case: str) -> None:
    text, said = REFUSED[case]
    path = tmp_path / "logo.svg"
    path.write_text(text, "utf-8")
    with pytest.raises(StoryboardError, match=said) as found:
        Emblem.open(path)
    assert "\n" not in str(found.value) and str(path) in str(found.value)


def test_a_picture_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    with pytest.raises(StoryboardError, match="no picture"):
        Emblem.open(tmp_path / "a.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").rename(tmp_path / "b.png")
    with pytest.raises(StoryboardError, match="save it as PNG or SVG"):
        Emblem.open(tmp_path / "b.png")
    with pytest.raises(StoryboardError, match="cannot be read"):
        Emblem.open(tmp_path / "absent.svg")
    for name in ("logo.gif", "logo", ""):
        with pytest.raises(StoryboardError, match="neither PNG nor SVG"):
            board({"card": "title", "image": name})


# -- on cards -------------------------------------------------------------------------------------


def board(*shots: Mapping[str, Any], size: tuple[int, int] = SIZE, **theme: Any) -> Storyboard:
    film = {"title": "T", "size": size, "rate": 12, "fade": 0, "theme": theme}
    return Storyboard.parse(
        {"film": film, "shot": [{"transition": "cut", "length": 3, **one} for one in shots]}
    )


def middle(shown: Storyboard, stills: Mapping[str, Stills] | None = None) -> Pixels:
    segments = segments_of(shown, stills or {})
    return picture_at(segments, length_of(segments) // 2)


WORDS = {
    "title": {"title": "Words", "subtitle": "and more"},
    "text": {"heading": "Words", "text": "and more"},
    "quotation": {"text": "“Words.”"},
    "timeline": {"marks": [{"date": 1928, "text": "Words"}]},
    "disclosure": {"text": "Words."},
    "credits": {"credits": [{"role": "Words", "names": ["Ann"]}]},
}


@pytest.mark.parametrize("size", [SIZE, (360, 640), (360, 360)])
@pytest.mark.parametrize("card", WORDS)
def test_a_card_s_picture_stands_above_its_words(
    tmp_path: Path, card: str, size: tuple[int, int]
) -> None:
    item = {"card": card, "image": str(green(tmp_path)), **WORDS[card]}
    picture = middle(board(item, size=size))
    found = greens(picture)
    left, top, right, bottom = box(found)
    assert found[top + 2 : bottom - 2, left + 2 : right - 2].all()
    assert (right - left) / (bottom - top) == pytest.approx(2, rel=0.05)
    assert (left + right) / 2 == pytest.approx(size[0] / 2, abs=1.5)
    bright = (picture.min(axis=2) > 120).any(axis=1)
    assert not bright[:bottom].any() and bright[bottom:].any()
    assert left >= 0.05 * size[0] and top >= 0.05 * size[1]


def test_the_logo_is_at_the_foot_of_titles_and_ends_credits(tmp_path: Path) -> None:
    logo = str(green(tmp_path))
    for size in (SIZE, (360, 640)):
        title = board({"card": "title", **WORDS["title"]}, size=size, logo=logo)
        _, top, _, bottom = box(greens(middle(title)))
        foot = 0.8 if size[1] > size[0] else 0.9
        assert bottom == pytest.approx(size[1] * foot, abs=2) and top > size[1] / 2
        end = middle(board({"card": "credits", **WORDS["credits"]}, size=size, logo=logo))
        lowest = np.flatnonzero((end.min(axis=2) > 120).any(axis=1))[-1]
        assert box(greens(end))[1] > lowest
        assert not greens(middle(board({"card": "text", "text": "x"}, logo=logo))).any()


def test_rolling_credits_end_with_the_logo(tmp_path: Path) -> None:
    credits = [{"role": "By", "names": [f"Name {n}"]} for n in range(60)]
    shown = board({"card": "credits", "credits": credits, "length": 6}, logo=str(green(tmp_path)))
    segments = segments_of(shown, {})
    seen = [greens(picture_at(segments, n)).any() for n in range(0, length_of(segments), 3)]
    assert not any(seen[: len(seen) // 2]) and any(seen[len(seen) // 2 :])


# -- in a corner ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stills]:
    folder = tmp_path_factory.mktemp("stills")
    for name, color in (("gray", (90, 90, 90)), ("color", (110, 80, 80))):
        Image.new("RGB", (640, 360), color).save(folder / f"{name}.png")
    gray, color = folder / "gray.png", folder / "color.png"
    return {"a": Stills(gray, gray, color)}


SHOTS: list[dict[str, Any]] = [
    {"card": "title", "title": "T", "transition": {"seconds": 1}},
    {"photograph": "a", "transition": {"kind": "dissolve", "seconds": 1}},
    {"photograph": "a", "transition": {"kind": "dip", "seconds": 1}},
]


@pytest.mark.parametrize("letterbox", [None, 2.39])
def test_a_bug_stands_still_throughout_the_film(
    tmp_path: Path, stills: dict[str, Stills], letterbox: float | None
) -> None:
    bug = {"image": str(green(tmp_path)), "strength": 1}
    shown = board(*SHOTS, bug=bug, letterbox=letterbox)
    segments = segments_of(shown, stills)
    last = length_of(segments) - 1
    boxes = np.array([box(greens(picture_at(segments, at))) for at in range(12, last, 5)])
    assert np.ptp(boxes, axis=0).max() <= 2, "but for how its edge is mixed with what is below"
    _, top, right, bottom = boxes[0]
    height = SIZE[1] if letterbox is None else SIZE[0] / letterbox
    above = (SIZE[1] - height) / 2
    assert right == pytest.approx(SIZE[0] * 0.95, abs=2)
    assert top >= above + height * 0.05 - 2 and bottom < SIZE[1] / 3


def test_a_bug_comes_from_black_and_goes_to_black(tmp_path: Path) -> None:
    film = {"size": SIZE, "rate": 12, "fade": 1, "theme": {"bug": str(green(tmp_path))}}
    card = {"card": "text", "text": "x", "length": 4, "transition": {"seconds": 1}}
    segments = segments_of(Storyboard.parse({"film": film, "shot": [card]}), {})
    levels = [int(picture_at(segments, n)[..., 1].max()) for n in (0, 5, 20)]
    gone = [int(picture_at(segments, n)[20:60, 540:, 1].max()) for n in (38, 43, 47)]
    assert levels[0] < 30 and levels[0] < levels[1] < levels[2]
    assert gone[0] > gone[1] > gone[2] and gone[2] < 30


def test_words_in_its_corner_stand_below_a_bug(tmp_path: Path, stills: dict[str, Stills]) -> None:
    bug = {"image": str(green(tmp_path)), "strength": 1, "at": "upper right"}
    shot = {"photograph": "a", "caption": {"text": "Words", "at": "upper right"}}
    picture = middle(board(shot, bug=bug), stills)
    bottom = box(greens(picture))[3]
    bright = (picture.min(axis=2) > 170).any(axis=1)
    assert not bright[:bottom].any() and bright[bottom : SIZE[1] // 2].any()
    marked = middle(board({"photograph": "a"}, bug=bug, mark="Colored"), stills)
    rows = np.flatnonzero((marked.min(axis=2) > 150).any(axis=1))
    assert rows[0] >= bottom


# -- keys and files -------------------------------------------------------------------------------


def keys(segments: list[Segment]) -> list[str]:
    return [one.key for one in segments]


def test_keys_hang_on_what_is_in_a_picture_and_not_on_its_place(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    here, there = green(tmp_path), tmp_path / "there" / "other name.svg"
    shutil.copyfile(here, there)

    def plan(path: Path, where: str) -> list[str]:
        title = {"card": "title", "transition": {"seconds": 1}}
        image = {"image": str(path)} if where == "image" else {}
        theme = {where: str(path)} if where != "image" else {}
        return keys(segments_of(board(title | image, {"card": "text", "text": "x"}, **theme), {}))

    none = keys(segments_of(board({"card": "title", "transition": {"seconds": 1}},
                                  {"card": "text", "text": "x"}), {}))  # fmt: skip
    for where in ("image", "logo", "bug"):
        first, moved = plan(here, where), plan(there, where)
        assert first == moved
        there.write_text(there.read_text().replace("#00c800", "#00c801"))
        changed = plan(there, where)
        # What is on a card is seen in it and in its transition; a bug is seen in all.
        expected = [False, False, where != "bug"]
        assert [one == two for one, two in zip(first, changed, strict=True)] == expected
        assert [one == two for one, two in zip(first, none, strict=True)][2] is (where != "bug")
        shutil.copyfile(here, there)


def test_another_machine_finds_pictures_by_their_digests(
    tmp_path: Path, stills: dict[str, Stills]
) -> None:
    logo = green(tmp_path)
    shown = board({"card": "title", "image": str(logo), "title": "T"}, bug=str(logo))
    segments = segments_of(shown, {})
    (take,) = {id(one.take): one.take for one in segments}.values()
    (file,) = take.files().values()
    elsewhere = tmp_path / "elsewhere.svg"
    shutil.copyfile(logo, elsewhere)
    before = picture_at(segments, 18)
    logo.unlink()
    reel = pickle.loads(pickle.dumps(Reel(tuple(segments), None)))  # type: ignore[arg-type]
    moved = reel.at({file.sha256: elsewhere})
    assert np.array_equal(picture_at(moved.segments, 18), before)
    assert Scenes and shoot and poster(segments).segment.take.images


def test_a_production_names_its_pictures_from_where_it_lies(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text().replace("[film]\n", '[film]\ntheme = { logo = "art/logo.svg" }\n', 1)
    text += '\n[[shot]]\ncard = "text"\ntext = "x"\nimage = "art/seal.png"\nlength = 3\n'
    path.write_text(text)
    file = ProductionFile.open(path)
    named = [(one.name, one.loc[-1]) for one in files_in(file.production) if one.kind == "image"]
    assert named == [("art/logo.svg", "logo"), ("art/seal.png", "image")]
    with pytest.raises(PhotochromError) as found:
        check(file)
    assert "'film, theme, logo'" in str(found.value) and "there is no file" in str(found.value)
    (tmp_path / "art").mkdir()
    green(tmp_path / "art")
    Image.new("RGBA", (20, 20), (0, 200, 0, 255)).save(tmp_path / "art" / "seal.png")
    check(file)
    shots = file.storyboard()
    assert shots.film.theme.logo == str(tmp_path / "art" / "logo.svg")
    assert Path(str(shots.shots[-1].image)).samefile(tmp_path / "art" / "seal.png")  # type: ignore[union-attr]
    svg(tmp_path / "art", "<text>x</text>")
    with pytest.raises(ProductionError, match=r":\d+: .*art/logo\.svg.*has type in it.*paths"):
        check(file)
