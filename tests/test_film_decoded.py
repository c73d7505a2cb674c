"""One small film with each transition, reveal and card in it: encoded, decoded and looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.engine import FolderStore
from photochrom.film import Storyboard
from photochrom.film.frames.pictures import codes_of
from photochrom.film.plan import Plan
from photochrom.film.plan.cues import Cue, cues
from photochrom.film.plan.timeline import segments_of
from photochrom.film.render import make_film
from photochrom.film.stills import Stills
from photochrom.film.storyboard.cards import CARDS

WIDTH, HEIGHT = 320, 180
BACKGROUND, INK = "#1b1917", "#efe8da"
WARM = (200, 120, 60)
KINDS = ("wipe", "split", "iris", "scan", "dissolve")
MARKS = [{"date": 1900, "text": "Before"}, {"date": 1928, "text": "Now", "here": True}]
COMPARED = {"card": "comparison", "photograph": "warm", "from": "gray"}
WORDS: list[dict[str, Any]] = [
    {"card": "title", "title": "A Film", "subtitle": "in parts"},
    {"card": "text", "heading": "Words", "text": "and more of them"},
    {"card": "chapter", "heading": "The crossing"},
    {"card": "quotation", "text": "“It was a boat.”", "source": "Ann"},
    {"card": "timeline", "heading": "Years", "marks": MARKS},
    {"card": "figure", "number": 22, "text": "women"},
    {"card": "chart", "points": [[1900, 2], [1950, 7], [2000, 5]], "source": "Ann"},
    {"card": "map", "country": "FR", "places": [{"latitude": 47.1, "longitude": 2.4}]},
    {"card": "disclosure", "text": "Colors are guessed."},
    {"card": "credits", "credits": [{"role": "By", "names": ["N. N."]}]},
]
STILL: dict[str, Any] = {"transition": "cut", "move": "still", "length": 2}
SHOTS: list[dict[str, Any]] = [
    *({"length": 1.5, "transition": "cut", **card} for card in WORDS),
    {"length": 1.5, "transition": "cut", **COMPARED},
    {"length": 1.5, "transition": "cut", "style": "divider", **COMPARED},
    *(
        {**STILL, "photograph": "warm", "reveal": {"kind": kind, "at": 0.5, "seconds": 1}}
        for kind in KINDS
    ),
    {**STILL, "photograph": "light"},
    {**STILL, "photograph": "dark", "transition": {"kind": "dissolve", "seconds": 0.5}},
    {**STILL, "photograph": "light", "transition": {"kind": "dip", "seconds": 0.5}},
    {**STILL, "photograph": "dark"},
]


@dataclass(frozen=True)
class Seen:
    """Decoded frames, and where in them each item is."""

    luma: NDArray[np.float32]
    cb: NDArray[np.float32]
    cues: list[Cue]

    def of(self, **fields: Any) -> Cue:
        """The one item that has all of these."""
        (found,) = (
            cue
            for cue in self.cues
            if all(getattr(cue.item, name, None) == value for name, value in fields.items())
        )
        return found


def flat(folder: Path, name: str, color: tuple[int, int, int]) -> Stills:
    """A picture of one color, its restored state in gray and a scan darker than that."""
    luma = round(0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2])
    states = {"scan": (luma // 2,) * 3, "gray": (luma,) * 3, "color": color}
    for state, value in states.items():
        Image.new("RGB", (160, 90), value).save(folder / f"{name}-{state}.png")
    return Stills(*(folder / f"{name}-{state}.png" for state in states))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("decoded")
    stills = {
        "warm": flat(folder, "warm", WARM),
        "light": flat(folder, "light", (220, 220, 220)),
        "dark": flat(folder, "dark", (70, 70, 70)),
    }
    film = {"size": [WIDTH, HEIGHT], "fade": 0, "sound": {"kind": "silence"}}
    board = Storyboard.parse({"film": film, "shot": SHOTS})
    path = make_film(Plan.of(board, stills), folder / "film.mp4", FolderStore(folder / "cache"))
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(video=0)]
    luma = np.stack([frame[:HEIGHT] for frame in frames]).astype(np.float32)
    quarter = (HEIGHT // 2, WIDTH // 2)
    cb = np.stack(
        [frame[HEIGHT:].reshape(-1)[: quarter[0] * quarter[1]].reshape(quarter) for frame in frames]
    ).astype(np.float32)
    return Seen(luma, cb, cues(segments_of(board, stills)))


def test_every_kind_of_card_is_in_the_film(seen: Seen) -> None:
    assert {getattr(cue.item, "card", "") for cue in seen.cues} - {""} == set(CARDS)
    assert len(seen.luma) == seen.cues[-1].stop


@pytest.mark.parametrize("card", [card["card"] for card in WORDS])
def test_a_card_is_words_on_the_background_that_come_and_go(seen: Seen, card: str) -> None:
    cue = seen.of(card=card)
    background, ink = codes_of(BACKGROUND)[0], codes_of(INK)[0]
    first, middle, last = (
        seen.luma[index] for index in (cue.start, (cue.start + cue.stop) // 2, cue.stop - 1)
    )
    for bare in (first, last):
        assert np.abs(bare - background).max() < 12
    drawn = np.abs(middle - background) > 60
    assert middle.max() > 0.6 * ink
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    # Within the safe margins, near the middle from side to side, and somewhat above it in height.
    assert columns[0] >= 0.1 * WIDTH - 2 and columns[-1] <= 0.9 * WIDTH + 2
    assert abs(columns[0] + columns[-1] - WIDTH) < 0.2 * WIDTH
    assert 0.3 * HEIGHT < (rows[0] + rows[-1]) / 2 < 0.55 * HEIGHT
    assert np.abs(seen.cb[(cue.start + cue.stop) // 2] - 128).max() < 20


def colored(seen: Seen, frame: int) -> NDArray[np.float32]:
    """How much color each place of a frame has: 0 none, 1 all of the picture's."""
    whole = codes_of("#" + "".join(f"{part:02x}" for part in WARM))[1] - 128
    return np.asarray((seen.cb[frame] - 128) / whole, np.float32)


