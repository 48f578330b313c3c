"""Only what a reply speaks from is named as its reason."""

from __future__ import annotations

import pytest

from memory.chat.bearing import bearing
from memory.types import Kind, Reason, Subject, TraceItem

KNOWN = (
    "用户对花生过敏",
    "用户养了一只叫花花的猫",
    "用户喜欢喝桂花茶",
    "用户喜欢爵士乐",
    "用户住在杭州",
    "用户的妈妈生日是3月5日",
    "The user plays badminton on Sundays",
    "The user is learning Japanese",
)


def items(reason: Reason = Reason.PROFILE) -> list[TraceItem]:
    return [
        TraceItem(str(n), text, Subject.USER, Kind.CONSTANT, "other", None, reason)
        for n, text in enumerate(KNOWN)
    ]


@pytest.mark.parametrize(
    ("message", "reply", "named"),
    [
        ("我能吃这个吗？", "有花生就别碰，你过敏。", ["用户对花生过敏"]),
        ("晚安", "晚安，做个好梦。", []),
        ("你好呀", "你来啦，今天想聊点什么？", []),
        ("Good night", "Good night, sleep well.", []),
        ("今天好累", "喜欢的话就早点睡。", []),
        ("Any plans?", "How about some badminton this Sunday?", [KNOWN[6]]),
        ("周末做什么", "喝杯桂花茶，在杭州走走。", ["用户喜欢喝桂花茶", "用户住在杭州"]),
    ],
)
def test_what_is_named(message: str, reply: str, named: list[str]) -> None:
    assert [item.text for item in bearing(items(), message, reply)] == named


def test_what_was_asked_about_counts_where_the_search_found_it() -> None:
    asked, reply = "我家猫最近不吃东西，花花怎么了", "带它去看医生吧。"
    assert bearing(items(), asked, reply) == []
    named = bearing(items(Reason.RECALL), asked, reply)
    assert [item.text for item in named] == ["用户养了一只叫花花的猫"]
