"""Another order of shots in a production file, and not a byte of anything else."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from photochrom.production.shot_order import Kept, NotInTables, reordered

TEXT = '''\
# A production.
schema = "photochrom.production/1"  # the format
title = """
[[shot]]
# no comment"""

[[photograph]]
id = "a"


# The title, first.
[[shot]]
card = "title"

[[shot]]
photograph = "a"   # Ann
length = 8         # long
move = { from = [0, 0, 1, 1], to = [0.1, 0.1, 0.5, 0.5] }

# About b.
# Still about b.
[[shot]]
photograph = "b"
'length' = "0:12"
[shot.transition]
kind = "cut"

[film]
size = [320, 180]

[[shot]]
	card = "credits"
'''

TITLE = '# The title, first.\n[[shot]]\ncard = "title"\n'
A = (
    '[[shot]]\nphotograph = "a"   # Ann\nlength = 8         # long\n'
    "move = { from = [0, 0, 1, 1], to = [0.1, 0.1, 0.5, 0.5] }\n"
)
B = (
    '# About b.\n# Still about b.\n[[shot]]\nphotograph = "b"\n\'length\' = "0:12"\n'
    '[shot.transition]\nkind = "cut"\n'
)
CREDITS = '[[shot]]\n\tcard = "credits"\n'
HEAD = TEXT[: TEXT.index(TITLE)]
FILM = "[film]\nsize = [320, 180]\n"


def order(*indices: int) -> list[Kept]:
    return [Kept(index) for index in indices]


def shots(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(text)["shot"]
    return found


def test_the_same_order_is_the_same_text() -> None:
    assert TEXT == "\n".join([HEAD + TITLE, A, B, FILM, CREDITS])
    assert reordered(TEXT, order(0, 1, 2, 3)) == TEXT


def test_shots_move_with_their_comments_and_between_other_tables() -> None:
    assert reordered(TEXT, order(2, 3, 1, 0)) == "\n".join([HEAD + B, CREDITS, A, FILM, TITLE])


def test_what_is_removed_goes_with_its_comments() -> None:
    assert reordered(TEXT, order(1, 3)) == "\n".join([HEAD + A, CREDITS, FILM])
    assert reordered(TEXT, order(2)) == "\n".join([HEAD + B, FILM])


def test_lengths_are_written_as_they_were() -> None:
    kept = [Kept(0, 4.5), Kept(1, 10.0), Kept(2, 72.25), Kept(3, 2.042)]
    lines = reordered(TEXT, kept).splitlines()
    assert "length = 10         # long" in lines
    assert "'length' = \"1:12.25\"" in lines
    assert lines[lines.index('card = "title"') + 1] == "length = 4.5"
    assert lines[lines.index('\tcard = "credits"') + 1] == "\tlength = 2.042"
    changed = {"length = 10         # long", "'length' = \"1:12.25\""}
    assert set(lines) - set(TEXT.splitlines()) == changed | {"length = 4.5", "\tlength = 2.042"}


def test_line_ends_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    new = reordered(text, [Kept(2), Kept(0, 4.5)])
    assert new.count("\n") == new.count("\r\n")
    assert [shot.get("length") for shot in shots(new)] == ["0:12", 4.5]


def test_a_file_without_a_last_line_end() -> None:
    new = reordered(TEXT.rstrip("\n"), order(3, 0))
    assert shots(new) == [{"card": "credits"}, {"card": "title"}]


@pytest.mark.parametrize(
    "text",
    [
        'shot = [{ photograph = "a" }, { photograph = "b" }]\n',
        '[[shot]]\nphotograph = "a"\nlength = """8"""\n[[shot]]\nphotograph = "b"\n',
        '[[shot]]\nphotograph = """\n# a"""\n[[shot]]\nphotograph = "b"\n',
    ],
)
def test_what_cannot_be_taken_apart_is_left_alone(text: str) -> None:
    with pytest.raises(NotInTables):
        reordered(text, [Kept(1), Kept(0, 4)])
