"""What is known of a photograph besides what its file says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a production or a table says of a photograph; empty is nothing.

    It is written into derivatives, and where the scan says something else, it counts.

    Attributes:
        caption: What is to be said of it.
        people: Who is in it.
        place: Where it was taken.
        date: When, as people or libraries write it.
        credit: Who is to be named.
        license: On what terms it may be shown.
        source: Where the scan comes from.
        identifier: Its number in a collection.
    """

    caption: str = ""
    people: tuple[str, ...] = ()
    place: str = ""
    date: str = ""
    credit: str = ""
    license: str = ""
    source: str = ""
    identifier: str = ""
