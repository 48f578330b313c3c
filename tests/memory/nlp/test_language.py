from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.nlp.language import detect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我今天好累", "zh"),
        ("I am so tired today", "en"),
        ("我喜欢 Taylor Swift 的歌", "zh"),
        ("My friend 小李 came over today and we cooked 饺子 together", "en"),
        ("好", "zh"),
        ("ok", "en"),
        ("看看这个 https://example.com/some/very/long/path/with/many/words", "zh"),
        ("我用 `pip install foo bar baz qux quux` 装的", "zh"),
        ("我後天要飛東京", "zh"),
    ],
)
def test_language_of_a_text(text: str, expected: str) -> None:
    assert detect(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "12345", "……！？", "https://example.com"])
def test_without_letters_the_default_counts(text: str) -> None:
    assert detect(text, "en") == "en"
    assert detect(text, "zh") == "zh"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text) in ("zh", "en")
