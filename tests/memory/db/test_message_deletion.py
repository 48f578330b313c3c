"""Messages that are deleted, and what was still owed because of them."""

from __future__ import annotations

from memory.db import Database
from memory.types import BatchState, MessageState, Trace


def trace(message_id: str, at) -> Trace:
    return Trace(message_id=message_id, items=(), created_at=at)


def test_a_turn_is_the_message_with_all_its_answers(db: Database, owner, other, say) -> None:
    session = db.sessions.create(owner)
    asked, first = say(session.id)
    db.messages.update(owner, first, state=MessageState.REPLACED)
    second = db.messages.add(owner, session.id, "assistant", "好", reply_to=asked)
    say(session.id, "我住在上海")
    assert [m.id for m in db.deletion.turn_of(owner, asked)] == [asked, first, second.id]
    assert [m.id for m in db.deletion.turn_of(owner, second.id)] == [first, second.id]
    assert db.deletion.turn_of(other, asked) == []
    assert db.deletion.turn_of(owner, "unknown") == []


def test_deleted_messages_are_gone_with_their_traces(
    db: Database, owner, other, say, clock
) -> None:
    session = db.sessions.create(owner)
    asked, answer = say(session.id)
    kept, _ = say(session.id, "我住在上海")
    db.traces.save(owner, trace(answer, clock.now))
    assert db.deletion.delete_messages(other, [asked, answer]) == []
    assert {m.id for m in db.deletion.delete_messages(owner, [asked, answer])} == {asked, answer}
    assert db.messages.of(owner, session.id)[0].id == kept
    assert db.traces.get(owner, answer) is None
    assert db.deletion.delete_messages(owner, [asked]) == []


def test_what_is_not_extracted_yet_is_owed_no_more(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    first, second = say(session.id), say(session.id, "我住在上海")
    db.deletion.delete_messages(owner, list(first))
    batch = db.batches.make(owner, session.id)
    assert batch.message_ids == second


def test_a_waiting_batch_goes_on_without_them(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    first, second = say(session.id), say(session.id, "我住在上海")
    batch = db.batches.make(owner, session.id)
    db.deletion.delete_messages(owner, list(first))
    assert db.batches.get(batch.id).message_ids == second
    db.deletion.delete_messages(owner, list(second))
    assert db.batches.get(batch.id) is None


def test_a_batch_being_worked_on_is_handed_out_anew(db: Database, owner, say, clock) -> None:
    session = db.sessions.create(owner)
    first, second = say(session.id), say(session.id, "我住在上海")
    db.batches.make(owner, session.id)
    claimed = db.leases.claim("w", clock.now)
    db.deletion.delete_messages(owner, list(first))
    assert db.batches.get(claimed.id) is None, "the worker can't store what it found"
    (anew,) = db.batches.of(owner)
    assert (anew.state, anew.message_ids) == (BatchState.PENDING, second)
    assert db.leases.claim("w", clock.now).id == anew.id


def test_a_done_batch_stays(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    asked, answer = say(session.id)
    batch = db.batches.make(owner, session.id)
    db.history.record([], finish_batch=batch.id)
    db.deletion.delete_messages(owner, [asked, answer])
    assert db.batches.get(batch.id).state is BatchState.DONE


def test_an_opening_line_left_alone_waits_for_the_next_turn(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    opening = db.messages.add(owner, session.id, "assistant", "你来啦", opening=True)
    asked, answer = say(session.id)
    batch = db.batches.make(owner, session.id)
    assert opening.id in batch.message_ids
    db.deletion.delete_messages(owner, [asked, answer])
    assert db.batches.get(batch.id) is None
    following = say(session.id, "我住在上海")
    assert db.batches.make(owner, session.id).message_ids == (opening.id, *following)


def test_an_answer_set_aside_leaves_a_batch_that_is_not_done(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    asked, answer = say(session.id)
    batch = db.batches.make(owner, session.id)
    db.deletion.take_out(owner, [answer])
    assert db.batches.get(batch.id).message_ids == (asked,)
    assert db.messages.get(owner, answer).batch_id is None
    db.history.record([], finish_batch=batch.id)
    db.deletion.take_out(owner, [asked])
    assert db.messages.get(owner, asked).batch_id == batch.id


def test_a_session_is_called_after_what_is_left(db: Database, owner, say) -> None:
    session = db.sessions.create(owner, "我对花生过敏")
    named = db.sessions.create(owner, "健康")
    first, second = say(session.id), say(session.id, "我住在上海\n浦东")
    db.deletion.delete_messages(owner, list(first))
    assert db.sessions.get(owner, session.id).title == "我住在上海"
    db.deletion.delete_messages(owner, list(second))
    assert db.sessions.get(owner, session.id).title == ""
    db.deletion.delete_messages(owner, list(say(named.id)))
    assert db.sessions.get(owner, named.id).title == "健康"


def test_numbers_count_what_stands(db: Database, owner, other, say) -> None:
    session = db.sessions.create(owner)
    asked, answer = say(session.id)
    say(session.id, "我住在上海")
    assert db.positions.last_number(owner, session.id) == 4
    assert db.positions.count_after(owner, session.id, 1) == 3
    db.messages.update(owner, answer, state=MessageState.REPLACED)
    assert db.positions.count_after(owner, session.id, 1) == 2
    assert db.positions.last_number(other, session.id) == 0
    assert asked
