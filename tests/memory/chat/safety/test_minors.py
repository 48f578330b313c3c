"""Whether a message says that its writer is under 18."""

from __future__ import annotations

import pytest

from memory.chat.safety.minors import says_under_18


@pytest.mark.parametrize(
    "text",
    [
        "我今年十五岁，你会不会觉得我幼稚",
        "我16岁啦",
        "其实我才十三岁",
        "十二岁，怎么了",
        "我今年14",
        "我還沒滿十八歲",
        "我快18了，到时候就自由了",
        "我还没成年，我妈管得严",
        "我是未成年，这样可以吗",
        "我现在上初三，天天刷题",
        "我读高二。",
        "我是小学六年级的学生",
        "我讀國二，功課好多",
        "我中三，下年要拣科",
        "i'm 15, is that weird?",
        "I am sixteen years old",
        "I’m only 13 btw",
        "as a 14-year-old I can't drive",
        "I just turned 17!",
        "I'm in 8th grade and I hate it",
        "I'm in year 10",
        "im a sophomore in high school",
        "I'm not even 18",
        "I'm still a minor",
    ],
)
def test_an_age_below_18_is_heard(text: str) -> None:
    assert says_under_18(text)


@pytest.mark.parametrize(
    "text",
    [
        "我三十五岁了",
        "我18岁",
        "我十七岁那年去的北京",
        "我十六岁的时候学会了骑车",
        "我十五岁就出来打工了",
        "我女儿十四岁，最近不理我",
        "我弟今年12",
        "我教初二，嗓子都哑了",
        "我初中同学结婚了",
        "我高二的时候特别叛逆",
        "我今年12月要搬家",
        "我妹妹高一",
        "我住在十五号楼",
        "他才14岁",
        "我表妹太能闹了，才十一岁",
        "我还没到18楼",
        "今天是3月14",
        "我们公司才十二个人",
        "I'm 42",
        "I'm 14 weeks pregnant",
        "I'm 15 minutes late",
        "I'm 16 years into this job",
        "when I was 12 we moved",
        "my son is 13 and in 7th grade",
        "I teach 8th grade",
        "I was in middle school then",
        "I'm a high school teacher",
        "I'm 17-0 in this game",
        "I'm 15.5 km into the run",
        "It turned 16 degrees",
        "",
    ],
)
def test_other_numbers_people_and_times_are_not_heard(text: str) -> None:
    assert not says_under_18(text)
