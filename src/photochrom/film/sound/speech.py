"""Narration spoken by a speech engine that is installed on the machine."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from photochrom.engine import Report, Task
from photochrom.engine.keys import digest_of, key_of
from photochrom.errors import StoryboardError
from photochrom.film.sound.engines import ENGINES, NAMES, PIPER_VOICE, Engine, Order
from photochrom.film.sound.reading import sound_digest

CODE = 1
"""Raised whenever the same text is given to an engine in another way."""

RECORDING = "speech.wav"
"""What a recording is called in a result."""

_PATIENCE = 600.0
"""Seconds after which an engine is not waited for."""

_ASCII = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": ", ", "—": ", ", "…": "..."}
)


@dataclass(frozen=True)
class Speaker:
    """An engine with a voice, ready to speak.

    Attributes:
        engine: The engine.
        program: Its file.
        voice: Its voice; empty: its own.
        language: BCP 47 tag.
    """

    engine: Engine
    program: str
    voice: str
    language: str

    def __str__(self) -> str:
        named = Path(self.voice).stem if self.voice else ""
        return f"{self.engine.name}, {named}" if named else self.engine.name

    @cached_property
    def key(self) -> str:
        """SHA-256 of all but the text that decides what is heard, hexadecimal."""
        voice = self.voice
        if Path(voice).is_file():
            voice = sound_digest(Path(voice))
        return digest_of([CODE, self.engine.name, self._version, voice, self.language])

    def task(self, text: str) -> Task:
        """The task that records a text; `RECORDING` in its result is the recording."""
        text = " ".join(text.split())
        key = key_of("speech", CODE, text, inputs={"speaker": self.key})
        return Task(key, text[:40], speak, (self, text), kind="speech")

    def record(self, text: str, out: Path) -> None:
        """Speaks a text.

        Args:
            text: What is said, in one line.
            out: The WAV file that it becomes.

        Raises:
            StoryboardError: The engine failed, or does not know its voice.
        """
        if self.engine.voices and os.sep not in self.voice:
            known = self._run([self.program, *self.engine.voices]).replace(":", " ").split()
            if self.voice not in known:
                raise self._failed(f'it has no voice "{self.voice}"')
        said = _in_ascii(text) if self.engine.ascii else text
        with TemporaryDirectory() as scratch:
            written = Path(scratch) / "text.txt"
            written.write_text(said + "\n", encoding="utf-8")
            order = Order(self.program, written, out, self.voice, self.language)
            self._run(
                self.engine.command(order),
                said if self.engine.piped else None,
                self.engine.environment(order),
            )
        if not out.is_file() or not out.stat().st_size:
            raise self._failed("it wrote no sound")

    @cached_property
    def _version(self) -> str:
        if not self.engine.version:
            return platform.platform()
        # Some end with an error after they have said it.
        return self._run([self.program, *self.engine.version], fails=True).strip()

    def _run(
        self,
        command: list[str],
        said: str | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
        *,
        fails: bool = False,
    ) -> str:
        """What a call of the engine wrote on its output; `fails`: even if it ends with an error."""
        try:
            done = subprocess.run(
                command,
                input=said,
                stdin=subprocess.DEVNULL if said is None else None,
                env=os.environ | dict(more),
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._failed(str(error)) from error
        if done.returncode and not fails:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise self._failed(lines[-1] if lines else f"it ended with {done.returncode}")
        return done.stdout

    def _failed(self, why: str) -> StoryboardError:
        return StoryboardError(
            f"the speech engine {self.engine.name} cannot speak ({why})",
            fix="correct `language` in [film] or `voice` in [film.sound], or choose another engine",
        )


def speak(
    folder: Path, argument: tuple[Speaker, str], inputs: Mapping[str, Path], report: Report
) -> None:
    """Records a text in a folder."""
    speaker, text = argument
    speaker.record(text, folder / RECORDING)


def speaker(name: str | None, voice: str, language: str) -> Speaker:
    """An engine that is installed and speaks a language.

    Args:
        name: Of the engine; None: the first that can.
        voice: Which of its voices; empty: its own, in the language.
        language: BCP 47 tag.

    Raises:
        StoryboardError: None is installed, or not this one, or it does not speak the language.
    """
    wanted = [engine for engine in ENGINES if name in (None, engine.name)]
    if not wanted:
        raise StoryboardError(
            f'there is no speech engine "{name}"', fix=f"choose one of: {', '.join(NAMES)}"
        )
    for engine in wanted:
        program = shutil.which(engine.program)
        chosen = voice or engine.default
        if engine.needs_voice:
            chosen = chosen or os.environ.get(PIPER_VOICE, "")
            # A voice that is no file is meant for another engine.
            if name is None and not Path(chosen).is_file():
                continue
        if program is not None and engine.speaks(language):
            if engine.needs_voice and not Path(chosen).is_file():
                raise StoryboardError(
                    f"{engine.name} has no voice: there is no file {chosen!r}",
                    fix=f"name a model (.onnx) in [film.sound], or by {PIPER_VOICE}",
                )
            return Speaker(engine, program, chosen, language)
    raise _nobody(wanted, name, language)


def _nobody(wanted: list[Engine], name: str | None, language: str) -> StoryboardError:
    if name is not None and shutil.which(wanted[0].program):
        spoken = ", ".join(wanted[0].languages)
        return StoryboardError(
            f'{name} speaks only "{spoken}", and [film] says language = "{language}"',
            fix="choose another engine",
        )
    system = {"darwin": "say", "win32": "sapi"}.get(sys.platform)
    hints = [
        engine.install
        for engine in wanted
        if engine.speaks(language) and (name or engine.name not in ({"say", "sapi"} - {system}))
    ]
    what = f"{name} is not installed" if name else f'no speech engine for "{language}" is installed'
    return StoryboardError(what, fix=f"install it: {', or '.join(hints)}")


def _in_ascii(text: str) -> str:
    """Letters without their accents, typographic marks as those of a typewriter."""
    plain = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return plain.encode("ascii", "ignore").decode()
