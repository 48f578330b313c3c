"""The access log says what was done, by which token, and outlives the person concerned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """What was logged so far stays; what was done is read from the route."""
    op.add_column(
        "looks", sa.Column("action", sa.String(20), nullable=False, server_default="view")
    )
    op.add_column("looks", sa.Column("token_id", sa.String(64)))
    op.add_column("looks", sa.Column("login_digest", sa.String(64)))
    op.create_index("looks_by_login", "looks", ["login_digest", "seq"])
    looks = sa.table("looks", sa.column("what", sa.String), sa.column("action", sa.String))
    changing = sa.or_(*(looks.c.what.like(f"{way} /%") for way in ("POST", "PUT", "DELETE")))
    reading = sa.or_(*(looks.c.what.like(f"POST %/{way}") for way in ("search", "search-memories")))
    op.execute(looks.update().where(changing, sa.not_(reading)).values(action="change"))
    op.execute(looks.update().where(looks.c.what == "POST /api/chat/message").values(action="chat"))
