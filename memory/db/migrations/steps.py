"""Taking the steps that are owed. Imports Alembic; only imported when one is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

HERE = Path(__file__).parent


def scripts() -> ScriptDirectory:
    """The steps, without an ini file or an ``env.py``."""
    return ScriptDirectory(str(HERE), version_locations=[str(HERE / "versions")])


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Take all steps up to ``revision`` inside the connection's transaction.

    Args:
        connection: In a transaction; whoever began it commits.
        revision: ``head``, or the name of a step.
    """
    found = scripts()

    def owed(current: Any, _context: Any) -> Any:
        return found._upgrade_revs(revision, current)

    # The name under which Alembic's own upgrade command asks for the same list.
    with EnvironmentContext(Config(), found, fn=owed) as environment:
        environment.configure(connection=connection, transaction_per_migration=False)
        environment.run_migrations()
