"""What a film is written as: the codec, how well, and the file that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from photochrom.film.storyboard.values import Model

CodecName = Literal["h264", "hevc", "av1", "prores", "ffv1"]
Bits = Literal[8, 10]
Sampling = Literal["4:2:0", "4:2:2"]

FORMATS: Mapping[str, str] = MappingProxyType(
    {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska", ".m4a": "mp4", ".mka": "matroska"}
)
"""What FFmpeg calls the container that a file's ending stands for."""

_X26X = (
    *("ultrafast", "superfast", "veryfast", "faster", "fast"),
    *("medium", "slow", "slower", "veryslow"),
)
# One thread in every encoder, so that bytes hang on no machine; nothing on standard error; and no
# note in the stream of what the processor can do.
_X265 = "pools=none:frame-threads=1:log-level=none:info=0"

_X264 = "cpu-independent=1"
"""x264 weighs blocks by what later frames take from them, and does so in other ways on other
processors: by rough reciprocals, of which each maker has its own, and with AVX-512 eight blocks at
a time, past the end of a row into what memory holds. Then equal frames become other bytes in each
run where the width is no multiple of 128. This is the way that is the same everywhere."""

QUALITY_UNIT = 118
"""FFmpeg's `FF_QP2LAMBDA`, in which it takes quantizers. Left to itself, the encoder of ProRes
tries every quantizer on every slice to meet a rate, which takes six times as long and is worse
where there is much to see: 47.6 dB instead of 59.5 of a street with trees."""

STILLS = "subme=1:partitions=none"
"""What x264 need not look for in pictures that only glide: finer motion search and smaller blocks
took 42 % of the time of a grainy 1080p move, to save 10 % of its bits at the same PSNR."""


@dataclass(frozen=True)
class Codec:
    """A codec as films use it.

    Attributes:
        title: What people call it.
        library: FFmpeg's name of the encoder.
        ending: Of the files that hold it.
        sound: Ending of the sound that goes with it: ".m4a" is AAC, ".mov" PCM, ".mka" FLAC.
        bits: Depths that it has; the first unless another is asked for.
        sampling: How densely color is sampled.
        presets: From the fastest to the one that makes the smallest or best files.
        preset: The one that is used unless another is asked for; "" where there are none.
        preset_option: FFmpeg's name of it.
        quality: The constant rate factor that is used unless another is asked for; None where
            there is none.
        best: The smallest constant rate factor that players play.
        worst: The largest.
        tag: Four letters that players know the codec by in the file, where FFmpeg's choice is
            another.
        options: For the encoder, in any case.
        by_default: For the encoder, where no preset is chosen; instead of those of the same name.
        seconds: From one key frame to the next, at most; None: every frame is one.
        quantizers: For each preset, by what all samples are divided (FFmpeg's `-q:v`); none where
            the encoder chooses.
    """

    title: str
    library: str
    ending: str
    sound: str
    bits: tuple[Bits, ...]
    sampling: Sampling = "4:2:0"
    presets: tuple[str, ...] = ()
    preset: str = ""
    preset_option: str = "preset"
    quality: int | None = None
    best: int = 0
    worst: int = 51
    tag: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    by_default: Mapping[str, str] = field(default_factory=dict)
    seconds: int | None = 2
    quantizers: tuple[int, ...] = ()


CODECS: Mapping[CodecName, Codec] = MappingProxyType(
    {
        "h264": Codec(
            *("H.264", "libx264", ".mp4", ".m4a", (8,)),
            presets=_X26X,
            preset="veryfast",
            quality=18,
            # At 0 it is another profile, without loss, that hardly anything plays.
            best=1,
            options={"x264-params": _X264},
            by_default={"x264-params": f"{_X264}:{STILLS}"},
        ),
        # By its other tag, hev1, Apple's players do not know it.
        "hevc": Codec(
            *("HEVC", "libx265", ".mp4", ".m4a", (10, 8)),
            presets=_X26X,
            preset="veryfast",
            quality=20,
            tag="hvc1",
            options={"x265-params": _X265},
        ),
        "av1": Codec(
            *("AV1", "libsvtav1", ".mp4", ".m4a", (10, 8)),
            presets=tuple(str(number) for number in range(13, -1, -1)),
            preset="8",
            quality=28,
            worst=63,
            options={"svtav1-params": "lp=1"},
        ),
        "prores": Codec(
            *("ProRes", "prores_ks", ".mov", ".mov", (10,)),
            sampling="4:2:2",
            presets=("proxy", "lt", "standard", "hq"),
            preset="hq",
            preset_option="profile",
            options={"vendor": "apl0", "flags": "+qscale"},
            quantizers=(12, 6, 4, 2),
            seconds=None,
        ),
        # As archives keep it: version 3, each slice with a checksum, each frame by itself.
        "ffv1": Codec(
            *("FFV1", "ffv1", ".mkv", ".mka", (10, 8)),
            options={"level": "3", "coder": "1", "context": "1", "slices": "4", "slicecrc": "1"},
            seconds=None,
        ),
    }
)
"""Every codec that a film can be written in."""


