from __future__ import annotations

import pytest

from memory.db import Ledger
from memory.errors import BadInput, NotFound


def test_a_user_is_kept_and_listed_in_order(ledger: Ledger, clock) -> None:
    first = ledger.create_user("  林 小满 ", language="zh", timezone="Asia/Shanghai", region="cn")
    clock.forward(seconds=1)
    second = ledger.create_user("Mei", id="mei", demo=True)
    assert first.name == "林 小满"
    assert first.region == "CN"
    assert second.id == "mei"
    assert second.demo
    assert ledger.list_users() == [first, second]
    assert ledger.get_user(first.id) == first


def test_a_user_can_be_changed(ledger: Ledger) -> None:
    user = ledger.create_user("Lin", timezone="Asia/Shanghai")
    changed = ledger.update_user(user.id, name="Lin Xiaoman", timezone="", language="en")
    assert (changed.name, changed.timezone, changed.language) == ("Lin Xiaoman", None, "en")
    assert ledger.get_user(user.id) == changed


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
def test_bad_fields_are_named(ledger: Ledger, fields: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        ledger.create_user(**fields)
    assert caught.value.code == code
    assert ledger.list_users() == []


def test_the_same_id_twice_is_refused(ledger: Ledger) -> None:
    ledger.create_user("Lin", id="lin")
    with pytest.raises(BadInput) as caught:
        ledger.create_user("Another", id="lin")
    assert caught.value.code == "user_exists"


def test_unknown_users_and_fields(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.get_user("nobody")
    with pytest.raises(NotFound):
        ledger.update_user("nobody", name="x")
    user = ledger.create_user("Lin")
    with pytest.raises(BadInput):
        ledger.update_user(user.id, id="other")
