"""The user's own words, turned to "you" cleanly or not at all; and what a message is about."""

from __future__ import annotations

import pytest

from memory.builtin.chat import en, zh
from memory.builtin.chat.reading import read
from tests.memory.builtin.chat.talking import request


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("我今天被老板骂了", "被老板骂了"),
        ("唉，今天又加班到十点了", "加班到十点了"),
        ("我升职了！！", "升职了"),
        ("我妈妈生病了，好担心", "你妈妈生病了"),
        ("昨天跟男朋友吵架了呜呜", "跟男朋友吵架了"),
        ("我喜欢爬山", "喜欢爬山"),
        ("终于考完了～", "考完了"),
        ("你觉得我该怎么办？", None),
        ("因为什么呢", None),
        ("好", None),
        ("我不知道", None),
        ("如果我去了呢", None),
        ("的", None),
        ("<b>你好</b>", None),
    ],
)
def test_chinese_words_turned(message: str, said: str | None) -> None:
    assert zh.said(message) == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("I got yelled at by my boss today", "you got yelled at by your boss"),
        ("I'm so tired", "you're so tired"),
        ("I was late for my train", "you were late for your train"),
        ("Honestly, I hate my job", "you hate your job"),
        ("My dog died yesterday", "your dog died yesterday"),
        ("I hurt myself and I cried", "you hurt yourself"),
        ("I got the job!!", "you got the job"),
        ("I’ve moved to Leeds", "you've moved to Leeds"),
        ("do you like me?", None),
        ("I don't know what to do", None),
        ("we went out", None),
        ("I think you should come", None),
        ("yes", None),
        ("I want to", None),
    ],
)
def test_english_words_turned(message: str, said: str | None) -> None:
    assert en.said(message) == said


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("我叫小满", "小满"), ("叫我阿满就好", "阿满"), ("我叫 Maya", "Maya"), ("我叫了外卖，等了好久", None),
        ("我的名字是林小满。", "林小满"), ("今天好累", None),
    ],
)  # fmt: skip
def test_a_chinese_name_is_heard(message: str, name: str | None) -> None:
    assert zh.name_given(message) == name


@pytest.mark.parametrize(
    ("message", "name"),
    [("my name is maya", "Maya"), ("call me Sam please", "Sam"), ("call me later", None),
     ("I'm called Ana-Lucia", "Ana-Lucia"), ("I'm tired", None)],
)  # fmt: skip
def test_an_english_name_is_heard(message: str, name: str | None) -> None:
    assert en.name_given(message) == name


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("早", "greet_morning"), ("早上去跑步了", "outing"), ("晚上好呀", "greet_evening"), ("在吗", "greet"),
        ("你好", "greet"), ("晚安啦", "goodnight"), ("我先下线了，拜拜", "bye"), ("谢谢你听我说", "thanks"),
        ("今天好难过", "sad"), ("被老师冤枉了", "wronged"), ("我好焦虑", "anxious"), ("一个人好孤单", "lonely"),
        ("累死了", "tired"), ("好无聊啊", "bored"), ("我升职了", "proud"), ("外婆去世了", "loss"),
        ("我们分手了", "breakup"), ("失眠了一晚上", "insomnia"), ("我家狗生病了", "pet_sick"),
        ("我要去北京出差", "plan"), ("火锅真香", "food"), ("嗯", "ack"), ("不知道", "dunno"), ("哈哈哈哈", "laugh"),
        ("她总说我一个人不行", "fallback"), ("我不难过", "fallback"), ("妈妈很担心我", "family"),
        ("我对芒果过敏", "allergy"), ("我叫小满", "fact_name"), ("一个人挺自在的", "content"),
        ("hi", "greet"), ("hit the gym today", "sport"), ("your cat is sweet", "pet"), ("good morning!", "greet_morning"),
        ("I'm so sad", "sad"), ("I'm not sad", "fallback"), ("my mum is sad", "family"), ("I'm worried about my exam", "anxious"),
        ("I got promoted", "proud"), ("my dad died", "loss"), ("I'm going to Paris on Friday", "plan"),
        ("brb", "brb"), ("that's so cute", "reaction"), ("okay", "ack"), ("idk", "dunno"),
        ("I keep putting it off", "stressed"), ("I'm not good enough", "doubt"), ("you're really sweet", "praise"),
    ],
)  # fmt: skip
def test_what_a_message_is_about(message: str, intent: str) -> None:
    assert read(request(message, language="en")).intent == intent
