"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = "${up_revision}"
down_revision = ${'"%s"' % down_revision if down_revision else None}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this release's tables."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """To those of the release before."""
    ${downgrades if downgrades else "pass"}
