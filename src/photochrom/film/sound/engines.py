"""The speech engines that are known: programs, and how each is called.

photochrom brings none of them. The voices that they speak with have licenses of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

PIPER_VOICE = "PHOTOCHROM_PIPER_VOICE"
"""The variable that names piper's voice, a model, where the film names none."""


@dataclass(frozen=True)
class Order:
    """What an engine is asked to speak.

    Attributes:
        program: The engine.
        text: A UTF-8 file with the text, in one line.
        out: The WAV file that it is to write.
        voice: Which voice; empty: the engine's own.
        language: BCP 47 tag of the text ("en", "pt-BR").
    """

    program: str
    text: Path
    out: Path
    voice: str
    language: str


@dataclass(frozen=True)
class Engine:
    """A program that speaks.

    Attributes:
        name: What it is called in options and on the disclosure card.
        program: Its name on the PATH.
        license: SPDX identifier, or who licenses it; of the program, not of its voices.
        install: How one comes by it.
        command: How it is called.
        languages: What it speaks, as the first parts of BCP 47 tags; empty: nearly all.
        version: Arguments that make it say its version; empty: the system's version is its own.
        voices: Arguments that make it list its voices, where it takes another voice than was asked
            for without a word.
        environment: More variables that it is given.
        ascii: Whether it takes all other letters for noise.
        piped: Whether it reads the text from its input.
        default: Its voice, if the film names none.
        needs_voice: Whether it has no voice of its own.
    """

    name: str
    program: str
    license: str
    install: str
    command: Callable[[Order], list[str]]
    languages: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    environment: Callable[[Order], Mapping[str, str]] = lambda order: MappingProxyType({})
    ascii: bool = False
    piped: bool = False
    default: str = ""
    needs_voice: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        # Engines travel to other processes by name, because functions without one cannot.
        return engine_named, (self.name,)

    def speaks(self, language: str) -> bool:
        """Whether it speaks a language."""
        return not self.languages or language.split("-")[0].casefold() in self.languages


def _named(option: str, value: str) -> list[str]:
    return [option, value] if value else []


# PowerShell is given names by variables, so that nothing in them can be taken for code.
_SAPI = (
    "Add-Type -AssemblyName System.Speech; "
    "$s = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "if ($env:PHOTOCHROM_VOICE) { $s.SelectVoice($env:PHOTOCHROM_VOICE) }; "
    "$s.SetOutputToWaveFile($env:PHOTOCHROM_OUT); "
    "$s.Speak([IO.File]::ReadAllText($env:PHOTOCHROM_TEXT)); $s.Dispose()"
)

ENGINES: tuple[Engine, ...] = (
    Engine(
        name="piper",
        program="piper",
        license="GPL-3.0-or-later (until 2025: MIT)",
        install=f"pip install piper-tts, and a voice (.onnx) named by {PIPER_VOICE}",
        command=lambda o: [o.program, "-m", o.voice, "-f", str(o.out)],
        piped=True,
        needs_voice=True,
    ),
    Engine(
        name="say",
        program="say",
        license="Apple's, with macOS",
        install="it comes with macOS",
        command=lambda o: [
            *(o.program, "-o", str(o.out), "--data-format=LEI16@22050", "-f", str(o.text)),
            *_named("-v", o.voice),
        ],
    ),
    Engine(
        name="sapi",
        program="powershell",
        license="Microsoft's, with Windows",
        install="it comes with Windows",
        command=lambda o: [o.program, "-NoProfile", "-NonInteractive", "-Command", _SAPI],
        environment=lambda o: {
            "PHOTOCHROM_VOICE": o.voice,
            "PHOTOCHROM_OUT": str(o.out),
            "PHOTOCHROM_TEXT": str(o.text),
        },
    ),
    Engine(
        name="flite",
        program="flite",
        license="MIT-CMU",
        install="apt install flite",
        command=lambda o: [o.program, "-voice", o.voice, "-f", str(o.text), "-o", str(o.out)],
        languages=("en",),
        version=("--version",),
        voices=("-lv",),
        ascii=True,
        default="slt",
    ),
    Engine(
        name="espeak-ng",
        program="espeak-ng",
        license="GPL-3.0-or-later",
        install="apt install espeak-ng",
        command=lambda o: [
            *(o.program, "-v", o.voice or o.language, "-f", str(o.text), "-w", str(o.out)),
        ],
        version=("--version",),
    ),
)
"""Those that sound most like people first."""


def engine_named(name: str) -> Engine:
    """The engine of a name."""
    return next(engine for engine in ENGINES if engine.name == name)


NAMES = tuple(engine.name for engine in ENGINES)
