"""What goes with a photograph, and what stays."""

from __future__ import annotations

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.revisions import check_seen
from photochrom.service.events.repository import announce
from photochrom.service.jobs.repository import Jobs
from photochrom.service.photographs import DELETED, names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.service import photograph
from photochrom.service.results.keeping import results_of
from photochrom.service.results.repository import Results


def delete(unit: Unit, id: str, seen: str | None) -> None:
    """Forgets a photograph, its previews and what restorations made of it; the bytes go by
    `remove_doomed`, once this is committed. Films stay: they are of many photographs, and say
    which of them are gone.

    Raises:
        NotFoundError: There is none.
        PreconditionError: It is not any more what was `seen`.
    """
    row = photograph(unit.session, id, change=True)
    check_seen(row, seen)
    photographs, results = Photographs(unit.session), Results(unit.session)
    made = results.of_photograph(id)
    for owner in {one.of for one in made}:
        photographs.doom(results_of(row.organization_id, owner, id))
    results.forget_of_photograph(id)
    Jobs(unit.session).remark(id, DELETED)
    photographs.doom(names.of_photograph(row.organization_id, row.id))
    photographs.remove(row.id)
    told = {"filename": row.filename, "sha256": row.sha256, "results": len(made)}
    gone = {"id": row.id, "filename": row.filename, "state": "deleted", "reason": None}
    announce(unit.session, row.organization_id, "photograph", row.id, gone)
    audit(unit, "photograph.deleted", subject=row.id, details=told)
