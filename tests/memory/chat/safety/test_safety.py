"""Questions about being an AI, and the persona's word for a pause."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from memory.chat.personas import load_personas
from memory.chat.safety import is_ai_question, suggest_pause


@pytest.mark.parametrize(
    "text",
    ["你是真人吗", "你是AI吗？", "你是不是机器人", "你到底是不是真人啊", "我在跟真人聊天吗",
     "你是人还是AI", "are you human?", "Are you a real person", "are you an AI", "r u a bot? are u a bot",
     "Am I talking to a machine?", "you're just a bot, right?", "是真人还是机器", "你是人工智能吗"],
)  # fmt: skip
def test_questions_about_being_an_ai(text: str) -> None:
    assert is_ai_question(text)


@pytest.mark.parametrize(
    "text",
    ["你是我最好的朋友", "我在学AI", "他是机器人工程师", "are you okay?", "I study AI at school",
     "are you free tonight", "你是谁", "真人秀好看吗", "我买了个扫地机器人"],
)  # fmt: skip
def test_other_questions_are_not(text: str) -> None:
    assert not is_ai_question(text)


def test_a_pause_in_each_voice() -> None:
    voices = {suggest_pause("zh", persona) for persona in load_personas().values()}
    assert len(voices) == 3
    assert "两个多小时" in suggest_pause("zh", "somebody-new")
    assert "two hours" in suggest_pause("en")
    assert "over an hour" in suggest_pause("en", after=timedelta(hours=1))


@pytest.mark.parametrize("persona", ["niannian", "qing", "shenyan", "somebody-new"])
def test_a_pause_sends_to_rest_and_people_and_binds_nobody(persona: str) -> None:
    zh, en = suggest_pause("zh", persona), suggest_pause("en", persona)
    assert re.search(r"朋友|身边|电话", zh)
    assert re.search(r"friend|somebody", en)
    assert not re.search(r"我不会|我都记|等你|我在这", zh)
    assert not re.search(r"\bI(?:'m|'ll| am| will)\b|come back", en)
    assert "hour" in en.lower()
    assert "{" not in zh + en
