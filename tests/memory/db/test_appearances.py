"""Appearance settings: kept for one user, erased with them, never a value of another version."""

from __future__ import annotations

import pytest

from memory.db import Database
from memory.errors import BadInput
from memory.types import Appearance


def test_kept_for_one_user_and_erased_with_them(db: Database) -> None:
    one, other = db.users.create("小雨"), db.users.create("阿宁")
    chosen = Appearance("dark", "large", {"qing": "plum"})
    db.appearances.set(one.id, chosen)
    assert db.appearances.of(one.id) == chosen
    assert db.appearances.of(other.id) == Appearance()
    db.erasure.erase_user(one.id)
    assert db.appearances.of(one.id) == Appearance()


def test_only_what_there_is(db: Database) -> None:
    user = db.users.create("小雨")
    with pytest.raises(BadInput, match="appearance"):
        db.appearances.set(user.id, Appearance("blue"))  # type: ignore[arg-type]
    db.engine.set_meta(f"appearance:{user.id}", '{"theme": "sepia", "text_size": "huge"}')
    assert db.appearances.of(user.id) == Appearance("system", "huge")
