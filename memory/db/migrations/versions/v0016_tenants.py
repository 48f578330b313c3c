"""Tenants above users, and an index over the replies that somebody judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add a column and two indexes; until now nobody belonged to a tenant."""
    key = sa.String(256).with_variant(sa.String(200), "sqlite")
    op.add_column("users", sa.Column("tenant_id", key))
    op.create_index("users_by_tenant", "users", ["tenant_id"])
    rated = sa.text("rating IS NOT NULL")
    op.create_index(
        "messages_rated", "messages", ["user_id"], sqlite_where=rated, postgresql_where=rated
    )
