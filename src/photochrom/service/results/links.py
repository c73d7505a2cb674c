"""Links that open a result for whoever has them, for some time."""

from __future__ import annotations

from datetime import timedelta

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import NotFoundError
from photochrom.service.results.repository import Results
from photochrom.service.results.schemas import LinkOut
from photochrom.service.results.tables import Result


def made(unit: Unit, id: str) -> LinkOut:
    """A new link.

    Raises:
        NotFoundError: There is no such result.
    """
    row = Results(unit.session).get(id)
    settings = unit.context.settings
    signature, until = unit.context.signer.link(row.id, timedelta(hours=settings.link_hours))
    url = f"{settings.url}/v1/results/{row.id}/signed?signature={signature}"
    told = {"of": row.of, "name": row.name, "until": until.isoformat()}
    audit(unit, "result.link_made", subject=row.id, details=told)
    return LinkOut(url=url, until=until)


def opened(context: Context, id: str, signature: str) -> Result:
    """The result that a link opens, whosoever it is: the signature is what lets in.

    Raises:
        NotFoundError: It opens nothing, or nothing any more.
    """
    if not context.signer.opens(id, signature):
        raise NotFoundError("the link does not open anything, or not any more")
    with context.database.reading(EVERYONE) as session:
        return Results(session).get(id)
