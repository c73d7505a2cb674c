"""Whole films: rendered, encoded, joined, and decoded again."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.engine import Event, FolderStore
from photochrom.errors import StoryboardError
from photochrom.film import Storyboard
from photochrom.film.frames.pictures import codes_of
from photochrom.film.frames.planes import Planes
from photochrom.film.output.muxing import join, metadata_of
from photochrom.film.plan import Plan
from photochrom.film.plan.reels import Reel
from photochrom.film.plan.timeline import Segment, segments_of
from photochrom.film.render import make_film, segment_file, shoot
from photochrom.film.scenes.shooting import frames_of, picture_at
from photochrom.film.stills import Stills

SIZE = (320, 180)
RATE = 24

SHOTS: list[dict[str, Any]] = [
    {"card": "title", "length": 2, "transition": {"seconds": 0.5}},
    {
        "photograph": "wide",
        "length": 3,
        "caption": "A caption",
        "reveal": {"kind": "wipe", "from": "scan", "seconds": 1},
        "transition": {"seconds": 0.5},
    },
    {
        "photograph": "tall",
        "length": 2.5,
        "caption": "Another\nbelow it",
        "reveal": {"kind": "dissolve", "seconds": 1},
        "transition": {"kind": "dip", "seconds": 0.5},
    },
    {"photograph": "wide", "length": 2, "transition": "cut"},
]


@dataclass(frozen=True)
class Built:
    storyboard: Storyboard
    stills: dict[str, Stills]
    plan: Plan
    film: Path
    store: FolderStore

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self.plan.segments


def storyboard(shots: Sequence[dict[str, Any]] = SHOTS, **film: Any) -> Storyboard:
    settings = {"title": "Test", "size": list(SIZE), "rate": RATE, "fade": 0.5}
    return Storyboard.parse({"film": settings | film, "shot": list(shots)})


def smooth_picture(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """A colorful picture without sharp detail."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(40, 216, (6, 8, 3)).astype(np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def write_stills(folder: Path, name: str, pixels: NDArray[np.uint8]) -> Stills:
    gray = pixels.mean(axis=2).astype(np.uint8)
    scan = np.clip(gray[..., None] * [0.9, 0.8, 0.65] + 20, 0, 255).astype(np.uint8)
    paths = [folder / f"{name}-{kind}.png" for kind in ("scan", "gray", "color")]
    for path, picture in zip(paths, (scan, gray, pixels), strict=True):
        Image.fromarray(picture).save(path)
    return Stills(*paths)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("film")
    stills = {
        "wide": write_stills(folder, "wide", smooth_picture(480, 320, 1)),
        "tall": write_stills(folder, "tall", smooth_picture(240, 400, 2)),
    }
    board = storyboard()
    film, store = folder / "film.mp4", FolderStore(folder / "cache")
    plan = Plan.of(board, stills)
    make_film(plan, film, store)
    return Built(board, stills, plan, film, store)


