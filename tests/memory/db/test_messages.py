from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from memory.db import Database
from memory.errors import NotFound
from memory.types import MessageState, Owner


def test_sessions_are_listed_by_last_use_and_found_by_title(db: Database, owner, clock) -> None:
    first = db.sessions.create(owner, "  Peanuts\n and nuts ")
    clock.forward(minutes=1)
    second = db.sessions.create(owner, "100% 花生_过敏")
    assert [s.id for s in db.sessions.of(owner)] == [second.id, first.id]
    clock.forward(minutes=1)
    db.messages.add(owner, first.id, "user", "hello")
    assert [s.id for s in db.sessions.of(owner)] == [first.id, second.id]
    assert [s.id for s in db.sessions.of(owner, "pEANUTS and")] == [first.id]
    assert [s.id for s in db.sessions.of(owner, "花生_")] == [second.id]
    assert db.sessions.of(owner, "%过") == []
    assert [s.id for s in db.sessions.of(owner, limit=1, offset=1)] == [second.id]


def test_renaming_keeps_the_place_and_deleting_takes_all(db, owner, clock, say) -> None:
    session = db.sessions.create(owner)
    say(session.id)
    db.batches.make(owner, session.id)
    before = db.sessions.get(owner, session.id)
    clock.forward(hours=1)
    renamed = db.sessions.rename(owner, session.id, "花生")
    assert renamed.title == "花生"
    assert renamed.updated_at == before.updated_at
    db.sessions.delete(owner, session.id)
    assert db.sessions.of(owner) == []
    assert db.batches.of(owner) == []
    assert db.messages.count(owner) == 0
    with pytest.raises(NotFound):
        db.messages.of(owner, session.id)


def test_what_belongs_to_others_is_not_found(db: Database, owner, other, say) -> None:
    session = db.sessions.create(owner)
    asked, _ = say(session.id)
    same_user = Owner(owner.user_id, "another_persona")
    for stranger in (other, same_user):
        with pytest.raises(NotFound):
            db.sessions.get(stranger, session.id)
        with pytest.raises(NotFound):
            db.sessions.rename(stranger, session.id, "mine")
        with pytest.raises(NotFound):
            db.sessions.delete(stranger, session.id)
        with pytest.raises(NotFound):
            db.messages.add(stranger, session.id, "user", "hello")
        with pytest.raises(NotFound):
            db.messages.of(stranger, session.id)
        with pytest.raises(NotFound):
            db.messages.get(stranger, asked)
        with pytest.raises(NotFound):
            db.messages.update(stranger, asked, text="changed")
        assert db.messages.by_ids(stranger, [asked]) == []
        assert db.messages.count(stranger) == 0
    assert db.messages.get(owner, asked).text == "我对花生过敏"


def test_messages_are_numbered_and_paged(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    for turn in range(5):
        say(session.id, f"message {turn}")
    every = db.messages.of(owner, session.id, limit=None)
    assert [m.number for m in every] == list(range(1, 11))
    last = db.messages.of(owner, session.id, limit=4)
    assert [m.number for m in last] == [7, 8, 9, 10]
    earlier = db.messages.of(owner, session.id, limit=4, before_number=7)
    assert [m.number for m in earlier] == [3, 4, 5, 6]
    assert db.messages.by_ids(owner, [every[3].id, "unknown", every[0].id]) == [
        every[3],
        every[0],
    ]
    assert db.messages.count(owner, session.id) == 10


def test_a_message_round_trips_with_all_its_fields(db: Database, owner, clock) -> None:
    session = db.sessions.create(owner)
    said = db.messages.add(
        owner,
        session.id,
        "assistant",
        "前天的面试怎么样了？<b>😀</b>\x00",
        state=MessageState.STOPPED,
        remember=False,
        care="danger",
        reply_to="someone",
        opening=True,
        created_at=clock.now.replace(microsecond=123456),
    )
    assert said.text == "前天的面试怎么样了？<b>😀</b>"
    assert db.messages.get(owner, said.id) == said
    assert db.messages.of(owner, session.id) == [said]
    grown = db.messages.update(owner, said.id, text="前天\x00")
    assert grown == replace(said, text="前天")


def test_replaced_replies_are_hidden(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    asked, answer = say(session.id)
    db.messages.update(owner, answer, state=MessageState.REPLACED)
    again = db.messages.add(owner, session.id, "assistant", "好", reply_to=asked)
    assert [m.id for m in db.messages.of(owner, session.id)] == [asked, again.id]
    assert len(db.messages.of(owner, session.id, include_replaced=True)) == 3
    assert db.messages.count(owner, session.id) == 2


def test_streaming_replies_become_interrupted_and_keep_their_text(db, owner, clock) -> None:
    session = db.sessions.create(owner)
    reply = db.messages.add(
        owner, session.id, "assistant", "", state=MessageState.STREAMING, reply_to="u"
    )
    db.messages.update(owner, reply.id, text="我记得你说")
    assert db.messages.recover_streaming(before=clock.now) == 0
    assert db.messages.recover_streaming() == 1
    kept = db.messages.get(owner, reply.id)
    assert (kept.state, kept.text) == (MessageState.INTERRUPTED, "我记得你说")
    assert db.messages.recover_streaming() == 0


def test_messages_from_many_threads_get_numbers_of_their_own(db: Database, owner) -> None:
    session = db.sessions.create(owner)

    def talk() -> None:
        for _ in range(20):
            db.messages.add(owner, session.id, "user", "hi")

    threads = [threading.Thread(target=talk) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [m.number for m in db.messages.of(owner, session.id, limit=None)]
    assert numbers == list(range(1, 121))


def test_times_of_both_sides_in_all_sessions_of_a_user(db, owner, other, clock, say) -> None:
    old = db.sessions.create(owner)
    say(old.id)
    start = clock.forward(hours=3)
    with_another = Owner(owner.user_id, "qing")
    say(db.sessions.create(with_another).id, whose=with_another)
    say(db.sessions.create(other).id, whose=other)
    clock.forward(minutes=1)
    say(old.id)
    assert db.messages.times(owner.user_id, since=start) == [start, start, clock.now, clock.now]


@pytest.mark.sqlite_only
def test_the_last_page_of_a_long_session_reads_no_other_rows(db: Database, owner) -> None:
    session = db.sessions.create(owner)
    with db.engine.write() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
            "INSERT INTO messages SELECT 'm' || i, ?, ?, ?, i, 'user', 'text', "
            "'2024-10-18 12:00:00.000000', 'done', 1, 'b', NULL, NULL, 0, NULL, NULL, NULL, NULL, "
            "NULL, NULL, NULL FROM n",
            (session.id, owner.user_id, owner.persona_id),
        )
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM messages WHERE session_id = 's' "
            "AND number < 900 ORDER BY number DESC LIMIT 50"
        ).fetchall()
    assert "USING INDEX" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
    started = time.perf_counter()
    page = db.messages.of(owner, session.id, limit=50, before_number=9000)
    took = time.perf_counter() - started
    assert [m.number for m in page] == list(range(8950, 9000))
    assert took < 0.1
    assert db.messages.add(owner, session.id, "user", "next").number == 10001
