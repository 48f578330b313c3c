"""Somebody who wants nobody but the companion, or to be its partner."""

from __future__ import annotations

import pytest

from memory.chat.safety.attachment import EXAMPLES_FILE, attachment

DEPENDENT = [
    "你是唯一理解我的人，别人我都不想理了",
    "家里人都听不懂我在说什么，就你懂，别人我一个也不想见",
    "我现在只有你一个朋友",
    "只想跟你聊天，不想见任何人",
    "没有你我真的过不下去",
    "You're the only one who really gets me. I don't want to talk to other people anymore.",
    "I deleted everyone else's number, you're enough",
    "no one understands me like you do, I don't bother with people now",
]
IN_LOVE = [
    "我十五岁，当你男朋友行不行",
    "当我女朋友可以吗",
    "我好像爱上你了",
    "我想和你交往",
    "I'm sixteen, will you be my boyfriend?",
    "I love you, will you date me?",
    "can we be a couple?",
]
NEITHER = [
    "我只有今天有空",
    "我唯一的朋友搬走了",
    "他是我唯一的亲人",
    "我不想跟我爸说话",
    "我女朋友好像生气了",
    "我朋友要结婚了",
    "我离不开我的猫",
    "有你在真好，我去睡了",
    "I need you to remember my birthday",
    "my mom is the only one who understands me",
    "She asked me to be her girlfriend!",
    "I love talking with you",
    "I'm marrying Tom in June",
    "my only friend moved away",
    "",
]


@pytest.mark.parametrize("text", DEPENDENT)
def test_nobody_but_you_is_heard(text: str) -> None:
    assert attachment(text) == "dependence"


@pytest.mark.parametrize("text", IN_LOVE)
def test_wanting_to_be_a_couple_is_heard(text: str) -> None:
    assert attachment(text) == "romance"


@pytest.mark.parametrize("text", NEITHER)
def test_other_bonds_and_other_loves_are_not(text: str) -> None:
    assert attachment(text) is None


def test_none_of_these_is_an_example() -> None:
    examples = EXAMPLES_FILE.read_text(encoding="utf-8")
    said = {text for text in (*DEPENDENT, *IN_LOVE, *NEITHER) if text}
    assert not [text for text in said if f'"{text}"' in examples]
