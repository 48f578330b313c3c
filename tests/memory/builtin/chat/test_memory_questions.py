"""Answers from memory: right, in the second person, and honest where there is nothing."""

from __future__ import annotations

import re

import pytest

from memory.builtin.chat.asked import asked
from memory.builtin.chat.reading import read
from memory.types import Source
from tests.memory.builtin.chat.talking import Talk, item, reply, request

ZH = [
    item("用户对花生过敏", category="health", importance=5),
    item("用户叫林小满", category="identity"),
    item("用户养了一只叫豆豆的白猫", category="relationship"),
    item("用户住在上海杨浦", category="identity"),
    item("用户在一家广告公司做文案", category="work_study"),
    item("用户的生日是3月12日", category="identity"),
    item("用户和阿宁去了苏州吃面", on="2026-11-14", category="event"),
    item("用户要去出版社面试", on="2026-11-25", category="plan"),
    item("用户的妈妈是小学老师", category="relationship"),
    item("用户喜欢听陈绮贞的歌", category="preference"),
    item("念念喜欢喝桂花茶", about="ai", category="preference"),
    item("念念去河边看了白鹭", about="ai", on="2026-11-13", category="event"),
]
EN = [
    item("The user is allergic to shellfish", category="health", importance=5),
    item("The user's name is Maya Chen", category="identity"),
    item("The user's dog is called Biscuit", category="relationship"),
    item("The user lives in Peckham", category="identity"),
    item("The user works as an illustrator", category="work_study"),
    item("The user went to Brighton with her sister", on="2026-11-14", category="event"),
    item("The user has a dentist appointment", on="2026-11-25", category="plan"),
    item("The user's mother makes egg custard", category="relationship"),
    item("Niannian likes osmanthus tea", about="ai", category="preference"),
]


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("我对什么过敏？", "你对花生过敏"),
        ("你还记得我对什么过敏吗", "你对花生过敏"),
        ("我不能吃什么来着", "花生"),
        ("我叫什么名字？", "你叫林小满"),
        ("我的猫叫什么", "豆豆"),
        ("你还记得豆豆吗", "豆豆"),
        ("我住在哪里？", "杨浦"),
        ("我是做什么工作的", "文案"),
        ("我生日是哪天", "3月12日"),
        ("上周末我去了哪", "你和阿宁去了苏州"),
        ("我下周有什么安排", "出版社面试"),
        ("你还记得我妈妈是做什么的吗", "小学老师"),
        ("我喜欢听谁的歌", "陈绮贞"),
        ("你记得你说过你喜欢喝什么吗", "我喜欢喝桂花茶"),
        ("你喜欢喝什么", "我喜欢喝桂花茶"),
        ("你上周五做了什么", "白鹭"),
    ],
)
def test_questions_are_answered_from_memory(question: str, holds: str) -> None:
    answer = reply(question, items=ZH)
    assert holds in answer
    assert "用户" not in answer
    assert "念念" not in answer


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("what am I allergic to?", "you are allergic to shellfish"),
        ("do you remember what I'm allergic to?", "shellfish"),
        ("What's my name?", "your name is Maya Chen"),
        ("what's my dog's name", "your dog is called Biscuit"),
        ("where do I live?", "you live in Peckham"),
        ("what do I do for a living?", "illustrator"),
        ("where did I go last weekend?", "you went to Brighton with your sister"),
        ("what am I doing next week?", "dentist"),
        ("did I tell you about my mum?", "your mother makes egg custard"),
        ("what do you like to drink?", "I like osmanthus tea"),
    ],
)
def test_questions_in_english(question: str, holds: str) -> None:
    answer = reply(question, items=EN, language="en")
    assert holds in answer
    assert "the user" not in answer.lower()


@pytest.mark.parametrize(
    "question",
    ["我的狗叫什么名字？", "我最喜欢的颜色是什么", "你还记得我去西藏的事吗", "我上个月做了什么"],
)
def test_what_it_does_not_know_it_says(question: str) -> None:
    answer = reply(question, items=ZH)
    assert re.search(r"没有印象|没有找到|记不起来|没有记下", answer)
    assert not re.search(r"豆豆|花生|杨浦", answer)


@pytest.mark.parametrize(
    "question",
    ["what's my cat's name?", "do you remember my trip to Iceland?", "when is my birthday?"],
)
def test_what_it_does_not_know_it_says_in_english(question: str) -> None:
    answer = reply(question, items=EN, language="en")
    assert re.search(r"no memory|couldn't find|can't recall|nothing written", answer)
    assert "Biscuit" not in answer


def test_without_a_name_in_memory_the_profile_helps() -> None:
    assert "小满" in reply("我叫什么", user_name="小满")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我该怎么办", "zh"), ("我不知道该说什么", "zh"), ("我想问你一个问题", "zh"), ("没什么", "zh"),
        ("记得多喝水哦", "zh"), ("我怎么这么笨", "zh"), ("我今天去吃了什么都没味道的面", "zh"),
        ("what should I do?", "en"), ("why am I like this?", "en"), ("how do I look?", "en"),
        ("I remember my school days", "en"), ("I know what I want", "en"),
    ],
)  # fmt: skip
def test_these_are_no_questions_about_memory(text: str, language: str) -> None:
    assert asked(read(request(text, language=language))) is None


def test_an_allergy_is_brought_up_when_it_matters() -> None:
    answer = reply("晚上和朋友去新开的那家店吃火锅", items=ZH)
    assert "对花生过敏" in answer
    answer = reply("we're having dinner at a new restaurant tonight", items=EN, language="en")
    assert "allergic to shellfish" in answer


def test_the_very_thing_on_the_plate_is_a_warning() -> None:
    assert re.search(r"等一下|慢着", reply("点了花生酱拌面", items=ZH))


def test_an_allergy_is_mentioned_once_and_not_when_just_told() -> None:
    talk = Talk(items=ZH)
    assert "花生" in talk.say("今晚去吃烧烤")
    assert "花生" not in talk.say("还点了好多外卖")
    fresh = [item("用户对花生过敏", source=Source(message_ids=("t1",)))]
    told = Talk(items=fresh)
    told.say("我对花生过敏")
    assert "上次" not in told.say("今晚去吃烧烤")


def test_something_remembered_is_brought_up_when_it_fits() -> None:
    answer = reply("今天带豆豆去打疫苗了", items=ZH)
    assert "你养了一只叫豆豆的白猫" in answer


def test_a_name_is_not_news_to_its_bearer() -> None:
    assert "你叫林小满" not in reply("林小满今天好累", items=ZH)


def test_tomorrows_plan_gets_a_wish_at_good_night() -> None:
    items = [item("用户要去面试", on="2026-11-21", category="plan")]
    assert "明天你要去面试" in reply("晚安", items=items)


def test_everything_known_is_told_on_request() -> None:
    answer = reply("你都知道我什么", items=ZH)
    assert "林小满" in answer
    assert "；" in answer


def test_both_sides_are_asked_for() -> None:
    answer = reply("我们都喜欢什么", items=ZH)
    assert "陈绮贞" in answer
    assert "桂花茶" in answer
