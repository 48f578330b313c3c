"""What happens in a life is answered as what it is: no joy over an injury, no pity for good news."""

from __future__ import annotations

import re

import pytest

from memory.builtin.chat import details
from memory.builtin.chat.reading import read
from tests.memory.builtin.chat.talking import START, reply, request

TODAY = START.date()  # Friday, 20 November 2026


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("我对花生过敏，吃一点就会起疹子", "allergy"), ("我好像过敏了，嘴唇肿了", "allergy_now"),
        ("我怀孕了", "pregnant"), ("怀孕三个月了，孕吐好难受", "pregnant_hard"), ("我姐怀孕了", "family"),
        ("今天切菜切到手了", "injury"), ("脚扭了，肿得好大", "injury"), ("我家猫吐了一天了", "pet_sick"),
        ("我家狗昨天走了", "pet_lost"), ("猫走丢了", "pet_missing"), ("老伴走了三年了", "loss"),
        ("期末考试挂科了", "exam_failed"), ("考研没考上", "exam_failed"), ("我升职了", "proud"),
        ("上周搬家了，累死", "new_home"), ("搬家以后好孤单", "lonely"), ("我失业了", "job_lost"),
        ("今天认识了一个很有意思的人", "met_someone"), ("遇到一个很讨厌的人", "fallback"), ("我们分手了", "breakup"),
        ("大姨妈来了，肚子疼", "period"), ("爸妈又吵架了", "parents_fight"), ("好想家", "homesick"),
        ("花呗还不上了", "money_hard"), ("明天第一天上班，好紧张", "first_day"), ("下周要上台演讲，好怕", "stage"),
        ("热死了，今天38度", "weather_bad"), ("又下雨，烦死了", "weather_bad"), ("今天是我生日", "birthday_today"),
        ("今天生日，没人记得", "birthday_alone"), ("今天面试感觉还不错", "went_well"), ("累死了", "tired"),
        ("昨天去西湖边跑步了，好累但是开心", "tired_glad"), ("爬香山了，腿酸但是风景特别好", "tired_glad"),
        ("女朋友跟我求婚了", "engaged"), ("孩子们都在外地，就我一个人", "alone_far"), ("散步的时候突然很难过", "sad"),
        ("12月3号要做个小手术", "medical"), ("下周五和朋友去成都玩", "plan"),
        ("I'm allergic to peanuts", "allergy"), ("I'm pregnant!", "pregnant"), ("I cut my finger while cooking", "injury"),
        ("my cat has been throwing up", "pet_sick"), ("my dog died yesterday", "pet_lost"), ("I failed my exam", "exam_failed"),
        ("I just moved house and I'm exhausted", "new_home"), ("period cramps are killing me", "period"),
        ("my parents are fighting again", "parents_fight"), ("I'm so homesick", "homesick"), ("I can't pay rent", "money_hard"),
        ("tomorrow is my first day at the new job", "first_day"), ("it's so hot today", "weather_bad"),
        ("it's my birthday today", "birthday_today"), ("nobody remembered my birthday", "birthday_alone"),
        ("I went running by the lake yesterday, tired but happy", "tired_glad"), ("I lost my job", "job_lost"),
        ("I met a really rude guy", "past"), ("going to Lisbon with friends next Friday", "plan"),
    ],
)  # fmt: skip
def test_what_happened(message: str, intent: str) -> None:
    assert read(request(message, language="en")).intent == intent


def test_an_allergy_is_kept_and_its_severity_asked_for() -> None:
    answer = reply("我对花生过敏，吃一点就会起疹子")
    assert "花生过敏" in answer
    assert "被子" not in answer
    assert re.search("备着药|跟店家|从小", answer)


def test_an_acute_reaction_is_sent_to_a_doctor() -> None:
    assert re.search("120|急诊", reply("我好像过敏了，喉咙有点肿"))


def test_the_users_own_place_and_doing_are_named() -> None:
    answer = reply("昨天去西湖边跑步了，好累但是开心")
    assert "西湖边跑步" in answer
    assert not re.search("今天最耗你|今晚", answer)
    answer = reply("I went running by the lake yesterday, tired but happy", language="en")
    assert "unning by the lake" in answer


@pytest.mark.parametrize(
    ("message", "language", "said"),
    [
        ("我27号要去面试", "zh", "27号的面试"),
        ("明天面试", "zh", "明天的面试"),
        ("下周五有个面试", "zh", "27号的面试"),
        ("12月3号要做个小手术", "zh", "12月3号的手术"),
        ("下周五和朋友去成都玩", "zh", "27号去成都"),
        ("昨天面试了", "zh", None),
        ("I have an interview on the 27th", "en", "the interview on the 27th"),
        ("I have a job interview tomorrow", "en", "tomorrow's job interview"),
        ("I'm having surgery on December 3rd", "en", "the surgery on December 3rd"),
        ("I'm going to Lisbon next Friday", "en", "Lisbon on the 27th"),
        ("I had an interview yesterday", "en", None),
    ],
)
def test_a_plan_is_said_with_its_day_as_understood(
    message: str, language: str, said: str | None
) -> None:
    assert details.event(message, TODAY, language) == said  # type: ignore[arg-type]


def test_the_day_of_a_plan_is_in_the_reply() -> None:
    assert "27号的面试" in reply("我27号要去字节面试")
    assert "interview on the 27th" in reply("I have an interview on the 27th", language="en")


def test_nothing_is_promised_where_nothing_is_kept() -> None:
    for text in ("我对花生过敏", "我27号要去面试", "今天生日，没人记得", "我怀孕了"):
        for persona in ("niannian", "shenyan", "qing"):
            answer = reply(text, persona=persona, remember=False)
            assert not re.search("记住|记下|记着|记牢|本子|日历", answer), answer
