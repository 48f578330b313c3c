"""Neo4j server: the official driver behind :class:`memory.memories.graph.mirror.GraphServer`.

The only file that imports ``neo4j`` (the extra of that name).
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from typing import Any

from memory.memories.graph.mirror import LABEL, Statement

CONNECT_SECONDS = 10.0
_INDEX = f"CREATE INDEX niannian_nodes IF NOT EXISTS FOR (n:{LABEL}) ON (n.user_id, n.id)"
_USERS = f"MATCH (n:{LABEL}) RETURN DISTINCT n.user_id AS user_id"


def is_installed() -> bool:
    """Whether the driver is there."""
    return importlib.util.find_spec("neo4j") is not None


class Neo4jServer:
    """A Neo4j server (or what speaks Bolt as it does).

    Args:
        uri: ``bolt://…`` or ``neo4j://…``.
        username: Whose account.
        password: Its password.
        database: Which of the server's; its default one if empty.
    """

    def __init__(self, uri: str, username: str, password: str, database: str | None = None) -> None:
        import neo4j

        # Its lines quote addresses and statements.
        logging.getLogger("neo4j").setLevel(logging.ERROR)
        self._errors = (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError)
        self._database = database
        self._has_index = False
        self._driver = neo4j.GraphDatabase.driver(
            uri,
            auth=(username, password),
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=CONNECT_SECONDS,
            max_transaction_retry_time=CONNECT_SECONDS,
        )

    def write(self, statements: Sequence[Statement]) -> None:
        """Run statements in one transaction.

        Raises:
            OSError: the server can't be reached, or refused them.
        """

        def work(transaction: Any) -> None:
            for query, parameters in statements:
                transaction.run(query, parameters).consume()

        try:
            with self._driver.session(database=self._database) as session:
                if not self._has_index:
                    session.run(_INDEX).consume()
                    self._has_index = True
                session.execute_write(work)
        except self._errors as error:
            raise OSError(type(error).__name__) from error

    def users(self) -> set[str]:
        """The users whose nodes are there; raises as :meth:`write`."""

        def work(transaction: Any) -> set[str]:
            return {record["user_id"] for record in transaction.run(_USERS)}

        try:
            with self._driver.session(database=self._database) as session:
                found: set[str] = session.execute_read(work)
                return found
        except self._errors as error:
            raise OSError(type(error).__name__) from error

    def close(self) -> None:
        """Hang up."""
        self._driver.close()
