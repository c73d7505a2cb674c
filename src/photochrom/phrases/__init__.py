"""The film's own words: what photochrom itself says in a film, in the language of the film.

English stands in `catalogs/film.pot`, each phrase with its name (`msgctxt`), and every other
language in a gettext catalog beside it, as translators' programs read and write them. gettext is
the standard library's; only reading the catalogs takes a library (polib, 40 kB), where Fluent's
brings Babel's 36 MB along for plurals and dates, which here are a line of each catalog.
"""

from photochrom.phrases.catalogs import LANGUAGES, language_of
from photochrom.phrases.dates import dated
from photochrom.phrases.numbers import counted
from photochrom.phrases.own import checked
from photochrom.phrases.saying import Phrases, one_line, phrases_for

__all__ = [
    "LANGUAGES",
    "Phrases",
    "checked",
    "counted",
    "dated",
    "language_of",
    "one_line",
    "phrases_for",
]
