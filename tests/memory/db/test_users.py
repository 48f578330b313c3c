from __future__ import annotations

import pytest

from memory.db import Database
from memory.errors import BadInput, NotFound


def test_a_user_is_kept_and_listed_in_order(db: Database, clock) -> None:
    first = db.users.create("  林 小满 ", language="zh", timezone="Asia/Shanghai", region="cn")
    clock.forward(seconds=1)
    second = db.users.create("Mei", id="mei", demo=True)
    assert first.name == "林 小满"
    assert first.region == "CN"
    assert second.id == "mei"
    assert second.demo
    assert db.users.all() == [first, second]
    assert db.users.get(first.id) == first


def test_a_user_can_be_changed(db: Database) -> None:
    user = db.users.create("Lin", timezone="Asia/Shanghai")
    changed = db.users.update(user.id, name="Lin Xiaoman", timezone="", language="en")
    assert (changed.name, changed.timezone, changed.language) == ("Lin Xiaoman", None, "en")
    assert db.users.get(user.id) == changed


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "user_name_empty"),
        ({"name": "x" * 81}, "user_name_long"),
        ({"name": "x", "language": "fr"}, "language"),
        ({"name": "x", "timezone": "Mars/Base"}, "timezone"),
        ({"name": "x", "region": "China"}, "region"),
    ],
)
def test_bad_fields_are_named(db: Database, fields: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        db.users.create(**fields)
    assert caught.value.code == code
    assert db.users.all() == []


def test_the_same_id_twice_is_refused(db: Database) -> None:
    db.users.create("Lin", id="lin")
    with pytest.raises(BadInput) as caught:
        db.users.create("Another", id="lin")
    assert caught.value.code == "user_exists"


def test_unknown_users_and_fields(db: Database) -> None:
    with pytest.raises(NotFound):
        db.users.get("nobody")
    with pytest.raises(NotFound):
        db.users.update("nobody", name="x")
    user = db.users.create("Lin")
    with pytest.raises(BadInput):
        db.users.update(user.id, id="other")
