"""Covering index over uses of memories, which takes the trace's time beside each memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add a column and fill it from the traces; the index holds it."""
    time = sa.DateTime(timezone=True)
    op.drop_index("trace_memories_by_memory", "trace_memories")
    op.add_column("trace_memories", sa.Column("used_at", time))
    op.execute(
        "UPDATE trace_memories SET used_at = (SELECT created_at FROM traces"
        " WHERE traces.message_id = trace_memories.message_id)"
    )
    with op.batch_alter_table("trace_memories") as table:
        table.alter_column("used_at", existing_type=time, nullable=False)
    op.create_index("trace_memories_by_memory", "trace_memories", ["memory_id", "used_at"])
