"""Cards: their words are to be read for most of the time that they have, however short that is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.film import CreditsCard, Film, Storyboard
from photochrom.film.plan.timeline import length_of, segments_of
from photochrom.film.scenes.shooting import pictures_at
from photochrom.film.stills import Stills
from photochrom.film.words.cards import column_for, roll
from photochrom.film.words.type import Typesetter

RATE = 12
LENGTH = 4
"""As short as drafts make cards."""

INVISIBLE = {"ink": "#202020", "rule": "#202020", "background": "#202020"}
SEEN = INVISIBLE | {"ink": "#f0e8d8", "rule": "#f0e8d8"}

CARDS: dict[str, dict[str, Any]] = {
    "title": {"title": "Market Days", "subtitle": "1890 to 1914"},
    "text": {"heading": "The Fair", "text": "It came every spring."},
    "chapter": {"heading": "The Fair"},
    "quotation": {"text": "We never slept.", "source": "Ann"},
    "timeline": {"marks": [{"date": 1890, "text": "The first fair"}, {"date": 1914}]},
    "comparison": {"photograph": "a", "heading": "Then and now"},
    "disclosure": {"text": "Colors are estimated."},
    "credits": {"credits": [{"role": "Film", "names": ["Ann"]}]},
}

BEFORE = {"photograph": "a", "length": 3, "move": "still"}
AROUND = {
    "alone": ([], {}, []),
    "at the end": ([BEFORE], {}, []),
    "between": ([BEFORE], {}, [BEFORE]),
    "dipping": ([BEFORE], {"transition": "dip"}, [BEFORE | {"transition": "dip"}]),
    "cut": ([BEFORE], {"transition": "cut"}, [BEFORE | {"transition": "cut"}]),
    "long transitions": ([BEFORE], {"transition": {"seconds": 2}}, []),
}


@pytest.fixture
def stills(tmp_path: Path) -> Mapping[str, Stills]:
    Image.fromarray(np.full((90, 160, 3), 110, np.uint8)).save(tmp_path / "a.png")
    return {"a": Stills(*[tmp_path / "a.png"] * 3)}


def filmed(
    shots: list[dict[str, Any]], stills: Mapping[str, Stills], theme: Mapping[str, str]
) -> NDArray[np.float32]:
    film = {"size": [320, 180], "rate": RATE, "theme": theme}
    segments = segments_of(Storyboard.parse({"film": film, "shot": shots}), stills)
    frames = pictures_at(segments, range(length_of(segments)))
    return np.stack([frame.astype(np.float32) for frame in frames])


def strength(shots: list[dict[str, Any]], stills: Mapping[str, Stills]) -> NDArray[np.float32]:
    """How strong words are at each frame: what the film would not have if they had no color."""
    both = [filmed(shots, stills, theme) for theme in (SEEN, INVISIBLE)]
    words = np.abs(both[0] - both[1]).reshape(len(both[0]), -1).max(axis=1)
    return words / words.max()


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("kind", CARDS)
def test_words_are_readable_for_most_of_a_short_card(
    stills: Mapping[str, Stills], kind: str, around: str
) -> None:
    before, more, after = AROUND[around]
    card = {"card": kind, "length": LENGTH, **CARDS[kind], **more}
    seen = strength([*before, card, *after], stills)
    start = RATE * sum(one["length"] for one in before)
    own = seen[start : start + RATE * LENGTH]
    least = 0.45 if around == "long transitions" else 0.6
    assert (own >= 0.5).mean() >= least
    # One after the other, never at once: what is before and after has no words here.
    stray = np.concatenate([seen[:start], seen[start + RATE * LENGTH + RATE :]])
    assert stray.max(initial=0) < 0.02


def test_words_that_roll_are_there_for_most_of_a_short_card(stills: Mapping[str, Stills]) -> None:
    credits = [{"role": "Film", "names": ["Ann Fish", "Bob Fish"]} for _ in range(12)]
    seen = strength([{"card": "credits", "length": LENGTH, "credits": credits}], stills)
    assert (seen >= 0.5).mean() >= 0.6


def test_the_screen_is_never_empty_while_words_roll(stills: Mapping[str, Stills]) -> None:
    """Neither before the first line has come nor after the last one has gone."""
    names = [f"Person {number}" for number in range(40)]
    card = {"card": "credits", "length": 6, "credits": [{"names": [name]} for name in names]}
    seen = strength([BEFORE, card, BEFORE], stills)
    start = RATE * 3
    # Half of a transition belongs to what was, and as much to what comes.
    own = seen[start + RATE // 2 : start + 6 * RATE + RATE // 2]
    longest = max((len(list(run)) for gone, run in groupby(own < 0.1) if gone), default=0)
    assert longest <= RATE // 4


@pytest.mark.parametrize("frames", [60, 144, 600])
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1080, 1080)])
def test_words_that_roll_begin_with_their_first_lines_and_end_with_their_last(
    size: tuple[int, int], frames: int
) -> None:
    film = Film.model_validate({"size": size})
    credits = [{"role": "Film", "names": [f"Person {number}"]} for number in range(60)]
    card = CreditsCard.model_validate({"card": "credits", "credits": credits})
    column = column_for(card, film, Typesetter())
    tops = roll(column, size, frames)
    assert len(tops) == frames
    assert 0 < tops[0] < size[1] / 8
    assert size[1] / 2 < tops[-1] + column.height < size[1] * 0.97
    steps = {before - after for before, after in pairwise(tops)}
    # Even rows, so that color moves with the light, and evenly but for its last step.
    assert all(step % 2 == 0 for step in steps)
    assert len(steps - {0}) <= 2


def test_of_two_cards_one_is_gone_before_the_other_comes(stills: Mapping[str, Stills]) -> None:
    """Texts do not lie over one another: in the middle of the transition there is none."""
    shots = [
        {"card": "disclosure", "length": LENGTH, **CARDS["disclosure"]},
        {"card": "credits", "length": LENGTH, **CARDS["credits"]},
    ]
    seen = strength(shots, stills)
    turn = seen[RATE * LENGTH : RATE * LENGTH + RATE]
    assert turn.min() < 0.15
    assert turn[0] > 0.5
    assert turn[-1] > 0.5


def test_words_come_and_go_smoothly(stills: Mapping[str, Stills]) -> None:
    for kind in ("title", "credits"):
        card = {"card": kind, "length": LENGTH, **CARDS[kind]}
        seen = strength([BEFORE, card, BEFORE], stills)
        assert np.abs(np.diff(seen)).max() < 0.35
