"""Accounts (roles, logins, tokens, looks), edited prompts and personas, the inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From schema version 1 to 2."""
    op.add_column(
        "users", sa.Column("role", sa.String(20), nullable=False, server_default="person")
    )
    op.add_column("users", sa.Column("login", sa.String(400)))
    op.create_index("users_by_login", "users", ["login"], unique=True)
    op.create_table(
        "studio_texts",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("studio_texts_by_name", "studio_texts", ["kind", "name", "seq"])
    op.create_table(
        "inbox_settled",
        sa.Column("user_id", sa.String(200), primary_key=True),
        sa.Column("persona_id", sa.String(200), primary_key=True),
        sa.Column("finding", sa.String(300), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "user_id",
            sa.String(200),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_index("tokens_by_user", "tokens", ["user_id"])
    op.create_table(
        "looks",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.String(200), nullable=False),
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("persona_id", sa.String(200)),
        sa.Column("what", sa.String(100), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("looks_by_user", "looks", ["user_id", "seq"])
