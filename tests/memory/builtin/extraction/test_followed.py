"""Who and what goes on being spoken of, from one message and one talk to the next."""

from __future__ import annotations

from datetime import UTC, datetime

from memory.llm.sentence_encoder import SentenceEncoder
from memory.types import Action, Kind, Memory, Owner, Subject
from tests.memory.builtin.extraction.conftest import Extract

TOLD_AT = datetime(2025, 10, 20, 4, 0, tzinfo=UTC)


def known(text: str, day: str | None = None, category: str = "relationship") -> Memory:
    return Memory(
        id=text,
        owner=Owner("u", "niannian"),
        text=text,
        subject=Subject.USER,
        kind=Kind.TEMPORAL if day else Kind.CONSTANT,
        category="plan" if day else category,
        event_date=day,
        created_at=TOLD_AT,
        updated_at=TOLD_AT,
    )


def test_a_known_name_stands_for_whom_it_names(extract: Extract) -> None:
    (operation,) = extract("橙橙昨天去医院拔牙了", known=(known("用户的女儿叫橙橙"),))
    assert operation.text.startswith("用户的女儿橙橙")
    assert operation.event_date == "2025-10-21"


def test_a_pet_whose_name_is_small(extract: Extract) -> None:
    pet = known("The user has a goat, who is called Olive")
    (operation,) = extract("Olive had an operation yesterday", known=(pet,))
    assert operation.text.startswith("The user's goat Olive")


def test_she_is_who_was_just_told_of(extract: Extract, encoder: SentenceEncoder) -> None:
    texts = [
        one.text
        for one in extract(
            "my girlfriend Rhona thinks I worry too much. she's a vet nurse",
            language="en",
            encoder=encoder,
        )
    ]
    assert texts == ["The user's girlfriend Rhona is a vet nurse"]


def test_instead_of_puts_right_what_was_told(extract: Extract) -> None:
    plan = known("The user's son is taking them to Oslo in May 2026", "2026-05")
    (operation,) = extract("we're going to Bergen instead of Oslo", known=(plan,), language="en")
    assert (operation.action, operation.id) == (Action.UPDATE, 1)
    assert "Bergen" in operation.text


def test_a_weekday_it_is_moved_to_is_in_its_week(extract: Extract) -> None:
    # Told for Tuesday of the week after: the Friday of that week.
    plan = known("用户10月28日去做胃镜", "2025-10-28")
    (operation,) = extract("胃镜改到周五了", known=(plan,))
    assert (operation.action, operation.event_date) == (Action.UPDATE, "2025-10-31")


def test_a_passed_weekday_of_this_week_may_be_the_next(extract: Extract) -> None:
    sunday = datetime(2025, 10, 26, 4, 0, tzinfo=UTC)
    (operation,) = extract("我这周六要参加漂流比赛", said_at=sunday)
    assert operation.event_date == "2025-11-01"


def test_an_allergy_behind_just(extract: Extract) -> None:
    texts = [one.text for one in extract("我牛奶倒没事，就是对荞麦过敏")]
    assert "用户对荞麦过敏" in texts


def test_which_day_is_asked_is_no_memory(extract: Extract, encoder: SentenceEncoder) -> None:
    assert extract("我礼拜几去接外孙", encoder=encoder) == ()


def test_a_day_put_right_is_said_by_both_messages(extract: Extract) -> None:
    (operation,) = extract("我下周二要去做胃镜", "胃镜改到周四了")
    assert (operation.event_date, operation.source) == ("2025-10-30", (1, 2))
