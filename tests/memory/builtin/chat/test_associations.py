"""Ten memories lie there; the one that belongs to the topic is brought up, and not all the time."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.memory.builtin.chat.talking import Talk, item, reply

ZH = [
    item("用户对花生过敏", category="health", importance=5),
    item("用户11月27日要去字节跳动面试", on="2026-11-27", category="plan", importance=4),
    item("用户养了一只叫年糕的橘猫", category="relationship"),
    item("用户在一家广告公司做文案", category="work_study"),
    item("用户周末喜欢去爬山", category="preference"),
    item("用户的妈妈住在南京", category="relationship"),
    item("用户不喜欢香菜", category="preference"),
    item("用户喜欢听陈绮贞的歌", category="preference"),
    item("用户最近经常失眠", category="health"),
    item("用户打算2027年春天去冰岛", on="2027", category="plan"),
]
EN = [
    item("The user is allergic to peanuts", category="health", importance=5),
    item("The user has a job interview at Penguin", on="2026-11-27", category="plan"),
    item("The user has a ginger cat called Mochi", category="relationship"),
    item("The user works as an illustrator", category="work_study"),
    item("The user likes climbing at weekends", category="preference"),
    item("The user's mother lives in Leeds", category="relationship"),
    item("The user dislikes coriander", category="preference"),
    item("The user listens to Nick Drake when she works late", category="preference"),
    item("The user often can't sleep", category="health"),
    item("The user plans to visit Iceland in the spring of 2027", on="2027", category="plan"),
]
ANY_ZH = "花生|面试|年糕|文案|爬山|南京|香菜|陈绮贞|失眠|冰岛"


@pytest.mark.parametrize(
    ("message", "brings"),
    [
        ("晚上和同事去吃泰国菜", "花生"), ("中午不知道点什么外卖", "花生"), ("周末打算出去走走", "爬山"),
        ("最近工作压力好大", "27号的面试"), ("面试准备得一塌糊涂", "27号的面试"), ("猫又把我闹醒了", "年糕"),
        ("昨晚又没睡着", "经常失眠"), ("今天在地铁上听歌", "陈绮贞"), ("好想去旅行", "冰岛"),
        ("火锅里放了好多香菜", "不喜欢香菜"),
    ],
)  # fmt: skip
def test_the_right_memory_comes_up(message: str, brings: str) -> None:
    answer = reply(message, items=ZH)
    assert brings in answer
    others = re.sub(message, "", answer).replace(brings, "")
    assert not re.search(ANY_ZH, others.replace(brings[-2:], "")), answer


@pytest.mark.parametrize(
    ("message", "brings"),
    [
        ("no idea what to order for lunch", "peanuts"), ("work has been so stressful", "interview on the 27th"),
        ("my interview prep is a mess", "interview on the 27th"), ("the cat woke me up again", "Mochi"),
        ("I couldn't sleep again", "often can't sleep"), ("thinking of getting out this weekend", "climbing"),
        ("there was so much coriander in the soup", "coriander"),
    ],
)  # fmt: skip
def test_the_right_memory_comes_up_in_english(message: str, brings: str) -> None:
    assert brings in reply(message, items=EN, language="en")


@pytest.mark.parametrize(
    "message",
    [
        "今天好累",
        "刚看完一部电影",
        "下雨了",
        "今天被老板骂了",
        "去超市买了点菜",
        "妈妈要来看我",
        "昨晚和同事吃了火锅",
        "在吗",
    ],
)
def test_other_messages_bring_up_nothing(message: str) -> None:
    assert not re.search(ANY_ZH, reply(message, items=ZH))


def test_not_every_reply_brings_something_up() -> None:
    talk = Talk(items=ZH)
    said = ["周末打算出去走走", "最近压力好大", "猫又胖了", "听歌呢", "好想去旅行", "昨晚又没睡着"]
    told = [bool(re.search(ANY_ZH, talk.say(text))) for text in said]
    assert any(told)
    assert not any(first and second for first, second in pairwise(told))