def decoded(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def luma(planes: Planes) -> NDArray[np.float32]:
    return np.asarray(planes.luma / np.float32(256), np.float32)


def segment(built: Built, kind: str, name: str) -> Segment:
    return next(s for s in built.segments if s.kind == kind and s.name.endswith(name))


def test_the_film_has_the_length_rate_and_tags_it_should(built: Built) -> None:
    with av.open(str(built.film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.average_rate == RATE
        assert (video.width, video.height) == SIZE
        assert video.frames == round(9.5 * RATE)
        assert float(video.duration * video.time_base) == pytest.approx(9.5, abs=1e-6)
        assert video.codec_context.name == "h264"
        assert video.codec_context.pix_fmt == "yuv420p"
        context = video.codec_context
        assert context.color_range == 1
        assert context.colorspace == context.color_primaries == context.color_trc == 1
        assert audio.codec_context.name == "aac"
        assert audio.sample_rate == 48_000
        assert audio.codec_context.layout.name == "stereo"
        assert float(audio.duration * audio.time_base) == pytest.approx(9.5, abs=0.03)
        assert container.metadata["title"] == "Test"
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert times == [Fraction(k, RATE) for k in range(round(9.5 * RATE))]


def test_the_index_comes_first(built: Built) -> None:
    data = built.film.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_the_film_is_its_segments_to_the_bit(built: Built) -> None:
    parts = [frame for part in built.segments for frame in decoded(segment_file(part, built.store))]
    whole = decoded(built.film)
    assert len(parts) == len(whole)
    assert all((one == other).all() for one, other in zip(parts, whole, strict=True))


def test_the_film_is_close_to_its_frames(built: Built) -> None:
    body = segment(built, "body", "wide")
    frames = decoded(segment_file(body, built.store))
    for index in (0, body.frames // 2, body.frames - 1):
        planes = next(frames_of(body, index))
        difference = frames[index][: SIZE[1]] - luma(planes)
        assert np.sqrt(np.mean(difference**2)) < 2


def test_two_builds_give_the_same_bytes(built: Built, tmp_path: Path) -> None:
    again = tmp_path / "again.mp4"
    make_film(built.plan, again, FolderStore(tmp_path / "cache"), jobs=2)
    assert again.read_bytes() == built.film.read_bytes()


def test_nothing_is_made_twice(built: Built, tmp_path: Path) -> None:
    def never(event: Event) -> None:
        raise AssertionError(f"made something that was there: {event}")

    before = built.film.stat().st_mtime_ns
    make_film(built.plan, built.film, built.store, progress=never)
    assert built.film.stat().st_mtime_ns == before
    elsewhere = tmp_path / "elsewhere.mp4"
    make_film(built.plan, elsewhere, built.store, progress=never)
    assert elsewhere.read_bytes() == built.film.read_bytes()


def test_an_edited_caption_renders_one_segment(built: Built, tmp_path: Path) -> None:
    events: list[Event] = []
    shots = [dict(shot) for shot in SHOTS]
    shots[1]["caption"] = "Another caption"
    out = tmp_path / "edited.mp4"
    plan = Plan.of(storyboard(shots), built.stills)
    make_film(plan, out, built.store, progress=events.append)
    assert [event.item for event in events if event.message == "made"] == ["wide"]
    assert len(plan.parts - built.plan.parts) == 1
    assert len(decoded(out)) == round(9.5 * RATE)


def test_an_interrupted_segment_leaves_nothing(built: Built, tmp_path: Path) -> None:
    part = built.segments[3]
    stills = Stills(*[tmp_path / "gone.png"] * 3)
    (tmp_path / "gone.png").write_bytes(b"not a picture")
    broken = Plan.of(storyboard(SHOTS[1:]), {**built.stills, "wide": stills})
    store = FolderStore(tmp_path / "cache")
    with pytest.raises(StoryboardError, match=r"gone\.png"):
        make_film(broken, tmp_path / "film.mp4", store)
    assert not any("wide" in one.name for one in broken.segments if store.get(one.key))
    assert not [*(store.root / "scratch").iterdir()]
    assert not (tmp_path / "film.mp4").exists()
    reel = pickle.loads(pickle.dumps(Reel((part,), store)))
    with store.writing(reel.key) as folder:
        shoot(folder, reel, {}, lambda *_: None)
    expected = segment_file(part, built.store).read_bytes()
    assert segment_file(part, store).read_bytes() == expected


def test_a_damaged_segment_is_named(built: Built, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(segment_file(built.segments[0], built.store).read_bytes()[:900])
    out = tmp_path / "out.mp4"
    with pytest.raises(StoryboardError, match=r"damaged\.mp4.*delete it"):
        join([(damaged, built.segments[0].frames)], None, out, rate=Fraction(RATE))
    good = segment_file(built.segments[0], built.store)
    with pytest.raises(StoryboardError, match="does not fit the others"):
        join([(good, 3)], None, out, rate=Fraction(RATE))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged.mp4"]


def test_a_place_that_cannot_be_written_to_is_named(built: Built, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoryboardError, match="cannot be written"):
        make_film(built.plan, tmp_path / "file" / "a.mp4", built.store)
    assert metadata_of(tmp_path / "file") == {}


def test_a_dissolve_is_the_mean_at_its_middle(built: Built) -> None:
    part = segment(built, "dissolve", "wide")
    middle = (part.frames - 1) / 2
    before = luma(Planes.flat(SIZE, codes_of(built.storyboard.film.theme.background)))
    shares = []
    for index, planes in enumerate(frames_of(part)):
        body = part.take
        coming = luma(next(frames_of(_still_of(built, body, index))))
        moved = luma(planes) - before
        whole = coming - before
        shares.append(float((moved * whole).sum() / (whole * whole).sum()))
    assert np.diff(shares) == pytest.approx(1 / (part.frames + 1), abs=0.01)
    assert np.interp(middle, range(part.frames), shares) == pytest.approx(0.5, abs=0.01)


def _still_of(built: Built, take: Any, index: int) -> Segment:
    """A segment that shows a take's frame alone, from black: its last frame is all but the take."""
    base = segment(built, "body", take.item.photograph)
    return Segment(base.key, "body", 0, 1, take, index)


def test_a_dip_goes_through_the_background(built: Built) -> None:
    part = segment(built, "dip", "tall")
    background = codes_of(built.storyboard.film.theme.background)[0]
    spread = [np.abs(luma(planes) - background).mean() for planes in frames_of(part)]
    assert int(np.argmin(spread)) in (part.frames // 2 - 1, part.frames // 2)
    assert min(spread) < 0.12 * max(spread)


def test_the_film_comes_from_black_and_goes_to_black(built: Built) -> None:
    frames = decoded(built.film)
    assert frames[0][: SIZE[1]].mean() < 19
    assert frames[-1][: SIZE[1]].mean() < 30
    lightness = [frame[: SIZE[1]].mean() for frame in frames[-12:]]
    assert np.all(np.diff(lightness) < 0)


def colorfulness(frame: NDArray[np.uint8]) -> NDArray[np.float64]:
    rgb = frame.astype(float)
    return np.asarray(rgb.max(axis=2) - rgb.min(axis=2))


def test_a_wipe_reveals_color_from_the_left(built: Built) -> None:
    start, stop = segment(built, "body", "wide").take.reveal_span() or (0, 0)
    offset = segment(built, "body", "wide").start - segment(built, "body", "wide").offset
    shots = [dict(shot) for shot in SHOTS]
    shots[1] |= {"caption": "", "move": "still"}
    cut = segments_of(storyboard(shots), built.stills)
    at = lambda moment: picture_at(cut, round(offset + moment)).astype(float)  # noqa: E731
    before, middle, after = at(start - 1), at((start + stop) / 2), at(stop + 1)
    left, right = slice(0, SIZE[0] // 3), slice(2 * SIZE[0] // 3, None)
    assert np.abs(middle[:, left] - after[:, left]).mean() < 1
    assert np.abs(middle[:, right] - before[:, right]).mean() < 1
    assert np.abs(before - after).mean() > 10
    # Reveals go forward only.
    moments = np.linspace(start - 1, stop + 1, 12)
    distance = [np.abs(at(moment) - after).mean() for moment in moments]
    assert np.all(np.diff(distance) < 0.05)


def test_a_reveal_by_dissolve_starts_gray_and_ends_in_color(built: Built) -> None:
    body = segment(built, "body", "tall")
    span = body.take.reveal_span()
    assert span is not None
    shots = [dict(shot) for shot in SHOTS]
    shots[2] |= {"caption": "", "framing": "fill", "move": "still"}
    cut = segments_of(storyboard(shots), built.stills)
    offset = body.start - body.offset
    first, last = picture_at(cut, offset + int(span[0])), picture_at(cut, offset + int(span[1]) + 1)
    middle = picture_at(cut, offset + round((span[0] + span[1]) / 2)).astype(float)
    assert colorfulness(first).max() <= 2
    assert colorfulness(last).mean() > 15
    assert np.abs(middle - (first.astype(float) + last) / 2).mean() < 2.5


def test_captions_are_seen_in_the_body_and_never_in_transitions(built: Built) -> None:
    shots = [dict(shot) for shot in SHOTS]
    for shot in shots:
        shot.pop("caption", None)
    shots[2]["caption"] = " "
    bare = segments_of(storyboard(shots), built.stills)
    assert [s.start for s in bare] == [s.start for s in built.segments]
    for with_words, without in zip(built.segments, bare, strict=True):
        if with_words.take.item.transition.kind == "dip":
            continue  # The matted picture moves aside for its caption.
        frames = list(zip(frames_of(with_words), frames_of(without), strict=True))
        seen = [bool(np.abs(luma(a) - luma(b)).max() > 40) for a, b in frames]
        if with_words.kind == "body" and with_words.name == "wide" and with_words.frames > 50:
            assert seen[len(seen) // 2]
            assert not seen[0] and not seen[-1]
        else:
            assert not any(seen)


def test_the_mat_is_the_themes_background(built: Built) -> None:
    body = segment(built, "body", "tall")
    planes = next(frames_of(body, body.frames // 2))
    for plane, code in zip(planes.parts(), codes_of("#1b1917"), strict=True):
        assert (np.abs(plane[:, -6:] / 256 - code) < 0.01).all()
        assert (np.abs(plane[:3] / 256 - code) < 0.01).all()


def test_a_picture_may_lie_on_itself_out_of_focus(built: Built) -> None:
    shots = [{**SHOTS[2], "transition": "cut", "caption": "", "reveal": "none"}]
    planes = next(
        frames_of(segments_of(storyboard(shots, theme={"surround": "blur"}), built.stills)[0])
    )
    plain = next(frames_of(segments_of(storyboard(shots), built.stills)[0]))
    background = codes_of("#1b1917")
    # The picture itself is as it was, what is around it differs in light and in nothing else.
    middle = np.s_[40:140, 140:180]
    assert np.array_equal(planes.luma[middle], plain.luma[middle])
    around = planes.luma[:, :60] / 256
    assert np.ptp(around) > 4
    assert abs(around - background[0]).max() < 0.25 * 219
    # Nothing in it is sharp.
    assert np.abs(np.diff(around, axis=0)).max() < 1.5
    for plane, code in zip((planes.cb, planes.cr), background[1:], strict=True):
        assert (np.abs(plane[:, :30] / 256 - code) < 0.01).all()


def test_bars_stay_black_and_words_out_of_them(built: Built) -> None:
    shots = [{"photograph": "wide", "length": 3, "caption": "Words", "transition": "cut"}]
    board = storyboard(shots, theme={"letterbox": 2.35, "vignette": 0.5})
    frame = picture_at(segments_of(board, built.stills), 36)
    bar = round((SIZE[1] - SIZE[0] / 2.35) / 2)
    assert frame[: bar - 1].max() == 0
    assert frame[-bar + 1 :].max() == 0
    assert frame[bar + 2 : -bar - 2].mean() > 40
    corner, center = frame[bar + 4, 4].mean(), frame[bar + 4, SIZE[0] // 2].mean()
    plain = picture_at(segments_of(storyboard(shots, theme={"letterbox": 2.35}), built.stills), 36)
    assert corner < plain[bar + 4, 4].mean() - 10
    assert center > plain[bar + 4, SIZE[0] // 2].mean() * 0.7


def test_a_still_shot_is_one_object() -> None:
    """What does not move is neither computed nor dithered again."""
    board = storyboard([{"card": "text", "text": "Words", "length": 4}])
    body = next(s for s in segments_of(board, {}) if s.kind == "body")
    frames = list(frames_of(body))
    middle = frames[len(frames) // 2]
    assert sum(planes is middle for planes in frames) > 0.4 * len(frames)


def test_moves_are_smooth_in_the_decoded_film(tmp_path: Path) -> None:
    """Position of decoded frames by least squares against the pattern: no step, no jitter."""
    width, height, share = 1200, 675, 0.62
    y, x = np.mgrid[0:height, 0:width] + 0.5

    def pattern(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        one = np.sin(2 * np.pi * (0.021 * x + 0.010 * y))
        return np.asarray(110 + 45 * one + 45 * np.sin(2 * np.pi * (0.013 * x - 0.024 * y)))

    pixels = np.clip(pattern(x, y) * 257, 0, 65535).astype(np.uint16)
    Image.fromarray(pixels).save(tmp_path / "pattern.png")
    stills = {"a": Stills(*[tmp_path / "pattern.png"] * 3)}
    # 0.1 frame pixels a frame, plus a drift down.
    shift = 0.1 * 47 / SIZE[0] * share
    path = {"from": [0.1, 0.1, share, share], "to": [0.1 + shift, 0.11, share, share]}
    shot = {"photograph": "a", "length": 2, "transition": "cut"}
    shot["move"] = {**path, "easing": "linear"}
    board = storyboard([shot], fade=0, sound={"kind": "silence"})
    make_film(Plan.of(board, stills), tmp_path / "a.mp4", FolderStore(tmp_path / "cache"))
    errors = []
    frames = decoded(tmp_path / "a.mp4")
    assert len(frames) == 48
    v, u = (np.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5)[:, 12:-12, 12:-12]
    zoom = width * share / SIZE[0]
    for index, frame in enumerate(frames):
        left = (0.1 + shift * index / 47) * width
        top = (0.1 + 0.01 * index / 47) * height
        px, py = left + u * zoom, top + v * zoom
        ideal = 16 + 219 * pattern(px, py) / 255
        slope = (pattern(px + 0.01, py) - pattern(px - 0.01, py)) / 0.02 * zoom * 219 / 255
        seen = frame[: SIZE[1]][12:-12, 12:-12]
        errors.append(float(-(slope * (seen - ideal)).sum() / (slope * slope).sum()))
    assert np.sqrt(np.mean(np.square(errors))) < 0.05
    assert (0.1 - np.diff(errors)).min() > 0, "a backward step"


@pytest.mark.parametrize("film", [{"rate": "24000/1001"}, {"size": [180, 320]}, {"rate": 25}])
def test_other_rates_and_shapes(film: Mapping[str, Any], built: Built, tmp_path: Path) -> None:
    shots = [
        {"photograph": "wide", "length": 1.5, "transition": "cut", "caption": "Words"},
        {"photograph": "tall", "length": 1.5, "transition": {"seconds": 0.4}},
    ]
    board = storyboard(shots, sound={"kind": "silence"}, **film)
    out = tmp_path / "film.mp4"
    make_film(Plan.of(board, built.stills), out, FolderStore(tmp_path / "cache"))
    with av.open(str(out)) as container:
        video = container.streams.video[0]
        assert video.average_rate == board.film.rate
        assert (video.width, video.height) == board.film.size
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert times == [
        k / board.film.rate for k in range(2 * round(Fraction(3, 2) * board.film.rate))
    ]


def test_a_timeline_is_one_line_through_all_its_dates() -> None:
    marks = [{"date": year, "text": "Words", "here": year == 1928} for year in (1900, 1928, 1984)]
    board = storyboard(
        [{"card": "timeline", "length": 4, "transition": "cut", "marks": marks}], fade=0
    )
    frame = picture_at(segments_of(board, {}), 48).astype(int)
    background = frame[0, 0]
    drawn = np.abs(frame - background).sum(axis=2) > 60
    columns = drawn.sum(axis=0)
    line = int(np.argmax(columns))
    rows = np.flatnonzero(drawn[:, line])
    # Unbroken, from the first date to the last; and nothing of the card is taller.
    assert len(rows) == rows[-1] - rows[0] + 1
    dates, texts = drawn[:, : line - 6], drawn[:, line + 7 :]
    brightest = int(np.argmax(frame[:, : line - 6].sum(axis=2).max(axis=1)))
    assert abs(brightest - (rows[0] + rows[-1]) / 2) < 0.2 * len(rows)
    # Dates and texts together stand in the middle.
    left = np.flatnonzero(dates.any(axis=0))[0]
    right = line + 7 + np.flatnonzero(texts.any(axis=0))[-1]
    assert abs((left + right) / 2 - SIZE[0] / 2) < 0.02 * SIZE[0]


def test_a_card_may_have_a_background_of_its_own() -> None:
    card = {"card": "quotation", "text": "Words", "source": "Somebody", "background": "#000000"}
    board = storyboard([{**card, "length": 4, "transition": "cut"}], fade=0)
    frame = picture_at(segments_of(board, {}), 48)
    assert frame[0, 0].max() <= 1
    assert frame.max() > 180
