"""Categories: the ones that there always are, and those of the installation and of a user."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from memory.db import Database
from memory.types import DEFAULT_CATEGORIES


class Categories(Collection[str]):
    """What a user's memories may be filed under. The database is asked only if it has to be."""

    def __init__(self, db: Database, user_id: str) -> None:
        self._db = db
        self._user_id = user_id

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return self._db.extraction_settings.for_user(self._user_id).category_names

    def __contains__(self, name: object) -> bool:
        return name in DEFAULT_CATEGORIES or name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
