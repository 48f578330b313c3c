"""Migration 7, foreign payload keys: what other mem0 clients keep with a memory.

A rebuilt store has it again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of foreign payload keys."""
    op.create_table(
        "foreign_payloads",
        sa.Column("memory_id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("persona_id", sa.String(200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
    )
    op.create_index("foreign_payloads_by_owner", "foreign_payloads", ["user_id", "persona_id"])
