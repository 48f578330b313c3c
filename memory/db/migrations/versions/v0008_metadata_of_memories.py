"""Memory metadata: fields that programs give with messages, feedback, and longer ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_LONGER = (
    ("users", "id"),
    ("sessions", "user_id"),
    ("sessions", "persona_id"),
    ("messages", "user_id"),
    ("messages", "persona_id"),
    ("traces", "user_id"),
    ("traces", "persona_id"),
    ("batches", "user_id"),
    ("batches", "persona_id"),
    ("journal", "user_id"),
    ("journal", "persona_id"),
    ("foreign_payloads", "user_id"),
    ("foreign_payloads", "persona_id"),
    ("studio_texts", "name"),
    ("inbox_settled", "user_id"),
    ("inbox_settled", "persona_id"),
    ("care_states", "user_id"),
    ("care_states", "persona_id"),
    ("tokens", "user_id"),
    ("looks", "by_user_id"),
    ("looks", "user_id"),
    ("looks", "persona_id"),
    ("complaints", "user_id"),
)


def upgrade() -> None:
    """Add a column and a table. SQLite knows no longest text, so nothing grows there."""
    owner = sa.String(256).with_variant(sa.String(200), "sqlite")
    op.add_column("messages", sa.Column("memory_fields", sa.JSON()))
    op.create_table(
        "feedback",
        sa.Column("memory_id", sa.String(64), primary_key=True),
        sa.Column("user_id", owner, nullable=False),
        sa.Column("persona_id", owner, nullable=False),
        sa.Column("value", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("feedback_by_owner", "feedback", ["user_id", "persona_id"])
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in _LONGER:
        op.alter_column(table, column, type_=sa.String(256))
    op.alter_column("meta", "key", type_=sa.String(400))
