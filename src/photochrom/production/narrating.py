"""Narration that nobody has recorded, spoken by an engine, and said to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import GoneError, Store
from photochrom.film.sound.narration import recorded
from photochrom.film.sound.speech import RECORDING, Speaker, speaker
from photochrom.film.storyboard import Storyboard
from photochrom.phrases import Phrases
from photochrom.production.file import ProductionFile
from photochrom.production.naming import is_voice_file

ANY = "auto"
"""Asks for the first engine that is there."""

UNSAID = "en"
"""What is spoken in a film that does not say its language."""


@dataclass(frozen=True)
class Narrator:
    """A speech engine at work for a production.

    Attributes:
        speaker: The engine and its voice.
        say: The film's own words.
    """

    speaker: Speaker
    say: Phrases

    def __str__(self) -> str:
        return str(self.speaker)

    @property
    def statement(self) -> str:
        """What the audience is told."""
        return self.say("disclosure-voice", voice=self)

    def recorded(self, storyboard: Storyboard, store: Store) -> Storyboard:
        """The film with all that nobody has recorded, spoken; the store has the recordings."""
        return recorded(storyboard, lambda text: self._recording(text, store))

    def voices(self, texts: list[str], store: Store) -> Callable[[str | None], str]:
        """Says of a recording who speaks in it: this engine, or nobody that is known (empty).

        Args:
            texts: What this engine has spoken.
            store: Has the recordings.
        """
        ours = {str(self._recording(text, store)) for text in texts}
        return lambda name: self.say("cues-voice", voice=self) if name in ours else ""

    def _recording(self, text: str, store: Store) -> Path:
        folder = store.get(self.speaker.task(text).key)
        if folder is None:
            raise GoneError("a recording is gone", fix="run it again")
        return folder.absolute() / RECORDING


def narrator(file: ProductionFile, engine: str) -> Narrator:
    """Who speaks what nobody has recorded.

    Args:
        file: The production.
        engine: Name of an engine, or `ANY`.

    Raises:
        StoryboardError: The engine is not installed, or does not speak the language.
    """
    film = file.production.film
    # A voice with an ending is a file, as names of files are everywhere in a production.
    voice = film.sound.voice
    voice = str(file.resolve(voice)) if is_voice_file(voice) else voice
    spoken = speaker(None if engine == ANY else engine, voice, film.language or UNSAID)
    return Narrator(spoken, film.say)
