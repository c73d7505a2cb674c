"""TOML of people: another order of tables, and not a byte of anything else."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.toml_edit import Kept, NotInTables, rearranged
from photochrom.toml_text import comment, quoted, table

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


def reordered(text: str, kept: list[Kept]) -> str:
    return rearranged(text, "shot", kept)


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


def test_new_values_are_written_as_the_old_ones_were() -> None:
    new = [4.5, 10.0, "1:12.25", 2.042]
    kept = [Kept(index, {"length": value}) for index, value in enumerate(new)]
    lines = reordered(TEXT, kept).splitlines()
    assert "length = 10         # long" in lines
    assert "'length' = \"1:12.25\"" in lines
    assert lines[lines.index('card = "title"') + 1] == "length = 4.5"
    assert lines[lines.index('\tcard = "credits"') + 1] == "\tlength = 2.042"
    changed = {"length = 10         # long", "'length' = \"1:12.25\""}
    assert set(lines) - set(TEXT.splitlines()) == changed | {"length = 4.5", "\tlength = 2.042"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("length='8'# said", "length='9'# said"),
        ('"length" = """\n8"""', '"length" = "9"'),
        ("'length'\t=\t[\n  8, # seconds\n]", "'length'\t=\t\"9\""),
        ("length = { a = 8 }", 'length = "9"'),
        ("caption = [\n 1,\n]  # many", 'caption = [\n 1,\n]  # many\nlength = "9"'),
    ],
)
def test_whatever_value_was_there_is_replaced_whole(old: str, new: str) -> None:
    before, after = "[[shot]] # first\n", '\nname = "a"\n'
    kept = [Kept(0, {"length": "9"})]
    assert reordered(before + old + after, kept) == before + new + after


def test_line_ends_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    new = reordered(text, [Kept(2), Kept(0, {"length": 4.5})])
    assert new.count("\n") == new.count("\r\n")
    assert [shot.get("length") for shot in shots(new)] == ["0:12", 4.5]


def test_a_file_without_a_last_line_end() -> None:
    new = reordered(TEXT.rstrip("\n"), order(3, 0))
    assert shots(new) == [{"card": "credits"}, {"card": "title"}]


def test_what_looks_like_a_comment_in_a_text_is_none() -> None:
    text = '[[shot]]\nname = """\n# a"""\n[[shot]]\nname = "b"\n'
    assert reordered(text, order(1, 0)) == '[[shot]]\nname = "b"\n[[shot]]\nname = """\n# a"""\n'


@pytest.mark.parametrize(
    "text",
    [
        'shot = [{ photograph = "a" }, { photograph = "b" }]\n',
        # A part of the last shot that stands elsewhere would become one of the first.
        "[[shot]]\na = 1\n[[shot]]\na = 2\n[film]\nb = 3\n[shot.move]\nc = 4\n",
    ],
)
def test_what_cannot_be_taken_apart_is_left_alone(text: str) -> None:
    with pytest.raises(NotInTables):
        reordered(text, [Kept(1), Kept(0, {"length": 4.0})])


PAIRS = (
    'photograph = "a"',
    "length = 8",
    "'caption' = '[[shot]] # none'",
    'narration = """\n# none\n[[shot]]\n"""',
    "marks = [\n  # {0}.inside\n  1,\n]",
    "move = {{ from = [0, 0, 1, 1], to = [0.1, 0.1, 0.5, 0.5] }}",
    'transition.kind = "cut"',
)
TABLES = ("[shot.reveal]\n  kind = 1", "[[shot.mark]]\nat = 1\n\n[[shot.mark]]\nat = 2")


@st.composite
def productions(draw: st.DrawFn) -> tuple[str, int]:
    """A file with shots, and how many; comments are `# N.where` and belong to shot N."""

    def said(shot: int, where: str) -> str:
        return f"# {shot}.{where}\n" if draw(st.booleans()) else "\n"

    count = draw(st.integers(1, 5))
    parts = [draw(st.sampled_from(['title = "x" # head\n\n', ""]))]
    for shot in range(count):
        if above := draw(st.integers(0, 2)):
            parts.append(f"{draw(st.sampled_from(['', ' ']))}# {shot}.above\n" * above)
        parts.append(f"[[ shot ]]{said(shot, 'header')}")
        chosen = draw(st.lists(st.sampled_from(PAIRS), min_size=1, unique=True))
        chosen += draw(st.lists(st.sampled_from(TABLES), unique=True))
        for pair in chosen:
            parts.append(f"{pair.format(shot)} {said(shot, 'pair')}{said(shot, 'below')}")
        parts.append("\n" * draw(st.integers(1, 2)))
        if draw(st.integers(0, 3)) == 0:
            parts.append(f"# another.above\n[other{shot}]\nlength = 3 # another.pair\n\n")
    text = "".join(parts)
    text = text.rstrip() if draw(st.booleans()) else text
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))), count


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"# (\w+\.\w+)", text))


@settings(max_examples=300, deadline=None)
@given(productions(), st.data())
def test_any_order_of_any_tables_is_what_was_meant_with_its_comments(
    production: tuple[str, int], data: st.DataObject
) -> None:
    text, count = production
    new = data.draw(st.permutations(range(count)), "order")
    back = [new.index(number) for number in range(count)]
    moved = reordered(text, order(*new))
    assert reordered(moved, order(*back)) == text
    assert comments(moved) == comments(text)
    kept = new[: data.draw(st.integers(1, count), "kept")]
    lengths = {index: data.draw(st.sampled_from([2.5, "0:02.5"])) for index in kept}
    edited = reordered(text, [Kept(index, {"length": lengths[index]}) for index in kept])
    assert edited.count("\r\n") == (edited.count("\n") if "\r" in text else 0)
    before = tomllib.loads(text)
    shown = [before["shot"][index] | {"length": lengths[index]} for index in kept]
    assert tomllib.loads(edited) == before | {"shot": shown}
    staying = {"another", *map(str, kept)}
    assert comments(edited) == [one for one in comments(text) if one.split(".")[0] in staying]


@given(st.text())
def test_quoted_text_and_comments_read_back(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    source = "\n".join([*comment(text), f"key = {quoted(text)}", *comment(text)])
    assert tomllib.loads(source) == {"key": text}


@given(st.text(), st.lists(st.floats(-1, 1).map(lambda x: round(x, 3))))
def test_inline_tables_read_back(text: str, numbers: list[float]) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    read = tomllib.loads(f"key = {table({'text': text, 'numbers': numbers})}")
    assert read == {"key": {"text": text, "numbers": pytest.approx(numbers)}}
