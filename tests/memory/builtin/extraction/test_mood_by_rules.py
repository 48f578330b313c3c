"""The mood that the built-in rules hear in what the user says of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from memory.builtin.extraction import BuiltinExtraction
from memory.builtin.extraction.mood import rate
from memory.chat.personas import load_personas
from memory.types import ExtractionRequest, Message, Mood, Owner, Role

ME = Owner("mei", "niannian")


@pytest.mark.parametrize(
    ("said", "score", "word"),
    [
        ("今天加班到十点，好累", -1, "疲惫"),
        ("累死了", -2, "疲惫"),
        ("我很开心", 1, "开心"),
        ("今天特别开心！", 2, "开心"),
        ("不太开心", -1, "低落"),
        ("我不高兴", -1, "低落"),
        ("感觉不到快乐", -1, "低落"),
        ("忍不住哭了", -1, "难过"),
        ("有点崩溃", -1, "崩溃"),
        ("真的撑不下去了", -2, "崩溃"),
        ("心情不好", -1, "难过"),
        ("妈妈的信让我很感动", 1, "感动"),
        ("朋友很难过，我也跟着难过", -1, "难过"),
        ("心里很平静", 0, "平静"),
        ("虽然累，但是很开心", 0, "复杂"),
        ("最近压力好大，很焦虑", -1, "焦虑"),
        ("I'm so tired today", -2, "tired"),
        ("I'm not happy", -1, "low"),
        ("I don't feel good", -1, "low"),
        ("I feel sad and lonely", -1, "lonely"),
        ("she made me so happy", 2, "happy"),
        ("I'm a bit anxious", -1, "anxious"),
        ("I can't wait for Friday", 1, "hopeful"),
        ("I'm proud of it but tired", 0, "mixed"),
    ],
)
def test_a_mood_is_heard(said: str, score: int, word: str) -> None:
    assert rate([said], "zh") == Mood(score, word)


@pytest.mark.parametrize(
    "said",
    [
        "今天去了超市",
        "你开心吗？",
        "生日快乐！",
        "积累了很多经验",
        "我妈很担心我",
        "他很生气",
        "如果我难过怎么办",
        "一点也不难过",
        "祝你天天开心",
        "work was fine",
        "Are you happy?",
        "Happy birthday!",
        "My mom is worried about me",
        "I'm not sad anymore",
        "If I were sad I would tell you",
        "",
    ],
)
def test_where_nothing_is_said_of_it_there_is_none(said: str) -> None:
    assert rate([said], "zh") is None


def test_several_messages_make_one_mood() -> None:
    assert rate(["今天好累", "工作压力很大", "不过晚饭很开心", "还是累"], "zh") == Mood(-1, "疲惫")
    assert rate(["累死了", "烦躁得要命", "崩溃"], "zh") == Mood(-2, "崩溃")


def test_only_the_user_counts_and_what_is_not_to_be_remembered_does_not() -> None:
    def message(number: int, role: Role, text: str, remember: bool = True) -> Message:
        at = datetime(2026, 3, 4, 12, number, tzinfo=UTC)
        return Message(f"m{number}", "s", ME, number, role, text, at, remember=remember)

    request = ExtractionRequest(
        owner=ME,
        persona=load_personas()["niannian"],
        language="zh",
        messages=(
            message(1, "user", "今天去了超市"),
            message(2, "assistant", "我今天特别开心！"),
            message(3, "user", "我很绝望", remember=False),
        ),
        known=(),
        timezone="Asia/Shanghai",
        user_name="小美",
    )
    assert BuiltinExtraction().extract(request).mood is None
    said = (*request.messages, message(4, "user", "今天好累"))
    heard = BuiltinExtraction().extract(replace(request, messages=said))
    assert heard.mood == Mood(-1, "疲惫")
    assert '"mood": {"score": -1' in heard.raw
