"""What may be wrong with one memory by itself: by rules, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from memory.memories.review import FindingKind
from memory.memories.review.checks.length import LONGEST
from memory.memories.review.sentences import sentences
from memory.types import Kind, Role, Subject
from tests.memory.memories.review.conftest import Find, Make, said, source

UNDATED, SUBJECT = FindingKind.UNDATED, FindingKind.SUBJECT
LANGUAGE, LONG = FindingKind.LANGUAGE, FindingKind.LONG


# --- dates (said on Saturday, 2025-10-18) ---------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "category", "day"),
    [
        ("用户昨天去看了牙医", "constant", "other", "2025-10-17"),
        ("用户10月20日要去面试", "temporal", "plan", "2025-10-20"),
        ("用户下周要搬家", "constant", "plan", "2025-10-20"),
        ("用户3月去了京都", "constant", "event", "2025-03"),
        ("用户去看了海", "temporal", "event", None),
        ("The user saw the dentist yesterday", "constant", "other", "2025-10-17"),
        ("The user has an interview on October 20", "temporal", "plan", "2025-10-20"),
        ("The user is moving next week", "constant", "plan", "2025-10-20"),
        ("The user went to Kyoto in March 2025", "constant", "event", "2025-03"),
        ("The user went to the sea", "temporal", "event", None),
    ],
)
def test_an_event_without_a_date(
    make: Make, find: Find, text: str, kind: str, category: str, day: str | None
) -> None:
    (found,) = find(make(text, kind=Kind(kind), category=category))
    assert found.kind is UNDATED
    assert found.fields.get("event_date") == day
    # What is made an event by its date says so.
    assert found.fields.get("kind", Kind.TEMPORAL) is Kind.TEMPORAL
    assert found.sure is (day is not None and kind == "temporal")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("用户的生日是5月3日", "identity"),
        ("用户每周五打羽毛球", "habit"),
        ("用户2019年毕业于复旦大学", "work_study"),
        ("用户从2020年起住在上海", "identity"),
        ("用户最近很忙", "emotion"),
        ("用户喜欢《明天会更好》", "preference"),
        ("用户在今日头条工作", "work_study"),
        ("The user's birthday is May 3", "identity"),
        ("The user plays badminton every Friday", "habit"),
        ("The user has lived in Berlin since 2020", "identity"),
        ("The user reads USA Today", "habit"),
    ],
)
def test_a_lasting_fact_needs_no_date(make: Make, find: Find, text: str, category: str) -> None:
    assert find(make(text, category=category)) == []


def test_a_date_is_enough_even_if_only_the_month_is_known(make: Make, find: Find) -> None:
    assert find(make("用户3月去了京都", event_date="2025-03")) == []


@pytest.mark.parametrize(
    ("text", "told", "day"),
    [
        ("用户带猫去打针", "我前天带猫去打针了。今天好累", "2025-10-13"),
        ("用户带猫去打针", "今天好累，想早点睡", None),
        ("The user took the cat to the vet", "I took the cat to the vet yesterday.", "2025-10-14"),
    ],
)
def test_the_sentence_that_told_of_it_knows_the_day(
    make: Make, find: Find, text: str, told: str, day: str | None
) -> None:
    message = said(told, days_ago=3)
    memory = make(text, kind=Kind.TEMPORAL, source=source(message))
    (found,) = find(memory, messages=[message])
    assert (found.kind, found.fields.get("event_date")) == (UNDATED, day)
    # Taken from another sentence than its own: somebody should look.
    assert not found.sure


# --- subject --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "subject", "right"),
    [
        ("念念喜欢下雨", "user", "ai"),
        ("用户喜欢下雨", "ai", "user"),
        ("小雨喜欢吃辣", "ai", "user"),
        ("AI喜欢滑雪", "user", "ai"),
        ("Niannian likes rain", "user", "ai"),
        ("The user likes rain", "ai", "user"),
    ],
)
def test_filed_under_the_other_one(
    make: Make, find: Find, text: str, subject: str, right: str
) -> None:
    (found,) = find(make(text, subject=Subject(subject)))
    assert (found.kind, found.fields) == (SUBJECT, {"subject": Subject(right)})


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("念念喜欢下雨", "ai"),
        ("用户喜欢下雨", "user"),
        ("AI绘画是用户的爱好", "user"),
        ("念念不忘是用户喜欢的词", "user"),
        ("小雨淅沥的天气让念念开心", "ai"),
        ("User interfaces are what Niannian likes", "ai"),
    ],
)
def test_rightly_filed(make: Make, find: Find, text: str, subject: str) -> None:
    assert find(make(text, subject=Subject(subject))) == []


@pytest.mark.parametrize(
    ("text", "told", "role", "would_read"),
    [
        ("用户喜欢滑雪", "我喜欢滑雪，去年去了三次", "assistant", "念念喜欢滑雪"),
        ("用户喜欢滑雪", "我喜欢滑雪，去年去了三次", "user", None),
        (
            "The user loves skiing in the Alps",
            "I love skiing in the Alps",
            "assistant",
            "Niannian loves skiing in the Alps",
        ),
        ("The user loves skiing in the Alps", "I love skiing in the Alps", "user", None),
    ],
)
def test_who_said_it_tells_whom_it_is_about(
    make: Make, find: Find, text: str, told: str, role: Role, would_read: str | None
) -> None:
    message = said(told, role)
    found = find(make(text, source=source(message)), messages=[message])
    assert [f.fields.get("text") for f in found if f.kind is SUBJECT] == (
        [would_read] if would_read else []
    )


# --- language, length -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told", "wrong"),
    [
        ("The user is allergic to peanuts", "我对花生过敏", True),
        ("用户对花生过敏", "I am allergic to peanuts", True),
        ("The user is allergic to peanuts", "I am allergic to peanuts", False),
        ("用户喜欢 Taylor Swift 的 Lover", "我喜欢 Taylor Swift 的 Lover", False),
        ("用户对花生过敏", "ok", False),
    ],
)
def test_not_in_the_language_of_the_conversation(
    make: Make, find: Find, text: str, told: str, wrong: bool
) -> None:
    message = said(told)
    found = find(make(text, source=source(message)), messages=[message])
    assert [(f.kind, dict(f.fields)) for f in found] == ([(LANGUAGE, {})] if wrong else [])


def test_a_conversation_in_both_languages_proves_nothing(make: Make, find: Find) -> None:
    messages = [said("我对花生过敏"), said("I mean peanuts and cashews")]
    memory = make("The user is allergic to peanuts", source=source(*messages))
    assert find(memory, messages=messages) == []


@pytest.mark.parametrize(
    ("text", "marked", "right"),
    [("用户喜欢 Taylor Swift", "en", "zh"), ("The user likes tea", "zh", "en")],
)
def test_marked_as_the_wrong_language(
    make: Make, find: Find, text: str, marked: str, right: str
) -> None:
    (found,) = find(make(text, language=marked))
    assert (found.kind, found.fields, found.sure) == (LANGUAGE, {"language": right}, True)


@pytest.mark.parametrize(("letter", "language"), [("好", "zh"), ("word ", "en")])
def test_very_long(make: Make, find: Find, letter: str, language: Any) -> None:
    longest = LONGEST[language]
    (found,) = find(make((letter * (longest + 1))[: longest + 1]))
    assert (found.kind, found.fields) == (LONG, {})
    assert find(make((letter * longest)[:longest])) == []


def test_sentences_are_what_a_long_one_is_split_into() -> None:
    assert sentences("用户有猫。用户有狗！") == ["用户有猫。", "用户有狗！"]
    assert sentences("The user has a cat. It is 3.5 years old.") == [
        "The user has a cat.",
        "It is 3.5 years old.",
    ]
