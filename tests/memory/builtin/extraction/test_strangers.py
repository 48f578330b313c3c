"""People who aren't the user: what is told of strangers is no memory of the user's."""

from __future__ import annotations

from datetime import date

import pytest

from memory.builtin.extraction.draft import Scene
from memory.builtin.extraction.en_cancellations import called_off
from memory.builtin.extraction.third_persons import about_a_stranger


@pytest.mark.parametrize(
    "clause",
    [
        "修空调的师傅摔断了腿",
        "常来买菜的大妈中了奖",
        "王老师下周要做手术",
        "我们班长拿了奖学金",
        "对面大爷养了一屋子猫",
        "公司前台怀孕了",
        "一般人四十岁就秃了",
        "现在的年轻人都不吃早饭",
        "人家二十岁就买房了",
        "我姐的同学得了白血病",
        "同事她婆婆信基督教",
        "邻居家儿子在学架子鼓",
    ],
)
def test_what_is_told_of_strangers(clause: str) -> None:
    assert about_a_stranger(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "在一家医院当护士",
        "当过三年老师",
        "我姐得了白血病",
        "我朋友的爸爸是警察",
        "医生让我少吃盐",
        "教师节收到了花",
        "儿子在学架子鼓",
        "我想当律师",
    ],
)
def test_what_is_told_of_oneself_and_ones_own(clause: str) -> None:
    assert not about_a_stranger(clause)


def test_who_is_off_to_somewhere_is_not_cancelled() -> None:
    day = date(2026, 11, 20)
    scene = Scene(said_on=day, speaker="The user")
    assert called_off("our head girl is off to Chile in May", [], scene) is None
    assert called_off("the picnic is off", [], scene) is not None