def test_a_comparison_shows_both_states_whole_and_beside_one_another(seen: Seen) -> None:
    cue = seen.of(card="comparison", style="beside")
    frame = (cue.start + cue.stop) // 2
    color, light = colored(seen, frame), seen.luma[frame]
    height, width = color.shape
    assert np.median(color[height // 3 : height // 2, width // 8 : width // 3]) < 0.05
    assert np.median(color[height // 3 : height // 2, 2 * width // 3 : 7 * width // 8]) > 0.95
    # Two rectangles of one size and of the picture's shape, on the background.
    lit = light > 60
    columns = np.flatnonzero(lit[HEIGHT * 2 // 5])
    (gap,) = np.flatnonzero(np.diff(columns) > 1)
    sizes = gap + 1, len(columns) - gap - 1
    assert abs(sizes[0] - sizes[1]) <= 1
    rows = np.flatnonzero(lit[:, columns[4]])
    rows = rows[: np.flatnonzero(np.diff(rows, append=HEIGHT * 2) > 1)[0] + 1]
    assert sizes[0] / len(rows) == pytest.approx(16 / 9, rel=0.05)
    # Each has a name below it, which fades like all words; the pictures do not.
    below = slice(rows[-1] + 3, HEIGHT)
    background = codes_of(BACKGROUND)[0]
    for half in (slice(0, WIDTH // 2), slice(WIDTH // 2, WIDTH)):
        assert light[below, half].max() > background + 60
        assert seen.luma[cue.start][below, half].max() < background + 8
    assert seen.luma[cue.start][HEIGHT * 2 // 5, columns[4]] > 60


def test_a_divider_travels_from_right_to_left(seen: Seen) -> None:
    cue = seen.of(card="comparison", style="divider")
    middle = [colored(seen, index)[40] for index in range(cue.start, cue.stop)]
    picture = seen.luma[cue.start][80] > 60
    left, right = np.flatnonzero(picture)[[0, -1]] / 2
    shares = [float((row[round(left) : round(right)] > 0.5).mean()) for row in middle]
    assert shares[0] == pytest.approx(0.1, abs=0.03)
    assert shares[-1] == pytest.approx(0.9, abs=0.03)
    assert np.diff(shares).min() >= 0
    for row in middle:
        # Nothing but gray at the left of the line and nothing but color at its right.
        inside = row[round(left) + 2 : round(right) - 2]
        mixed = np.flatnonzero((inside > 0.1) & (inside < 0.9))
        assert np.ptp(mixed) < 8 if len(mixed) else True


def test_every_reveal_goes_from_gray_to_color_in_its_own_way(seen: Seen) -> None:
    half = {}
    shots = [cue for cue in seen.cues if getattr(cue.item, "photograph", "") == "warm"]
    for cue, kind in zip(shots[2:], KINDS, strict=True):
        assert np.abs(colored(seen, cue.start + 6)).max() < 0.1
        assert colored(seen, cue.start + 40).min() > 0.9
        half[kind] = colored(seen, cue.start + 24)
        steps = [colored(seen, cue.start + index).mean() for index in range(10, 40, 3)]
        assert np.diff(steps).min() > -0.02
        if kind == "scan":
            light = seen.luma[cue.start + 24].mean(axis=1)
            # The bar of light is where color begins, and brighter than the picture is anywhere.
            edge = int(np.argmin(np.abs(half[kind].mean(axis=1) - 0.5))) * 2
            assert abs(int(np.argmax(light)) - edge) < 10
            assert light.max() > 20 + np.median(light)
        else:
            assert np.ptp(seen.luma[cue.start + 24]) < 12
    height, width = half["wipe"].shape
    assert half["wipe"][:, : width // 3].min() > 0.9 and half["wipe"][:, -width // 3 :].max() < 0.1
    assert half["split"][:, width // 2 - 8 : width // 2 + 8].min() > 0.9
    assert max(half["split"][:, :12].max(), half["split"][:, -12:].max()) < 0.1
    assert half["iris"][height // 2, width // 2] > 0.9
    assert max(half["iris"][0, 0], half["iris"][0, -1], half["iris"][-1, 0]) < 0.1
    # As far above the middle as beside it: a circle.
    assert half["iris"][2, width // 2] == pytest.approx(
        half["iris"][height // 2, width // 2 - height // 2 + 2], abs=0.15
    )
    assert half["scan"][: height // 3].min() > 0.9 and half["scan"][-height // 3 :].max() < 0.1
    assert half["dissolve"].min() > 0.4 and half["dissolve"].max() < 0.6


def test_every_transition_goes_its_own_way(seen: Seen) -> None:
    first, dissolve, dip, cut = seen.cues[-4:]
    mean = seen.luma.mean(axis=(1, 2))
    light, dark = mean[first.start + 24], mean[cut.start + 24]
    background = codes_of(BACKGROUND)[0]
    assert light - dark > 100
    # A cut has no frame between.
    assert mean[cut.start - 1] == pytest.approx(light, abs=2)
    assert mean[cut.start] == pytest.approx(dark, abs=2)
    assert mean[dissolve.start - 1] == pytest.approx(light, abs=2)
    passing = mean[dissolve.start : dissolve.start + 12]
    ideal = light + (dark - light) * np.arange(1, 13) / 13
    assert passing == pytest.approx(ideal, abs=3)
    dipping = mean[dip.start : dip.start + 12]
    assert dipping.min() < background + 10 < dark
    assert int(dipping.argmin()) in (5, 6)
    assert np.all(np.diff(dipping[:6]) < 0) and np.all(np.diff(dipping[6:]) > 0)
    assert mean[dip.start + 12] == pytest.approx(light, abs=2)
