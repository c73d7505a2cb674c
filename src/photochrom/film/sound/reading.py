"""Sound files: what is in them, and their samples as they are mixed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import av.error
import numpy as np

from photochrom.engine import Input, Report, Task
from photochrom.engine.keys import SOUND, key_of
from photochrom.errors import StoryboardError
from photochrom.files import sha256_of
from photochrom.film.sound.loudness import SILENT, Loudness, Meter, Stereo, measured, samples_of
from photochrom.film.storyboard.sound import SAMPLE_RATE

CODE = 1
"""Raised whenever the same file is understood differently."""

FORMATS = "wav,w64,aiff,flac,mp3,ogg,mov,mp4,m4a,aac,matroska,webm"
"""What is opened. FFmpeg reads much more, among it lists that name other files and addresses."""

WINDOW = SAMPLE_RATE // 50
"""Speech is looked for in windows of 20 ms."""

BELOW = 22.0
"""A voice speaks where a window is at most so many dB softer than the voice as a whole."""

PAUSE = round(1.2 * SAMPLE_RATE)
"""Shorter pauses are part of the speech."""

_NOTE = "heard.json"
_FIX = "use a WAV, FLAC, MP3, OGG or M4A file that plays"


@dataclass(frozen=True)
class SoundFile:
    """A sound file and what has been found in it.

    Attributes:
        path: The file.
        digest: SHA-256 of its bytes, hexadecimal.
        samples: Its length at 48 kHz.
        loudness: LUFS, integrated.
        spoken: If it is a voice: where it speaks, as (first, after the last) samples.
    """

    path: Path
    digest: str
    samples: int
    loudness: float
    spoken: tuple[tuple[int, int], ...]

    @classmethod
    def open(cls, path: Path, *, digest: str | None = None) -> SoundFile:
        """Listens to a file from beginning to end.

        Args:
            path: The file.
            digest: SHA-256 of its bytes, where the caller knows it.

        Raises:
            StoryboardError: If it is not there, is no sound, or nothing is to be heard in it.
        """
        return cls(path, digest or sound_digest(path), *_listen(path))

    @classmethod
    def heard(cls, folder: Path, path: Path, digest: str) -> SoundFile:
        """A file that has been listened to.

        Args:
            folder: Result of the task from `listening_to`.
            path: The file.
            digest: SHA-256 of its bytes.
        """
        found = json.loads((folder / _NOTE).read_bytes())
        spoken = tuple((first, stop) for first, stop in found["spoken"])
        return cls(path, digest, found["samples"], found["loudness"], spoken)


def listening_to(path: Path, digest: str) -> Task:
    """The task that finds out what is in a sound file, by the digest of its bytes."""
    inputs = {"sound": digest}
    key = key_of("heard", CODE, None, inputs=inputs, libraries=SOUND)
    return Task(key, path.name, listen, digest, {"sound": Input(path, digest)}, kind="heard")


def listen(folder: Path, digest: str, inputs: Mapping[str, Path], report: Report) -> None:
    """Notes in a folder what is in a sound file."""
    file = asdict(SoundFile.open(inputs["sound"], digest=digest))
    facts = {name: file[name] for name in ("samples", "loudness", "spoken")}
    (folder / _NOTE).write_text(json.dumps(facts), "utf-8")


def sound_digest(path: Path) -> str:
    """SHA-256 of a sound file's bytes, hexadecimal.

    Raises:
        StoryboardError: If it cannot be read.
    """
    try:
        return sha256_of(path)
    except FileNotFoundError:
        raise missing(path) from None
    except OSError as error:
        raise StoryboardError(
            f"the sound file cannot be read ({error.strerror})", where=path, fix=_FIX
        ) from None


def missing(path: Path) -> StoryboardError:
    """What is said of a sound file that is not there."""
    return StoryboardError(
        "there is no such sound file",
        where=path,
        fix="correct its name; in a production, names are relative to the production file",
    )


def decoded(path: Path) -> Iterator[Stereo]:
    """The samples of a sound file, a few at a time.

    Args:
        path: Of any format of `FORMATS`, any rate and any number of channels.

    Yields:
        (2, n) float32 at 48 kHz, -1..1 unless the file goes beyond it.

    Raises:
        StoryboardError: If it is no sound file, or a damaged one.
    """
    try:
        with av.open(str(path), options={"format_whitelist": FORMATS}) as container:
            if not container.streams.audio:
                raise StoryboardError("there is no sound in the file", where=path, fix=_FIX)
            resampler = av.AudioResampler(
                format="fltp", layout="stereo", rate=SAMPLE_RATE, frame_size=SAMPLE_RATE // 10
            )
            for frame in container.decode(audio=0):
                # Files that were cut badly count in strange ways; samples follow one another.
                frame.pts = None
                for part in resampler.resample(frame):
                    yield samples_of(part)
            for part in resampler.resample(None):
                yield samples_of(part)
    except (av.error.FFmpegError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise StoryboardError(f"cannot be read as sound ({cause})", where=path, fix=_FIX) from error


def in_blocks(parts: Iterable[Stereo], size: int) -> Iterator[Stereo]:
    """The same samples in blocks of one size; the last may be shorter."""
    kept: list[Stereo] = []
    count = 0
    for part in parts:
        kept.append(part)
        count += part.shape[1]
        if count >= size:
            whole = np.concatenate(kept, axis=1)
            for start in range(0, count - size + 1, size):
                yield whole[:, start : start + size]
            rest = count % size
            kept = [whole[:, count - rest :]] if rest else []
            count = rest
    if count:
        yield np.concatenate(kept, axis=1)


def _listen(path: Path) -> tuple[int, float, tuple[tuple[int, int], ...]]:
    meter = Meter(peak=False)
    levels = []
    samples = 0
    for block in in_blocks(decoded(path), 50 * WINDOW):
        if not np.isfinite(block).all():
            raise StoryboardError("holds values that are no numbers", where=path, fix=_FIX)
        meter.push(block)
        samples += block.shape[1]
        padded = np.pad(block, ((0, 0), (0, -block.shape[1] % WINDOW)))
        power = (padded**2).reshape(2, -1, WINDOW).mean(axis=2).sum(axis=0)
        levels.append(10 * np.log10(power + 1e-12))
    loud = meter.finish().integrated
    if samples and loud <= SILENT:
        # Shorter than a window of the measure (0.4 s): what its power says is near enough.
        loud = float(max(np.max(levels[0]) - 0.7, SILENT)) if samples < SAMPLE_RATE // 2 else loud
    if not samples or loud <= SILENT:
        raise StoryboardError(
            "nothing is to be heard in it", where=path, fix="use another file, or leave it out"
        )
    return samples, loud, _spoken(np.concatenate(levels) > loud - BELOW, samples)


def _spoken(active: np.ndarray, samples: int) -> tuple[tuple[int, int], ...]:
    """Runs of windows in which something is heard, those near to each other joined."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for first, stop in edges.reshape(-1, 2) * WINDOW:
        if spans and first - spans[-1][1] < PAUSE:
            spans[-1] = (spans[-1][0], min(int(stop), samples))
        else:
            spans.append((int(first), min(int(stop), samples)))
    return tuple(spans)


def measure_file(path: Path) -> Loudness:
    """What the first sound track of a file measures, once decoded.

    Raises:
        StoryboardError: If it cannot be read.
    """
    return measured(in_blocks(decoded(path), SAMPLE_RATE))
