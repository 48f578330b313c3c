"""Categories that an import brings: they become the user's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from memory.db import Database
from memory.memories.extraction_settings import MOST_CATEGORIES
from memory.types import Change, CustomCategory


def adopt_categories(db: Database, user_id: str, changes: Iterable[Change]) -> None:
    """Add the categories of imported memories that nobody knows here, as many as there may be.

    They are filters, colours and choices of the user's then; a memory of a category beyond
    the limit keeps its name all the same.
    """
    named = dict.fromkeys(change.after.category for change in changes if change.after is not None)
    known = db.extraction_settings.for_user(user_id).category_names
    new = [CustomCategory(name) for name in named if name not in known]
    if not new:
        return
    own = db.extraction_settings.of(user_id)
    room = MOST_CATEGORIES - len(own.categories)
    db.extraction_settings.set(
        replace(own, categories=(*own.categories, *new[: max(room, 0)])), user_id
    )
