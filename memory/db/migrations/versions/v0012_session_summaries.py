"""Session summaries: what the older turns of a session were about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add a column; sessions have no summary until one is made."""
    op.add_column("sessions", sa.Column("summary", sa.JSON()))
