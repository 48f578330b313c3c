"""Migration 3, crash counter: how often a batch stopped its worker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From schema version 2 to 3."""
    op.add_column("batches", sa.Column("crashes", sa.Integer(), nullable=False, server_default="0"))
