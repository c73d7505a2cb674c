"""Captions, descriptions, chapters and the poster of a film: written, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pysubs2
import pytest
from PIL import Image

from photochrom.engine import FolderStore
from photochrom.film import Shot, Storyboard
from photochrom.film.output.muxing import Chapter, metadata_of
from photochrom.film.plan import Plan
from photochrom.film.plan.cues import Cue, chapters, cues
from photochrom.film.plan.poster import poster
from photochrom.film.plan.subtitles import captions, descriptions
from photochrom.film.plan.timeline import length_of, segments_of
from photochrom.film.render import make_film, poster_file
from photochrom.film.scenes.shooting import picture_at
from photochrom.film.stills import Stills
from photochrom.film.words.subtitles import LINE, Subtitle, srt, vtt

NAMES = ("a", "b", "c")
STILLS = {
    name: Stills(Path(name), Path(name), Path(name), (f"{name}1", f"{name}2", f"{name}3"))
    for name in NAMES
}
AWKWARD = "Fish & Sons <Ltd> {\\b1}\nC:\\New\\hall --> 1931"
SHOTS: list[dict[str, Any]] = [
    {"card": "title", "title": "A Film", "subtitle": "in parts", "length": 4},
    {"photograph": "a", "length": 8, "caption": AWKWARD, "reveal": "wipe"},
    {"photograph": "a", "length": 5.3, "transition": {"kind": "dip", "seconds": 0.7}},
    {"card": "chapter", "heading": "Two  and\nmore", "text": "A text", "length": 4},
    {"photograph": "b", "length": 6, "caption": "Two", "transition": "cut"},
    {"photograph": "a", "length": 6, "reveal": "dissolve"},
    {"card": "disclosure", "heading": "About", "text": "Colors\nare guessed.", "length": 5},
    {"card": "credits", "length": 6, "credits": [{"role": "By", "names": ["N. N.", "M."]}]},
]
RATES = ["24", "25", "24000/1001", "30000/1001", "60"]


def storyboard(shots: Sequence[dict[str, Any]] = SHOTS, **film: Any) -> Storyboard:
    return Storyboard.parse({"film": {"title": "Of Film", **film}, "shot": list(shots)})


def items(shots: Sequence[dict[str, Any]] = SHOTS, **film: Any) -> list[Cue]:
    return cues(segments_of(storyboard(shots, **film), STILLS))


@pytest.mark.parametrize("rate", RATES)
def test_cues_follow_one_another_and_add_up_to_the_film(rate: str) -> None:
    board = storyboard(rate=rate)
    segments = segments_of(board, STILLS)
    found = cues(segments)
    assert [cue.item for cue in found] == list(board.shots)
    assert [cue.start for cue in found] == [0, *(cue.stop for cue in found)][:-1]
    assert found[-1].stop == length_of(segments)
    for cue, item in zip(found, board.shots, strict=True):
        assert cue.frames == round(Fraction(str(item.length)) * Fraction(rate))


@pytest.mark.parametrize("rate", RATES)
def test_captions_stand_exactly_as_long_as_they_are_seen(rate: str) -> None:
    found = items(rate=rate)
    shots = [cue for cue in found if isinstance(cue.item, Shot) and cue.item.caption.plain]
    subtitles = captions(found)
    assert [one.text for one in subtitles] == [AWKWARD, "Two"]
    for one, cue in zip(subtitles, shots, strict=True):
        seen = [cue.take.presence(frame - cue.start) > 0 for frame in range(one.start, one.stop)]
        assert all(seen)
        assert cue.take.presence(one.start - 1 - cue.start) == 0
        assert cue.take.presence(one.stop - cue.start) == 0


def test_a_long_caption_is_set_in_lines_of_about_one_length() -> None:
    long = "Lieutenant Grace Hopper at the Computation Laboratory of Harvard, about 1944"
    shot = {"photograph": "a", "length": 8, "caption": f" {long}\n\n1944 "}
    (one,) = captions(items([shot]))
    lines = one.text.splitlines()
    assert " ".join(lines) == f"{long} 1944"
    assert max(map(len, lines)) <= LINE
    assert abs(len(lines[0]) - len(lines[1])) < 10
    word = "x" * (LINE + 9)
    (one,) = captions(items([shot | {"caption": word}]))
    assert one.text == word


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_subtitle_files_say_the_same_when_they_are_read(kind: str, rate: str) -> None:
    found = items(rate=rate)
    subtitles = [*captions(found), Subtitle(90_000, 90_001, "A frame\nof an hour's film")]
    exact = Fraction(rate)
    text = srt(subtitles, exact) if kind == "srt" else vtt(subtitles, exact, settings="line:1")
    blocks = text.split("\n\n")[1 if kind == "vtt" else 0 :]
    read = pysubs2.SSAFile.from_string(text, format_=kind)
    assert len(read) == len(blocks) == len(subtitles)
    for event, block, one in zip(read, blocks, subtitles, strict=True):
        assert [round(Fraction(ms, 1000) * exact) for ms in (event.start, event.end)] == [
            one.start,
            one.stop,
        ]
        words = block.strip("\n").split("\n", 2)[2]
        if kind == "vtt":
            assert "<" not in words and ">" not in words
            for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
                words = words.replace(entity, sign)
        assert words == one.text


def test_no_captions_are_an_empty_file_that_is_valid() -> None:
    assert srt([], Fraction(24)) == ""
    assert vtt([], Fraction(24)) == "WEBVTT\n"


def test_descriptions_say_all_that_is_seen_and_nothing_twice() -> None:
    alts = {"a": "A shop with two men", "b": "Is it a dog?"}
    found = items()
    said = descriptions(found, alts)
    assert [one.text for one in said] == [
        "A Film. in parts.",
        "A shop with two men. Fish & Sons <Ltd> {\\b1}, C:\\New\\hall --> 1931.",
        # The second shot of the same photograph has nothing to add.
        "Two and more. A text.",
        "Is it a dog? Two.",
        "A shop with two men.",
        "About. Colors are guessed.",
        "By: N. N.; M.",
    ]
    spoken = [cue for index, cue in enumerate(found) if index != 2]
    assert [(one.start, one.stop) for one in said] == [(cue.start, cue.stop) for cue in spoken]
    assert [one.text for one in descriptions(found, {})][1].startswith("Fish")


def test_every_card_is_read_aloud() -> None:
    cards: list[dict[str, Any]] = [
        {"card": "quotation", "text": "“It was a\nboat.”", "source": "Ann, 1931"},
        {
            "card": "timeline",
            "heading": "Years",
            "marks": [{"date": 1928}, {"date": "1931", "text": "x"}],
        },
        {"card": "text", "text": "A sentence!"},
    ]
    assert [one.text for one in descriptions(items(cards), {})] == [
        "“It was a boat.” Ann, 1931.",
        "Years. 1928. 1931: x.",
        "A sentence!",
    ]


def test_chapters_begin_with_their_cards() -> None:
    found = items()
    end = found[-1].stop
    assert chapters(found, storyboard().film) == [
        Chapter(0, found[3].start, "A Film"),
        Chapter(found[3].start, end, "Two and more"),
    ]
    late = items(SHOTS[1:])
    assert chapters(late, storyboard().film) == [
        Chapter(0, late[2].start, "Of Film"),
        Chapter(late[2].start, late[-1].stop, "Two and more"),
    ]
    assert chapters(items(SHOTS[:3]), storyboard().film) == []
    assert chapters(items(SHOTS[1:3]), storyboard().film) == []


def test_the_poster_is_the_first_shot_in_color_without_words() -> None:
    chosen = poster(segments_of(storyboard(), STILLS), {"a": {"statement": "x"}})
    take, index = chosen.segment.take, chosen.segment.offset
    span = take.reveal_span()
    assert chosen.segment.name == "a"
    assert span is not None and span[1] <= index < take.last
    assert chosen.segment.frames == 1
    assert chosen.label == {"statement": "x"}
    gray = Stills(Path("a"), Path("a"), Path("a"), ("a1", "a2", "a2"))
    second = poster(segments_of(storyboard(), {**STILLS, "a": gray}))
    assert second.segment.name == "b"
    none = {name: Stills(Path(name), *[Path(name)] * 2, ("1", "2", "2")) for name in NAMES}
    assert poster(segments_of(storyboard(), none)).segment.name == "a"
    assert poster(segments_of(storyboard(SHOTS[6:]), {})).segment.name == "disclosure card"


def test_words_leave_the_poster_alone() -> None:
    def key(**fields: Any) -> str:
        shots = [shot | fields if n == 1 else shot for n, shot in enumerate(SHOTS)]
        return poster(segments_of(storyboard(shots), STILLS)).key

    assert key(caption="Other", credit="Else") == key()
    assert key(move="still") != key()
    assert poster(segments_of(storyboard(), STILLS), {"a": {"statement": "x"}}).key != key()


SMALL: list[dict[str, Any]] = [
    {"card": "title", "length": 1, "transition": "cut"},
    {"photograph": "a", "length": 2, "caption": AWKWARD, "transition": {"seconds": 0.5}},
    {"card": "chapter", "heading": "Größe", "length": 1, "transition": "cut"},
    {"photograph": "a", "length": 2, "caption": "Two\nlines", "transition": "cut"},
]


def build(folder: Path, rate: str, shots: Sequence[dict[str, Any]] = SMALL) -> Path:
    x, y = np.meshgrid(np.arange(256), np.arange(160))
    pixels = np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "color.png")
    Image.fromarray(pixels.mean(axis=2).astype(np.uint8)).save(folder / "gray.png")
    paths = [folder / f"{name}.png" for name in ("gray", "gray", "color")]
    board = storyboard(shots, size=[160, 128], rate=rate, fade=0.2, sound={"kind": "silence"})
    label = {"a": {"statement": "Colors are guessed."}}
    stills = {"a": Stills(*paths)}
    plan = Plan.of(board, stills, labels=label)
    return make_film(plan, folder / "film.mp4", FolderStore(folder / "cache"))


def film_cues(rate: str) -> tuple[list[Subtitle], list[Chapter]]:
    board = storyboard(SMALL, size=[160, 128], rate=rate, fade=0.2)
    found = cues(segments_of(board, STILLS))
    return captions(found), chapters(found, board.film)


@pytest.fixture(scope="module", params=["24", "30000/1001"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("words")
    return build(folder, request.param), request.param


def test_the_text_track_says_every_caption_to_the_frame(film: tuple[Path, str]) -> None:
    path, rate = film
    with av.open(str(path)) as container:
        (track,) = container.streams.subtitles
        assert track.codec_context.name == "mov_text"
        assert track.metadata["handler_name"] == "Captions"
        packets = [packet for packet in container.demux(track) if packet.size]
        found = [
            Subtitle(
                round(packet.pts * packet.time_base * Fraction(rate)),
                round((packet.pts + packet.duration) * packet.time_base * Fraction(rate)),
                bytes(packet)[2:].decode(),
            )
            for packet in packets
        ]
        for packet in packets:
            exact = packet.pts * packet.time_base * Fraction(rate)
            assert exact.denominator == 1
            assert int.from_bytes(bytes(packet)[:2]) == packet.size - 2
        frames = container.streams.video[0].frames
    assert [one for one in found if one.text] == film_cues(rate)[0]
    # Nothing stands where nothing is said, from the first frame to the last.
    assert [one.start for one in found] == [0, *(one.stop for one in found)][:-1]
    assert found[-1].stop == frames


def test_a_decoder_shows_what_was_written(film: tuple[Path, str]) -> None:
    with av.open(str(film[0])) as container:
        (track,) = container.streams.subtitles
        shown = [
            rect.ass.decode().split(",", 8)[-1].replace("\\N", "\n")
            for packet in container.demux(track)
            if packet.size > 2
            for rect in track.decode(packet)
        ]
    assert len(shown) == 2
    assert shown[1] == "Two\nlines"
    assert "Fish & Sons <Ltd>" in shown[0]


def test_the_text_track_is_off_until_it_is_chosen(film: tuple[Path, str]) -> None:
    with av.open(str(film[0])) as container:
        (track,) = container.streams.subtitles
        default = av.stream.Disposition.default
        chosen = [stream for stream in container.streams if stream.disposition & default]
        assert [stream.type for stream in chosen] == ["video", "audio"]
        assert track not in chosen


def test_chapters_are_in_the_container_to_the_frame(film: tuple[Path, str]) -> None:
    path, rate = film
    with av.open(str(path)) as container:
        found = [
            Chapter(
                *(one[end] * one["time_base"] * Fraction(rate) for end in ("start", "end")),
                one["metadata"]["title"],
            )
            for one in container.chapters()
        ]
    assert found == film_cues(rate)[1]
    assert [one.title for one in found] == ["Of Film", "Größe"]


def test_the_poster_is_a_frame_of_the_film_and_its_cover(film: tuple[Path, str]) -> None:
    path, rate = film
    board = storyboard(SMALL, size=[160, 128], rate=rate, fade=0.2)
    stills = {"a": Stills(*[path.parent / f"{name}.png" for name in ("gray", "gray", "color")])}
    plan = Plan.of(board, stills, labels={"a": {"statement": "Colors are guessed."}})
    chosen = plan.poster
    jpeg = poster_file(plan, FolderStore(path.parent / "cache"))
    with Image.open(jpeg) as picture:
        assert (picture.format, picture.size) == ("JPEG", (160, 128))
        assert "Colors are guessed." in picture.info["xmp"].decode()
        shown = np.asarray(picture).astype(float)
    assert np.abs(shown - picture_at([chosen.segment], 0)).mean() < 3
    assert np.ptp(shown, axis=2).mean() > 40
    with av.open(str(path)) as container:
        first, cover = container.streams.video
        assert first.codec_context.name == "h264"
        assert cover.disposition & av.stream.Disposition.attached_pic
        (packet,) = [packet for packet in container.demux(cover) if packet.size]
        assert bytes(packet) == jpeg.read_bytes()


def test_pictures_are_not_encoded_again_for_other_words(tmp_path: Path) -> None:
    def pictures(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(video=0) if packet.size]

    before = pictures(build(tmp_path, "24"))
    bare: Mapping[str, Any] = {"caption": ""}
    shots = [shot | bare if "caption" in shot else shot for shot in SMALL[:2]]
    without = build(tmp_path, "24", [*shots, *SMALL[2:]])
    after = pictures(without)
    assert len(after) == len(before)
    changed = [n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    # The body of the shot that lost its caption.
    assert changed and set(changed) <= set(range(36, 72))
    silent = build(
        tmp_path, "24", [{"card": "text", "text": "x", "length": 1, "transition": "cut"}]
    )
    with av.open(str(silent)) as container:
        assert not container.streams.subtitles
        assert container.chapters() == []
    assert "photochrom" in metadata_of(silent)["comment"]
