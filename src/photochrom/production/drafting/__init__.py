"""A first production file for a folder of scans, for people to go on from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor
from pathlib import Path

from photochrom.engine import Progress, nobody
from photochrom.errors import PhotochromError, ProductionError
from photochrom.files import resolved
from photochrom.film.sound.reading import SoundFile
from photochrom.film.storyboard.languages import checked
from photochrom.film.storyboard.sound import SAMPLE_RATE
from photochrom.places import Place, Url, place_of
from photochrom.production.drafting.chapters import By, in_chapters
from photochrom.production.drafting.far import Copies
from photochrom.production.drafting.lengths import (
    comfortable,
    fitting,
    misfit,
    seconds_of_cards,
    shots_each,
)
from photochrom.production.drafting.looking import Seen, look_at
from photochrom.production.drafting.music import RATE, Music, on_beats
from photochrom.production.drafting.parts import Story
from photochrom.production.drafting.scans import Scan, find_scans
from photochrom.production.drafting.sequence import (
    lead,
    least,
    sequence,
    without_reveal,
)
from photochrom.production.drafting.templates import Name, Template
from photochrom.production.drafting.templates import template as template_of
from photochrom.production.drafting.text import Writer
from photochrom.production.file import ProductionFile
from photochrom.production.fitting import enlarged_by, named_by_size, scale_for
from photochrom.production.pacing import (
    END_SHARE,
    LONGEST_SHOT,
    clock,
    seconds_of,
    share_out,
)


@dataclass(frozen=True)
class Draft:
    """A drafted production file.

    Attributes:
        text: The file.
        photographs: How many photographs it has.
        seconds: How long the film is.
        warnings: What people should know: files left out, a length that could not be had.
        small: How many times larger than they are photographs would be shown, by their ids, for
            which clarity is asked for that reason.
    """

    text: str
    photographs: int
    seconds: float
    warnings: tuple[str, ...]
    small: Mapping[str, float] = field(default_factory=dict)

    @property
    def sizes(self) -> str:
        """What is told of scans that are too small for the frame; "" if none is."""
        if not self.small:
            return ""
        return (
            f"too small for the frame, so clarity is asked to enlarge: {named_by_size(self.small)}"
        )

    @property
    def length(self) -> str:
        """How long the film is, "m:ss"."""
        return clock(self.seconds)


def draft(
    folder: str | Place,
    *,
    output: str | Place | None = None,
    title: str | None = None,
    language: str = "",
    length: str | float | None = None,
    chapters: By = "auto",
    music: Sequence[str | Place] = (),
    beats: bool = True,
    table: str | Place | None = None,
    columns: Mapping[str, str] | None = None,
    template: Name | None = None,
    progress: Progress = nobody,
) -> Draft:
    """Drafts a production file for the photographs in a folder of this machine or of a bucket.

    Args:
        folder: The scans, with subfolders.
        output: Where the file is going to be; by default `production.toml` in the folder above the
            scans. Only decides how the scans are named in it.
        title: Of the film; by default the folder's name.
        language: Of the film and its own words, BCP 47; "" if it is not to be said.
        length: Of the film, in seconds or as "m:ss"; by default as long as the music, or as is
            comfortable.
        chapters: What makes chapters: "folder", "date", "none", or "auto", whichever fits first.
        music: Sound files that are played one after another.
        beats: Whether pictures change on the beats of the music.
        table: What is known of the scans, as CSV; by default the one that lies in the folder.
        columns: Headings of the table's columns (`catalog.COLUMNS`), where they are others.
        template: Cards that frame the photographs; by default none.
        progress: Told of what is brought from elsewhere.

    Raises:
        PhotochromError: There is no photograph in the folder, the length or language is none,
            or the table or a piece of music cannot be read.
    """
    asked = None if length is None else seconds_of(length)
    language = _known(language)
    place = place_of(folder)
    output = _output(place) if output is None else place_of(output)
    copies = Copies.for_draft(output, progress)
    with copies.mirror.plainly():
        near, said = copies.folder(place)
        known = None if table is None else copies.file(place_of(table))
        pieces = [copies.file(place_of(piece)) for piece in music]
        scans, notes = find_scans(near, known, columns or {})
        notes += said
        words = title, language
        frame = Template() if template is None else template_of(template, language)
        if template is not None:
            notes.append(f'the cards of the template "{template}" are an example: make them yours')
        return _drafted(
            near, scans, notes, copies, output, words, asked, chapters, pieces, beats, frame
        )


def _known(language: str) -> str:
    try:
        return checked(language)
    except ValueError as error:
        raise ProductionError(str(error)) from None


def _output(scans: Place) -> Place:
    """Where the production file of some scans is going to be: above them."""
    if isinstance(scans, Url):
        return scans.parent / "production.toml"
    return resolved(scans, ProductionError).parent / "production.toml"


def _drafted(
    folder: Path,
    scans: list[Scan],
    notes: list[str],
    copies: Copies,
    output: Place,
    words: tuple[str | None, str],
    asked: float | None,
    chapters: By,
    music: Sequence[Path],
    beats: bool,
    frame: Template,
) -> Draft:
    """A draft of what is here; see `draft`."""
    heard = Music.hear(music, beats=beats) if music else None
    here = resolved(folder, ProductionError)
    title = (words[0] or here.name or "Untitled").strip() or "Untitled"

    scans, voices, said = _voices(scans)
    notes += said
    parted, said = in_chapters(scans, chapters)
    notes += said

    sure = chapters != "auto"
    story = Story(title, parted, words[1], voices=voices, frame=frame)
    wish, said = _wished(story, asked, heard, sure=sure)
    notes += said
    takes = shots_each(story, wish)
    story, said = _looked(story, detail=takes > 1)
    notes += said
    if wish is None:
        parts = sequence(story, end=END_SHARE * comfortable(sequence(story)))
    else:
        parts = fitting(story, wish, takes, sure=sure)
    seconds = comfortable(parts) if wish is None else max(wish, least(parts))
    wants = [part.want for part in parts]
    lengths = share_out(seconds, wants)
    total = sum(lengths)
    if asked is not None:
        notes += misfit(asked, total, parts, lengths, len(scans))
    if (more := without_reveal(parts, story)) is not None:
        notes.append(
            f"no photograph turns to color before the eyes: there is no room for it in"
            f" {clock(total)}; with --length {clock(ceil(least(parts) + more))} there is"
        )
    follow = False
    if heard is not None:
        heard = heard.within(total)
        follow = any(one.times for one in heard.beats)
        notes += heard.notes(music, beats=beats)
        if follow:
            lengths = on_beats(lengths, wants, [*map(lead, parts)], heard.beats_of_film(total))

    pieces = [] if heard is None else [file.path for file in heard.files]
    notes = [copies.mirror.said(one) for one in notes]
    near = copies.mirror.near(output) if isinstance(output, Url) else output
    writer = Writer(near, title, story.language, notes, pieces, follow, copies.name)
    drafted = ProductionFile.parse(writer.text(story.scans, parts, lengths), near, copies.home)
    enlarged = enlarged_by(drafted, {one.id: (one.info.width, one.info.height) for one in scans})
    text = replace(writer, enlarged=enlarged).text(story.scans, parts, lengths)
    small = {id: larger for id, larger in enlarged.items() if scale_for(larger) > 1}
    return Draft(text, len(scans), drafted.storyboard().length, tuple(notes), small)


def _voices(scans: Sequence[Scan]) -> tuple[list[Scan], dict[str, float], list[str]]:
    """How long the narrations beside scans are; those that are no sound are forgotten."""
    kept, voices, notes = [], {}, []
    for scan in scans:
        if scan.narration is not None:
            try:
                voices[scan.id] = SoundFile.open(scan.narration).samples / SAMPLE_RATE
            except PhotochromError as error:
                notes.append(f"{scan.narration.name}: left out: {error.what}")
                scan = replace(scan, narration=None)
        kept.append(scan)
    return kept, voices, notes


def _wished(
    story: Story, asked: float | None, heard: Music | None, *, sure: bool
) -> tuple[float | None, list[str]]:
    """How long the film should be: as asked, else as its music; None: as is comfortable."""
    if asked is not None or heard is None:
        return asked, []
    # To a whole frame: the end of the last note is lost rather than a moment of silence added.
    music = floor(heard.seconds * RATE) / RATE
    cards = seconds_of_cards(sequence(story, end=END_SHARE * music))
    most = len(story.scans) * LONGEST_SHOT + cards
    if music <= most and least(fitting(story, music, 1, sure=sure)) <= music:
        return music, []
    return None, [
        f"the music lasts {clock(round(music))}, {'long' if music > most else 'short'} for"
        f" {len(story.scans)} photographs; the film has a length that suits them"
    ]


def _looked(story: Story, *, detail: bool) -> tuple[Story, list[str]]:
    """What has to be seen of the photographs themselves."""
    seen: dict[str, Seen] = {}
    notes: list[str] = []
    for scan in story.scans:
        try:
            seen[scan.id] = look_at(scan, detail=detail)
        except PhotochromError as error:
            notes.append(f"{scan.path.name}: cannot be restored as it is: {error.what}")
    colored = [scan.path.name for scan in story.scans if seen.get(scan.id, Seen()).is_color]
    if colored:
        notes.append(
            f"in color already: {', '.join(colored)}; such a scan keeps its own colors, and"
            " recolor = true colors it anew, which a toned print needs that was taken for one"
        )
    return replace(story, seen=seen), notes
