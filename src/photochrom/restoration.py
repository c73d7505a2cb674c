"""A photograph through a recipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from photochrom.emulsion import Emulsion, emulsion_for_year
from photochrom.errors import RecipeError
from photochrom.files import printable
from photochrom.measure import measure
from photochrom.nets import Card, Registry, libraries_of
from photochrom.photograph import (
    Photograph,
    ScanInfo,
    positive,
)
from photochrom.recipe import Recipe
from photochrom.record import Record, StepRecord, runtime
from photochrom.restored import Restored
from photochrom.steps import STEPS, color
from photochrom.steps.answer import Lender
from photochrom.steps.own import own_colors
from photochrom.steps.pinning import in_picture
from photochrom.steps.planes import let_go, plane
from photochrom.steps.plate import Context, Notes, Pin, Plate, silent
from photochrom.telling import told, unseen
from photochrom.trimming import Trim
from photochrom.trimming import trimmed as trimming
from photochrom.trimming.trimmed import Trimmed

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
    said += [*told(done, pins, kept=kept, overlooked=overlooked), *unseen(done, lenders)]
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


def _lender(lender: Lender) -> dict[str, str]:
    """What a record says of a picture that lends its colors."""
    named = {"name": lender.name, "sha256": lender.glance.sha256}
    if lender.sure is None:
        return named
    return {**named, "source": lender.source, "sure": lender.sure}


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
