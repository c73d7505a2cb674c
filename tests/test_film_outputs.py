"""What a film is written as: each codec's film, decoded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.engine import FolderStore
from photochrom.errors import StoryboardError
from photochrom.film import Storyboard
from photochrom.film.frames.planes import NEUTRAL, Planes
from photochrom.film.output.dither import Dither
from photochrom.film.output.encode import encode_segment, encode_sound
from photochrom.film.output.muxing import join, metadata_of
from photochrom.film.plan import Plan
from photochrom.film.plan.timeline import Segment, segments_of
from photochrom.film.render import make_film, segment_file
from photochrom.film.scenes.shooting import frames_of
from photochrom.film.stills import Stills
from photochrom.film.storyboard.encoder import CODECS, Encoder
from photochrom.film.storyboard.languages import alpha3, checked
from photochrom.film.words.subtitles import Subtitle

SIZE = (320, 180)
RATE = 24
FRAMES = 72

SHOTS: list[dict[str, Any]] = [
    {"card": "chapter", "heading": "One", "length": 0.5, "transition": "cut"},
    {"photograph": "ramp", "length": 1, "caption": "Ein Bild", "transition": "cut"},
    {"card": "chapter", "heading": "Two", "length": 0.5, "transition": "cut"},
    {"photograph": "ramp", "length": 1, "transition": {"seconds": 0.5}},
]

FILES = {
    # ending, codec, tag, pixels, sound
    "h264": (".mp4", "h264", "avc1", "yuv420p", "aac"),
    "hevc": (".mp4", "hevc", "hvc1", "yuv420p10le", "aac"),
    "av1": (".mp4", "av1", "av01", "yuv420p10le", "aac"),
    "prores": (".mov", "prores", "apch", "yuv422p10le", "pcm_s24le"),
    "ffv1": (".mkv", "ffv1", None, "yuv420p10le", "flac"),
}


def storyboard(**encoder: Any) -> Storyboard:
    film = {"title": "Test", "language": "de", "size": list(SIZE), "rate": RATE, "fade": 0.25}
    return Storyboard.parse({"film": film | {"encoder": encoder}, "shot": SHOTS})


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stills]:
    """A picture whose gray rises so slowly that 8 bits have few levels for it."""
    path = tmp_path_factory.mktemp("stills") / "ramp.png"
    rows = np.tile(np.linspace(0.40, 0.52, 480), (320, 1)) * 65535
    Image.fromarray(rows.astype(np.uint16)).save(path)
    return {"ramp": Stills(*[path] * 3)}


def samples(frame: av.VideoFrame, plane: int = 0) -> NDArray[np.uint16]:
    """A plane of a decoded frame."""
    part = frame.planes[plane]
    kind = np.uint16 if "10" in frame.format.name else np.uint8
    rows = np.frombuffer(bytes(part), kind).reshape(part.height, -1)
    return rows[:, : part.width].astype(np.uint16)


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(container.streams.video[0]))


def drawn(segments: Sequence[Segment]) -> Iterator[Planes]:
    for segment in segments:
        yield from frames_of(segment)


@pytest.mark.parametrize("codec", FILES)
def test_a_film_in_each_codec(codec: str, stills: dict[str, Stills], tmp_path: Path) -> None:
    ending, name, tag, pixels, sound = FILES[codec]
    board = storyboard(codec=codec)
    plan, store = Plan.of(board, stills), FolderStore(tmp_path / "cache")
    out = make_film(plan, tmp_path / f"film{ending}", store)
    segments = plan.segments
    with av.open(str(out)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        words = container.streams.subtitles[0]
        context = video.codec_context
        assert context.name.startswith(name) or name in context.codec.long_name.lower()
        assert tag is None or context.codec_tag == tag
        assert context.pix_fmt == pixels
        assert (video.width, video.height, video.average_rate) == (*SIZE, RATE)
        assert audio.codec_context.name == sound
        assert float(container.duration / 10**6) == pytest.approx(FRAMES / RATE, abs=0.05)
        # In Matroska by the other of two codes; nobody speaks, so the sound has no language.
        assert words.metadata["language"] == ("ger" if ending == ".mkv" else "deu")
        assert audio.metadata.get("language", "und") == "und"
        named = words.metadata.get("title") or words.metadata.get("handler_name")
        assert named == "Captions"
        assert not words.disposition & av.stream.Disposition.default
        chapters = [one["metadata"]["title"] for one in container.chapters()]
        assert chapters == ["One", "Two"]
        said = [bytes(packet) for packet in container.demux(words) if packet.size > 2]
        assert len(said) == 1
        assert said[0].removeprefix(b"\0\x08") == b"Ein Bild"
    assert metadata_of(out)["title"] == "Test"
    with av.open(str(out)) as container:
        kinds = {
            (stream.type, stream.codec_context and stream.codec_context.name)
            for stream in container.streams
        }
        assert (("video", "mjpeg") in kinds) == (ending != ".mov")
    frames = decoded(out)
    assert len(frames) == FRAMES
    times = [frame.pts * frame.time_base for frame in frames]
    exact = [Fraction(number, RATE) for number in range(FRAMES)]
    off = Fraction(1, 2000) if ending == ".mkv" else 0
    assert all(abs(a - b) <= off for a, b in zip(times, exact, strict=True))
    parts = [frame for one in segments for frame in decoded(segment_file(one, store))]
    scale = 4 if "10" in pixels else 1
    for frame, part, planes in zip(frames, parts, drawn(segments), strict=True):
        assert (frame.color_range, frame.colorspace) == (1, 1)
        assert (frame.color_primaries, frame.color_trc) == (1, 1)
        assert np.array_equal(samples(frame), samples(part))
        wanted = planes.luma / 256 * scale
        assert np.sqrt(np.mean((samples(frame) - wanted) ** 2)) < 1.6 * scale
        cb = planes.cb.mean() / 256 * scale
        assert samples(frame, 1).mean() == pytest.approx(cb, abs=scale)


def test_ten_bits_hold_more_levels_than_eight(stills: dict[str, Stills], tmp_path: Path) -> None:
    levels = {}
    for settings in (
        {"codec": "h264"},
        {"codec": "ffv1", "bits": 8},
        *({"codec": codec} for codec in ("hevc", "av1", "prores", "ffv1")),
    ):
        board = storyboard(**settings)
        body = next(one for one in segments_of(board, stills) if one.name == "ramp")
        planes = next(frames_of(body, body.frames - 1))
        encoder = board.film.encoder
        path = tmp_path / f"a{encoder.ending}"
        dither = Dither(SIZE, encoder.depth, encoder.kind.sampling)
        encode_segment(
            path, [dither.to_samples(planes)], size=SIZE, rate=Fraction(RATE), encoder=encoder
        )
        levels[encoder.codec, encoder.depth] = len(np.unique(samples(decoded(path)[0])[20:100]))
    # 0.12 of 219 codes, and less where the camera has come near; ten bits have four times as many.
    assert levels["h264", 8] <= 32
    assert levels["ffv1", 8] <= 32
    for codec in ("hevc", "av1", "prores", "ffv1"):
        assert levels[codec, 10] > 2.5 * levels["ffv1", 8]


@pytest.mark.parametrize("bits", [8, 10])
def test_ffv1_loses_nothing(bits: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    shape = (SIZE[1] * 3 // 2, SIZE[0])
    kind = np.uint8 if bits == 8 else np.uint16
    given = [rng.integers(16 << bits - 8, 235 << bits - 8, shape).astype(kind) for _ in range(3)]
    encoder = Encoder.model_validate({"codec": "ffv1", "bits": bits})
    path = tmp_path / "a.mkv"
    encode_segment(path, given, size=SIZE, rate=Fraction(RATE), encoder=encoder)
    for frame, wanted in zip(decoded(path), given, strict=True):
        found = np.concatenate([samples(frame, plane).ravel() for plane in range(3)])
        assert np.array_equal(found, wanted.ravel())


@pytest.mark.parametrize("codec", FILES)
def test_the_same_frames_give_the_same_bytes(codec: str, tmp_path: Path) -> None:
    encoder = Encoder.model_validate({"codec": codec})
    dither = Dither(SIZE, encoder.depth, encoder.kind.sampling)
    rng = np.random.default_rng(2)
    base = rng.integers(60 * 256, 200 * 256, (SIZE[1], SIZE[0] + 20)).astype(np.uint16)
    gray = np.full((SIZE[1] // 2, SIZE[0] // 2), NEUTRAL, np.uint16)
    frames = [
        dither.to_samples(Planes(np.ascontiguousarray(base[:, k : k + SIZE[0]]), gray, gray))
        for k in range(20)
    ]
    paths = [tmp_path / f"{name}{encoder.ending}" for name in "ab"]
    for path in paths:
        encode_segment(path, frames, size=SIZE, rate=Fraction(RATE), encoder=encoder)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert len(decoded(paths[0])) == len(frames)


@pytest.mark.parametrize("codec", FILES)
def test_a_part_may_be_one_frame_long(codec: str, tmp_path: Path) -> None:
    encoder = Encoder.model_validate({"codec": codec})
    dither = Dither(SIZE, encoder.depth, encoder.kind.sampling)
    parts = []
    for number, frames in enumerate((5, 1, 2, 1, 4)):
        codes = (16.0 + 40 * number, 128.0, 128.0)
        path = tmp_path / f"{number}{encoder.ending}"
        given = [dither.to_samples(Planes.flat(SIZE, codes))] * frames
        encode_segment(path, given, size=SIZE, rate=Fraction(RATE), encoder=encoder)
        parts.append((path, frames))
    out = tmp_path / f"film{encoder.ending}"
    join(parts, None, out, rate=Fraction(RATE))
    light = [samples(frame).mean() / (4 if encoder.depth == 10 else 1) for frame in decoded(out)]
    wanted = [16 + 40 * number for number, (_, frames) in enumerate(parts) for _ in range(frames)]
    assert light == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize("codec", ["h264", "prores", "ffv1"])
@pytest.mark.parametrize("language", ["de", "fr", "en"])
def test_a_spoken_film_says_its_language(codec: str, language: str, tmp_path: Path) -> None:
    encoder = Encoder.model_validate({"codec": codec})
    kind = encoder.kind
    part, sound = tmp_path / f"part{kind.ending}", tmp_path / f"sound{kind.sound}"
    dither = Dither(SIZE, encoder.depth, kind.sampling)
    given = [dither.to_samples(Planes.flat(SIZE, (90, 128, 128)))] * RATE
    encode_segment(part, given, size=SIZE, rate=Fraction(RATE), encoder=encoder)
    encode_sound(sound, [np.zeros((2, 48_000), np.float32)])
    out = tmp_path / f"film{kind.ending}"
    join(
        [(part, RATE)],
        sound,
        out,
        rate=Fraction(RATE),
        captions=[Subtitle(3, 12, "Mot"), Subtitle(12, 20, "Wort")],
        language=language,
        spoken=True,
    )
    code = alpha3(language, bibliographic=codec == "ffv1")
    with av.open(str(out)) as film:
        assert film.streams.audio[0].metadata["language"] == code
        assert film.streams.subtitles[0].metadata["language"] == code


def test_the_index_of_each_comes_first(tmp_path: Path) -> None:
    for codec in ("h264", "prores"):
        encoder = Encoder.model_validate({"codec": codec})
        path = tmp_path / f"part{encoder.ending}"
        dither = Dither(SIZE, encoder.depth, encoder.kind.sampling)
        given = [dither.to_samples(Planes.flat(SIZE, (90, 128, 128)))] * 3
        encode_segment(path, given, size=SIZE, rate=Fraction(RATE), encoder=encoder)
        out = tmp_path / f"film{encoder.ending}"
        join([(path, 3)], None, out, rate=Fraction(RATE))
        data = out.read_bytes()
        assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_color_comes_to_each_row_where_it_lies() -> None:
    """4:2:0 has it between two rows, 4:2:2 on each: a slope keeps its place."""
    size = (16, 32)
    lies = 2 * np.arange(16) + 0.5
    slope = np.tile((100 + lies)[:, None] * 256, (1, 8)).astype(np.uint16)
    planes = Planes(np.full((32, 16), 100 * 256, np.uint16), slope, slope)
    out = Dither(size, 10, "4:2:2").to_samples(planes)
    assert out.shape == (64, 16)
    cb, cr = out[32:].reshape(2, 32, 8)
    wanted = np.tile((100 + np.arange(32.0))[:, None] * 4, (1, 8))
    assert np.abs(cb[1:-1] - wanted[1:-1]).max() <= 1
    assert (cb[1:-1] - wanted[1:-1]).mean() == pytest.approx(0, abs=0.05)
    assert np.array_equal(cb, cr)


def test_ten_bits_are_dithered_without_bias() -> None:
    planes = Planes(*(np.full(shape, 12_345, np.uint16) for shape in ((16, 16), (8, 8), (8, 8))))
    out = Dither((16, 16), 10).to_samples(planes)
    assert set(np.unique(out)) == {12_345 // 64, 12_345 // 64 + 1}
    assert out[:16].mean() == pytest.approx(12_345 / 64, abs=1 / 64)


@pytest.mark.parametrize(("ending", "least"), [(".m4a", 20), (".mov", 120), (".mka", 120)])
def test_sound_of_each_kind(ending: str, least: float, tmp_path: Path) -> None:
    """A tone comes back with a noise so many decibels below it; the kinds without loss: 24 bits."""
    time = np.arange(48_000) / 48_000
    tone = (0.4 * np.sin(2 * np.pi * np.array([[440.0], [550.0]]) * time)).astype(np.float32)
    path = tmp_path / f"a{ending}"
    encode_sound(path, np.split(tone, 12, axis=1))
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    if ending == ".m4a":
        found = np.concatenate(blocks, axis=1)[:, : tone.shape[1]]
    else:
        found = np.concatenate(blocks, axis=1).reshape(-1, 2).T / 2.0**31
    assert found.shape == tone.shape
    noise = np.sqrt(np.mean((found - tone) ** 2, axis=1)[None])
    assert -20 * np.log10(noise.max() / 0.28) > least


def test_a_name_that_does_not_suit_the_codec(stills: dict[str, Stills], tmp_path: Path) -> None:
    with pytest.raises(StoryboardError, match=r"film\.mp4.*no name for ProRes.*\.mov"):
        plan = Plan.of(storyboard(codec="prores"), stills)
        make_film(plan, tmp_path / "film.mp4", FolderStore(tmp_path / "cache"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"codec": "h264", "bits": 10}, "H.264 is written with 8 bits"),
        ({"codec": "prores", "quality": 20}, "ProRes has no quality; choose a preset"),
        ({"codec": "ffv1", "quality": 20}, "FFV1 has no quality; it keeps every sample"),
        ({"codec": "ffv1", "preset": "slow"}, "no preset of FFV1; it has none"),
        ({"codec": "av1", "preset": 14}, '"14" is no preset of AV1; it has 13, 12'),
        ({"codec": "av1", "quality": 64}, r"it goes from 0 \(best\) to 63"),
        ({"codec": "hevc", "quality": 52}, r"to 51"),
        ({"quality": 0}, r"0 is none of H.264; it goes from 1 \(best\) to 51"),
        ({"codec": "vp9"}, "codec"),
    ],
)
def test_what_a_codec_does_not_have(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(StoryboardError, match=said):
        storyboard(**settings)


def test_settings_reach_the_encoder() -> None:
    for settings, wanted in (
        ({}, {"crf": "18", "preset": "veryfast"}),
        ({"quality": 1, "preset": "slow"}, {"crf": "1", "preset": "slow"}),
        ({"codec": "av1", "preset": 4}, {"crf": "28", "preset": "4"}),
        ({"codec": "prores", "preset": "lt"}, {"profile": "1"}),
    ):
        assert wanted.items() <= Encoder.model_validate(settings).options.items()
    assert {kind.ending for kind in CODECS.values()} == {".mp4", ".mov", ".mkv"}


@pytest.mark.parametrize(
    ("tag", "three", "library"),
    [
        ("", "und", "und"),
        ("en", "eng", "eng"),
        ("de-ch", "deu", "ger"),
        ("zh-Hant", "zho", "chi"),
        ("yue", "yue", "yue"),
    ],
)
def test_languages(tag: str, three: str, library: str) -> None:
    assert alpha3(checked(tag)) == three
    assert alpha3(checked(tag), bibliographic=True) == library
    assert checked("de-ch") == "de-CH"


@pytest.mark.parametrize("tag", ["english", "xx", "de_", "-", "e"])
def test_what_is_no_language(tag: str) -> None:
    with pytest.raises(StoryboardError, match="is no language"):
        Storyboard.parse({"film": {"language": tag}, "shot": SHOTS})


@pytest.mark.parametrize(
    ("preset", "tag"), [("proxy", "apco"), ("lt", "apcs"), ("standard", "apcn"), ("hq", "apch")]
)
def test_a_prores_file_says_its_own_profile(preset: str, tag: str, tmp_path: Path) -> None:
    encoder = Encoder(codec="prores", preset=preset)
    path = tmp_path / "shot.mov"
    dither = Dither(SIZE, encoder.depth, encoder.kind.sampling)
    given = [dither.to_samples(Planes.flat(SIZE, (60.0, 128.0, 128.0)))] * 2
    encode_segment(path, given, size=SIZE, rate=Fraction(RATE), encoder=encoder)
    with av.open(str(path)) as film:
        assert film.streams.video[0].codec_context.codec_tag == tag


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
def test_runs_shorter_than_encoders_look_ahead_are_the_same_every_time(
    codec: str, count: int, tmp_path: Path
) -> None:
    encoder = Encoder.model_validate({"codec": codec})
    dither = Dither(SIZE, encoder.depth, encoder.kind.sampling)
    given = [dither.to_samples(Planes.flat(SIZE, (60.0 + i, 128.0, 128.0))) for i in range(count)]
    seen = set()
    for number in range(8):
        path = tmp_path / f"{number}{encoder.ending}"
        encode_segment(path, given, size=SIZE, rate=Fraction(RATE), encoder=encoder)
        seen.add(path.read_bytes())
    assert len(seen) == 1
