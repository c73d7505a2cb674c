"""What a storyboard says of its sound."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from photochrom.errors import PlaceError
from photochrom.film.storyboard.values import Model, Seconds
from photochrom.places import place_of

SAMPLE_RATE = 48_000
"""Samples a second of whatever is heard in a film."""


def _is_place(value: str) -> str:
    try:
        place_of(value)
    except PlaceError as error:
        raise ValueError(str(error)) from None
    return value


def _as_table(value: object) -> object:
    """Let a file write `narration = "a.wav"` for `narration = { file = "a.wav" }`."""
    return {"file": value} if isinstance(value, str) else value


def _as_tables(value: object) -> object:
    """Let a file write `music = "a.mp3"`, and lists of names."""
    if isinstance(value, list | tuple):
        return tuple(_as_table(one) for one in value)
    return (_as_table(value),) if isinstance(value, str | dict) else value


SoundName = Annotated[str, Field(min_length=1), AfterValidator(_is_place)]
"""A sound file; whoever films the storyboard knows where it is."""

Gain = Annotated[float, Field(ge=-60, le=20)]
"""Decibels."""


class Narration(Model):
    """A voice.

    Attributes:
        file: The recording. Without one, a speech engine may speak `text`; else it is not heard.
        text: What is said, for subtitles.
        at: Seconds from the start of its shot (of the film, if it is the whole film's).
        gain: How much louder than the film's target it is, in dB.
    """

    file: SoundName | None = None
    text: str = ""
    at: Seconds = 0.0
    gain: Gain = 0.0

    @model_validator(mode="after")
    def _says_something(self) -> Narration:
        if self.file is None and not self.text.strip():
            raise ValueError("the narration has neither file nor text")
        return self


class Piece(Model):
    """A sound file that plays beneath the pictures.

    Attributes:
        file: The recording.
        at: When it begins, in seconds from the start of the film.
        chapter: Title of the chapter that it begins with, instead of `at`. Without either, the
            first piece begins with the film and each other one where the one before it ends.
        gain: How much louder than usual, in dB.
        repeat: Whether it begins again when it ends before its time is over.
    """

    file: SoundName
    at: Seconds | None = None
    chapter: str = ""
    gain: Gain = 0.0
    repeat: bool = True


Pieces = Annotated[tuple[Piece, ...], BeforeValidator(_as_tables)]

AnyNarration = Annotated[Narration | None, BeforeValidator(_as_table)]


class Sound(Model):
    """What is heard.

    Attributes:
        kind: What plays where `music` names nothing: the "score", a quiet piece that we make, or
            "silence".
        seed: Another seed, another score.
        loudness: Integrated loudness of the film in LUFS (EBU R 128).
        peak: Highest true peak in dBTP.
        music: Played one after another.
        ambient: Played beneath the music, softer than it.
        narration: A voice for the whole film, besides those of shots and cards.
        voice: Which voice of a speech engine speaks what nobody has recorded; empty: its own.
        duck: How far music and ambient sound sink beneath a voice, in dB.
        crossfade: Seconds that one piece takes to pass into the next.
        fade_in: Seconds in which music rises at the film's beginning.
        fade_out: Seconds in which it falls at the end.
    """

    kind: Literal["score", "silence"] = "score"
    seed: int = 0
    loudness: Annotated[float, Field(ge=-40, le=-10)] = -23.0
    peak: Annotated[float, Field(ge=-12, le=-0.1)] = -1.0
    music: Pieces = ()
    ambient: Pieces = ()
    narration: AnyNarration = None
    voice: Annotated[str, AfterValidator(_is_place)] = ""
    duck: Annotated[float, Field(ge=0, le=60)] = 12.0
    crossfade: Seconds = 3.0
    fade_in: Seconds = 2.5
    fade_out: Seconds = 5.0
