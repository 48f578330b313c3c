"""Relations: which memory connects whom with what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add a table; memories are read into it when somebody first looks."""
    key = sa.String(256).with_variant(sa.String(200), "sqlite")
    op.create_table(
        "relations",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("user_id", key, nullable=False),
        sa.Column("persona_id", key, nullable=False),
        sa.Column("memory_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("source_type", sa.String(20), nullable=False),
        sa.Column("relationship", sa.String(60), nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("target_type", sa.String(20), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10)),
    )
    op.create_index("relations_by_owner", "relations", ["user_id", "persona_id"])
    op.create_index("relations_by_memory", "relations", ["memory_id"])
