"""What was said in this talk is known in this talk, before anything was extracted."""

from __future__ import annotations

import re

import pytest

from memory.builtin.chat import BuiltinChat
from tests.memory.builtin.chat.talking import Talk, item, request

ZH = (
    "我对花生过敏，吃一点就会起疹子",
    "我叫林晓",
    "我的猫叫豆豆",
    "上周末我和室友去了苏州",
    "我是做前端的",
    "周末一般就在家打塞尔达",
)
EN = (
    "I'm allergic to peanuts, even a little gives me a rash",
    "I'm Sam",
    "my dog's name is Pepper",
    "we went to Brighton last weekend",
    "I'm a nurse",
    "I like climbing at weekends",
)


def talk(language: str, **rest: object) -> Talk:
    talk = Talk(language=language, user_name="me", **rest)  # type: ignore[arg-type]
    for text in ZH if language == "zh" else EN:
        talk.say(text)
    return talk


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("你还记得我对什么过敏吗？", "你对花生过敏"),
        ("我叫什么", "你叫林晓"),
        ("我的猫叫什么", "你的猫叫豆豆"),
        ("上周末我去了哪", "你上周末和室友去了苏州"),
        ("你还记得我是做什么的吗", "你是做前端的"),
        ("你还记得我周末一般干什么吗", "打塞尔达"),
        ("你都知道我什么", "林晓"),
    ],
)
def test_what_was_said_just_now_is_answered(question: str, holds: str) -> None:
    answer = talk("zh").say(question)
    assert holds in answer
    assert re.search("刚才|刚刚|前面", answer)
    assert "用户" not in answer


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("do you remember what I'm allergic to?", "you are allergic to peanuts"),
        ("what's my name?", "your name is Sam"),
        ("what's my dog's name", "Pepper"),
        ("where did I go last weekend?", "you went to Brighton last weekend"),
        ("do you remember what I do?", "you are a nurse"),
        ("Do you remember what I like to do at weekends?", "you like climbing at weekends"),
    ],
)
def test_what_was_said_just_now_is_answered_in_english(question: str, holds: str) -> None:
    answer = talk("en").say(question)
    assert holds in answer
    assert re.search("moment ago|earlier|just now", answer)


@pytest.mark.parametrize(
    ("question", "language"),
    [("我的狗叫什么", "zh"), ("我最喜欢的颜色是什么", "zh"), ("what's my cat's name?", "en")],
)
def test_what_was_never_said_is_not_made_up(question: str, language: str) -> None:
    answer = talk(language).say(question)
    assert re.search(r"没有印象|没有找到|记不起来|no memory|couldn't find|can't recall", answer)


def test_memories_come_first() -> None:
    told = talk("zh", items=[item("用户对芒果过敏", category="health")])
    answer = told.say("我对什么过敏")
    assert "芒果" in answer
    assert "刚才" not in answer


def test_everything_known_holds_what_was_just_said() -> None:
    told = talk("zh", items=[item("用户住在上海", category="identity")])
    answer = told.say("你都知道我什么")
    assert "上海" in answer
    assert "林晓" in answer


def test_without_a_listener_the_users_own_words_are_quoted() -> None:
    history = talk("zh").history
    answer = "".join(BuiltinChat().reply(request("我对什么过敏", history=history)))
    assert "“我对花生过敏，吃一点就会起疹子”" in answer
