"""Dates as cameras, libraries and people write them.

Sources: ISO 8601-2 (EDTF, Library of Congress), the Anglo-American cataloguing rules (AACR2 1.4F7:
[1904?], [189-], [192-?], [ca. 1904], [between 1904 and 1906]) and RDA 1.9; Exif, IPTC-IIM, XMP.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

FIRST_YEAR = 1826
"""No photograph is older than Niépce's view from the window."""
LAST_YEAR = 2099

_EXACT = re.compile(
    r"(\d{4})[:-]?(0\d|1[0-2])?[:-]?([0-2]\d|3[01])?"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?([.,Z+-].*)?)?"
)
_HUNDRED = r"(?:1[89]|20)"
# A decade (1920s, 1920er, années 1920, 192X, [192-?], 192?, 192u), a hundred years (19XX, 19--), a
# year.
_FORMS = re.compile(
    rf"""
    (?:années|anni|años)\s(?P<named>{_HUNDRED}\d0)(?!\d)
    | (?<!\d)(?P<decade>{_HUNDRED}\d0)(?:'?s|er|ern|erne|-?(?:tallet|talet|luku))\b
    | (?<!\d)(?P<digits>{_HUNDRED}\d)(?:[Xxu]|-\??|\?)(?=[\]\s.,;/)~%?]|$)
    | (?<!\d)(?P<hundred>{_HUNDRED})(?:XX|xx|uu|--\??|\?\?)(?=[\]\s.,;/)~%?]|$)
    | (?<!\d)(?P<year>{_HUNDRED}\d\d)(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TO = re.compile(
    r"[\d?X\]s~]\s*(?:/|\.\.|–|-|\b(?:to|till|until|and|or|bis|und|oder|et|ou|à|y|e|a)\b)"
    r"\s*[^\d]{0,8}\d{3}",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    r"""
    (?P<part>early|mid|middle\ of(?:\ the)?|late|end\ of(?:\ the)?|anfang|mitte|ende|début|fin)?
    [\s-]*(?:the\ )?(?:des\ |du\ )?
    (?<!\d)(?P<number>19|20|XIX|XX)(?:\.|th|e|ème|º)?[\s-]*
    (?:century|cent\.?|c\.|jahrhunderts?|jh(?:dt?)?s?\b\.?|siècle|s\.|secolo|siglo)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = r"(?P<year>1[89]\d\d|20\d\d)"
_DAY_LAST = re.compile(
    rf"(?<!\d){_YEAR}(?:([-./:])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}))(?!\d)", re.ASCII
)
_YEAR_LAST = re.compile(
    rf"(?<![\d.])(?P<one>\d{{1,2}})(\s?[-./]\s?)(?P<other>\d{{1,2}})\2{_YEAR}(?!\d)", re.ASCII
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan", "feb fév", "mar mär", "apr avr", "may mai", "jun", "jul", "aug", "sep"),
            *("oct okt", "nov", "dec dez déc"),
        ),
        start=1,
    )
    for name in names.split()
}
"""The beginnings of months in English and German, and in French where they tell months apart."""
_IN_WORDS = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"\b(?P<month>(?:{'|'.join(_MONTHS)})[a-zäéû]*)\.?\s+"
    rf"(?:(?P<after>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?{_YEAR}(?!\d)",
    re.IGNORECASE,
)
_PARTS = {"early": (0, 33), "anfang": (0, 33), "début": (0, 33), "late": (67, 100)}
_PARTS |= {"end of": (67, 100), "ende": (67, 100), "fin": (67, 100)}
_PARTS |= {"mid": (33, 67), "middle of": (33, 67), "mitte": (33, 67)}


@dataclass(frozen=True, order=True)
class Years:
    """The years that a date means: from the first to the last, both included."""

    first: int
    last: int

    @property
    def middle(self) -> int:
        """The year to take when only one can be: of two in the middle the earlier."""
        return (self.first + self.last) // 2


def years_in(text: str | None) -> Years | None:
    """The years that a date in words or figures means, within 1800 to 2099; None for none.

    "1931-05-17" and "about 1931" mean 1931, "1920s", "192X", "192-?" and "[192-]" ten years,
    "1904/1906" and "between 1904 and 1906" three, "19th century" a hundred.
    """
    text = text or ""
    found = [_of_form(text, match) for match in _FORMS.finditer(text)]
    if not found:
        century = _CENTURY.search(text)
        return _of_century(century) if century else None
    last = max(found[0].last, found[1].last) if len(found) > 1 and _TO.search(text) else 0
    return Years(found[0].first, max(found[0].last, last))


