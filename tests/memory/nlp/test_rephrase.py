"""Third person turned to "you" and "I", in clean sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from memory.chat.personas import load_personas
from memory.nlp.language import detect
from memory.nlp.rephrase import in_language, retell, retell_dated, without_day
from memory.types import Kind, Memory, Owner, Subject

PERSONA = load_personas()["niannian"]
TODAY = date(2026, 11, 20)


def memory(text: str, on: str | None = None) -> Memory:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Memory(
        id="m", owner=Owner("u", "niannian"), text=text, subject=Subject.USER,
        kind=Kind.TEMPORAL if on else Kind.CONSTANT, category="other", created_at=at,
        updated_at=at, event_date=on, language=detect(text),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("用户对花生过敏。", "你对花生过敏"),
        ("用户的妈妈住在武汉", "你的妈妈住在武汉"),
        ("用户自己做了蛋糕", "你做了蛋糕"),
        ("念念喜欢喝桂花茶", "我喜欢喝桂花茶"),
        ("念念和用户都喜欢下雨", "我们都喜欢下雨"),
        ("用户告诉念念，用户下个月搬家", "你告诉我，你下个月搬家"),
        ("The user's uncle is taller than them", "your uncle is taller than you"),
        ("The user is allergic to peanuts.", "you are allergic to peanuts"),
        (
            "The user likes it when visitors ask her for a photo of her garden",
            "you like it when visitors ask you for a photo of your garden",
        ),
        ("The user likes hiking and drinks coffee", "you like hiking and drink coffee"),
        ("The user has two cats and dogs", "you have two cats and dogs"),
        ("The user doesn't eat meat because they care", "you don't eat meat because you care"),
        ("The user studies physics and watches films", "you study physics and watch films"),
        ("The user often goes swimming", "you often go swimming"),
        ("The user's dog is called Biscuit", "your dog is called Biscuit"),
        ("The user's mother has a bad knee", "your mother has a bad knee"),
        ("The user loves her mother's cooking", "you love your mother's cooking"),
        ("The user and her sister went to Bath", "you and your sister went to Bath"),
        ("The user met Tom when he delivered a chair", "you met Tom when he delivered a chair"),
        ("The user's name is Maya and she is thirty", "your name is Maya and you are thirty"),
        ("The user told Niannian that the user is shy", "you told me that you are shy"),
        ("Niannian likes tea and has a cat", "I like tea and have a cat"),
        ("Niannian's cat is called Banzhan", "my cat is called Banzhan"),
        ("Niannian suggested that the user rest", "I suggested that you rest"),
        ("Niannian is learning to write", "I am learning to write"),
        ("The user will run a race", "you will run a race"),
        ("The user discusses books with Priya", "you discuss books with Priya"),
    ],
)
def test_retold(text: str, told: str) -> None:
    assert retell(memory(text), PERSONA) == told


@pytest.mark.parametrize(
    ("text", "on", "told"),
    [
        ("用户去了苏州", "2026-11-19", "昨天你去了苏州"),
        ("2026年11月19日用户去了苏州", "2026-11-19", "昨天你去了苏州"),
        ("用户打算2026年11月21日上午去看牙", "2026-11-21", "你打算明天上午去看牙"),
        ("The user went skiing", "2026-11-19", "yesterday, you went skiing"),
        ("On 19 November 2026 the user went skiing", "2026-11-19", "yesterday you went skiing"),
        ("The user has a test on November 21, 2026", "2026-11-21", "you have a test tomorrow"),
        ("用户11月14日那个周末去了苏州", "2026-11-14", "你上周末去了苏州"),
        ("用户10月10日那个周末去了苏州", "2026-10-10", "你10月10日那个周末去了苏州"),
        (
            "The user went to Rome over the weekend of November 14, 2026",
            "2026-11-14",
            "you went to Rome last weekend",
        ),
        ("用户喜欢苏州", None, "你喜欢苏州"),
    ],
)
def test_days_are_said_the_way_people_do(text: str, on: str | None, told: str) -> None:
    assert retell_dated(memory(text, on), PERSONA, TODAY) == told


def test_the_language_of_a_memory() -> None:
    assert in_language(memory("用户喜欢猫"), "zh")
    assert not in_language(memory("The user likes cats"), "zh")


@pytest.mark.parametrize(
    ("text", "on", "left"),
    [
        ("2026年11月6日你去看了海", "2026-11-06", "你去看了海"),
        ("你打算11月6日回老家", "2026-11-06", "你打算回老家"),
        ("你想在2026年11月6日之前写完", "2026-11-06", "你想在2026年11月6日之前写完"),
        ("你报名了11月6日的十公里跑", "2026-11-06", "你报名了11月6日的十公里跑"),
        ("2026年11月16日你去看了海", "2026-11-06", "2026年11月16日你去看了海"),
        ("2026年11月你去看了海", "2026-11", "2026年11月你去看了海"),
        ("You saw the sea on 6 November 2026", "2026-11-06", "You saw the sea"),
        ("On November 6, 2026, you saw the sea", "2026-11-06", "You saw the sea"),
        ("You want to finish by 6 November", "2026-11-06", "You want to finish by 6 November"),
    ],
)
def test_a_list_that_says_the_day_leaves_it_out(text: str, on: str, left: str) -> None:
    assert without_day(text, on, detect(text)) == left
