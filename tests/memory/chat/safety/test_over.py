"""Whether somebody says that a danger is past, and only then."""

from __future__ import annotations

import pytest

from memory.chat.safety.over import ending, without_ending


@pytest.mark.parametrize(
    "text",
    [
        "我现在安全了，表姐陪着我",
        "那个念头过去了，我想睡一觉",
        "我已经不想死了",
        "我不會做傻事了",
        "I'm safe now, my aunt came over",
        "I don't want to die anymore",
        "the urge has passed",
    ],
)
def test_it_is_past_in_so_many_words(text: str) -> None:
    assert ending(text, "suicide") == "clear"


@pytest.mark.parametrize(
    "text",
    ["开玩笑的啦", "没事了", "當我沒說", "別擔心我", "just kidding lol", "I'm fine", "never mind"],
)
def test_waved_away_is_less_than_past(text: str) -> None:
    assert ending(text, "suicide") == "passing"


@pytest.mark.parametrize(
    "text",
    [
        "怎么才能不想死了",
        "我不安全",
        "你觉得我安全了吗",
        "要是没事了就好了",
        "what if I'm safe now",
        "I wish the urge has passed",
        "tell them I'm fine",
        "不是开玩笑",
        "我沒有在開玩笑",
        "我不是说着玩的",
        "I'm not joking",
        "this isn't a joke",
        "今天吃了面",
        "thanks for asking",
    ],
)
def test_what_says_less_is_no_end(text: str) -> None:
    assert ending(text, "suicide") is None


def test_somebody_else_is_safe_only_where_somebody_else_was_in_danger() -> None:
    assert ending("她回家了", "friend") == "clear"
    # Where he is the danger, his coming home is no comfort.
    assert ending("他回家了", "danger") is None


def test_what_is_said_beside_it_is_left() -> None:
    rest = without_ending("开玩笑的，可是药我真的吃了")
    assert "药我真的吃了" in rest
    assert "玩笑" not in rest


def test_the_clauses_that_say_it_is_past_are_left_out_and_danger_never_is() -> None:
    assert without_ending("the thoughts have passed, but I did take them") == "but i did take them"
    assert without_ending("念头过去了，我姐在") == "我姐在"
    assert "想死" in without_ending("我没事了 就是很想死")
