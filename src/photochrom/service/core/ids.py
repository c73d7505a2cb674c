"""Names of rows: a word that says what it is, and a number that no other has.

The number is a UUID of version 7 (RFC 9562): sorted by it, rows are in the order in which they
came, and nobody can guess the next one.
"""

from __future__ import annotations

import base64
import os
import re
import time
from typing import Annotated

from pydantic import StringConstraints

_FORM = r"[0-9a-hjkmnp-tv-z]{26}"
# Crockford's base 32: no i, l, o, u, which are misread or spell things.
_RFC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TABLE = str.maketrans(_RFC, _CROCKFORD)


def new_id(kind: str) -> str:
    """A new id ("ph_01jx..."), later in order than those of a microsecond before.

    Args:
        kind: What it names, two to four letters.
    """
    stamp, rest = divmod(time.time_ns(), 1_000_000)
    tail = bytearray(os.urandom(10))
    # The RFC's method 3: what is left of the millisecond, in twelve bits.
    tail[:2] = (0x7000 | rest * 4096 // 1_000_000).to_bytes(2, "big")
    tail[2] = 0x80 | (tail[2] & 0x3F)
    number = stamp.to_bytes(6, "big") + tail
    text = base64.b32encode(number).decode().rstrip("=")
    return f"{kind}_{text.translate(_TABLE)}"


def is_id(kind: str, text: str) -> bool:
    """Whether a text has the form of an id."""
    return re.fullmatch(f"{kind}_{_FORM}", text) is not None


def id_type(kind: str) -> StringConstraints:
    """What a schema or a route asks of an id: `Annotated[str, id_type("ph")]`."""
    return StringConstraints(pattern=f"^{kind}_{_FORM}$")


Id = Annotated[str, StringConstraints(pattern=rf"^[a-z]{{2,4}}_{_FORM}$")]
"""An id of any kind."""
