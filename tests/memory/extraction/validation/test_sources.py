"""Which message supports a proposal, and whom it is about."""

from __future__ import annotations

import pytest

from memory.extraction.validation import guard
from memory.types import Operation, Subject
from tests.memory.extraction.batches import AI, TEMPORAL, USER, add, batch
from tests.memory.extraction.proposals import kept, text_of

SUBJECTS = [
    # lines, source, proposed text and subject, text and subject that are kept
    (("我喜欢滑雪",), 1, "用户喜欢滑雪", USER, "用户喜欢滑雪", USER),
    (("我喜欢滑雪",), 1, "用户喜欢滑雪", AI, "用户喜欢滑雪", USER),
    (("我喜欢滑雪",), 1, "用户喜欢滑雪", None, "用户喜欢滑雪", USER),
    (("我喜欢滑雪",), 1, "念念喜欢滑雪", AI, "用户喜欢滑雪", USER),
    (("你好", "> 我喜欢滑雪"), 2, "念念喜欢滑雪", AI, "念念喜欢滑雪", AI),
    (("你好", "> 我喜欢滑雪"), 2, "念念喜欢滑雪", USER, "念念喜欢滑雪", AI),
    (("你好", "> 我喜欢滑雪"), 2, "用户喜欢滑雪", USER, "念念喜欢滑雪", AI),
    (("你说过你喜欢滑雪",), 1, "用户喜欢滑雪", USER, "念念喜欢滑雪", AI),
    (("你不是最爱桂花茶吗，下次一起喝",), 1, "念念最爱桂花茶", AI, "念念最爱桂花茶", AI),
    (("我喜欢滑雪",), 1, "我喜欢滑雪", None, "用户喜欢滑雪", USER),
    (("你好", "> 我喜欢滑雪"), 2, "我喜欢滑雪", None, "念念喜欢滑雪", AI),
    (("我喜欢滑雪",), 1, "喜欢滑雪", USER, "用户喜欢滑雪", USER),
    (("你好", "> 我喜欢滑雪"), 2, "喜欢滑雪", None, "念念喜欢滑雪", AI),
    (("我的朋友小李对虾过敏",), 1, "小李对虾过敏", USER, "小李对虾过敏", USER),
    (("我觉得你很温柔",), 1, "用户觉得念念很温柔", USER, "用户觉得念念很温柔", USER),
    (("我住在北京", "> 你住在北京呀，我住在江南"), 2, "念念住在北京", AI, "用户住在北京", USER),
    (("I love skiing",), 1, "The user loves skiing", USER, "The user loves skiing", USER),
    (("I love skiing",), 1, "Niannian loves skiing", AI, "The user loves skiing", USER),
    (("hi", "> I love skiing"), 2, "The user loves skiing", USER, "Niannian loves skiing", AI),
    (
        ("You told me you love skiing",),
        1,
        "The user loves skiing",
        USER,
        "Niannian loves skiing",
        AI,
    ),
    (("I'm a teacher",), 1, "I'm a teacher", None, "The user is a teacher", USER),
    (("I like my cat",), 1, "I like my cat", None, "The user likes their cat", USER),
    (("hi", "> I moved to Suzhou"), 2, "I moved to Suzhou", None, "Niannian moved to Suzhou", AI),
    (("I love skiing",), 1, "Loves skiing", None, "The user loves skiing", USER),
    (
        ("My sister loves skiing",),
        1,
        "The user's sister loves skiing",
        USER,
        "The user's sister loves skiing",
        USER,
    ),
]


@pytest.mark.parametrize(("lines", "source", "text", "field", "kept_text", "subject"), SUBJECTS)
def test_nothing_about_one_is_filed_under_the_other(
    lines: tuple[str, ...],
    source: int,
    text: str,
    field: Subject | None,
    kept_text: str,
    subject: Subject,
) -> None:
    result = kept(*lines, op=add(text, field, source=(source,)))
    assert isinstance(result, Operation), result
    assert (result.text, result.subject) == (kept_text, subject)


def test_what_only_a_recalled_memory_says_is_not_new() -> None:
    recalled = ("用户对花生过敏", "念念去年学会了滑雪")
    lines = ("晚上吃什么好", "> 你对花生过敏，别点宫保鸡丁", "> 我去年学会了滑雪")
    assert kept(*lines, op=add("用户对花生过敏", source=(2,)), recalled=recalled) == "recalled"
    about_ai = add("念念去年学会了滑雪", AI, source=(3,), event_date="2023", kind=TEMPORAL)
    assert text_of(kept(*lines, op=about_ai, recalled=("念念2023年学会了滑雪",))) == "recalled"
    said_again = kept("我对花生过敏啊", op=add("用户对花生过敏"), recalled=recalled)
    assert isinstance(said_again, Operation)


def test_asking_about_a_fact_does_not_tell_it() -> None:
    lines = ("你还记得我喜欢吃什么吗", "> 你喜欢吃辣呀")
    assert kept(*lines, op=add("用户喜欢吃辣", source=(2,))) == "said_by_ai"
    lines = ("我喜欢吃辣，你呢？", "> 我喜欢甜的")
    assert isinstance(kept(*lines, op=add("用户喜欢吃辣", source=(1,))), Operation)


def test_what_only_the_persona_says_about_the_user_is_not_believed() -> None:
    lines = ("晚上吃什么好", "> 你不是住在北京吗，去吃烤鸭")
    assert kept(*lines, op=add("用户住在北京", source=(2,))) == "said_by_ai"
    assert isinstance(
        kept("我在北京呢", "> 你住在北京呀", op=add("用户住在北京", source=(2,))), Operation
    )


def test_an_explanation_of_the_persona_is_no_fact_about_the_user() -> None:
    request = batch("讲讲这道题", "> 用双指针从两头往中间走，就能优雅地解出来")
    guarded = guard([add("用户用双指针优雅地解出来了", source=(1, 2))], request)
    assert [one.reason for one in guarded.refused] == ["said_by_ai"]
    request = batch("> 你是不是很喜欢下雨天？", "嗯嗯")
    assert guard([add("用户喜欢下雨天", source=(1, 2))], request).kept
