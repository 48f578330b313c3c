"""The estimate of tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory.nlp.tokens import estimate


def test_counts_characters_words_digits_and_marks() -> None:
    assert estimate("") == 0
    assert estimate("我喜欢滑雪") == 4
    assert estimate("cat") == 1
    assert estimate("conversation") == 2
    assert estimate("2024") == 2
    assert estimate("我, you!") == 1 + 1 + 1 + 1


MEASURED_ZH = (580 + 460 + 480) / 3
MEASURED_EN = (401 + 401 + 401) / 3


def test_it_is_near_what_real_tokenizers_count() -> None:
    # Counted with o200k and the tokenizers of DeepSeek and Qwen; the figures are their means.
    talk = "窗外下了一整夜的雨，早上起来桂花落了一地，扫着扫着就不想上班了。" * 20
    assert abs(estimate(talk) / MEASURED_ZH - 1) < 0.15
    letter = "It rained all night, and this morning the lane was covered in petals; work can wait. "
    assert abs(estimate(letter * 20) / MEASURED_EN - 1) < 0.15


@given(st.text(), st.text())
def test_lines_add_up(one: str, other: str) -> None:
    # The context counts line by line; the whole must cost what its lines cost.
    assert estimate(one + "\n" + other) == estimate(one) + estimate(other)


@given(st.text(min_size=1))
def test_nothing_that_can_be_seen_is_free(text: str) -> None:
    assert (estimate(text) > 0) == bool(text.strip() and text.split())
