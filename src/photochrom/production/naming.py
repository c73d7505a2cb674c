"""Which files a production names, and where in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from photochrom.film.storyboard import Narration, WordsCard
from photochrom.places import public
from photochrom.production.schema import Production
from photochrom.toml_places import Path as Location

Kind = Literal["scan", "recipe", "sound", "font", "image", "color", "voice"]


@dataclass(frozen=True)
class Named:
    """A file that a production names.

    Attributes:
        kind: What it is.
        loc: Keys and places in lists that lead to its name.
        name: As it is written.
    """

    kind: Kind
    loc: Location
    name: str


def files_in(production: Production) -> Iterator[Named]:
    """All files that a production names; some may be named twice."""
    for index, entry in enumerate(production.photographs):
        yield Named("scan", ("photograph", index, "file"), entry.file)
    yield from recipes_in(production)
    yield from colors_in(production)
    theme = production.film.theme
    for key, name in theme.font_files.items():
        yield Named("font", ("film", "theme", key), name)
    yield from images_in(production)
    yield from sounds_in(production)
    voice = production.film.sound.voice
    if is_voice_file(voice):
        yield Named("voice", ("film", "sound", "voice"), voice)


def recipes_in(production: Production) -> Iterator[Named]:
    """Recipes that are files."""
    own = [one.recipe for one in production.photographs]
    if None in own and is_recipe_file(production.recipe):
        yield Named("recipe", ("recipe",), production.recipe)
    for index, name in enumerate(own):
        if name is not None and is_recipe_file(name):
            yield Named("recipe", ("photograph", index, "recipe"), name)


def colors_in(production: Production) -> Iterator[Named]:
    """Masks, and pictures that lend a color."""
    for index, subject in enumerate(production.subjects):
        for number, part in enumerate(subject.parts):
            if part.swatch is not None:
                loc = ("subject", index, "part", number, "swatch", "file")
                yield Named("color", loc, part.swatch.file)
    for index, entry in enumerate(production.photographs):
        for number, color in enumerate(entry.colors):
            where: Location = ("photograph", index, "colors", number)
            if color.swatch is not None:
                yield Named("color", (*where, "swatch", "file"), color.swatch.file)
            if color.mask is not None:
                yield Named("color", (*where, "mask"), color.mask)
    yield from references_in(production)


def references_in(production: Production) -> Iterator[Named]:
    """Pictures that lend their colors to photographs."""
    for index, entry in enumerate(production.photographs):
        for number, one in enumerate(entry.reference):
            yield Named("color", ("photograph", index, "reference", number, "file"), one.file)


def images_in(production: Production) -> Iterator[Named]:
    """Logos and pictures on cards."""
    for keys, name in production.film.theme.image_files.items():
        yield Named("image", ("film", "theme", *keys), name)
    for index, item in enumerate(production.shots):
        if isinstance(item, WordsCard) and item.image is not None:
            yield Named("image", ("shot", index, "image"), item.image)


def sounds_in(production: Production) -> Iterator[Named]:
    """Music, ambience and recordings."""
    sound = production.film.sound
    for kind, pieces in (("music", sound.music), ("ambient", sound.ambient)):
        for index, piece in enumerate(pieces):
            if piece.file is not None:
                yield Named("sound", ("film", "sound", kind, index), piece.file)
    voices: list[tuple[Location, Narration | None]]
    voices = [(("film", "sound", "narration"), sound.narration)]
    voices += [(("shot", i, "narration"), x.narration) for i, x in enumerate(production.shots)]
    for loc, voice in voices:
        if voice is not None and voice.file is not None:
            yield Named("sound", loc, voice.file)


def is_recipe_file(name: str) -> bool:
    """Whether a recipe is named by its file, and not a preset."""
    return public(name).endswith(".toml")


def is_voice_file(name: str) -> bool:
    """Whether a voice is named by its file."""
    return public(name).endswith(".onnx")
