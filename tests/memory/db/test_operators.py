"""Alarm counts, complaints, ages and contacts, on both databases."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from memory.db import Database
from memory.errors import BadInput, NotFound
from memory.types import AlarmCount, Owner
from tests.memory.db_fakes import StandingClock

DAY = date(2026, 11, 3)


@pytest.fixture
def person(db: Database) -> str:
    return db.users.create("Noor").id


def test_alarms_add_up_by_day_kind_and_region(db: Database) -> None:
    for kind, region in (("suicide", "TW"), ("danger", None), ("suicide", "TW")):
        db.operators.count_alarm(DAY, kind, region)
    db.operators.count_alarm(DAY + timedelta(days=1), "suicide", "TW")
    assert db.operators.alarm_counts() == [
        AlarmCount(DAY, "danger", None, 1),
        AlarmCount(DAY, "suicide", "TW", 2),
        AlarmCount(DAY + timedelta(days=1), "suicide", "TW", 1),
    ]
    assert [one.day for one in db.operators.alarm_counts(DAY + timedelta(days=1))] == [
        DAY + timedelta(days=1)
    ]


def test_alarms_of_many_threads_are_all_counted(db: Database) -> None:
    def count() -> None:
        for _ in range(5):
            db.operators.count_alarm(DAY, "self_harm", "IE")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.number for one in db.operators.alarm_counts()] == [20]


def test_alarms_stay_when_their_user_is_erased_and_complaints_go(db: Database, person: str) -> None:
    db.operators.count_alarm(DAY, "suicide", "HK")
    db.operators.add_complaint(person, "Too pushy.")
    db.erasure.erase_user(person)
    assert db.operators.complaints() == []
    assert [one.number for one in db.operators.alarm_counts()] == [1]


def test_complaints_are_listed_newest_first_and_answered(
    db: Database, person: str, clock: StandingClock
) -> None:
    first = db.operators.add_complaint(person, "  It forgot me. ")
    clock.now += timedelta(minutes=1)
    second = db.operators.add_complaint(person, "It shouted.")
    clock.now += timedelta(minutes=1)
    db.operators.answer_complaint(first.id, "Sorry; mended.")
    newest, oldest = db.operators.complaints(person)
    assert (newest.id, newest.answer) == (second.id, None)
    assert (oldest.text, oldest.answer, oldest.answered_at) == (
        "It forgot me.",
        "Sorry; mended.",
        clock.now,
    )
    assert db.operators.complaints("somebody-else") == []


@pytest.mark.parametrize(
    ("text", "code"), [(" \n", "complaint_empty"), ("x" * 4001, "complaint_long")]
)
def test_a_complaint_needs_words_and_has_an_end(
    db: Database, person: str, text: str, code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        db.operators.add_complaint(person, text)
    assert caught.value.code == code
    with pytest.raises(NotFound):
        db.operators.answer_complaint("no-such", "Hello")


def test_an_age_is_kept_with_its_day_and_its_source(
    db: Database, person: str, clock: StandingClock
) -> None:
    assert db.users.get(person).minor is None
    db.operators.set_age(person, minor=False, source="stated")
    clock.now += timedelta(days=2)
    db.operators.set_age(person, minor=True, source="said")
    user = db.users.get(person)
    assert (user.minor, user.age_source, user.age_at) == (True, "said", clock.now)
    db.operators.set_age(person, minor=False, source="designer")
    db.operators.set_age(person, minor=True, source="said")
    assert db.users.get(person).minor is False


def test_only_what_the_user_said_between_two_times_is_asked_for(
    db: Database, person: str, clock: StandingClock
) -> None:
    owner = Owner(person, "niannian")
    session = db.sessions.create(owner)
    start = clock.now
    for minute in (0, 10, 20):
        at = start + timedelta(minutes=minute)
        db.messages.add(owner, session.id, "user", "hi", created_at=at)
        db.messages.add(owner, session.id, "assistant", "hello", created_at=at)
    found = db.operators.said_times(
        person, since=start + timedelta(minutes=10), until=start + timedelta(minutes=20)
    )
    assert found == [start + timedelta(minutes=10), start + timedelta(minutes=20)]
