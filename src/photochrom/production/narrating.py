"""Narration that nobody has recorded, spoken by an engine, and said to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import Event, Progress, nobody
from photochrom.film.sound.narration import recorded, unspoken
from photochrom.film.sound.speech import Speaker, speaker
from photochrom.film.storyboard import Storyboard
from photochrom.production.file import ProductionFile

ANY = "auto"
"""Asks for the first engine that is there."""

UNSAID = "en"
"""What is spoken in a film that does not say its language."""


@dataclass(frozen=True)
class Narrator:
    """A speech engine at work for a production.

    Attributes:
        speaker: The engine and its voice.
        folder: Where recordings are kept.
    """

    speaker: Speaker
    folder: Path

    def __str__(self) -> str:
        return str(self.speaker)

    @property
    def statement(self) -> str:
        """What the audience is told."""
        return f"Narration spoken by a computer voice ({self})."

    def recorded(self, storyboard: Storyboard, progress: Progress = nobody) -> Storyboard:
        """The film with all that nobody has recorded, spoken.

        Args:
            storyboard: The film.
            progress: Told of each text.

        Raises:
            StoryboardError: The engine failed.
        """
        texts = unspoken(storyboard)
        for done, text in enumerate(texts, start=1):
            self.speaker.speak(text, self.folder)
            progress(Event("narration", text[:40], done, len(texts), "spoken", 1.0))
        return recorded(storyboard, lambda text: self.speaker.speak(text, self.folder))

    def voice_of(self, name: str | None) -> str:
        """Who speaks in a recording: this engine, or nobody that is known (empty)."""
        ours = name is not None and Path(name).parent == self.folder
        return f"computer voice ({self})" if ours else ""


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
    voice = str(file.resolve(voice)) if voice.endswith(".onnx") else voice
    found = speaker(None if engine == ANY else engine, voice, film.language or UNSAID)
    return Narrator(found, (file.cache / "speech").absolute())
