"""Ages and emergency contacts of users, alarms counted by day, complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """What an operator who serves others has to keep."""
    op.add_column("users", sa.Column("minor", sa.Boolean()))
    op.add_column("users", sa.Column("age_at", sa.DateTime(timezone=True)))
    op.add_column("users", sa.Column("age_source", sa.String(20)))
    op.add_column("users", sa.Column("emergency_contact", sa.Text()))
    op.create_table(
        "care_counts",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("region", sa.String(10), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
    )
    op.create_index("complaints_by_user", "complaints", ["user_id", "created_at"])
