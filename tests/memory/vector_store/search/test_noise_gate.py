"""Whether anything is recalled at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory.vector_store.search.fusion import Match
from memory.vector_store.search.noise_gate import Asked, clues, is_keyword, lets_through
from memory.vector_store.search.term_statistics import Overlap

STATEMENT = Asked(
    text="昨晚的月亮像一把梳子",
    words=4,
    about_us=False,
    dated=False,
    reminding=False,
    earnest=0.2,
    by_meaning=True,
)


def match(level: float = 0.0) -> Match:
    return Match(1.0, "a", 0.0, 0.0, 0.0, 0.0, level)


@pytest.mark.parametrize(
    ("asked", "shared", "level", "passes"),
    [
        (STATEMENT, 0.0, 2.6, False),
        (STATEMENT, 0.0, 6.5, True),
        (STATEMENT, 0.2, 1.0, False),  # a word matches, and it means something else
        (STATEMENT, 0.4, 4.5, True),
        (replace(STATEMENT, earnest=-0.6), 0.4, 4.5, False),
        (replace(STATEMENT, earnest=0.9), 0.0, 3.0, True),
        (replace(STATEMENT, text="宠物", words=1), 1.0, 1.0, True),
        (replace(STATEMENT, text="宠物", words=1, earnest=0.0), 0.0, 0.3, False),
        (replace(STATEMENT, reminding=True, earnest=-0.2), 0.5, 1.0, True),
        (replace(STATEMENT, words=30), 0.1, 4.0, True),
    ],
)
def test_meaning_decides(asked: Asked, shared: float, level: float, passes: bool) -> None:
    assert lets_through(asked, [match(level)], Overlap(shared, shared)) is passes


def test_by_words_alone_it_takes_what_tells() -> None:
    words = replace(STATEMENT, by_meaning=False)
    assert not lets_through(words, [match()], Overlap(0.2, 0.1))
    assert lets_through(words, [match()], Overlap(1.6, 0.5))
    assert lets_through(replace(words, about_us=True, dated=True), [match()], Overlap(1.0, 0.4))
    assert not lets_through(replace(words, words=1), [match()], Overlap())


@pytest.mark.parametrize("by_meaning", [True, False])
def test_more_of_a_sign_is_never_less(by_meaning: bool) -> None:
    """What lets a message through still does if more is shared, or it is more in earnest."""
    asked = replace(STATEMENT, by_meaning=by_meaning, earnest=0.6)
    assert lets_through(asked, [match(5.0)], Overlap(1.0, 0.6))
    assert lets_through(asked, [match(9.0)], Overlap(3.0, 1.0))
    assert lets_through(replace(asked, earnest=1.2), [match(5.0)], Overlap(1.0, 0.6))


def test_nothing_found_by_meaning_is_no_clue() -> None:
    found = Match(1.0, "a", 0.0, 0.0, 0.0, 0.0)
    assert clues(STATEMENT, [found], Overlap())["level"] == 0.0


def test_a_keyword_is_one_word() -> None:
    assert is_keyword("交通工具")
    assert is_keyword("hobbies?")
    assert not is_keyword("回来了")
    assert not is_keyword("what hobbies")
    assert not is_keyword("我养了什么动物")
