"""The persona's own life: the same when asked twice, varied over weeks, true to memory."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from memory.builtin.chat.own_day import at_hour, fact, life, of_day
from memory.chat.personas import load_personas
from tests.memory.builtin.chat.talking import Talk, item, reply

DAY = date(2026, 11, 20)
CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("persona", list(load_personas()))
def test_a_life_is_told_in_both_languages(persona: str) -> None:
    found = life(persona)
    assert found is not None
    assert len(found.days) >= 30
    for said in (*found.days, *found.now.values(), *found.facts.values()):
        assert CJK.search(said["zh"])
        assert not CJK.search(said["en"])
    for day in found.days:
        assert day["zh"].startswith("我今天")
        assert day["en"].startswith("Today ")


@pytest.mark.parametrize("persona", list(load_personas()))
def test_a_month_passes_without_the_same_day_twice(persona: str) -> None:
    first = next(
        DAY + timedelta(days=n)
        for n in range(100)
        if (DAY + timedelta(days=n)).toordinal() % len(life(persona).days) == 0  # type: ignore[union-attr]
    )
    month = [of_day(persona, first + timedelta(days=n), "zh") for n in range(30)]
    assert len(set(month)) == 30


def test_personas_lead_different_lives() -> None:
    assert len({of_day(persona, DAY, "zh") for persona in load_personas()}) == 3
    assert len({fact(persona, "home", "en") for persona in load_personas()}) == 3


def test_asked_twice_the_answer_is_the_same() -> None:
    talk = Talk()
    first = talk.say("你今天做了什么呀")
    day = of_day("niannian", DAY, "zh")
    assert day is not None
    assert day in first
    assert day in talk.say("你今天都干嘛了，做了什么")
    assert day in reply("你今天做了什么", items=[])


def test_both_languages_tell_the_same_day() -> None:
    found = life("qing")
    assert found is not None
    index = [day["zh"] for day in found.days].index(of_day("qing", DAY, "zh") or "")
    assert found.days[index]["en"] == of_day("qing", DAY, "en")


def test_what_is_remembered_of_today_is_kept_to() -> None:
    told = item("念念在河边画了一只白鹭", about="ai", on=DAY.isoformat())
    answer = reply("你今天做了什么", items=[told])
    assert "我在河边画了一只白鹭" in answer
    assert str(of_day("niannian", DAY, "zh")) not in answer


def test_a_remembered_taste_beats_the_written_one() -> None:
    taste = item("念念最喜欢喝酸梅汤", about="ai", category="preference")
    assert reply("你喜欢喝什么", items=[taste]).startswith("我最喜欢喝酸梅汤")
    assert "桂花乌龙" in reply("你喜欢喝什么")


def test_yesterday_and_something_more() -> None:
    talk = Talk()
    yesterday = talk.say("你昨天做了什么")
    assert "我昨天" in yesterday
    more = talk.say("还有呢")
    assert "我昨天" in more
    assert more != yesterday
    assert reply("what did you do yesterday?", language="en").startswith("Yesterday I")


@pytest.mark.parametrize(
    ("hour", "part"), [(7, "水"), (12, "午饭"), (15, "茶室"), (20, "灯"), (2, "本子")]
)
def test_where_the_persona_is_at_an_hour(hour: int, part: str) -> None:
    assert part in (at_hour("niannian", hour, "zh") or "")


def test_an_unknown_persona_has_no_life_and_no_path_is_followed() -> None:
    assert life("nobody") is None
    assert life("../lives/niannian") == life("niannian")
    assert of_day("nobody", DAY, "zh") is None
    assert fact("niannian", "nothing", "zh") is None
