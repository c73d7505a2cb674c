"""Shots as files of their own, with handles, for editing programs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import av
import numpy as np
import opentimelineio
import pytest

from photochrom.film import Shot, Storyboard
from photochrom.film.exchange.cut import Media, Timeline, with_files
from photochrom.film.exchange.edl import edl
from photochrom.film.exchange.fcpxml import fcpxml
from photochrom.film.exchange.otio import otio
from photochrom.film.exchange.prerender import Prerendered
from photochrom.film.plan.cues import Cue, cues
from photochrom.film.plan.timeline import Segment, segments_of
from photochrom.film.scenes.shooting import frames_of
from photochrom.film.stills import Stills
from photochrom.production import build, export, take_back
from test_cli_film import Run
from test_cli_film import write as write_production
from test_film_exchange import EVENT, RATES, cut, seconds
from test_film_film import smooth_picture, write_stills
from test_film_outputs import decoded, samples

HANDLES = 5
SIZE = (320, 180)
PATH = {"from": [0, 0, 1, 1], "to": [0.35, 0.3, 0.5, 0.5], "easing": "linear"}
SHOTS: list[dict[str, Any]] = [
    {"card": "title", "length": 1, "title": "A film", "transition": {"seconds": 0.25}},
    {"photograph": "wide", "length": 1, "move": PATH, "transition": "cut"},
    {
        "photograph": "wide",
        "length": 1.5,
        "caption": "Some words",
        "move": "still",
        "transition": {"seconds": 0.5},
        "reveal": {"kind": "wipe", "at": 0.6, "seconds": 0.5},
    },
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Cue], list[Segment]]:
    stills = {"wide": write_stills(tmp_path_factory.mktemp("s"), "w", smooth_picture(480, 320, 1))}
    segments = segments_of(board(), stills)
    return cues(segments), segments


def board(**film: Any) -> Storyboard:
    settings = {"title": "Test", "size": list(SIZE), "rate": 24, "fade": 0.25}
    return Storyboard.parse({"film": settings | film, "shot": SHOTS})


def test_frames_between_the_handles_are_the_films(made: tuple[list[Cue], list[Segment]]) -> None:
    items, segments = made
    shot = Prerendered(items[1].take, HANDLES)
    # A second, and half a second beneath the dissolve that comes.
    assert shot.frames == 24 + 12 + 2 * HANDLES
    drawn = list(shot.pictures())
    assert len(drawn) == shot.frames
    body = next(one for one in segments if one.take is items[1].take)
    for mine, films in zip(drawn[HANDLES:], frames_of(body), strict=False):
        for one, other in zip(mine.parts(), films.parts(), strict=True):
            assert np.array_equal(one, other)
    assert not np.array_equal(drawn[HANDLES].luma, drawn[HANDLES + 1].luma)
    # In the handles the camera stands.
    assert all(planes is drawn[HANDLES] for planes in drawn[:HANDLES])
    assert all(planes is drawn[-HANDLES - 1] for planes in drawn[-HANDLES:])


def test_shots_have_no_words_and_cards_have(made: tuple[list[Cue], list[Segment]]) -> None:
    items, segments = made
    card, shot = (list(Prerendered(items[k].take, 0).pictures()) for k in (0, 2))
    assert np.ptp(card[len(card) // 2].luma) > 100 * 256
    body = next(one for one in segments if one.take is items[2].take and one.kind == "body")
    index = body.frames // 2
    mine, films = shot[body.offset + index].luma, next(frames_of(body, index)).luma
    assert np.array_equal(mine[:60], films[:60])
    assert np.abs(mine[100:].astype(int) - films[100:]).max() > 40 * 256


def test_the_file_is_prores_and_holds_the_frames(
    made: tuple[list[Cue], list[Segment]], tmp_path: Path
) -> None:
    shot = Prerendered(made[0][2].take, HANDLES)
    path = tmp_path / "shot.mov"
    shot.write(path)
    frames = decoded(path)
    assert len(frames) == shot.frames == 36 + 2 * HANDLES
    for frame, planes in zip(frames, shot.pictures(), strict=True):
        assert frame.format.name == "yuv422p10le"
        off = samples(frame) / 4 - planes.luma / 256
        assert np.sqrt(np.mean(off**2)) < 0.5


def test_keys_hang_on_what_is_seen(made: tuple[list[Cue], list[Segment]]) -> None:
    take = made[0][2].take
    one = Prerendered(take, 5)
    from dataclasses import replace

    said = take.item.model_dump(by_alias=True) | {"caption": "Other words"}
    other = Shot.model_validate(said)
    assert Prerendered(replace(take, item=other), 5).key == one.key
    assert Prerendered(take, 6).key != one.key
    still = take.item.model_copy(update={"move": "auto"})
    assert Prerendered(replace(take, item=still), 5).key != one.key
    lt = take.film.model_validate({"encoder": {"codec": "prores", "preset": "lt"}})
    assert Prerendered(replace(take, film=lt), 5).encoder.preset == "lt"


def rendered(stills: dict[str, Stills], rate: str) -> Timeline:
    timeline, segments = cut(stills, rate)
    files = [
        Media(Path("/a") / f"{n:02d}.mov", SIZE, frames=cue.take.span + 24, first=12)
        for n, cue in enumerate(cues(segments))
    ]
    return with_files(timeline, files)


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stills]:
    folder = tmp_path_factory.mktemp("a folder")
    return {
        "wide": write_stills(folder, "wide", smooth_picture(480, 320, 1)),
        "tall": write_stills(folder, "tall", smooth_picture(240, 400, 2)),
    }


@pytest.mark.parametrize("rate", RATES)
def test_otio_has_the_same_cut_with_files(stills: dict[str, Stills], rate: str) -> None:
    timeline = rendered(stills, rate)
    read = opentimelineio.adapters.read_from_string(otio(timeline), "otio_json")
    (track,) = read.video_tracks()
    assert track.duration().value == timeline.length
    for clip, ours in zip(track.find_clips(), timeline.clips, strict=True):
        assert ours.media is not None
        assert clip.media_reference.target_url == ours.media.url
        assert clip.available_range().start_time.value == 0
        assert clip.available_range().duration.value == ours.length + ours.tail + 24
        assert clip.source_range.start_time.value == 12
        assert clip.source_range.duration.value == ours.length
        assert not clip.effects
        for marker in clip.markers:
            assert marker.marked_range.start_time.value == 12 + ours.words[0]


@pytest.mark.parametrize("rate", RATES)
def test_fcpxml_has_the_same_cut_with_files(stills: dict[str, Stills], rate: str) -> None:
    timeline = rendered(stills, rate)
    frame = 1 / timeline.rate
    root = ET.fromstring(fcpxml(timeline))
    clips = root.findall(".//spine/asset-clip")
    assets = {one.attrib["id"]: one for one in root.iter("asset")}
    assert len(clips) == len(timeline.clips)
    at = 3600 * round(timeline.rate) * frame if rate != "30000/1001" else None
    for element, ours in zip(clips, timeline.clips, strict=True):
        begin, length = (seconds(element.attrib[name]) for name in ("start", "duration"))
        shift = ours.into.frames // 2 if ours.into and ours is not timeline.clips[0] else 0
        assert begin == (12 + shift) * frame
        asset = assets[element.attrib["ref"]]
        assert begin + length <= seconds(asset.attrib["duration"]) - 12 * frame
        if at is not None:
            assert seconds(element.attrib["offset"]) == at
            at += length
        assert element.find("adjust-transform") is None
        for title in element.findall("title"):
            assert begin <= seconds(title.attrib["offset"]) < begin + length
        for marker in element.findall("marker"):
            assert begin <= seconds(marker.attrib["start"]) < begin + length
    assert [one.attrib["name"] for one in root.iter("asset")] == [f"{n:02d}" for n in range(6)]


def test_an_edl_begins_after_the_handles(stills: dict[str, Stills]) -> None:
    timeline = rendered(stills, "24")
    events = [EVENT.fullmatch(line) for line in edl(timeline).splitlines()]
    first = {
        event[2]: event[5] for event in reversed(events) if event is not None and event[2] != "BL"
    }
    assert set(first) == {"00", "01", "02", "03", "04", "05"}
    # The fifth comes out of a dip, nine frames later.
    assert list(first.values()).count("00:00:00:12") == 5
    assert first["04"] == "00:00:00:21"


def test_export_of_the_whole_as_prores(photochrom: Run, tmp_path: Path) -> None:
    production = write_production(tmp_path / "new")
    assert build(production, jobs=1).failed == ()
    ran = photochrom("film", "export", production, "--to", "prores", "--jobs", "1")
    assert ran.code == 0, ran.err
    whole = production.parent / "out/film.mov"
    assert ran.out == f"{whole}\n"
    with av.open(str(whole)) as file:
        assert file.streams.video[0].codec_context.codec_tag == "apch"
        assert file.streams.audio[0].codec_context.name == "pcm_s24le"
    # The film that was made is still there, and this one shows what it shows.
    pairs = zip(decoded(whole), decoded(production.parent / "out/film.mp4"), strict=True)
    for one, other in pairs:
        gray = (frame.to_ndarray(format="gray").astype(float) for frame in (one, other))
        assert abs(next(gray) - next(gray)).mean() < 3
    # Elsewhere it is written to where it is asked for, and nowhere else.
    before = whole.stat().st_mtime_ns
    ran = photochrom("film", "export", production, "--to", "prores", "-o", tmp_path / "cut.mov")
    assert ran.code == 0, ran.err
    assert (tmp_path / "cut.mov").read_bytes() == whole.read_bytes()
    assert whole.stat().st_mtime_ns == before
    for more, said in (
        (["-o", tmp_path / "cut.mp4"], "is no name for ProRes; end it in .mov"),
        (["--handles", "3"], "a whole film has no handles"),
    ):
        ran = photochrom("film", "export", production, "--to", "prores", *more)
        assert ran.code == 2
        assert said in ran.err


def test_export_with_handles(photochrom: Run, tmp_path: Path) -> None:
    production = write_production(tmp_path / "new")
    assert build(production, jobs=1).failed == ()
    ran = photochrom("film", "export", production, "--to", "otio", "--handles", "3", "--jobs", "1")
    assert ran.code == 0, ran.err
    shots = production.parent / "out" / "shots"
    names = ["01-title-card.mov", "02-a.mov", "03-b.mov", "04-a.mov", "05-credits-card.mov"]
    assert sorted(path.name for path in shots.iterdir()) == names
    read = opentimelineio.adapters.read_from_file(str(production.parent / "out/film.otio"))
    (track,) = read.video_tracks()
    assert track.duration().value == 78
    for clip, name in zip(track.find_clips(), names, strict=True):
        assert clip.media_reference.target_url == (shots / name).as_uri()
        assert len(decoded(shots / name)) == clip.available_range().duration.value
        assert clip.available_range().duration.value >= clip.source_range.duration.value + 6
    # What has been rendered is not rendered again, whatever it goes to.
    before = {path: path.stat().st_mtime_ns for path in shots.iterdir()}
    export(production, "fcpxml", handles=3, jobs=1)
    export(production, "edl", handles=3, jobs=1)
    assert {path: path.stat().st_mtime_ns for path in shots.iterdir()} == before
    assert take_back(production, production.parent / "out/film.otio").backup is None
    (shots / names[0]).write_bytes(b"mine")
    ran = photochrom("film", "export", production, "--to", "otio", "--handles", "4")
    assert ran.code == 2
    assert "was changed by somebody, and is left as it is; move it away" in ran.err
    assert (shots / names[0]).read_bytes() == b"mine"
