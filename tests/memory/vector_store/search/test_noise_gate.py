"""Whether anything is recalled at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory.vector_store.search.fusion import Match, SearchWeights
from memory.vector_store.search.noise_gate import Asked, is_keyword, lets_through

WEIGHTS = SearchWeights()
STATEMENT = Asked(
    text="昨晚的月亮像一把梳子", words=4, about_us=False, dated=False, reminding=False, chatter=0.2
)


def match(evidence: float = 0.0, level: float = 0.0) -> Match:
    return Match(1.0, "a", 0.0, 0.0, 0.0, evidence, level)


@pytest.mark.parametrize(
    ("asked", "evidence", "level", "passes"),
    [
        (STATEMENT, 0.0, 2.6, False),
        (STATEMENT, 0.0, 4.0, True),
        (STATEMENT, 1.5, 1.0, False),  # words match, and it means something else
        (STATEMENT, 1.5, 2.6, True),
        (replace(STATEMENT, chatter=2.0), 0.0, 4.0, False),
        (replace(STATEMENT, chatter=2.0, reminding=True), 0.0, 4.0, True),
        (replace(STATEMENT, text="宠物", words=1), 0.0, 1.0, True),
        (replace(STATEMENT, text="宠物", words=1), 0.0, 0.3, False),
        (replace(STATEMENT, text="我忌口什么", words=1, about_us=True), 0.0, 1.6, True),
        (replace(STATEMENT, text="他忌口什么呢", words=1), 0.0, 1.6, False),
        (replace(STATEMENT, words=12), 0.4, 1.2, True),
    ],
)
def test_meaning_decides(asked: Asked, evidence: float, level: float, passes: bool) -> None:
    assert lets_through(asked, [match(evidence, level)], 0.0, WEIGHTS) is passes


@pytest.mark.parametrize("chatter", [0.2, 1.8])
def test_a_time_and_words_are_enough_for_what_is_no_chatter(chatter: float) -> None:
    today = replace(STATEMENT, text="今天我好困啊", about_us=True, dated=True, chatter=chatter)
    assert lets_through(today, [match(0.5, 0.5)], 0.5, WEIGHTS) is (chatter < 1)


def test_by_words_alone_it_takes_evidence() -> None:
    words = replace(STATEMENT, chatter=None)
    assert not lets_through(words, [match(0.5)], 0.1, WEIGHTS)
    assert lets_through(words, [match(1.0)], 0.1, WEIGHTS)
    assert lets_through(words, [match(0.2)], 0.6, WEIGHTS)
    assert lets_through(replace(words, words=1), [match(0.1)], 0.6, WEIGHTS)
    assert not lets_through(replace(words, words=1), [match(0.1)], 0.1, WEIGHTS)
    assert not lets_through(replace(words, words=1), [match(0.0)], 0.0, WEIGHTS)


def test_a_keyword_is_one_word() -> None:
    assert is_keyword("交通工具")
    assert is_keyword("hobbies?")
    assert not is_keyword("回来了")
    assert not is_keyword("what hobbies")
    assert not is_keyword("我养了什么动物")
