"""Reply trials: situations that prompts and personas are tried on, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add three tables; until now nothing was kept of a trial."""
    key = sa.String(256).with_variant(sa.String(200), "sqlite")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "situations",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("user_id", key, nullable=False),
        sa.Column("persona_id", key, nullable=False),
        sa.Column("message_id", sa.String(64), sa.ForeignKey("messages.id", ondelete="CASCADE")),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("situations_by_owner", "situations", ["user_id", "persona_id"])
    op.create_index("situations_by_message", "situations", ["message_id"])
    op.create_table(
        "reply_trials",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("sides", sa.JSON(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "trial_answers",
        sa.Column(
            "trial_id",
            sa.String(64),
            sa.ForeignKey("reply_trials.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("user_id", key, nullable=False),
        sa.Column("persona_id", key, nullable=False),
        sa.Column("message_id", sa.String(64), sa.ForeignKey("messages.id", ondelete="CASCADE")),
        sa.Column("situation_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.Column("rating", sa.String(10)),
    )
    op.create_index("trial_answers_by_owner", "trial_answers", ["user_id", "persona_id"])
    op.create_index("trial_answers_by_message", "trial_answers", ["message_id"])
