"""CC-CEDICT: words and their English senses."""

from __future__ import annotations

import pytest

from memory.nlp.glosses import segment, senses


def test_the_longest_headword_wins_and_other_scripts_are_skipped() -> None:
    assert segment("我们在图书馆 read 小说") == ["我们", "在", "图书馆", "小说"]
    assert segment("hello, 42!") == []


def test_traditional_words_have_the_same_senses() -> None:
    assert senses("圖書館") == senses("图书馆") != ()


@pytest.mark.parametrize("word", ["zzz", "", "丂丂丂丂"])
def test_unknown_words_have_none(word: str) -> None:
    assert senses(word) == ()


def test_remarks_and_references_are_left_out() -> None:
    words = {word for sense in senses("公园") for word in sense}
    assert words == {"park"}
    assert all("surname" not in sense for sense in senses("王"))
