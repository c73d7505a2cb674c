"""The cut for editing programs: every format, read back, tells the same film."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import opentimelineio
import pytest
from PIL import Image

from photochrom.errors import StoryboardError
from photochrom.film import Storyboard
from photochrom.film.camera import Rect
from photochrom.film.camera.attention import Attention, Region
from photochrom.film.exchange import Media, Timeline, timecode, timeline_of
from photochrom.film.exchange.edl import edl
from photochrom.film.exchange.fcpxml import fcpxml
from photochrom.film.exchange.otio import otio, read_otio
from photochrom.film.exchange.timecode import start_frame
from photochrom.film.plan.timeline import Segment, length_of, segments_of
from photochrom.film.scenes.shooting import picture_at
from photochrom.film.stills import Stills

SIZES = {"wide": (480, 320), "tall": (240, 400)}
PATH = {"from": [0, 0, 1, 1], "to": [0.35, 0.3, 0.5, 0.5]}
SHOTS: list[dict[str, Any]] = [
    {"card": "title", "length": 2, "title": "A film", "transition": {"seconds": 0.5}},
    {
        "card": "chapter",
        "length": 2,
        "heading": "Début",
        "text": "1896 to\n1903",
        "transition": "cut",
    },
    {"photograph": "wide", "length": 3, "caption": "Name\nand <rest>", "transition": "cut"},
    {"photograph": "tall", "length": 2.5, "move": PATH, "credit": "Ann"},
    {
        "photograph": "wide",
        "length": 3,
        "move": PATH,
        "transition": {"kind": "dip", "seconds": 0.75},
    },
    {"photograph": "tall", "length": 2, "move": "still", "framing": "mat", "transition": "cut"},
]
RATES = ["24", "25", "24000/1001", "30000/1001", "60"]


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stills]:
    folder = tmp_path_factory.mktemp("a folder")
    made = {}
    for seed, (name, (width, height)) in enumerate(SIZES.items()):
        small = np.random.default_rng(seed).integers(20, 236, (6, 8, 3)).astype(np.uint8)
        path = folder / f"{name}.png"
        Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(path)
        # Somebody at the right edge: the camera looks there.
        head = Region(Rect(0.8, 0.3, 0.15, 0.3), 1.0)
        made[name] = Stills(path, path, path, attention=Attention(width / height, (head,)))
    return made


def board(rate: str = "24", **film: Any) -> Storyboard:
    settings = {"title": "Test & trial", "size": [320, 180], "rate": rate, "fade": 0.5}
    return Storyboard.parse({"film": settings | film, "shot": SHOTS})


def cut(stills: dict[str, Stills], rate: str = "24", **film: Any) -> tuple[Timeline, list[Segment]]:
    storyboard = board(rate, **film)
    segments = segments_of(storyboard, stills)
    media = {
        name: Media(stills[name].color, size, {"id": name, "license": "free\nto use"})
        for name, size in SIZES.items()
    }
    keys = [f"key-{index}" for index in range(len(SHOTS))]
    return timeline_of(storyboard, segments, media, keys), segments


@pytest.mark.parametrize(
    ("rate", "frame", "said"),
    [
        ("24", 24 * 3600 + 25, "01:00:01:01"),
        ("24000/1001", 24 * 60, "00:01:00:00"),
        ("30000/1001", 1799, "00:00:59;29"),
        ("30000/1001", 1800, "00:01:00;02"),
        ("30000/1001", 17981, "00:09:59;29"),
        ("30000/1001", 17982, "00:10:00;00"),
        ("30000/1001", 107892, "01:00:00;00"),
        ("60000/1001", 3600, "00:01:00;04"),
        ("25", 25 * 3600 * 25, "01:00:00:00"),
    ],
)
def test_timecode(rate: str, frame: int, said: str) -> None:
    assert timecode(frame, Fraction(rate)) == said


def test_drop_frame_timecode_drops_numbers_and_no_frames() -> None:
    rate = Fraction(30_000, 1001)
    codes = [timecode(frame, rate) for frame in range(20_000)]
    assert codes == sorted(set(codes))
    # After ten minutes by the clock it is right to a frame.
    assert codes[round(600 * rate)] == "00:10:00;00"
    assert timecode(start_frame(rate), rate) == "01:00:00;00"


def test_a_rate_without_timecode_is_one_line(stills: dict[str, Stills]) -> None:
    with pytest.raises(StoryboardError, match="no timecode for 25/2"):
        edl(cut(stills, "25/2")[0])
    with pytest.raises(StoryboardError, match="no timecode for 120"):
        edl(cut(stills, "120")[0])


@pytest.mark.parametrize("rate", RATES)
def test_the_cut_is_the_film(stills: dict[str, Stills], rate: str) -> None:
    timeline, segments = cut(stills, rate)
    assert timeline.length == length_of(segments)
    starts = [clip.start for clip in timeline.clips]
    ends = [clip.start + clip.length for clip in timeline.clips]
    assert starts == [0, *ends[:-1]]
    assert [clip.name for clip in timeline.clips] == [
        "title card", "chapter card", "wide", "tall", "wide", "tall"
    ]  # fmt: skip
    for clip, after in zip(timeline.clips, timeline.clips[1:], strict=False):
        assert clip.tail == (after.into.frames if after.into else 0)
    second = Fraction(rate)
    assert [clip.into and clip.into.frames for clip in timeline.clips] == [
        round(second / 2), None, None, round(second), round(second * Fraction(3, 4)), None
    ]  # fmt: skip


def test_key_frames_lay_the_picture_where_the_film_shows_it(stills: dict[str, Stills]) -> None:
    timeline, segments = cut(stills)
    width, height = timeline.size
    for clip in timeline.clips:
        if clip.media is None:
            continue
        picture = cv2.imread(str(clip.media.path))[..., ::-1]
        fit = min(width / picture.shape[1], height / picture.shape[0])
        keys = np.array([(key.frame, key.scale, key.x, key.y) for key in clip.move])
        own = clip.words[1] - 3  # Between two key frames, and words are gone.
        scale, x, y = (np.interp(own, keys[:, 0], keys[:, column]) for column in (1, 2, 3))
        size = fit * scale
        # Of pixel centers: where the picture's middle comes to lie.
        shift = (
            width / 2 + x * height - size * picture.shape[1] / 2 + (size - 1) / 2,
            height / 2 - y * height - size * picture.shape[0] / 2 + (size - 1) / 2,
        )
        matrix = np.array([[size, 0, shift[0]], [0, size, shift[1]]])
        laid = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR)
        filmed = picture_at(segments, clip.start + own)
        # Beside a matted picture there is the theme's background.
        left, right = (116, 204) if len(clip.move) == 1 else (0, width)
        off = np.abs(laid.astype(float) - filmed)[20:-60, left:right]
        assert off.mean() < 2.5, clip


def test_a_camera_that_stands_has_one_key_frame_and_one_that_moves_few(
    stills: dict[str, Stills],
) -> None:
    clips = cut(stills)[0].clips
    assert 2 < len(clips[3].move) < 30
    assert (clips[3].move[0].frame, clips[3].move[-1].frame) == (
        0,
        clips[3].length + clips[3].tail - 1,
    )


# OpenTimelineIO


@pytest.mark.parametrize("rate", RATES)
def test_otio_opens_again_with_the_same_cut(stills: dict[str, Stills], rate: str) -> None:
    timeline, _ = cut(stills, rate)
    read = opentimelineio.adapters.read_from_string(otio(timeline), "otio_json")
    assert read.name == "Test & trial"
    assert read.global_start_time.value == start_frame(timeline.rate)
    (track,) = read.video_tracks()
    assert track.duration().value == timeline.length
    assert track.duration().rate == pytest.approx(float(Fraction(rate)), abs=1e-12)
    clips = list(track.find_clips())
    assert [clip.duration().value for clip in clips] == [clip.length for clip in timeline.clips]
    starts = [track.range_of_child(clip).start_time.value for clip in clips]
    assert starts == [clip.start for clip in timeline.clips]
    transitions = [part for part in track if isinstance(part, opentimelineio.schema.Transition)]
    assert [part.name for part in transitions] == ["dissolve", "dissolve", "dip", "fade"]
    wanted = [clip.into.frames for clip in timeline.clips if clip.into]
    assert [part.out_offset.value for part in transitions[:-1]] == wanted
    assert transitions[-1].in_offset.value == timeline.fade
    # A dissolve has frames to show of the clip that goes.
    shown = clips[2].available_range().end_time_exclusive().value
    assert shown >= clips[2].source_range.end_time_exclusive().value + wanted[1]


def test_otio_carries_media_facts_captions_and_moves(stills: dict[str, Stills]) -> None:
    timeline, _ = cut(stills)
    read = opentimelineio.adapters.read_from_string(otio(timeline), "otio_json")
    clips = list(read.find_clips())
    assert clips[2].media_reference.target_url == stills["wide"].color.as_uri()
    assert "%20" in clips[2].media_reference.target_url
    facts = clips[2].metadata["photochrom"]
    assert (facts["id"], facts["license"]) == ("wide", "free\nto use")
    assert [marker.comment for marker in clips[2].markers] == ["Name\nand <rest>"]
    assert clips[3].metadata["photochrom"]["credit"] == "Ann"
    path = clips[3].effects[0].metadata["photochrom"]["key_frames"]
    assert [key["frame"] for key in path] == [key.frame for key in timeline.clips[3].move]
    assert clips[1].media_reference.parameters["text"] == "Début\n1896 to\n1903"
    assert [marker.name for marker in clips[1].markers] == ["Début"]
    assert otio(timeline) == otio(cut(stills)[0])


def test_without_the_library_there_is_one_line(
    stills: dict[str, Stills], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    with pytest.raises(StoryboardError, match=re.escape('pip install "photochrom[editors]"')):
        otio(cut(stills)[0])


def saved(folder: Path, timeline: Any) -> Path:
    path = folder / "edited.otio"
    opentimelineio.adapters.write_to_file(timeline, str(path))
    return path


@pytest.fixture
def made(stills: dict[str, Stills]) -> Any:
    return opentimelineio.adapters.read_from_string(otio(cut(stills)[0]), "otio_json")


def test_what_has_not_been_edited_comes_back_as_it_was(
    stills: dict[str, Stills], made: Any, tmp_path: Path
) -> None:
    timeline = cut(stills)[0]
    read = read_otio(saved(tmp_path, made), timeline.rate)
    assert [(clip.key, clip.frames) for clip in read] == [
        (clip.key, clip.length) for clip in timeline.clips
    ]
    assert [clip.media for clip in read] == ["", "", "wide", "tall", "wide", "tall"]
    assert read[1].at == "01:00:02:00"


def test_cuts_in_the_middle_of_dissolves_are_understood(made: Any, tmp_path: Path) -> None:
    otio_, (track,) = opentimelineio, made.video_tracks()
    parts = list(track)
    half = otio_.opentime.RationalTime(12, 24)
    # 0: dissolve from black, 1: title, 2: chapter, 3: wide, 4: dissolve, 5: tall ...
    assert parts[4].out_offset.value == 24
    parts[4].in_offset, parts[4].out_offset = half, half
    for index, start, frames in ((3, 0, 72 + 12), (5, 12, 60 - 12)):
        parts[index].source_range = otio_.opentime.TimeRange(
            otio_.opentime.RationalTime(start, 24), otio_.opentime.RationalTime(frames, 24)
        )
    read = read_otio(saved(tmp_path, made), Fraction(24))
    assert [clip.frames for clip in read] == [48, 48, 72, 60, 72, 48]


def test_a_timeline_at_another_rate_keeps_its_time(made: Any, tmp_path: Path) -> None:
    otio_ = opentimelineio
    for clip in made.find_clips():
        seconds = clip.duration().to_seconds()
        clip.source_range = otio_.opentime.TimeRange(
            otio_.opentime.RationalTime(0, 50), otio_.opentime.RationalTime(seconds * 50, 50)
        )
    read = read_otio(saved(tmp_path, made), Fraction(24))
    assert [clip.frames for clip in read] == [48, 48, 72, 60, 72, 48]


def test_what_a_film_cannot_have_is_named_with_its_timecode(made: Any, tmp_path: Path) -> None:
    schema, time = opentimelineio.schema, opentimelineio.opentime
    frames = time.TimeRange(time.RationalTime(0, 24), time.RationalTime(10, 24))
    (track,) = made.video_tracks()
    track.insert(3, schema.Gap(source_range=frames))
    with pytest.raises(StoryboardError, match="gap of 10 frames at 01:00:04:00; close it"):
        read_otio(saved(tmp_path, made), Fraction(24))
    track[3] = schema.Stack(name="nest", source_range=frames)
    with pytest.raises(StoryboardError, match="nested sequence at 01:00:04:00, 'nest'"):
        read_otio(saved(tmp_path, made), Fraction(24))
    del track[3]
    above = schema.Track(kind=schema.TrackKind.Video)
    above.append(schema.Clip("title", source_range=frames))
    made.tracks.append(above)
    with pytest.raises(StoryboardError, match="clips on 2 video tracks"):
        read_otio(saved(tmp_path, made), Fraction(24))


def test_a_file_that_is_no_timeline_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "edited.otio"
    with pytest.raises(StoryboardError, match="no such file"):
        read_otio(path, Fraction(24))
    path.write_text("<fcpxml/>")
    with pytest.raises(StoryboardError, match="cannot be read as an OpenTimelineIO file") as said:
        read_otio(path, Fraction(24))
    assert "\n" not in str(said.value)
    opentimelineio.adapters.write_to_file(opentimelineio.schema.Clip("a"), str(path))
    with pytest.raises(StoryboardError, match="holds no timeline"):
        read_otio(path, Fraction(24))
    opentimelineio.adapters.write_to_file(opentimelineio.schema.Timeline("a"), str(path))
    with pytest.raises(StoryboardError, match="no clip on a video track"):
        read_otio(path, Fraction(24))


# CMX 3600

EVENT = re.compile(
    r"(\d{3})  ([A-Z0-9]{1,8}) +V     (C|D    (\d{3})) +"
    r"(\S{11}) (\S{11}) (\S{11}) (\S{11})"
)


def frames_of(code: str, rate: Fraction) -> int:
    """Counted the slow way: by looking which frame has the code."""
    hours, minutes, seconds, frames = map(int, re.split("[:;]", code))
    near = int(((hours * 60 + minutes) * 60 + seconds) * rate) + frames
    return next(n for n in range(max(near - 120, 0), near + 120) if timecode(n, rate) == code)


@pytest.mark.parametrize("rate", RATES)
def test_the_events_of_an_edl_follow_one_another_to_the_frame(
    stills: dict[str, Stills], rate: str
) -> None:
    timeline, _ = cut(stills, rate)
    lines = edl(timeline).splitlines()
    assert lines[0] == "TITLE: Test & trial"
    dropping = rate == "30000/1001"
    assert lines[1] == ("FCM: DROP FRAME" if dropping else "FCM: NON-DROP FRAME")
    at, ends = start_frame(timeline.rate), {"BL": 0}
    effects = []
    for line in lines[2:]:
        if line.startswith("* "):
            continue
        event = EVENT.fullmatch(line)
        assert event is not None, line
        assert (";" in line) == dropping
        times = [frames_of(code, timeline.rate) for code in event.groups()[4:]]
        assert times[1] - times[0] == times[3] - times[2]
        assert times[2] == at
        if times[0] == times[1]:
            # The clip that goes, right where it was left.
            assert times[0] == ends[event[2]]
        elif event[4]:
            effects.append(int(event[4]))
            assert effects[-1] <= times[1] - times[0]
        at, ends[event[2]] = times[3], 0 if event[2] == "BL" else times[1]
    assert at == start_frame(timeline.rate) + timeline.length
    dip = next(clip.into.frames for clip in timeline.clips if clip.into and clip.into.kind == "dip")
    dissolve = timeline.clips[3].into
    assert dissolve is not None
    assert effects == [dissolve.frames, dip // 2, dip - dip // 2, timeline.fade]


@pytest.mark.parametrize("rate", RATES)
def test_otio_reads_the_same_cut_from_the_edl(stills: dict[str, Stills], rate: str) -> None:
    timeline, _ = cut(stills, rate)
    as_float = float(Fraction(rate))
    read = opentimelineio.adapters.read_from_string(edl(timeline), "cmx_3600", rate=as_float)
    (track,) = read.tracks
    assert track.duration().value == timeline.length
    found = [(clip.name, clip.range_in_parent().start_time.value) for clip in track.find_clips()]
    dip, dissolve = timeline.clips[4].into, timeline.clips[3].into
    assert dip is not None
    assert dissolve is not None
    half = dip.frames // 2
    wanted = [
        (clip.media.path.name if clip.media else clip.name, clip.start + half * (index == 4))
        for index, clip in enumerate(timeline.clips)
    ]
    # The black in the middle of the dip, and at the end.
    assert found.pop(4)[1] == timeline.clips[4].start
    assert found.pop(6)[1] == timeline.length - timeline.fade
    assert found == wanted
    offsets = [
        (part.in_offset.value, part.out_offset.value)
        for part in track
        if isinstance(part, opentimelineio.schema.Transition)
    ]
    assert offsets == [
        (0, frames) for frames in (dissolve.frames, half, dip.frames - half, timeline.fade)
    ]
    said = [marker.name for clip in track.find_clips() for marker in clip.markers]
    # It knows no locators at drop-frame timecode.
    assert said == ([] if rate == "30000/1001" else ["A film", "Début", "Name, and <rest>"])


def test_reels_have_eight_characters_and_are_not_alike(stills: dict[str, Stills]) -> None:
    from dataclasses import replace

    from photochrom.film.exchange.edl import reels

    timeline, _ = cut(stills)
    names = ["grace-hopper-1944", "grace-hopper-1952", "bl", "_", "a"]
    media = timeline.clips[2].media
    assert media is not None
    files = (replace(media, path=Path(f"{name}.tif")) for name in names)
    clips = tuple(replace(timeline.clips[2], media=file) for file in files)
    found = reels(replace(timeline, clips=clips))
    assert list(found.values()) == ["GRACEHOP", "GRACEHO2", "BL2", "STILL", "A"]


# FCPXML

ORDER = ("text", "text-style-def", "note", "adjust-transform", "title", "asset-clip", "marker")
"""In which Apple's document type definition wants the children of video and title."""


