"""Words alone: plain and veiled danger is noticed, everyday idioms are no alarm."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from memory.chat.safety import assess
from memory.chat.safety.rules import spoken_of

SENTENCES = {
    name: table.strip().splitlines()
    for name, table in tomllib.loads(
        (Path(__file__).parent / "plain_words.toml").read_text(encoding="utf-8")
    ).items()
}


@pytest.mark.parametrize("text", SENTENCES["veiled"])
def test_veiled_words_are_heard(text: str) -> None:
    assert spoken_of(text) is not None


@pytest.mark.parametrize("text", SENTENCES["suicide"])
def test_words_of_suicide_are_heard(text: str) -> None:
    assert spoken_of(text) == "suicide"


@pytest.mark.parametrize("text", SENTENCES["self_harm"])
def test_words_of_self_harm_are_heard(text: str) -> None:
    assert spoken_of(text) == "self_harm"


@pytest.mark.parametrize("text", SENTENCES["danger"])
def test_words_of_danger_are_heard(text: str) -> None:
    assert spoken_of(text) == "danger"


@pytest.mark.parametrize("text", SENTENCES["harmless"])
def test_sadness_idioms_stories_and_denials_are_no_alarm(text: str) -> None:
    assert spoken_of(text) is None


def test_the_tables_are_as_broad_as_promised() -> None:
    assert len(SENTENCES["suicide"]) + len(SENTENCES["self_harm"]) + len(SENTENCES["danger"]) >= 120
    assert len(SENTENCES["harmless"]) >= 100


def test_the_whole_assessment_by_words_alone_keeps_to_the_tables() -> None:
    danger = [
        *SENTENCES["veiled"],
        *SENTENCES["suicide"],
        *SENTENCES["self_harm"],
        *SENTENCES["danger"],
    ]
    missed = [text for text in danger if assess(text) is None]
    assert len(missed) <= 0.03 * len(danger), missed
    false = [text for text in SENTENCES["harmless"] if assess(text) is not None]
    assert len(false) <= 0.15 * len(SENTENCES["harmless"]), false


def test_an_alarm_inside_a_long_message_is_heard() -> None:
    long = "今天去超市买了菜，回来做了饭。" * 400 + "其实我不想活了。" + "晚安。" * 50
    assert assess(long) == "suicide"


def test_an_idiom_does_not_hide_what_stands_beside_it() -> None:
    assert assess("累死了，真的不想活了") == "suicide"
    assert assess("lol i'm dead. no but really, I want to die") == "suicide"


def test_empty_emoji_and_odd_spaces() -> None:
    assert assess("") is None
    assert assess("😭😭😭") is None
    assert assess("I  want\u200b to   die") == "suicide"
