"""Database errors: what a driver's error means, as an error that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import OperationalError

from memory.errors import FolderBusy, FolderDamaged, FolderUnusable, StoreError

NO_SPACE = "no space left"


def explained_error(error: Exception, place: str) -> StoreError | None:
    """What the driver's ``error`` means for the database at ``place``.

    ``None`` for a mistake of ours, such as a wrong statement.
    """
    said = str(getattr(error, "orig", None) or error).lower()
    for words, reason in _REASONS:
        if any(word in said for word in words):
            return reason(place)
    return _unreachable(place) if isinstance(error, OperationalError) else None


def damaged(place: str) -> StoreError:
    """The file can be opened, and what it holds can't be trusted."""
    return FolderDamaged(
        f"{place} is damaged; restore a backup",
        code="ledger_damaged",
        folder=place,
        what=Path(place).name,
        why="damaged",
    )


def _not_writable(place: str) -> StoreError:
    return FolderUnusable(f"{place} can't be written", folder=place, why="not writable")


def _full(place: str) -> StoreError:
    return FolderUnusable(f"no space left for {place}", folder=place, why=NO_SPACE)


def _busy(place: str) -> StoreError:
    return FolderBusy(f"another process holds {place}", folder=place)


def _unreachable(place: str) -> StoreError:
    return FolderUnusable(f"{place} can't be used", folder=place, why="unreachable")


_REASONS: tuple[tuple[tuple[str, ...], Callable[[str], StoreError]], ...] = (
    (("not a database", "malformed", "corrupt"), damaged),
    (("unable to open", "readonly", "read-only", "permission denied"), _not_writable),
    (("disk is full", "disk i/o error", "no space"), _full),
    (("database is locked", "database table is locked", "database is busy"), _busy),
)
