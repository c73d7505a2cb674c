"""What a drafted film says: its lower thirds, and how long its disclosure takes to read."""

from __future__ import annotations

import math

from photochrom.phrases import phrases_for
from photochrom.production.drafting.scans import Scan
from photochrom.production.pacing import (
    BRIEF_DISCLOSURE,
    BRIEFEST_DISCLOSURE,
    CHARACTERS_A_SECOND,
    DISCLOSURE_SECONDS,
    QUARTERS,
)
from photochrom.production.words import usual_disclosure

MOST_NAMES = 2
"""People whose names stand large in a caption; of more its text has to tell."""


def lower_third(scan: Scan) -> dict[str, str]:
    """What is known of a photograph, as the table of its caption; without what is not known.

    What its text says already is not said again.
    """
    text, people = scan.shown_caption, ", ".join(scan.people)
    year = "" if scan.year is None else str(scan.year)
    few = len(scan.people) <= MOST_NAMES
    parts = {
        "name": people if few and not any(one in text for one in scan.people) else "",
        "text": text,
        "place": scan.place if scan.place not in text else "",
        "date": scan.date if scan.date and year not in text else "",
    }
    return {key: said for key, said in parts.items() if said}


def brief_seconds(language: str) -> float:
    """How long a disclosure card is seen in a short film, where it tells less."""
    text = usual_disclosure(phrases_for(language), brief=True)
    return max(BRIEF_DISCLOSURE, _reading(text))


def briefest_seconds(language: str) -> float:
    """How long one is seen that has only a few words."""
    return max(BRIEFEST_DISCLOSURE, _reading(phrases_for(language)("disclosure-briefest")))


def _reading(text: str) -> float:
    return math.ceil(QUARTERS * len(text) / CHARACTERS_A_SECOND) / QUARTERS


def disclosure_seconds(language: str) -> float:
    """How long a disclosure card is seen: longer in languages that take more words."""
    usual, english = (len(usual_disclosure(phrases_for(one))) for one in (language, ""))
    seconds = math.ceil(QUARTERS * DISCLOSURE_SECONDS * usual / english) / QUARTERS
    # Scripts with fewer signs are not read faster.
    return max(DISCLOSURE_SECONDS, seconds)
