"""Attachments of messages: documents, photos, recordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add a column, and an index over the few rows that have something in it."""
    op.add_column("messages", sa.Column("attachments", sa.JSON()))
    attached = sa.text("attachments IS NOT NULL")
    op.create_index(
        "messages_attached",
        "messages",
        ["user_id"],
        sqlite_where=attached,
        postgresql_where=attached,
    )
