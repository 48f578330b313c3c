"""Batch leases: taking batches to work on, by compare-and-set.

A claim is one UPDATE that only succeeds on the state that was seen, so two
workers never hold the same batch. Two batches of one owner are not worked on at
the same time either: the second must see what the first remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, or_, select, update

from memory.db.batch_rows import read_batches
from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import batches
from memory.errors import NotFound
from memory.types import Batch, BatchState, Owner

# Longer than any extraction takes: two calls of at most ten minutes each.
LEASE_SECONDS = 1800.0
MOST_CRASHES = 3
"""A batch that crashed its worker this often is set aside until somebody runs it again."""

MOST_DEATHS = 8
"""How often the whole server may die while a batch is worked on: power cuts and ``kill -9`` come
in rows and say nothing about the batch. What a text can do, it does to the worker process."""

SET_ASIDE = "set_aside"
"""The code of its error; what stopped the last worker follows after a colon."""

_ONE_LESS = case((batches.c.crashes > 0, batches.c.crashes - 1), else_=0)
_SET_ASIDE = {
    "state": BatchState.FAILED.value,
    "next_at": None,
    "claimed_by": None,
    "claimed_at": None,
}
_TRIES = 16

_other = batches.alias("other")
_owner_is_served = (
    select(_other.c.id)
    .where(
        _other.c.user_id == batches.c.user_id,
        _other.c.persona_id == batches.c.persona_id,
        _other.c.state == BatchState.WORKING.value,
        _other.c.claimed_at >= bindparam("lapsed"),
    )
    .exists()
)
_FREE = and_(
    or_(
        batches.c.state == BatchState.PENDING.value,
        and_(batches.c.state == BatchState.RETRY.value, batches.c.next_at <= bindparam("now")),
        and_(
            batches.c.state == BatchState.WORKING.value,
            batches.c.claimed_at < bindparam("lapsed"),
        ),
    ),
    ~_owner_is_served,
)
# Asked after every turn: composed once.
_CANDIDATES = (
    select(batches.c.id, batches.c.attempts, batches.c.crashes)
    .where(_FREE)
    .order_by(batches.c.seq)
    .limit(_TRIES)
)


class Leases(Repository):
    """Claims of batches by workers: taken, released, retried, failed."""

    def claim(
        self, worker: str, now: datetime, *, lease_seconds: float = LEASE_SECONDS
    ) -> Batch | None:
        """Take the oldest batch that can be worked on now.

        Pending ones, retries whose time has come, and those whose worker has
        held them for longer than the lease. Counts the attempt, and beforehand that
        the worker will die of it: if it lives, that is taken back. What stopped its
        server ``MOST_DEATHS`` times is set aside instead.

        Returns:
            The batch, now ``working`` and held by ``worker``, or ``None``.
        """
        times = {"now": now, "lapsed": now - timedelta(seconds=lease_seconds)}
        with self._read() as connection:
            seen = connection.execute(_CANDIDATES, times).all()
        if not seen:
            return None
        with self._write() as connection:
            for id, attempts, crashes in seen:
                claim = update(batches).where(
                    batches.c.id == id, batches.c.attempts == attempts, _FREE
                )
                if crashes >= MOST_DEATHS:
                    dead = claim.values(**_SET_ASIDE, error=f"{SET_ASIDE}:died")
                    connection.execute(dead, times)
                    continue
                taken = connection.execute(
                    claim.values(
                        state=BatchState.WORKING.value,
                        attempts=attempts + 1,
                        crashes=crashes + 1,
                        claimed_by=worker,
                        claimed_at=now,
                        next_at=None,
                    ),
                    times,
                )
                if taken.rowcount == 1:
                    return read_batches(connection, select(batches).where(batches.c.id == id))[0]
        return None

    def release(self, worker_prefix: str | None = None) -> int:
        """Make claimed batches free again: at start, when their workers are dead.

        Args:
            worker_prefix: Only claims of workers named so, who are alive: that isn't
                counted as a crash. ``None``: all of them (right where one process owns
                the folder).

        Returns:
            How many were released.
        """
        chosen = update(batches).where(batches.c.state == BatchState.WORKING.value)
        if worker_prefix is not None:
            chosen = chosen.where(
                batches.c.claimed_by.startswith(worker_prefix, autoescape=True)
            ).values(crashes=_ONE_LESS)
        with self._write() as connection:
            released = connection.execute(
                chosen.values(state=BatchState.PENDING.value, claimed_by=None, claimed_at=None)
            )
            return released.rowcount

    def retry(self, id: str, error: str, next_at: datetime) -> bool:
        """Put a batch back for later. ``error`` is a code, never message text.

        Returns:
            Whether it was being worked on; a finished or erased one stays as it is.
        """
        return self._leave(id, BatchState.RETRY, error, next_at)

    def crash(self, id: str, error: str, next_at: datetime) -> bool:
        """As :meth:`retry`, for one that was given up because it took too much.

        Returns:
            Whether it is set aside now, because it was the last time that is allowed.
        """
        held = (batches.c.id == id, batches.c.state == BatchState.WORKING.value)
        with self._write() as connection:
            last = connection.execute(
                update(batches)
                .where(*held, batches.c.crashes >= MOST_CRASHES)
                .values(**_SET_ASIDE, error=f"{SET_ASIDE}:{error}")
            )
            if last.rowcount == 1:
                return True
            connection.execute(
                update(batches)
                .where(*held)
                .values(
                    state=BatchState.RETRY.value,
                    error=error,
                    next_at=next_at,
                    claimed_by=None,
                    claimed_at=None,
                )
            )
        return False

    def excuse(self, worker: str) -> int:
        """Don't count what ``worker`` holds as a crash: it ends because it was asked to.

        Returns:
            How many batches it holds.
        """
        with self._write() as connection:
            return connection.execute(
                update(batches)
                .where(
                    batches.c.claimed_by == worker,
                    batches.c.state == BatchState.WORKING.value,
                )
                .values(crashes=_ONE_LESS)
            ).rowcount

    def fail(self, id: str, error: str) -> bool:
        """Give a batch up until somebody runs it again by hand; as above."""
        return self._leave(id, BatchState.FAILED, error, None)

    def rerun(self, owner: Owner, id: str) -> Batch:
        """Run a failed or waiting batch again now, with all its tries.

        Raises:
            NotFound: no such batch of this owner, or it isn't waiting or failed.
        """
        waiting = batches.c.state.in_([BatchState.FAILED.value, BatchState.RETRY.value])
        with self._write() as connection:
            done = connection.execute(
                update(batches)
                .where(batches.c.id == id, owned(batches.c, owner), waiting)
                .values(
                    state=BatchState.PENDING.value,
                    attempts=0,
                    crashes=0,
                    next_at=None,
                    error=None,
                )
            )
            if done.rowcount != 1:
                raise NotFound(code="batch_not_found")
            return read_batches(connection, select(batches).where(batches.c.id == id))[0]

    def revive(self, codes: Sequence[str]) -> int:
        """Run what failed with one of these codes again, with all its tries.

        Args:
            codes: Of what a change of the settings may have mended.

        Returns:
            How many there were.
        """
        mended = or_(
            *(batches.c.error == code for code in codes),
            *(batches.c.error.like(f"{code}:%") for code in codes),
        )
        with self._write() as connection:
            return connection.execute(
                update(batches)
                .where(batches.c.state == BatchState.FAILED.value, mended)
                .values(state=BatchState.PENDING.value, attempts=0, next_at=None, error=None)
            ).rowcount

    def hasten_retries(self, owner: Owner | None = None, session_id: str | None = None) -> int:
        """Let waiting batches be tried at once (settings changed, or by the button).

        Returns:
            How many were waiting.
        """
        chosen = update(batches).where(batches.c.state == BatchState.RETRY.value)
        if owner is not None:
            chosen = chosen.where(owned(batches.c, owner))
        if session_id is not None:
            chosen = chosen.where(batches.c.session_id == session_id)
        with self._write() as connection:
            return connection.execute(
                chosen.values(state=BatchState.PENDING.value, next_at=None)
            ).rowcount

    def _leave(self, id: str, state: BatchState, error: str, next_at: datetime | None) -> bool:
        with self._write() as connection:
            left = connection.execute(
                update(batches)
                .where(batches.c.id == id, batches.c.state == BatchState.WORKING.value)
                .values(
                    state=state.value,
                    # Whoever says so is alive.
                    crashes=_ONE_LESS,
                    error=error,
                    next_at=next_at,
                    claimed_by=None,
                    claimed_at=None,
                )
            )
            return left.rowcount == 1
