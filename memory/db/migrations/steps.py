"""Migration runner. Imports Alembic, so it is imported only when a migration is owed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def scripts() -> ScriptDirectory:
    """The steps in ``versions``."""
    return ScriptDirectory.from_config(_config())


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Take all steps up to ``revision`` inside the connection's transaction.

    Args:
        connection: In a transaction; whoever began it commits.
        revision: ``head``, or the name of a step.
    """
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