def _of_form(text: str, match: re.Match[str]) -> Years:
    if decade := match["named"] or match["decade"]:
        return Years(int(decade), int(decade) + 9)
    if digits := match["digits"]:
        return Years(int(digits) * 10, int(digits) * 10 + 9)
    if hundred := match["hundred"]:
        return Years(int(hundred) * 100, int(hundred) * 100 + 99)
    year = int(match["year"])
    short = re.match(r"\s*[-–/]\s*(\d\d)(?![\d-])", text[match.end() :])
    # "1904-06" is a month of 1904, and "1904-16" the years to 1916.
    if short and int(short[1]) > max(12, year % 100):
        return Years(year, year // 100 * 100 + int(short[1]))
    return Years(year, year)


def _of_century(match: re.Match[str]) -> Years:
    number = {"XIX": 19, "XX": 20}.get(match["number"].upper()) or int(match["number"])
    first, last = (number - 1) * 100 + 1, number * 100
    part = re.sub(r"\s+the$", "", (match["part"] or "").casefold())
    if part in _PARTS:
        start, end = _PARTS[part]
        first, last = first + start, first + end - 1
    return Years(first, last)


def photographic(years: Years | None) -> Years | None:
    """The part of some years in which there was photography; None if there is none."""
    if years is None or years.last < FIRST_YEAR:
        return None
    return Years(max(years.first, FIRST_YEAR), years.last)


def iso_date(date: str | None) -> str | None:
    """Write an EXIF, IPTC or XMP date as ISO 8601; leave what is in no known form as it is."""
    date = (date or "").strip()
    match = _EXACT.fullmatch(date)
    if match is None:
        return date if re.search(r"[1-9]", date) else None
    year, month, day, hour, minute, second, zone = match.groups()
    if int(year) == 0:
        return None
    # IPTC writes 00 for a month or day that is not known.
    day_parts = [year]
    for part in (month, day):
        if part is None or part == "00":
            break
        day_parts.append(part)
    clock = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour and len(day_parts) == 3 else ""
    return "-".join(day_parts) + clock


def readable(date: str) -> str:
    """A date in a library's code as people write it; others stay as they are.

    "192X", "192-?" and "[192-]" become "1920s", "19XX" "20th century", "1904~" "about 1904",
    "19040517" "1904-05-17".
    """
    date = date.strip()
    if re.fullmatch(r"\d{8}", date):
        return iso_date(date) or date
    if about := re.fullmatch(r"\[?(\d{4})[~%]\]?", date):
        return f"about {about[1]}"
    code = re.fullmatch(r"\[?((?:1[89]|20)\d)(?:[Xxu]|-|\?)\??[~%]?\]?\??", date)
    hundred = re.fullmatch(r"\[?(1[89])(?:XX|xx|uu|--|\?\?)\??[~%]?\]?\??", date)
    if code:
        return f"{code[1]}0s"
    return f"{int(hundred[1]) + 1}th century" if hundred else date


def is_impossible(text: str) -> bool:
    """Whether a text names a day that no calendar has ("31.02.1931", "1931-13-05", "30 Feb 1931").

    Day and month of figures may stand in either order; zeros are for what is not known.
    """
    if re.fullmatch(r"\s*\d{8}\s*", text):
        text = re.sub(r"(\d{4})(\d\d)(\d\d)", r"\1-\2-\3", text)
    named = [(m["year"], m["month"], m["day"]) for m in _DAY_LAST.finditer(text)]
    either = [(m["year"], m["one"], m["other"]) for m in _YEAR_LAST.finditer(text)]
    words = [
        (m["year"], str(_MONTHS[m["month"][:3].casefold()]), m["day"] or m["after"])
        for m in _IN_WORDS.finditer(text)
        if m["day"] or m["after"]
    ]
    return any(not _is_day(*one) for one in (*named, *words)) or any(
        not _is_day(year, one, other) and not _is_day(year, other, one)
        for year, one, other in either
    )


def _is_day(year: str, month: str, day: str) -> bool:
    if int(month) == 0 or int(day) == 0:
        return int(month) <= 12 and int(day) <= 31
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def is_exact(date: str) -> bool:
    """Whether a date is an ISO 8601 year, month or day, and no more than that."""
    return re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date) is not None
