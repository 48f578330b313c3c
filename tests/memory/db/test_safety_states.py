"""The state of care in the database: latest first, ended for the person, erased with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from memory.db import Database
from memory.types import CareState, Owner

AT = datetime(2026, 2, 1, 20, tzinfo=UTC)


def state(owner: Owner, **fields: object) -> CareState:
    values: dict[str, object] = {"session_id": "s1", "kind": "suicide", "since": AT, "sign_at": AT}
    return CareState(owner=owner, **{**values, **fields})  # type: ignore[arg-type]


def test_it_is_kept_and_replaced(db: Database, owner: Owner) -> None:
    assert db.safety.state(owner.user_id) is None
    first = state(owner, urgent_at=AT, young=True, doubts=1)
    db.safety.keep_state(first)
    assert db.safety.state(owner.user_id) == first
    later = state(owner, kind="self_harm", sign_at=AT + timedelta(hours=1))
    db.safety.keep_state(later)
    assert db.safety.state(owner.user_id) == later


def test_it_is_the_persons_with_every_persona(db: Database, owner: Owner) -> None:
    other = Owner(owner.user_id, "qing")
    db.safety.keep_state(state(owner))
    db.safety.keep_state(state(other, sign_at=AT + timedelta(minutes=5)))
    latest = db.safety.state(owner.user_id)
    assert latest is not None
    assert latest.owner == other
    db.safety.keep_state(state(owner, sign_at=AT, over_at=AT + timedelta(minutes=9)))
    ended = db.safety.state(owner.user_id)
    assert ended is not None
    assert not ended.holds(AT + timedelta(minutes=10))


def test_it_goes_with_its_owner(db: Database, owner: Owner, other: Owner) -> None:
    for who in (owner, other):
        db.safety.keep_state(state(who))
    db.erasure.erase_owner(owner)
    assert db.safety.state(owner.user_id) is None
    db.erasure.erase_user(other.user_id)
    assert db.safety.state(other.user_id) is None
