"""Branches of a conversation: what each message follows, and what was set aside with what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add columns; until now a message followed its question, or the one that stood before it."""
    op.add_column("messages", sa.Column("parent_id", sa.String(64)))
    op.add_column("messages", sa.Column("aside", sa.String(64)))
    op.add_column("messages", sa.Column("kept_state", sa.String(20)))
    op.add_column("messages", sa.Column("original", sa.Text()))
    op.add_column("messages", sa.Column("rating", sa.String(10)))
    op.create_index("messages_by_aside", "messages", ["aside"])
    op.add_column(
        "sessions", sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        """
        UPDATE messages SET parent_id = COALESCE(reply_to, (
            SELECT earlier.id FROM messages AS earlier
            WHERE earlier.session_id = messages.session_id
              AND earlier.number < messages.number AND earlier.state <> 'replaced'
            ORDER BY earlier.number DESC LIMIT 1))
        """
    )
