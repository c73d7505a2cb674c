"""What people are told of a photograph's restoration, beside what they asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from photochrom.colors.stated import hex_of
from photochrom.measure import IGNORES_PINS, KEEPS_COLORS, LOOKS_NEGATIVE
from photochrom.record import StepRecord, percent
from photochrom.steps.answer import Lender
from photochrom.steps.plate import Pin
from photochrom.steps.words import in_words

MUCH_FILLED = 0.01
"""Share of a picture from which people are told how much was filled. Of thirteen sound prints
twelve were below it, and of six damaged ones five."""


def told(
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
    yield from _not_crisp(done)


def unseen(done: Sequence[StepRecord], lenders: Sequence[Lender]) -> Iterator[str]:
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


def _not_crisp(done: Sequence[StepRecord]) -> Iterator[str]:
    """What is told where a network enlarges that has no crisp character, and one was asked for."""
    for step in done:
        asked = step.name == "clarity" and not step.idle and step.params["crispness"]
        if asked and "crispness" not in step.notes:
            names = " and ".join(model["name"] for model in step.models)
            yield f"the network {names} is as crisp as it is: clarity.crispness changes nothing"
