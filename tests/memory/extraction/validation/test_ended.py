"""What an event ends among the facts."""

from __future__ import annotations

import pytest

from memory.extraction.validation.ended import Fact, ended_by

FACTS = [
    Fact("用户的女朋友叫小茉", "relationship"),
    Fact("用户在物流公司做调度", "work_study"),
    Fact("用户每天晚上喝啤酒", "habit"),
    Fact("用户在苏州上班", "work_study"),
    Fact("The user's sister Ida is pregnant", "relationship"),
    Fact("The user smokes a pack a day", "habit"),
    Fact("用户的前女友在苏州", "relationship"),
    Fact("The user is vegan", "preference"),
]


@pytest.mark.parametrize(
    ("news", "places"),
    [
        ("用户跟小茉分手了", [0]),
        ("我离职了", [1, 3]),
        ("用户戒啤酒了", [2]),
        ("用户不在苏州了", [3]),
        ("Ida had the baby", [4]),
        ("The user quit smoking in May 2025", [5]),
        ("The user started eating fish again", [7]),
        ("用户的弟弟离职了", []),
        ("用户在学做面包", []),
        ("用户生气了", []),
    ],
)
def test_what_is_over(news: str, places: list[int]) -> None:
    assert ended_by(news, FACTS, None) == places
