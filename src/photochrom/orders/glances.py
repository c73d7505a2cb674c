"""What pictures lend one another, in orders: keys, and the work of looking at a scan first.

The glances at the photographs of a scene are results of their own: each is made once, and a
photograph's own result hangs on those at its companions, and on nothing else of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from photochrom.engine import Report, key_of
from photochrom.engine.keys import FILES, NETWORKS
from photochrom.errors import PhotographError
from photochrom.files import sha256_of
from photochrom.nets import Provider, Registry, libraries_of
from photochrom.orders.order import COMPANION, REFERENCE, SCAN, SIDECAR, Order
from photochrom.source import Source
from photochrom.steps import STEPS
from photochrom.steps.answer import Glance, Lender
from photochrom.steps.glance import CODE, FEATURES, load, save
from photochrom.threads import limited_threads
from photochrom.trimming import CODE as TRIMMING

GLANCE = "glance.npz"
"""The file of the result."""

KIND = "glance"

# How the network looks. What is made of its answers (a variant, their saturation) is each
# photograph's own.
_LOOKS = ("sizes", "mirror", "temperature", "network", "recolor")


def glance_key(order: Order, registry: Registry) -> str:
    """The key of the glance at an order's scan.

    Raises:
        ModelError: There is no network for it.
    """
    from photochrom.restoration import cards_used

    cards = cards_used(order.recipe, registry).get("color", [])
    tone, color = (order.recipe.params.get(name) for name in ("tone", "color"))
    looks = {name: getattr(color, name, None) for name in _LOOKS}
    source = Source.of(order.scan)
    facts = {
        "scan": [source.file.name, source.page],
        "steps": [name for name in ("tone", "color") if name in order.recipe.steps],
        "tone": [STEPS["tone"].version, tone],
        "color": [STEPS["color"].version, looks],
        "emulsion": order.emulsion,
        "year": order.year,
        "pins": order.pins,
        "negative": order.negative,
        "trim": [TRIMMING, order.trim],
        "networks": [card.contract_digest for card in cards],
        "provider": registry.provider,
        **_seen_by(registry),
        **_references(order),
    }
    inputs = {SCAN: order.sha256, **_reference_inputs(order)}
    if order.sidecar is not None:
        inputs[SIDECAR] = order.sidecar
    libraries = (*NETWORKS, *libraries_of(cards), *FILES)
    return key_of(KIND, CODE, facts, inputs=inputs, libraries=libraries)


def lent_facts(order: Order, registry: Registry) -> dict[str, Any]:
    """What of that which is lent to an order's picture is in its key; nothing if nothing is."""
    if not order.references and not order.companions:
        return {}
    names = [one.name for one in order.companions]
    return {"lent": {**_seen_by(registry), **_references(order), "companions": names}}


def lent_inputs(order: Order) -> dict[str, str]:
    """The digests, or keys, of what lends to an order's picture, by its role."""
    companions = {COMPANION.format(i): one.key for i, one in enumerate(order.companions)}
    return {**_reference_inputs(order), **companions}


def look_at(
    folder: Path, argument: tuple[Order, Provider], inputs: Mapping[str, Path], report: Report
) -> None:
    """Takes a glance at a scan. One that cannot be read lends nothing to the others.

    Raises:
        PhotographError: It was changed meanwhile.
    """
    from photochrom.glancing import glance
    from photochrom.photograph import Photograph

    order, provider = argument
    registry = Registry.default(threads=order.threads, provider=provider)
    report("look", 0.0)
    scan = inputs[SCAN]
    try:
        with limited_threads(order.threads):
            found = glance(
                Photograph.open(Source.of(order.scan).on(scan)),
                order.recipe,
                emulsion=order.emulsion,
                year=order.year,
                pins=order.pins,
                references=references_of(order, inputs, registry),
                negative=order.negative,
                trim=order.trim,
                registry=registry,
            )
        read = found.sha256
    except PhotographError:
        found, read = Glance((), None, order.sha256), sha256_of(scan)
    if isinstance(order.scan, Path) and read != order.sha256:
        raise PhotographError(
            "was changed while it was being worked on", where=str(order.scan), fix="run it again"
        )
    save(found, folder / GLANCE)


def lenders_of(order: Order, inputs: Mapping[str, Path], registry: Registry) -> list[Lender]:
    """What lends to an order's picture: references first, as they are told."""
    companions = [
        Lender(one.name, load(inputs[COMPANION.format(number)]))
        for number, one in enumerate(order.companions)
    ]
    return [*references_of(order, inputs, registry), *companions]


def references_of(order: Order, inputs: Mapping[str, Path], registry: Registry) -> Sequence[Lender]:
    """The references of an order, looked at.

    Raises:
        PhotographError: One cannot be read, or has no colors.
    """
    from photochrom.glancing import reference
    from photochrom.photograph import Photograph

    found = []
    for number, one in enumerate(order.references):
        file = Source.of(one.file).on(inputs[REFERENCE.format(number)])
        picture = Photograph.open(file)
        found.append(
            reference(picture, one.name, source=one.source, sure=one.sure, registry=registry)
        )
    return found


def _seen_by(registry: Registry) -> dict[str, Any]:
    card = registry.card("color")
    return {"code": CODE, "seen": [card.contract_digest, card.inner.get(FEATURES)]}


def _references(order: Order) -> dict[str, Any]:
    told = [[one.name, one.source, one.sure] for one in order.references]
    pages = [Source.of(one.file).page for one in order.references]
    return {"references": told, "pages": pages} if told else {}


def _reference_inputs(order: Order) -> dict[str, str]:
    return {REFERENCE.format(i): one.sha256 for i, one in enumerate(order.references)}
