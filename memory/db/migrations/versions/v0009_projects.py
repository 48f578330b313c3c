"""Tables of extraction settings, webhooks and exports, which programs set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add three tables."""
    key = sa.String(256).with_variant(sa.String(200), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "extraction_settings",
        sa.Column("user_id", key, primary_key=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("updated_at", moment, nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", moment),
        sa.Column("last_error", sa.String(200)),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memory_exports",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("user_id", key, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("memory_exports_by_user", "memory_exports", ["user_id", "created_at"])
