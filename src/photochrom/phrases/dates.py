"""Dates as a film says them: as people of its language write them."""

from __future__ import annotations

import re

from photochrom.dates import is_exact, is_impossible, readable
from photochrom.phrases.saying import Phrases


def dated(date: str, say: Phrases) -> str:
    """A date in words, if it is in a form that means the same everywhere; others stay as they are.

    Such are ISO 8601 dates ("1931-05-17", "1904/1906") and what libraries write for what is not
    known exactly ("1904~", "192X", "19XX"; see `photochrom.dates.readable`), also as `readable` has
    it already.
    """
    date = readable(date)
    if say.lacks("date-day"):
        return date
    if is_exact(date) and not is_impossible(date):
        return _exact(*map(int, date.split("-")), say=say)
    if about := re.fullmatch(r"about (\d{4})", date):
        return say("date-about", year=about[1])
    if decade := re.fullmatch(r"(\d\d(\d)0)s", date):
        name = "date-decade" if decade[2] != "0" else "date-decade-first"
        first = int(decade[1])
        return say(name, decade=first, last=first + 9)
    if re.fullmatch(r"(19|20)th century", date):
        return say(f"date-{date.replace(' ', '-')}")
    if years := re.fullmatch(r"(\d{4})\s?[/–-]\s?(\d{4})", date):
        return say("date-years", first=years[1], last=years[2])
    return date


def _exact(year: int, month: int = 0, day: int = 0, *, say: Phrases) -> str:
    if not month:
        return say("date-year", year=year)
    if not day:
        return say("date-month", month=_month("date-months-alone", month, say), year=year)
    name = "date-first" if day == 1 else "date-day"
    return say(name, day=day, month=_month("date-months", month, say), year=year)


def _month(name: str, month: int, say: Phrases) -> str:
    months = say(name).split()
    # Somebody's own words may lack some.
    return months[month - 1] if len(months) == 12 else str(month)