def seconds(time: str) -> Fraction:
    assert re.fullmatch(r"\d+(/\d+)?s", time), time
    return Fraction(time[:-1])


@pytest.mark.parametrize("rate", RATES)
def test_fcpxml_adds_up_to_the_film_exactly(stills: dict[str, Stills], rate: str) -> None:
    timeline, _ = cut(stills, rate)
    root = ET.fromstring(fcpxml(timeline))
    sequence, spine = root.find(".//sequence"), root.find(".//spine")
    assert sequence is not None
    assert spine is not None
    frame = 1 / timeline.rate
    begin = seconds(sequence.attrib["tcStart"])
    assert begin == start_frame(timeline.rate) * frame
    assert sequence.attrib["tcFormat"] == ("DF" if rate == "30000/1001" else "NDF")
    assert seconds(sequence.attrib["duration"]) == timeline.length * frame
    at = begin
    for element in spine:
        offset, length = (seconds(element.attrib[name]) for name in ("offset", "duration"))
        for time in (offset, length):
            assert (time / frame).denominator == 1
        if element.tag != "transition":
            assert offset == at
            at += length
    assert at - begin == timeline.length * frame


def test_fcpxml_puts_cuts_into_the_middle_of_transitions(stills: dict[str, Stills]) -> None:
    timeline, _ = cut(stills)
    spine = ET.fromstring(fcpxml(timeline)).find(".//spine")
    assert spine is not None
    parts = list(spine)
    tags = [part.tag for part in parts]
    assert tags == [
        "transition", "title", "title", "video", "transition", "video", "transition", "video",
        "video", "transition",
    ]  # fmt: skip
    for index in (4, 6):
        middle = seconds(parts[index].attrib["offset"])
        middle += seconds(parts[index].attrib["duration"]) / 2
        assert seconds(parts[index + 1].attrib["offset"]) == middle
    # What stands at the cut is the frame that the film shows there.
    shift = seconds(parts[5].attrib["start"]) - 3600
    assert shift == Fraction(1, 2)
    assert seconds(parts[5].attrib["offset"]) - 3600 == 7 + shift
    assert [part.attrib["name"] for part in parts if part.tag == "transition"] == [
        "Cross Dissolve", "Cross Dissolve", "Fade To Color", "Cross Dissolve"
    ]  # fmt: skip


