"""Session folders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add a column; until now no session was in a folder."""
    op.add_column("sessions", sa.Column("folder", sa.String(60), nullable=False, server_default=""))