def _as_text(value: object) -> object:
    """Let a file write the preset 8 as the number that it is."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


class Encoder(Model):
    """What the film is written as: the `[film.encoder]` table of a production.

    Attributes:
        codec: "h264", "hevc", "av1", "prores" or "ffv1".
        quality: Constant rate factor, 1 (best) to 51, of AV1 to 63; None: one at which a film
            looks as it was drawn. ProRes and FFV1 have none.
        preset: How much effort it takes: of H.264 and HEVC "ultrafast" to "veryslow", of AV1 "13"
            (fastest) to "0"; of ProRes its profile, "proxy", "lt", "standard" or "hq". "": one
            that suits two cores. FFV1 has none.
        bits: Of a sample, 8 or 10; None: the most that the codec has here.
    """

    codec: CodecName = "h264"
    quality: int | None = None
    preset: Annotated[str, BeforeValidator(_as_text)] = ""
    bits: Bits | None = None

    @model_validator(mode="after")
    def _codec_has_it(self) -> Encoder:
        kind = self.kind
        if self.quality is not None and kind.quality is None:
            other = "choose a preset" if kind.presets else "it keeps every sample as it is"
            raise ValueError(f"{kind.title} has no quality; {other}")
        if self.quality is not None and not kind.best <= self.quality <= kind.worst:
            raise ValueError(
                f"the quality {self.quality} is none of {kind.title}; it goes from "
                f"{kind.best} (best) to {kind.worst}"
            )
        if self.preset and self.preset not in kind.presets:
            known = f"it has {', '.join(kind.presets)}" if kind.presets else "it has none"
            raise ValueError(f'"{self.preset}" is no preset of {kind.title}; {known}')
        if self.bits is not None and self.bits not in kind.bits:
            known = " or ".join(map(str, kind.bits))
            raise ValueError(f"{kind.title} is written with {known} bits a sample")
        return self

    @property
    def kind(self) -> Codec:
        """The codec."""
        return CODECS[self.codec]

    @property
    def ending(self) -> str:
        """Of the film's name: ".mp4", ".mov" or ".mkv"."""
        return self.kind.ending

    @property
    def depth(self) -> Bits:
        """Bits of a sample."""
        return self.bits or self.kind.bits[0]

    @property
    def pixel_format(self) -> str:
        """What FFmpeg calls frames of this depth and sampling."""
        planes = "yuv" + self.kind.sampling.replace(":", "") + "p"
        return planes if self.depth == 8 else f"{planes}{self.depth}le"

    @property
    def options(self) -> dict[str, str]:
        """For the encoder."""
        kind = self.kind
        options = dict(kind.options) if self.preset else {**kind.options, **kind.by_default}
        if kind.quality is not None:
            options["crf"] = str(kind.quality if self.quality is None else self.quality)
        if kind.presets:
            preset = self.preset or kind.preset
            # FFmpeg takes the names of profiles, too, and then writes all of them as HQ.
            numbered = kind.preset_option == "profile"
            options[kind.preset_option] = str(kind.presets.index(preset)) if numbered else preset
            if kind.quantizers:
                quantizer = kind.quantizers[kind.presets.index(preset)]
                options["global_quality"] = str(QUALITY_UNIT * quantizer)
        return options

    def facts(self) -> dict[str, Any]:
        """What decides the bytes that the same frames become, in JSON values."""
        kind = self.kind
        return {
            "library": kind.library,
            "pixels": self.pixel_format,
            "options": self.options,
            "seconds": kind.seconds,
        }

    def suits(self, path: Path) -> bool:
        """Whether a file's name has the ending that the codec wants."""
        return path.suffix == self.ending
