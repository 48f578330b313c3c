"""Figures of all users are counted, each under the right one."""

from __future__ import annotations

from datetime import timedelta

from memory.container import Container
from memory.memories.everybody import everybody
from memory.types import Kind, MemoryDraft, MemoryFilter, Owner, Subject


def test_everybody_is_counted_apart(container: Container) -> None:
    db, clock = container.db, container.clock
    ids = [db.users.create(name).id for name in ("林", "梅", "周")]
    lin, mei = Owner(ids[0], "niannian"), Owner(ids[1], "niannian")
    for owner, text, kind, category in (
        (lin, "用户对花生过敏", Kind.CONSTANT, "health"),
        (lin, "用户住在杭州", Kind.CONSTANT, "identity"),
        (lin, "用户喜欢爵士乐", Kind.CONSTANT, "preference"),
        (Owner(ids[0], "qing"), "用户每天跑步", Kind.CONSTANT, "health"),
        (mei, "用户的猫叫花花", Kind.CONSTANT, "relationship"),
    ):
        draft = MemoryDraft(text, Subject.USER, kind, category)
        container.memory_service.add(owner, draft)
    session = db.sessions.create(mei)
    now = clock() + timedelta(minutes=1)
    first, second, third = everybody(container.store, db, ids, now)
    assert (first.user_id, first.memories) == (ids[0], 4)
    assert first.by_category == {"health": 2, "identity": 1, "preference": 1}
    assert first.added == (0, 0, 0, 0, 0, 4)
    assert (second.memories, second.last_seen) == (1, session.updated_at)
    assert (third.memories, third.by_category, third.last_seen, third.mood) == (0, {}, None, None)

    later = now + timedelta(days=45)
    assert everybody(container.store, db, ids[:1], later)[0].added == (0, 0, 0, 0, 4, 0)
    healthy = MemoryFilter(categories=frozenset({"health"}))
    assert everybody(container.store, db, ids[:1], now, healthy)[0].memories == 2
    assert [one.user_id for one in everybody(container.store, db, ids[1:2], now)] == [ids[1]]
