"""The estimate of tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory.nlp.tokens import estimate


def test_counts_characters_words_digits_and_marks() -> None:
    assert estimate("") == 0
    assert estimate("我喜欢滑雪") == 5
    assert estimate("cat") == 1
    assert estimate("conversation") == 3
    assert estimate("2024") == 2
    assert estimate("我, you!") == 1 + 1 + 1 + 1


@given(st.text(), st.text())
def test_lines_add_up(one: str, other: str) -> None:
    # The context counts line by line; the whole must cost what its lines cost.
    assert estimate(one + "\n" + other) == estimate(one) + estimate(other)


@given(st.text(min_size=1))
def test_nothing_that_can_be_seen_is_free(text: str) -> None:
    assert (estimate(text) > 0) == bool(text.strip() and text.split())
