from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from memory.db import Database
from memory.errors import NotFound
from memory.types import MessageState, Owner


def test_sessions_are_listed_by_last_use_and_found_by_title(db: Database, owner, clock) -> None:
    first = db.create_session(owner, "  Peanuts\n and nuts ")
    clock.forward(minutes=1)
    second = db.create_session(owner, "100% 花生_过敏")
    assert [s.id for s in db.list_sessions(owner)] == [second.id, first.id]
    clock.forward(minutes=1)
    db.add_message(owner, first.id, "user", "hello")
    assert [s.id for s in db.list_sessions(owner)] == [first.id, second.id]
    assert [s.id for s in db.list_sessions(owner, "pEANUTS and")] == [first.id]
    assert [s.id for s in db.list_sessions(owner, "花生_")] == [second.id]
    assert db.list_sessions(owner, "%过") == []
    assert [s.id for s in db.list_sessions(owner, limit=1, offset=1)] == [second.id]


def test_renaming_keeps_the_place_and_deleting_takes_all(db, owner, clock, say) -> None:
    session = db.create_session(owner)
    say(session.id)
    db.make_batch(owner, session.id)
    before = db.get_session(owner, session.id)
    clock.forward(hours=1)
    renamed = db.rename_session(owner, session.id, "花生")
    assert renamed.title == "花生"
    assert renamed.updated_at == before.updated_at
    db.delete_session(owner, session.id)
    assert db.list_sessions(owner) == []
    assert db.batches(owner) == []
    assert db.count_messages(owner) == 0
    with pytest.raises(NotFound):
        db.messages(owner, session.id)


def test_what_belongs_to_others_is_not_found(db: Database, owner, other, say) -> None:
    session = db.create_session(owner)
    asked, _ = say(session.id)
    same_user = Owner(owner.user_id, "another_persona")
    for stranger in (other, same_user):
        with pytest.raises(NotFound):
            db.get_session(stranger, session.id)
        with pytest.raises(NotFound):
            db.rename_session(stranger, session.id, "mine")
        with pytest.raises(NotFound):
            db.delete_session(stranger, session.id)
        with pytest.raises(NotFound):
            db.add_message(stranger, session.id, "user", "hello")
        with pytest.raises(NotFound):
            db.messages(stranger, session.id)
        with pytest.raises(NotFound):
            db.get_message(stranger, asked)
        with pytest.raises(NotFound):
            db.update_message(stranger, asked, text="changed")
        assert db.messages_by_ids(stranger, [asked]) == []
        assert db.count_messages(stranger) == 0
    assert db.get_message(owner, asked).text == "我对花生过敏"


def test_messages_are_numbered_and_paged(db: Database, owner, say) -> None:
    session = db.create_session(owner)
    for turn in range(5):
        say(session.id, f"message {turn}")
    every = db.messages(owner, session.id, limit=None)
    assert [m.number for m in every] == list(range(1, 11))
    last = db.messages(owner, session.id, limit=4)
    assert [m.number for m in last] == [7, 8, 9, 10]
    earlier = db.messages(owner, session.id, limit=4, before_number=7)
    assert [m.number for m in earlier] == [3, 4, 5, 6]
    assert db.messages_by_ids(owner, [every[3].id, "unknown", every[0].id]) == [
        every[3],
        every[0],
    ]
    assert db.count_messages(owner, session.id) == 10


def test_a_message_round_trips_with_all_its_fields(db: Database, owner, clock) -> None:
    session = db.create_session(owner)
    said = db.add_message(
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
    assert db.get_message(owner, said.id) == said
    assert db.messages(owner, session.id) == [said]
    grown = db.update_message(owner, said.id, text="前天\x00")
    assert grown == replace(said, text="前天")


def test_replaced_replies_are_hidden(db: Database, owner, say) -> None:
    session = db.create_session(owner)
    asked, answer = say(session.id)
    db.update_message(owner, answer, state=MessageState.REPLACED)
    again = db.add_message(owner, session.id, "assistant", "好", reply_to=asked)
    assert [m.id for m in db.messages(owner, session.id)] == [asked, again.id]
    assert len(db.messages(owner, session.id, include_replaced=True)) == 3
    assert db.count_messages(owner, session.id) == 2


def test_streaming_replies_become_interrupted_and_keep_their_text(db, owner, clock) -> None:
    session = db.create_session(owner)
    reply = db.add_message(
        owner, session.id, "assistant", "", state=MessageState.STREAMING, reply_to="u"
    )
    db.update_message(owner, reply.id, text="我记得你说")
    assert db.recover_streaming(before=clock.now) == 0
    assert db.recover_streaming() == 1
    kept = db.get_message(owner, reply.id)
    assert (kept.state, kept.text) == (MessageState.INTERRUPTED, "我记得你说")
    assert db.recover_streaming() == 0


def test_messages_from_many_threads_get_numbers_of_their_own(db: Database, owner) -> None:
    session = db.create_session(owner)

    def talk() -> None:
        for _ in range(20):
            db.add_message(owner, session.id, "user", "hi")

    threads = [threading.Thread(target=talk) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [m.number for m in db.messages(owner, session.id, limit=None)]
    assert numbers == list(range(1, 121))


def test_times_of_both_sides_in_all_sessions_of_a_user(db, owner, other, clock, say) -> None:
    old = db.create_session(owner)
    say(old.id)
    start = clock.forward(hours=3)
    with_another = Owner(owner.user_id, "qing")
    say(db.create_session(with_another).id, whose=with_another)
    say(db.create_session(other).id, whose=other)
    clock.forward(minutes=1)
    say(old.id)
    assert db.message_times(owner.user_id, since=start) == [start, start, clock.now, clock.now]


@pytest.mark.sqlite_only
def test_the_last_page_of_a_long_session_reads_no_other_rows(db: Database, owner) -> None:
    session = db.create_session(owner)
    with db._write() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
            "INSERT INTO messages SELECT 'm' || i, ?, ?, ?, i, 'user', 'text', "
            "'2024-10-18 12:00:00.000000', 'done', 1, 'b', NULL, NULL, 0 FROM n",
            (session.id, owner.user_id, owner.persona_id),
        )
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM messages WHERE session_id = 's' "
            "AND number < 900 ORDER BY number DESC LIMIT 50"
        ).fetchall()
    assert "USING INDEX" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
    started = time.perf_counter()
    page = db.messages(owner, session.id, limit=50, before_number=9000)
    took = time.perf_counter() - started
    assert [m.number for m in page] == list(range(8950, 9000))
    assert took < 0.1
    assert db.add_message(owner, session.id, "user", "next").number == 10001
