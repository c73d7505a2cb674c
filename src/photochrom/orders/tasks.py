"""An order as a task of the engine: its key, its inputs, what it needs of a machine."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

from photochrom.engine import Far, Input, Needs, Stored, Task, key_of
from photochrom.engine.keys import FILES, NETWORKS
from photochrom.errors import PhotochromError
from photochrom.nets import Registry, libraries_of
from photochrom.orders.fulfilling import work, write_labels
from photochrom.orders.glances import (
    GLANCE,
    KIND,
    glance_key,
    lent_facts,
    lent_inputs,
    look_at,
)
from photochrom.orders.order import COMPANION, REFERENCE, SCAN, SIDECAR, Order, derivatives
from photochrom.photograph import Known
from photochrom.places import Url
from photochrom.record import record_path
from photochrom.sidecar import sidecar_of
from photochrom.source import Source
from photochrom.trimming import CODE as TRIMMING

CODE = 8
"""Raised whenever the files of a result change in another way than by steps and recipes."""

LABEL_CODE = 1
"""The same for what is written into copies of them."""

MEMORY = 2**29
"""Bytes that restoring takes at its peak, whatever the size of the picture."""

MEMORY_A_PIXEL = 12
"""Bytes for each pixel of the result besides; docs/benchmarks.md has what was measured."""

MEMORY_A_LENDER = 2**25
"""Bytes for each picture that lends its colors."""

_PIXELS_A_BYTE = 6
"""Pixels that files hold in a byte, when they are well compressed."""

_WHOLE = frozenset({".tif", ".tiff", ".bmp", ".ppm", ".pgm", ".pnm"})
"""Files that are hardly compressed."""

_PICTURE = "picture"


def key_for(order: Order, registry: Registry) -> str:
    """The key of an order: the digest of all that its result depends on.

    What is known of the photograph is no part of it; see `label_for`.

    Raises:
        ModelError: There is no network for a step of the recipe, or it cannot do what that asks.
    """
    from photochrom.restoration import cards_used, check

    check(order.recipe, registry)
    cards = cards_used(order.recipe, registry)
    source = Source.of(order.scan)
    facts = {
        "name": order.name,
        "scan": [source.file.name, source.page],
        "recipe": [order.recipe.name, order.recipe.digest],
        "emulsion": order.emulsion,
        "year": order.year,
        "pins": order.pins,
        "negative": order.negative,
        "networks": {step: [card.contract_digest for card in used] for step, used in cards.items()},
        "provider": registry.provider,
        "formats": order.formats,
        "quality": order.quality,
        "strip": sorted(order.strip),
        "gray": order.gray,
        # Only where it is asked for, so that other keys stay as they are.
        **({} if order.trim.is_nothing else {"trim": [TRIMMING, order.trim]}),
        **({"beside": {one.kind: one.facts for one in order.beside}} if order.beside else {}),
        **lent_facts(order, registry),
    }
    inputs = {SCAN: order.sha256, **lent_inputs(order)}
    if order.sidecar is not None:
        inputs[SIDECAR] = order.sidecar
    libraries = (*NETWORKS, *libraries_of(chain(*cards.values())), *FILES)
    return key_of(_PICTURE, CODE, facts, inputs=inputs, libraries=libraries)


def task_for(order: Order, registry: Registry) -> Task:
    """The engine's task for an order.

    Raises:
        ModelError: As `key_for`.
    """
    key = key_for(order, registry)
    inputs = inputs_of(order) | {
        COMPANION.format(number): Stored(one.key, GLANCE)
        for number, one in enumerate(order.companions)
    }
    needs = replace(needs_of(order), gpu=registry.provider.gpu)
    argument = (order, key, registry.provider)
    return Task(key, order.name, work, argument, inputs, needs, _PICTURE)


def inputs_of(order: Order) -> dict[str, Input | Stored | Far]:
    """The files that the work on an order's scan itself reads, by their role."""
    # Whoever runs the task keeps both beside each other, by their names.
    inputs: dict[str, Input | Stored | Far] = {
        REFERENCE.format(number): Input(Source.of(one.file).file, one.sha256)
        for number, one in enumerate(order.references)
    }
    if isinstance(order.scan, Url):
        inputs[SCAN] = Far(Source.of(order.scan).file, order.sha256)
        if order.sidecar is not None and order.sidecar_at is not None:
            inputs[SIDECAR] = Far(order.sidecar_at, order.sidecar)
        return inputs
    scan = Source.of(order.scan).file
    inputs[SCAN] = Input(scan, order.sha256)
    if order.sidecar is not None and (sidecar := sidecar_of(scan)) is not None:
        inputs[SIDECAR] = Input(sidecar, order.sidecar)
    return inputs


def glance_task(order: Order, registry: Registry) -> Task:
    """The task of the glance that others take at an order's scan.

    Raises:
        ModelError: There is no network for it.
    """
    key = glance_key(order, registry)
    needs = replace(needs_of(order, scaled=False), gpu=registry.provider.gpu)
    argument = (order, registry.provider)
    return Task(key, order.name, look_at, argument, inputs_of(order), needs, KIND)


def label_for(order: Order, restored: Path, key: str) -> Task | None:
    """The task that writes what is known into copies of the pictures; None if nothing is known.

    Their pixels are copied as they are encoded, so that it takes no longer than that. The files of
    its result are those of `results_of`, but for what only films need.

    Args:
        order: The order.
        restored: Its result.
        key: Its key.
    """
    label = label_key(order, key)
    if label is None:
        return None
    pictures = derivatives(restored, order)
    files = (*pictures, record_path(pictures[0]))
    inputs = {path.name: Input(path, key) for path in files}
    return Task(label, order.name, write_labels, (order, label), inputs, Needs(), "label")


def label_key(order: Order, key: str) -> str | None:
    """The key of that task; None if nothing is known. Records of labelled pictures name it.

    Args:
        order: The order.
        key: Its key.
    """
    if order.known == Known():
        return None
    facts = {"known": order.known, "strip": sorted(order.strip), "formats": order.formats}
    return key_of("label", LABEL_CODE, facts, inputs={_PICTURE: key}, libraries=FILES)


def needs_of(order: Order, *, scaled: bool = True) -> Needs:
    """What the work on an order takes of a machine; if its result is as large as it asks for."""
    pixels = _pixels(order)
    if pixels is None:
        return Needs(threads=order.threads)  # The work will say what is wrong with it.
    clarity = order.recipe.params.get("clarity") if "clarity" in order.recipe.steps else None
    scale: int = getattr(clarity, "scale", 1) if scaled else 1
    pixels *= scale * scale
    lenders = len(order.references) + len(order.companions)
    memory = MEMORY + MEMORY_A_PIXEL * pixels + MEMORY_A_LENDER * lenders
    return Needs(memory=memory, threads=order.threads)


def _pixels(order: Order) -> int | None:
    """Of the scan; from elsewhere, at most so many as files of its size hold as a rule."""
    from photochrom.photograph import dimensions

    if isinstance(order.scan, Url):
        whole = Source.of(order.scan).file.suffix.lower() in _WHOLE
        return order.bytes * (1 if whole else _PIXELS_A_BYTE)
    try:
        width, height = dimensions(order.scan)
    except PhotochromError:
        return None
    return width * height
