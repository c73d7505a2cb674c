"""Numbers as a film says them: with the marks that people of its language write."""

from __future__ import annotations

from decimal import Decimal

from photochrom.phrases.saying import Phrases


def counted(number: Decimal, say: Phrases, unit: str = "") -> str:
    """A number with all decimals that it has ("1,234.50"), and its unit.

    Args:
        number: As many decimals are said as it has.
        say: The film's own words.
        unit: What stands behind it; "%" stands where the language puts it.
    """
    whole, _, part = f"{abs(number):f}".partition(".")
    if len(whole) >= len(say("thousands-from")):
        head = len(whole) % 3
        groups = [whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))]
        whole = say("thousands-mark").join(filter(None, groups))
    figure = f"{whole}{say('decimal-mark')}{part}" if part else whole
    # A minus is as wide as a plus; a hyphen is not.
    figure = f"\u2212{figure}" if number < 0 else figure
    if unit == "%":
        return say("share", figure=figure)
    return f"{figure}\u00a0{unit}" if unit else figure
