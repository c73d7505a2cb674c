"""The year that a file's name gives for its photograph."""

from __future__ import annotations

import re

from photochrom.dates import FIRST_YEAR

_LAST_YEAR = 2039

# A year that stands alone (1943), begins a full date (19430601) or is a decade (194X, 1940s); not a
# size (1920x1080, 2000px).
_YEAR = re.compile(
    r"(?<![\dxX×])(1[89]\d\d|20[0-3]\d)"
    r"(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?"
    r"(?!\d|[x×]\d|\s?px|\s?dpi|\s?ppi|p(?![a-z]))",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<![^\W_])(?:c|ca|circa)?[ .]?\[?(1[89]\d|20[0-3])[Xx](?![^\W_])")

# How cameras, scanners and phones count: IMG_1923, DSC01931, _MG_1923, 100_1931, PXL_20240301 ...
_COUNTERS = re.compile(
    r"""
    (?<![^\W_])
    (?:_?(?:img|imgp|mg|dsc|dscn|dscf|dsci|pict|pic|pxl|mvi|mov|vid|cimg|hpim|sam|sdc|gopr|gp|mvc|dji|
       scan|scn|scann?ed|image|epson|canon|nikon|kodak|crw|cr|wp|snap|screenshot|photo-?scan|
       fotoscan|picture|stp|imag|wa|doc|page|file|nik|sany|kif|pentax|fuji|p|r|s)
       [ _.\-()#]*
       (?P<digits>\d{3,17})(?![^\W_])
     | 1\d\d[_-]\d{4}(?!\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIRST_DIGITAL_YEAR = 1990
# Letters that may stand right before a year: none, "circa", or a word.
_STUCK = re.compile(
    r"(?<![^\W\d_])(?!(?:c|ca|um|vor|an|en|in)\d)[^\W\d_]{1,3}(?=\d{4}(?!\d))", re.IGNORECASE
)


def year_in_name(name: str) -> int | None:
    """Find the year that a file's name gives for its photograph.

    The earliest of several: "1943 harbor (scan 2015)" was taken in 1943. The counter of a camera or
    a scanner is no year (IMG_1923, DSC01931), and the date that a telephone puts into names is its
    own (IMG_20240301).

    Args:
        name: The file's name, with or without its suffix.
    """
    plain = _COUNTERS.sub(_without_counter, name)
    plain = _STUCK.sub("x", plain)
    years = [int(year) for year in _YEAR.findall(plain)]
    years += [int(decade) * 10 for decade in _DECADE.findall(plain)]
    return min((year for year in years if FIRST_YEAR <= year <= _LAST_YEAR), default=None)


def _without_counter(match: re.Match[str]) -> str:
    digits = match["digits"] or ""
    dated = re.fullmatch(r"(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits)
    return match[0] if dated and int(dated[1]) < _FIRST_DIGITAL_YEAR else " "
