"""Roles of people in an organization, and what they may."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a route asks for."""

    VIEW = "view"
    """See photographs, results, jobs and films."""
    REVIEW = "review"
    """Accept results or send them back."""
    EDIT = "edit"
    """Upload, restore, produce, pause and cancel, delete."""
    MANAGE = "manage"
    """Members, keys, webhooks, the audit log, settings of the organization."""


class Role(StrEnum):
    """Of a member of an organization."""

    OWNER = "owner"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    VIEWER = "viewer"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it may."""
        return _MAY[self]


_MAY = {
    Role.VIEWER: frozenset({Permission.VIEW}),
    Role.REVIEWER: frozenset({Permission.VIEW, Permission.REVIEW}),
    Role.EDITOR: frozenset({Permission.VIEW, Permission.REVIEW, Permission.EDIT}),
    Role.OWNER: frozenset(Permission),
}
