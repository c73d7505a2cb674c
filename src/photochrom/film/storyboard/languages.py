"""Languages: as people write them (BCP 47) and as containers want them (ISO 639-2)."""

from __future__ import annotations

from photochrom.phrases import LANGUAGES

UNKNOWN = "und"
"""ISO 639-2 for "undetermined"."""


def checked(tag: str) -> str:
    """A language tag as it is usually written ("de-ch": "de-CH"); "" stays "".

    Args:
        tag: BCP 47: "en", "de-CH", "zh-Hant".

    Raises:
        ValueError: There is no such language.
    """
    from langcodes import Language
    from langcodes.tag_parser import LanguageTagError

    if not tag:
        return tag
    try:
        language = Language.get(tag, normalize=False)
        language.to_alpha3()
    except (LanguageTagError, LookupError):
        named = next((one for one, name in LANGUAGES.items() if name == tag.capitalize()), "")
        hint = f'write "{named}"' if named else "films speak " + ", ".join(sorted(LANGUAGES))
        others = "" if named else '; other languages, like "sv", can be that of captions'
        raise ValueError(f'"{tag}" is no language; {hint}{others}') from None
    return language.to_tag()


def alpha3(tag: str, *, bibliographic: bool = False) -> str:
    """The ISO 639-2 code of a language ("de": "deu"); of "" it is `UNKNOWN`.

    Args:
        tag: From `checked`.
        bibliographic: The code that libraries, and Matroska, use where there are two ("ger").
    """
    from langcodes import Language

    if not tag:
        return UNKNOWN
    return str(Language.get(tag).to_alpha3(variant="B" if bibliographic else "T"))
