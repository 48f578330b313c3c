"""Versions of messages, and what followed each of them."""

from __future__ import annotations

import pytest

from memory.db import Database
from memory.errors import NotFound
from memory.types import MessageState, Owner


def texts(db: Database, owner: Owner, session_id: str) -> list[str]:
    return [m.text for m in db.messages.of(owner, session_id)]


def shown(db: Database, owner: Owner, session_id: str) -> dict[str, list[str]]:
    """The versions of each message in force, as texts."""
    found = db.messages.of(owner, session_id)
    all_of_it = {m.id: m.text for m in db.messages.of(owner, session_id, include_replaced=True)}
    versions = db.branches.versions(owner, found)
    return {m.text: [all_of_it[id] for id in versions[m.id]] for m in found if m.id in versions}


def test_a_branch_comes_back_whole(db: Database, owner, other, say) -> None:
    session = db.sessions.create(owner)
    opening = db.messages.add(owner, session.id, "assistant", "你好", opening=True)
    asked, answer = say(session.id, "我养猫", reply="真好")
    say(session.id, "叫花花", reply="好名字")
    assert db.messages.get(owner, asked).parent_id == opening.id
    assert shown(db, owner, session.id) == {}

    old = db.messages.get(owner, asked)
    edited = db.messages.add(owner, session.id, "user", "我养狗", instead_of=old)
    db.messages.add(owner, session.id, "assistant", "汪", reply_to=edited.id)
    assert texts(db, owner, session.id) == ["你好", "我养狗", "汪"]
    assert shown(db, owner, session.id) == {"我养狗": ["我养猫", "我养狗"]}
    assert len(db.branches.gone_with(owner, asked).gone) == 4

    with pytest.raises(NotFound):
        db.branches.choose(other, asked)
    step = db.branches.choose(owner, asked)
    assert texts(db, owner, session.id) == ["你好", "我养猫", "真好", "叫花花", "好名字"]
    assert (len(step.gone), len(step.back)) == (2, 4)
    with pytest.raises(NotFound):
        db.branches.choose(owner, asked)
    # Said now, it goes on in this branch, and the other one keeps its end.
    say(session.id, "它三岁", reply="还小")
    db.branches.choose(owner, edited.id)
    assert texts(db, owner, session.id) == ["你好", "我养狗", "汪"]
    db.branches.choose(owner, asked)
    assert texts(db, owner, session.id)[-1] == "还小"
    assert db.messages.get(owner, answer).kept_state is None


def test_answers_are_versions_and_keep_their_state(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    asked, first = say(session.id, "讲个故事", reply="从前", state=MessageState.STOPPED)
    db.branches.set_aside(owner, first)
    second = db.messages.add(owner, session.id, "assistant", "很久以前", reply_to=asked)
    assert shown(db, owner, session.id) == {"很久以前": ["从前", "很久以前"]}
    assert db.branches.answers(owner, db.messages.get(owner, asked)) == ("从前", "很久以前")
    db.branches.choose(owner, first)
    (_, now) = db.messages.of(owner, session.id)
    assert (now.id, now.state) == (first, MessageState.STOPPED)
    assert db.messages.get(owner, second.id).state is MessageState.REPLACED


def test_the_first_message_of_a_session_has_versions_too(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    asked, _ = say(session.id, "早", reply="早呀")
    old = db.messages.get(owner, asked)
    db.messages.add(owner, session.id, "user", "晚安", instead_of=old)
    assert shown(db, owner, session.id) == {"晚安": ["早", "晚安"]}
    db.branches.choose(owner, asked)
    assert texts(db, owner, session.id) == ["早", "早呀"]


def test_a_version_inside_a_branch_that_is_aside_is_out_of_reach(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    asked, first = say(session.id, "甲", reply="一")
    db.branches.set_aside(owner, first)
    db.messages.add(owner, session.id, "assistant", "二", reply_to=asked)
    old = db.messages.get(owner, asked)
    db.messages.add(owner, session.id, "user", "乙", instead_of=old)
    with pytest.raises(NotFound):
        db.branches.choose(owner, first)
    assert texts(db, owner, session.id) == ["乙"]
    # Deleted, nothing of the other branch stays where nobody could reach it.
    (standing,) = db.messages.of(owner, session.id)
    going = [m.id for m in db.deletion.turn_of(owner, standing.id)]
    db.deletion.delete_messages(owner, going)
    assert db.messages.of(owner, session.id, include_replaced=True) == []


def test_a_reply_written_differently_keeps_its_first_wording(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    _, answer = say(session.id, reply="我记下了")
    db.batches.make(owner, session.id)
    changed = db.branches.correct(owner, answer, "记住啦")
    assert (changed.text, changed.original, changed.batch_id) == ("记住啦", "我记下了", None)
    assert db.branches.correct(owner, answer, "好").original == "我记下了"
    assert db.branches.correct(owner, answer, "我记下了").original is None


def test_a_rating_is_kept(db: Database, owner, other, say) -> None:
    session = db.sessions.create(owner)
    _, answer = say(session.id)
    for rating in ("up", "down", None):
        db.branches.rate(owner, answer, rating)
        assert db.messages.get(owner, answer).rating == rating
    with pytest.raises(NotFound):
        db.branches.rate(other, answer, "up")


def test_pinned_sessions_come_first_where_wanted(db: Database, owner, other, clock) -> None:
    old = db.sessions.create(owner, "旧")
    clock.tick(60) if hasattr(clock, "tick") else None
    db.sessions.create(owner, "新", created_at=clock())
    db.sessions.pin(owner, old.id, pinned=True)
    assert db.sessions.of(owner, pinned_first=True)[0].title == "旧"
    with pytest.raises(NotFound):
        db.sessions.pin(other, old.id, pinned=False)
