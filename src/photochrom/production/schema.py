"""The production file as data: every table and every key of it, with what they may hold.

The models hold what is written in the file and nothing that is derived from it. Each key is
described in `docs/production.md` and `docs/storyboard.md`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    Tag,
    model_validator,
)

from photochrom.dates import photographic, years_in
from photochrom.emulsion import Emulsion, Tones
from photochrom.film.storyboard import (
    Credit,
    CreditsCard,
    DisclosureCard,
    Encoder,
    Film,
    Language,
    OwnWords,
    Rate,
    Size,
)
from photochrom.film.storyboard.cards import ByKind, PlainItem
from photochrom.production.subjects import (
    Date,
    DocumentedColor,
    FileName,
    Model,
    References,
    Subject,
    Text,
)
from photochrom.trimming import Frame, Trim, of_data
from photochrom.variant import Letter

SCHEMA = "photochrom.production/2"

# From an older schema to the next one; each function takes and returns the parsed TOML.
UPGRADES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    # Files of version 1 had no subjects, and no colors in other words than "#rrggbb" at points.
    {"photochrom.production/1": lambda data: {**data, "schema": SCHEMA}}
)

Format = Literal["tiff", "jpeg", "png", "webp", "jp2"]


def _crop(value: object) -> object:
    return of_data(crop=value).crop


def _angle(value: object) -> object:
    return of_data(straighten=value).straighten


Crop = Annotated[Literal["auto"] | tuple[float, ...], BeforeValidator(_crop)]
"""Which part of a scan is shown (`trimming.Trim`)."""

Angle = Annotated[Literal["auto"] | float, BeforeValidator(_angle)]
"""By how many degrees a picture is turned clockwise."""

ID = "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"
VERSION = "^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$"
FILM_NAME = r"^[^/\\]+\.(mp4|mov|mkv)$"

Id = Annotated[str, Field(pattern=ID, max_length=100)]
"""A name that can be a file name on every system."""


class Output(Model):
    """Where results go, and in which formats: the `[output]` table.

    Attributes:
        folder: Where they go; relative to the production file, or a URL. None: `out`, and for a
            production file of another name than `production.toml` a folder of that name in it.
        formats: What each picture is written as; films show the first.
        quality: Of JPEG and WebP, 1..100.
        film: The film's file in `folder`; None: `film`, with the ending that its codec wants.
        cache: Where results are kept between builds; relative to the production file. May be
            shared by productions, and deleted at the price of making everything again. A URL
            (`s3://bucket/cache/`) is shared by all machines of a cluster, too.
    """

    folder: FileName | None = None
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = ("tiff", "jpeg")
    quality: Annotated[int, Field(ge=1, le=100)] = 92
    film: Annotated[str, Field(pattern=FILM_NAME)] | None = None
    cache: FileName = ".photochrom"

    @model_validator(mode="after")
    def _formats_once(self) -> Output:
        if len(set(self.formats)) != len(self.formats):
            raise ValueError("a format is named twice")
        return self


class Entry(Model):
    """One photograph: a `[[photograph]]` table.

    Attributes:
        id: What shots call it, and the name of its results.
        file: The scan; relative to the production file, or a URL.
        date: When it was taken, as far as it is known.
        people: Who is in it.
        place: Where it was taken.
        caption: What the film says about it unless a shot says something else.
        alt: What is to be seen, for those who cannot see it.
        credit: Who is to be named: photographer, collection.
        license: On what terms it may be shown.
        source: Where the scan comes from.
        identifier: Its number in a collection.
        emulsion: How the plate saw color; by default the date decides.
        negative: Whether the scan is of a negative, to be turned into a positive first.
        recolor: Whether a photograph that is in color is colored anew; otherwise it keeps its own
            colors.
        crop: Which part of the scan is shown: left, top, width and height in shares of the scan's,
            eight numbers for four corners, or "auto" for the print without what surrounds it.
        straighten: By how many degrees the picture is turned clockwise, or "auto".
        frame: Whether the border of the print is kept or cut off with all that surrounds it.
        scale: How many times larger the result is than the scan; by default the recipe decides.
        tones: Whose light and dark the result shows: the "plate"'s own, or an "eye"'s by estimate;
            by default the recipe decides.
        variant: Which of several pictures, where the network is unsure: "a", or as far as there are
            any "b", "c" or "d"; by default the recipe decides.
        recipe: A recipe for this photograph; by default the production's.
        subjects: Who and what is seen in it, by their ids.
        scene: What it shows with others that name the same: their colors agree.
        agree: Whether its colors agree with those of others of its scene and its subjects.
        reference: A picture in color that shows the same, and lends its colors; or several.
        colors: Documented colors.
        notes: For whoever works on the production; nothing depends on it.
    """

    id: Id
    file: FileName
    date: Date | None = None
    people: tuple[Text, ...] = ()
    place: str = ""
    caption: str = ""
    alt: str = ""
    credit: str = ""
    license: str = ""
    source: str = ""
    identifier: str = ""
    emulsion: Emulsion | None = None
    negative: bool = False
    recolor: bool = False
    crop: Crop | None = None
    straighten: Angle | None = None
    frame: Frame = "keep"
    scale: Literal[1, 2, 4] | None = None
    tones: Tones | None = None
    variant: Letter | None = None
    recipe: Text | None = None
    subjects: tuple[Text, ...] = ()
    scene: Text | None = None
    agree: bool = True
    reference: References = ()
    colors: tuple[DocumentedColor, ...] = ()
    notes: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Entry:
        _ = self.trim
        return self

    @property
    def trim(self) -> Trim:
        """How much of the scan is shown, and how it lies."""
        return Trim(self.crop, self.straighten, self.frame)

    @property
    def year(self) -> int | None:
        """The year that decides the emulsion: that of `date`; of several years the middle one."""
        years = years_in(self.date)
        return None if years is None else (photographic(years) or years).middle


class Disclosure(DisclosureCard):
    """A disclosure card; without `text` it is written from the records."""

    text: str = ""


class Credits(CreditsCard):
    """End credits; without `credits` they are gathered from the photographs."""

    credits: tuple[Credit, ...] = ()


Item = Annotated[
    PlainItem | Annotated[Disclosure, Tag("disclosure")] | Annotated[Credits, Tag("credits")],
    ByKind,
]
"""A shot of a photograph, or a card."""


class Version(Model):
    """Another version of the film: a `[[version]]` table. What it leaves out is as in `[film]`.

    Attributes:
        name: What it is called; its file is named after it.
        size: Width and height in pixels.
        rate: Frames a second.
        language: Of captions, narration and the film's own words, BCP 47.
        words: The film's own words, where they are to be others; the film's are not for a version
            in another language.
        encoder: What it is written as.
        captions: Whether captions stand in the picture.
    """

    name: Annotated[str, Field(pattern=VERSION, max_length=100)]
    size: Size | None = None
    rate: Rate | None = None
    language: Language | None = None
    words: OwnWords | None = None
    encoder: Encoder | None = None
    captions: bool | None = None

    def of(self, film: Film) -> Film:
        """The settings of this version, from those of the film."""
        told = {name: getattr(self, name) for name in self.model_fields_set - {"name"}}
        told = {name: one for name, one in told.items() if one is not None}
        if told.get("language", film.language) != film.language:
            told.setdefault("words", {})
        return film.model_copy(update=told)


class Production(Model):
    """A whole production file.

    Attributes:
        schema_: Version of this format (`schema` in files).
        title: What the production is called.
        recipe: Name of a preset, or a recipe file relative to the production file.
        agree: Whether the colors of photographs of one scene or one subject agree.
        output: Where results go.
        subjects: Who and what is seen, and their colors (`subject` in files).
        photographs: The photographs (`photograph` in files).
        film: Settings of the film.
        shots: What the film shows, in order (`shot` in files); none, and no film is made.
        versions: Further versions of the film (`version` in files).
    """

    schema_: Annotated[Literal["photochrom.production/2"], Field(alias="schema")]
    title: Text
    recipe: Text = "faithful"
    agree: bool = True
    output: Output = Output()
    subjects: Annotated[tuple[Subject, ...], Field(alias="subject")] = ()
    photographs: Annotated[tuple[Entry, ...], Field(alias="photograph", min_length=1)]
    film: Film = Film()
    shots: Annotated[tuple[Item, ...], Field(alias="shot")] = ()
    versions: Annotated[tuple[Version, ...], Field(alias="version")] = ()

    def entry(self, id: str) -> Entry:
        """The photograph with an id.

        Raises:
            KeyError: There is none.
        """
        return {entry.id: entry for entry in self.photographs}[id]
