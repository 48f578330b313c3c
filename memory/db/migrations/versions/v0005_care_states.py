"""States of care: who is in danger, since when, and how pressing it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table; it is empty until somebody is in danger."""
    op.create_table(
        "care_states",
        sa.Column("user_id", sa.String(200), primary_key=True),
        sa.Column("persona_id", sa.String(200), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent_at", sa.DateTime(timezone=True)),
        sa.Column("young", sa.Boolean(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True)),
    )
