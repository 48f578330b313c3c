"""What stands on the persona's card is not extracted from the talk."""

from __future__ import annotations

from memory.types import Operation
from tests.memory.extraction.batches import AI, TEMPORAL, add
from tests.memory.extraction.proposals import kept


def test_the_persona_card_is_not_extracted() -> None:
    lines = ("你家在哪", "> 我住在江南一座小城的老巷子里，还养了一只叫半盏的橘猫")
    for text in (
        "念念住在江南一座小城的老巷子里",
        "念念养了一只叫半盏的橘猫",
        "念念养了一只猫",
    ):
        assert kept(*lines, op=add(text, AI, source=(2,))) == "persona_card"
    english = add("Niannian has a ginger cat called Banzhan", AI, source=(2,))
    lines = ("any pets?", "> I have a ginger cat called Banzhan, she's afraid of thunder")
    assert kept(*lines, op=english) == "persona_card"


def test_news_of_the_persona_is_extracted() -> None:
    lines = ("在干嘛", "> 我今天给半盏买了新的猫爬架")
    result = kept(*lines, op=add("念念给半盏买了新的猫爬架", AI, TEMPORAL, source=(2,)))
    assert isinstance(result, Operation)
    assert result.event_date == "2024-10-18"
