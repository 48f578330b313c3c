"""Messages that ask for nothing."""

from __future__ import annotations

import pytest

from memory.nlp.smalltalk import without


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "早上好呀！",
        "哈哈哈哈",
        "嗯嗯，好的",
        "hi there!",
        "Good morning",
        "ok thanks",
        "🙂",
    ],
)
def test_small_talk_says_nothing(text: str) -> None:
    assert without(text) == ""


@pytest.mark.parametrize(
    "text", ["早上好，今天要面试了", "我喜欢什么", "hi, what is my dog's name?", "好累啊"]
)
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert without(text) == text
