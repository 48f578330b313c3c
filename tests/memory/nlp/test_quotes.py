"""Quotes: what somebody answers to isn't what they said."""

from __future__ import annotations

from datetime import UTC, datetime

from memory.nlp.quotes import in_own_words, quoted_line, split_quote
from memory.types import Message, Owner

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def said(role: str, text: str) -> Message:
    return Message("m", "s", Owner("u", "p"), 1, role, text, NOW)  # type: ignore[arg-type]


def test_a_quote_is_told_from_what_is_said() -> None:
    assert split_quote("> 我养了猫\n> 叫半盏\n\n真好") == ("我养了猫\n叫半盏", "真好")
    assert split_quote("a > b\n> c") == ("", "a > b\n> c")
    assert split_quote(quoted_line("第一行\n第二行") + "嗯") == ("第一行 第二行", "嗯")


def test_only_users_own_words_are_read() -> None:
    messages = [
        said("user", "> 我住杭州\n\n我住苏州"),
        said("assistant", "> x"),
        said("user", "> y"),
    ]
    assert [m.text for m in in_own_words(messages)] == ["我住苏州", "> x"]
