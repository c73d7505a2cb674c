"""A draft, put where it is going to be edited."""

from __future__ import annotations

from photochrom.errors import PlaceError, ProductionError
from photochrom.files import write_text
from photochrom.places import Place, Url, find, put
from photochrom.production.drafting import Draft


def spare_draft(output: Place) -> None:
    """Makes sure that nothing lies where a draft is going to be.

    Raises:
        ProductionError: Something does.
        PlaceError: The place cannot be asked.
    """
    there = find(output) is not None if isinstance(output, Url) else output.exists()
    if there:
        raise _there(output)


def save_draft(draft: Draft, output: Place, *, force: bool = False) -> None:
    """Writes a draft, whole or not at all.

    Args:
        draft: The draft.
        output: A file, or where in a bucket.
        force: Replace what lies there; a file of this machine is always replaced.

    Raises:
        PhotochromError: It cannot be written, or something lies there.
    """
    if not isinstance(output, Url):
        write_text(output, draft.text)
        return
    try:
        put(draft.text.encode(), output, mode="replace" if force else "create")
    except PlaceError as error:
        if error.kind != "taken":
            raise
        raise _there(output) from error


def _there(output: Place) -> ProductionError:
    return ProductionError(
        "there is such a file already", where=str(output), fix="name another with -o, or --force"
    )
