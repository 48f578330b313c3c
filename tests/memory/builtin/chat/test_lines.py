"""The lines themselves: complete in both languages, and chosen without repeating."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from memory.builtin.chat.lines import Chooser, lines
from memory.builtin.chat.reading import intents
from memory.chat.personas import load_personas

VOICES = {"any", "ask", *load_personas()}
SLOTS = {
    "said",
    "Said",
    "echo",
    "Echo",
    "name",
    "day",
    "thing",
    "Thing",
    "did",
    "Did",
    "event",
    "Event",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_intent_has_lines_for_every_persona(language: str) -> None:
    table = lines(language)
    for intent, _ in intents(language):  # type: ignore[arg-type]
        assert table[intent]["any"], intent
    for intent, voices in table.items():
        assert set(voices) <= VOICES, intent
        # A line without a slot must be there: the user's words can't always be turned.
        slotless = any("{" not in line for line in voices["any"])
        assert slotless or intent in {"fact_name", "day"}, intent


def test_both_languages_know_the_same_intents() -> None:
    assert set(lines("zh")) == set(lines("en"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_reaction_asks_nothing_and_a_question_asks_once(language: str) -> None:
    for intent, voices in lines(language).items():
        for voice, options in voices.items():
            assert len(set(options)) == len(options), intent
            for line in options:
                marks = len(re.findall(r"[?？]", re.sub(r"\{\w+\}[?？]", "", line)))
                allowed = 1 if voice == "ask" or intent == "joke" else 0
                assert marks <= allowed, line
                if voice == "ask":
                    assert marks == 1, line
                assert set(re.findall(r"\{(\w+)\}", line)) <= SLOTS, line


def test_english_lines_hold_no_chinese_and_the_other_way_round() -> None:
    def every(language: str) -> list[str]:
        return list(chain(*(chain(*voices.values()) for voices in lines(language).values())))

    assert not [line for line in every("en") if re.search(r"[\u4e00-\u9fff]", line)]
    assert not [line for line in every("zh") if not re.search(r"[\u4e00-\u9fff]", line)]


def test_lines_are_not_repeated_while_there_are_others() -> None:
    said: list[str] = []
    for turn in range(5):
        choose = Chooser("zh", "niannian", said, f"seed{turn}")
        said.append(choose.react("sad", {"said": None}))
    assert len(set(said)) == len(said)


def test_the_line_said_longest_ago_comes_back_first() -> None:
    said: list[str] = []
    for turn in range(12):
        said.append(Chooser("zh", "niannian", said, str(turn)).react("brb", {}))
    count = len(set(said))
    assert said[-1] == said[-1 - count]


def test_a_line_with_the_users_words_needs_them() -> None:
    for seed in range(20):
        text = Chooser("zh", "qing", [], str(seed)).react("happy", {"said": None, "Said": None})
        assert "{" not in text
        assert not text.startswith("，")


def test_nothing_is_asked_that_was_just_told() -> None:
    for seed in range(20):
        choose = Chooser("zh", "niannian", [], str(seed))
        assert "叫什么名字" not in choose.ask("pet", "我家的猫叫豆豆")
        assert "跟谁" not in choose.ask("plan", "我和阿宁要去爬山")
