"""Reading the audit log."""

from __future__ import annotations

from fastapi import APIRouter

from photochrom.service.access.guards import Managing
from photochrom.service.audit.repository import Entries
from photochrom.service.audit.schemas import AskedAudit, AuditShown
from photochrom.service.core.paging import Page

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("")
def list_audit(unit: Managing, asked: AskedAudit) -> Page[AuditShown]:
    """Who did what in your organization, the newest first."""
    return Entries(unit.session).page(asked)
