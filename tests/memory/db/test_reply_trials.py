"""Reply trials in the database: kept, rated, and gone with the words that they came from."""

from __future__ import annotations

import pytest

from memory.db import Database
from memory.errors import NotFound
from memory.types import ReplyTrial, Situation, TrialAnswer, TrialSide, TriedReply

SIDES = (TrialSide("A", "m", "niannian", "toml", "prompt"), TrialSide("B", "m", "mimi", "toml 2"))
RAIN = Situation(
    "", "雨天", "zh", "下雨了", (("user", "早"), ("assistant", "早")), ("用户怕打雷",), "小雨"
)


def real(owner, message_id, **more) -> Situation:
    return Situation("", "过敏", "zh", owner=owner, message_id=message_id, **more)


def tried(db: Database, owner=None, message_id=None) -> ReplyTrial:
    trial = db.reply_trials.begin("zh", SIDES)
    replies = (TriedReply("带伞。", milliseconds=3.0), TriedReply(error="model_timeout"))
    answer = TrialAnswer(0, "s", "雨天", "下雨了", replies, owner=owner, message_id=message_id)
    db.reply_trials.add_answer(trial.id, answer)
    return trial


def test_a_written_situation_is_everybodys_and_comes_back_whole(db, owner, other) -> None:
    kept = db.reply_trials.add_situation(RAIN)
    assert db.reply_trials.situations(owner, "zh") == [kept]
    assert db.reply_trials.situations(other, "zh")[0].history == RAIN.history
    assert db.reply_trials.situations(owner, "en") == []
    db.reply_trials.delete_situation(other, kept.id)
    assert db.reply_trials.situations(owner, "zh") == []


def test_a_real_situation_is_its_owners_and_goes_with_the_message(db, owner, other, say) -> None:
    session = db.sessions.create(owner)
    asked, _ = say(session.id)
    kept = db.reply_trials.add_situation(real(owner, asked, message="秘密"))
    (found,) = db.reply_trials.situations(owner, "zh")
    assert (found.id, found.message) == (kept.id, "")  # the words stay where they are
    assert db.reply_trials.situations(other, "zh") == []
    db.reply_trials.delete_situation(other, kept.id)
    trial = tried(db, owner, asked)
    assert [one.id for one in db.reply_trials.of(owner)] == [trial.id]
    assert db.reply_trials.of(other) == []
    db.sessions.delete(owner, session.id)
    assert db.reply_trials.situations(owner, "zh") == []
    assert db.reply_trials.of(owner) == []


def test_a_message_of_somebody_else_makes_no_situation(db, owner, other, say) -> None:
    asked, _ = say(db.sessions.create(owner).id)
    with pytest.raises(NotFound):
        db.reply_trials.add_situation(real(other, asked))
    with pytest.raises(NotFound):
        tried(db, other, asked)


def test_ratings_are_kept_taken_back_and_counted(db, owner, other, say) -> None:
    asked, _ = say(db.sessions.create(owner).id)
    trial = tried(db, owner, asked)
    with pytest.raises(NotFound):
        db.reply_trials.rate(other, trial.id, 0, "b")
    db.reply_trials.rate(owner, trial.id, 0, "a")
    (found,) = db.reply_trials.of(owner)
    assert found.sides == SIDES
    assert found.answers[0].replies[1].error == "model_timeout"
    assert found.tally() == {"a": 1, "b": 0, "same": 0, "neither": 0}
    db.reply_trials.rate(owner, trial.id, 0, None)
    assert db.reply_trials.of(owner)[0].answers[0].rating is None


def test_a_deleted_trial_is_gone(db, owner, other) -> None:
    first, second = tried(db), tried(db)
    assert [one.id for one in db.reply_trials.of(owner)] == [second.id, first.id]
    db.reply_trials.delete(other, second.id)
    assert [one.id for one in db.reply_trials.of(owner)] == [first.id]


def test_what_was_tried_with_somebody_is_erased_with_them(db, owner, other, say) -> None:
    for whose in (owner, other):
        asked, _ = say(db.sessions.create(whose).id, whose=whose)
        db.reply_trials.add_situation(real(whose, asked))
        tried(db, whose, asked)
    db.erasure.erase_user(owner.user_id)
    assert db.reply_trials.of(owner) == db.reply_trials.situations(owner, "zh") == []
    db.erasure.erase_owner(other)
    assert db.reply_trials.of(other) == db.reply_trials.situations(other, "zh") == []
