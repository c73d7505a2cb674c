"""A film before it is rendered: what is seen and heard in which frame, in parts with keys.

Whoever makes a film, or only looks at one, makes a `Plan` of it, once, and asks that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from photochrom.engine.keys import FRAMES, key_of
from photochrom.film.output.muxing import CODE, Chapter
from photochrom.film.plan.cues import Cue, chapters, cues
from photochrom.film.plan.poster import Labels, Poster, poster
from photochrom.film.plan.sentences import sentences, together
from photochrom.film.plan.subtitles import captions
from photochrom.film.plan.timeline import Segment, length_of, segments_of
from photochrom.film.sound.schedule import Soundtrack, schedule
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Film, Storyboard
from photochrom.film.words.subtitles import Subtitle


@dataclass(frozen=True)
class Plan:
    """A film, planned: all that decides its bytes, and nothing rendered.

    Attributes:
        storyboard: What it shows.
        segments: What it is rendered in, in order.
        track: What is heard.
        labels: What the poster says of itself, by the photograph that it shows.
    """

    storyboard: Storyboard
    segments: tuple[Segment, ...]
    track: Soundtrack
    labels: Labels

    @classmethod
    def of(
        cls,
        storyboard: Storyboard,
        stills: Mapping[str, Stills],
        track: Soundtrack | None = None,
        labels: Labels | None = None,
    ) -> Plan:
        """Plans a film; opens no picture.

        Args:
            storyboard: What to show.
            stills: For each photograph id, its files.
            track: What is heard, from `schedule`; None for a film that names no sound files.
            labels: What the poster says of itself, by the photograph that it shows.

        Raises:
            StoryboardError: A photograph or a sound is not there.
        """
        track = schedule(storyboard, {}) if track is None else track
        return cls(storyboard, tuple(segments_of(storyboard, stills)), track, labels or {})

    @property
    def film(self) -> Film:
        """The film's settings."""
        return self.storyboard.film

    @property
    def frames(self) -> int:
        """Length of the film."""
        return length_of(self.segments)

    @cached_property
    def cues(self) -> list[Cue]:
        """Its items, each with its place in the film."""
        return cues(self.segments)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """Parts that people can jump to."""
        return chapters(self.cues, self.film)

    @cached_property
    def captions(self) -> list[Subtitle]:
        """What is written in the pictures."""
        return captions(self.cues)

    @cached_property
    def spoken(self) -> list[Subtitle]:
        """What is said, sentence by sentence."""
        return sentences(self.track.words, self.film.rate)

    @cached_property
    def words(self) -> list[Subtitle]:
        """The track of text: captions and narration, never two at once."""
        return together([*self.captions, *self.spoken])

    @cached_property
    def poster(self) -> Poster:
        """The frame that stands for the film."""
        return poster(self.segments, self.labels)

    @cached_property
    def sound_key(self) -> str:
        """Key of the sound as the film's files have it."""
        ending = self.film.encoder.kind.sound
        return key_of("sound", 1, ending, inputs={"track": self.track.key})

    @cached_property
    def key(self) -> str:
        """Key of the film: everything in its file."""
        film = self.film
        facts = [film.title, film.language, self.words, self.chapters]
        segments = {f"segment {n}": one.key for n, one in enumerate(self.segments)}
        inputs = segments | {"sound": self.sound_key, "poster": self.poster.key}
        return key_of("film", CODE, facts, inputs=inputs, libraries=FRAMES)

    @property
    def parts(self) -> set[str]:
        """Keys of all that it is joined from."""
        return {self.sound_key, self.poster.key, *(one.key for one in self.segments)}
