"""A photograph through a recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from photochrom.colors.stated import hex_of
from photochrom.emulsion import Emulsion, emulsion_for_year
from photochrom.errors import RecipeError
from photochrom.files import printable
from photochrom.measure import IGNORES_PINS, KEEPS_COLORS, LOOKS_NEGATIVE, measure
from photochrom.nets import Card, Registry, libraries_of
from photochrom.photograph import (
    Photograph,
    ScanInfo,
    positive,
)
from photochrom.recipe import Recipe
from photochrom.record import Record, StepRecord, percent, runtime
from photochrom.restored import Restored
from photochrom.steps import STEPS, color
from photochrom.steps.answer import Lender
from photochrom.steps.own import own_colors
from photochrom.steps.pinning import in_picture
from photochrom.steps.planes import let_go, plane
from photochrom.steps.plate import Context, Notes, Pin, Plate, silent
from photochrom.steps.words import in_words
from photochrom.trimming import Trim
from photochrom.trimming import trimmed as trimming
from photochrom.trimming.trimmed import Trimmed

MUCH_FILLED = 0.01
"""Share of a picture from which people are told how much was filled. Of thirteen sound prints
twelve were below it, and of six damaged ones five."""

DEFAULT_MEMORY = 512 * 2**20
"""Bytes that a step may use beside the planes of the picture itself."""


def restore(
    photograph: Photograph,
    recipe: Recipe | None = None,
    *,
    emulsion: Emulsion | None = None,
    year: int | None = None,
    pins: Sequence[Pin] = (),
    lenders: Sequence[Lender] = (),
    negative: bool = False,
    trim: Trim | None = None,
    registry: Registry | None = None,
    memory: int = DEFAULT_MEMORY,
    variants: int = 1,
    progress: Callable[[str, float], None] = silent,
) -> Restored:
    """Takes a photograph through the steps of a recipe.

    Args:
        photograph: The scan; it is not changed.
        recipe: `Recipe.preset("faithful")` unless given.
        emulsion: How the plate saw color; by default the date decides, and without a date it is
            unknown.
        year: When the photograph was taken; by default what the scan's metadata or name says.
        pins: Documented colors, at places of the scan; what was trimmed off has none.
        lenders: Pictures that lend their colors to what they show as well (`photochrom.glancing`).
        negative: Whether the scan is of a negative, and is to be turned into a positive first. It
            is never done unasked: `Measures.looks_negative` says what seems to be one.
        trim: How much of the scan the result shows, and how it lies; all of it, as it lies,
            unless given.
        registry: Where networks come from; the default one unless given.
        memory: Bytes that a step may use beside the planes of the picture itself.
        variants: How many variants are wanted, the one that is shown included; the others are in
            `Restored.plate.others`, as far as there are any.
        progress: Called with (step name, share of that step done 0..1).

    Raises:
        PhotochromError: A network is missing or damaged, or the photograph is too small, or nearly
            nothing of it would be left.
    """
    recipe = recipe or Recipe.preset("faithful")
    registry = registry or Registry.default()
    check(recipe, registry)
    trimmed = None if trim is None or trim.is_nothing else trimming.trim(photograph, trim)
    scan = photograph if trimmed is None else trimmed.photograph
    scan, inversion = positive(scan) if negative else (scan, None)
    pins, lost = _in_picture(pins, trimmed)
    glare = () if trimmed is None else trimmed.glare
    measures = measure(scan, [(one.at, one.share) for one in glare])
    chosen, reason = choose_emulsion(photograph.info, emulsion, year)
    seed = int(photograph.info.sha256[:12], 16)
    there = tuple(pins if trimmed is None else (in_picture(one, trimmed.geometry) for one in pins))
    context = Context(
        registry, chosen, measures, there, tuple(lenders), seed, memory, progress, variants
    )
    kept = measures.tint.is_color and not _colored_anew(recipe)
    plate = _plate_of(scan, in_color=kept)
    del scan
    # Here, and not in a function: whoever calls one keeps the first plate as long as it runs.
    done = []
    for name in recipe.steps:
        progress(name, 0.0)
        plate, notes = _apply(name, plate, recipe, context, photograph.info.path)
        let_go(plate.light, plate.mask)
        progress(name, 1.0)
        done.append(_step_record(name, recipe, registry, notes))
    said = [*photograph.info.notices, *(() if trimmed is None else trimmed.notices), *lost]
    overlooked = measures.looks_negative and inversion is None
    said += [*_told(done, pins, kept=kept, overlooked=overlooked), *_unseen(done, lenders)]
    record = Record(
        original={
            **original_facts(photograph.info),
            "notices": said,
            "negative": None if inversion is None else asdict(inversion),
            # Only where it is so, so that other records stay as they are.
            **({"in_color": True} if kept else {}),
        },
        recipe={"name": recipe.name, "digest": recipe.digest},
        emulsion={"name": chosen.value, "because": reason},
        pins=[asdict(pin) for pin in pins],
        measures=measures.to_json(),
        steps=done,
        result={},
        runtime=runtime(
            registry.provider, libraries_of(chain(*cards_used(recipe, registry).values()))
        ),
        trim={} if trimmed is None else trimmed.notes,
        lent=[] if kept else [_lender(one) for one in lenders],
    )
    return Restored(plate, record, photograph)


def choose_emulsion(
    info: ScanInfo, emulsion: Emulsion | None = None, year: int | None = None
) -> tuple[Emulsion, str]:
    """The emulsion to assume for a photograph, and why.

    What the caller says comes first, then the year that the caller says, then the year found in
    the scan's metadata or name; without any it is unknown.
    """
    if emulsion is not None:
        return emulsion, "said by the user"
    if year is not None:
        return emulsion_for_year(year), f"usual in {year}, the year said by the user"
    if info.dated is not None:
        found, source = info.dated
        return emulsion_for_year(found), f"usual in {found} ({source})"
    return Emulsion.UNKNOWN, "no date is known"


def cards_used(recipe: Recipe, registry: Registry) -> dict[str, list[Card]]:
    """The cards of the networks that each step of a recipe will ask for, by step name."""
    used = {}
    for name in recipe.steps:
        params = recipe.params[name]
        scale = getattr(params, "scale", None)
        if scale != 1:
            used[name] = [
                registry.card(task, scale=scale, name=getattr(params, parameter))
                for parameter, task in STEPS[name].networks
            ]
    return used


def check(recipe: Recipe, registry: Registry) -> None:
    """Sees to it that there are networks for all that a recipe asks for, before any work is done.

    Raises:
        ModelError: A network is missing, or cannot do what the recipe asks of it.
    """
    cards_used(recipe, registry)
    params = recipe.params.get("color")
    if isinstance(params, color.ColorParams) and params.tones == "eye":
        color.network_for(params, registry)


def _plate_of(scan: Photograph, *, in_color: bool) -> Plate:
    """A scan before the first step; of a photograph in color with the colors that it keeps."""
    return Plate(
        light=scan.gray(out=plane(scan.pixels.shape[:2])),
        tint=scan.pixels if scan.pixels.ndim == 3 else None,
        chroma=own_colors(scan.pixels) if in_color else None,
    )


def _in_picture(
    pins: Sequence[Pin], trimmed: Trimmed | None
) -> tuple[Sequence[Pin], tuple[str, ...]]:
    """The documented colors that are in a picture, and what is told of those that are not."""
    if trimmed is None:
        return pins, ()
    kept = tuple(pin for pin in pins if trimmed.geometry.shows(pin.at))
    lost = [f"{x:g},{y:g}" for x, y in (pin.at for pin in pins if pin not in kept)]
    if not lost:
        return kept, ()
    return kept, (f"documented colors outside of what is left are not used: {' and '.join(lost)}",)


def _told(
    done: Sequence[StepRecord], pins: Sequence[Pin], *, kept: bool, overlooked: bool
) -> Iterator[str]:
    """What people may want to know of what was done.

    Args:
        done: The steps.
        pins: Documented colors that are in the picture.
        kept: Whether it keeps colors of its own.
        overlooked: Whether it looks like a negative, and nobody has said so.
    """
    yield from _much_filled(done)
    if overlooked:
        yield LOOKS_NEGATIVE
    if kept:
        yield KEEPS_COLORS
    if kept and pins:
        yield IGNORES_PINS
    yield from _not_honored(done, pins)
    yield from _fewer(done)


def _lender(lender: Lender) -> dict[str, str]:
    """What a record says of a picture that lends its colors."""
    named = {"name": lender.name, "sha256": lender.glance.sha256}
    if lender.sure is None:
        return named
    return {**named, "source": lender.source, "sure": lender.sure}


def _unseen(done: Sequence[StepRecord], lenders: Sequence[Lender]) -> Iterator[str]:
    """What is told of references of which nothing is seen in the picture."""
    told = [found for one in done for found in one.notes.get("lent", ())]
    for lender, found in zip(lenders, told, strict=False):
        if lender.sure is not None and not found["share"]:
            yield f"the reference {lender.name} lends it no color: nothing of it is found here"


def _much_filled(done: Sequence[StepRecord]) -> list[str]:
    """What is told of a picture of which more was filled than of most that need it."""
    repairs = [one for one in done if one.name == "repair"]
    share = sum(float(one.notes.get("share", 0)) for one in repairs)
    if share <= MUCH_FILLED:
        return []
    # Productions, reports and the service tell it, too: what to do is not said of one command.
    told = f"{percent(share)} of it was taken for damage and filled, more than usual: "
    told += "photochrom restore --mask shows where"
    gentle = in_words("repair", "gentle")["threshold"]
    if all(one.params["threshold"] < gentle for one in repairs):
        told += ', and repair "gentle" fills less'
    return [told]


def _not_honored(done: Sequence[StepRecord], pins: Sequence[Pin]) -> list[str]:
    """What is told of documented colors that the picture does not show as they are stated."""
    told = [found for one in done for found in one.notes.get("pinned", ())]
    return [
        f"{pin.said or hex_of(pin.color)} ({pin.source}) cannot be shown at {pin.at[0]:.3g}, "
        f"{pin.at[1]:.3g}: a thing as light as this has it as {found['shown']} at most "
        f"(CIEDE2000 {found['difference']:.0f})"
        for pin, found in zip(pins, told, strict=False)
        if not found["honored"]
    ]


def _fewer(done: Sequence[StepRecord]) -> Iterator[str]:
    """What is told where there are not so many variants as were asked for."""
    for told in (step.notes["variant"] for step in done if "variant" in step.notes):
        there, asked = len(told["of"]), told.get("asked", 1)
        if there < asked:
            found = f"{there} variants" if there > 1 else "one variant"
            yield (
                f"it has {found}, not {asked}: the network is not unsure of more, or others would "
                "look like one of them"
            )


def _colored_anew(recipe: Recipe) -> bool:
    """Whether a photograph that is in color gets other colors."""
    params = recipe.params.get("color")
    return isinstance(params, color.ColorParams) and params.recolor


def _apply(
    name: str, plate: Plate, recipe: Recipe, context: Context, where: Path | None
) -> tuple[Plate, Notes]:
    try:
        return STEPS[name].apply(plate, recipe.params[name], context)
    except RecipeError as error:  # Steps know no files.
        raise RecipeError(error.what, where=where, fix=error.fix) from error


def _step_record(name: str, recipe: Recipe, registry: Registry, notes: Notes) -> StepRecord:
    cards = [] if "idle" in notes else cards_used(recipe, registry).get(name, [])
    return StepRecord(
        name=name,
        version=STEPS[name].version,
        params=recipe.params[name].model_dump(mode="json"),
        models=[{"name": card.name, "sha256": card.sha256} for card in cards],
        notes=notes,
    )


def original_facts(info: ScanInfo) -> dict[str, Any]:
    """What a record says of the scan."""
    return {
        "file": printable(info.path.name) if info.path else None,
        "sha256": info.sha256,
        "bytes": info.bytes,
        "format": info.format,
        "width": info.width,
        "height": info.height,
        "bit_depth": info.bit_depth,
        "channels": info.channels,
        "profile": info.profile,
        "page": info.page,
        "pages": info.pages,
        "notices": list(info.notices),
        # Only where there is something to say, so that other records stay as they are.
        **({"sidecar": info.sidecar} if info.sidecar else {}),
        **({"unread": list(info.unread)} if info.unread else {}),
    }