def test_fcpxml_holds_together(stills: dict[str, Stills], tmp_path: Path) -> None:
    from dataclasses import replace

    sound = Media(tmp_path / "film.mp4", (320, 180))
    timeline = replace(cut(stills)[0], sound=sound)
    text = fcpxml(timeline)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n')
    root = ET.fromstring(text)
    assert (root.tag, root.attrib) == ("fcpxml", {"version": "1.10"})
    ids = [part.attrib["id"] for part in root.iter() if "id" in part.attrib]
    assert len(ids) == len(set(ids))
    for part in root.iter():
        for name in ("ref", "format"):
            assert part.attrib.get(name, ids[0]) in ids
        if part.tag in ("video", "title"):
            places = [ORDER.index(child.tag.replace("chapter-", "")) for child in part]
            assert places == sorted(places)
            first = seconds(part.attrib["start"])
            last = first + seconds(part.attrib["duration"])
            for marker in part.findall("marker"):
                assert first <= seconds(marker.attrib["start"]) < last
    stills_ = [part for part in root.iter("asset") if part.attrib["duration"] == "0s"]
    assert [part.attrib["name"] for part in stills_] == ["wide", "tall"]
    rep = stills_[0].find("media-rep")
    assert rep is not None
    assert rep.attrib["src"] == stills["wide"].color.as_uri()
    facts = {md.attrib["key"]: md.attrib["value"] for md in stills_[0].iter("md")}
    assert facts == {"org.photochrom.id": "wide", "org.photochrom.license": "free\nto use"}
    # A chapter is called by its heading; what stands below it is beside, and set smaller.
    (chapter,) = root.iter("chapter-marker")
    assert (chapter.attrib["value"], chapter.attrib["note"]) == ("Début", "1896 to 1903")
    card = next(part for part in root.iter("title") if part.attrib["name"] == "chapter card")
    sizes = {
        style.attrib["id"]: style[0].attrib["fontSize"] for style in card.iter("text-style-def")
    }
    runs = [(run.text, sizes[run.attrib["ref"]]) for run in card.findall("./text/text-style")]
    assert runs == [("Début\n", "78"), ("1896 to\n1903", "48")]
    assert [m.attrib["value"] for m in root.iter("marker")] == ["A film", "Name, and <rest>"]
    (caption,) = (part for part in root.iter("title") if part.attrib.get("lane") == "1")
    assert "".join(run.text or "" for run in caption.iter("text-style")) == "Name\nand <rest>"
    (heard,) = (part for part in root.iter("asset-clip"))
    assert heard.attrib["srcEnable"] == "audio"
    assert seconds(heard.attrib["duration"]) == timeline.length / timeline.rate


def test_control_characters_do_not_break_xml(stills: dict[str, Stills]) -> None:
    from dataclasses import replace

    timeline, _ = cut(stills)
    clip = replace(timeline.clips[2], label="one\x01 two\x0b <&> \u00e9")
    root = ET.fromstring(fcpxml(replace(timeline, clips=(clip,))))
    (marker,) = root.iter("marker")
    assert marker.attrib["value"] == "one two\x0b".replace("\x0b", "") + " <&> \u00e9"


def test_fcpxml_has_the_move_as_key_frames(stills: dict[str, Stills]) -> None:
    timeline, _ = cut(stills)
    video = ET.fromstring(fcpxml(timeline)).findall(".//spine/video")[2]
    for name in ("position", "scale"):
        keys = video.findall(f"./adjust-transform/param[@name='{name}']/keyframeAnimation/keyframe")
        assert [seconds(key.attrib["time"]) - 3600 for key in keys] == [
            Fraction(key.frame, 24) for key in timeline.clips[4].move
        ]
    scales = [float(key.attrib["value"].split()[0]) for key in keys]
    assert scales == pytest.approx([key.scale for key in timeline.clips[4].move], abs=1e-6)
    assert scales[-1] > 1.3 * scales[0]
