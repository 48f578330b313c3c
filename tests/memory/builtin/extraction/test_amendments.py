"""Corrections of the message before."""

from __future__ import annotations

import pytest

from memory.builtin.extraction.amendments import amended, amended_within


@pytest.mark.parametrize(
    ("earlier", "message", "expected"),
    [
        ("我周二去看牙", "说错了，不是周二，是周三", "我周三去看牙"),
        ("我下周一去年检", "改成周四了", "我下周四去年检"),
        ("我弟叫小伟", "打错了，是小玮", "我弟叫小玮"),
        ("My train is on Monday", "sorry I meant Tuesday, not Monday", "My train is on Tuesday"),
        ("Her name is Marta", "*Marte", "Her name is Marte"),
        ("我3月5号生日", "口误，是8号", "我3月8号生日"),
    ],
)
def test_the_counterpart_is_replaced(earlier: str, message: str, expected: str) -> None:
    assert amended(earlier, message) == expected


@pytest.mark.parametrize(
    ("earlier", "message"),
    [
        ("我喜欢猫", "我错了，对不起"),
        ("I live in Rome", "I meant well"),
        ("我周二去看牙", "改成喝茶了"),
        ("今天很累", "是啊"),
        ("I love *bold* words", "ok"),
    ],
)
def test_other_messages_correct_nothing(earlier: str, message: str) -> None:
    assert amended(earlier, message) is None


def test_a_message_may_correct_itself() -> None:
    said = "I have two cats. Wait no, three now, sorry"
    assert amended_within(said).startswith("I have three cats")
    assert amended_within("I have two cats.") == "I have two cats."
