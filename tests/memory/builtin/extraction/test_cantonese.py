"""Cantonese and traditional letters as the rules read them."""

from __future__ import annotations

import pytest

from memory.builtin.extraction.cantonese import restored, simplified


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("我住喺旺角", "我住在旺角"),
        ("佢嘅貓咗唔食嘢", "他的猫了不吃事"),
        ("我地學緊琴", "我们在学琴"),
        ("我地址改咗", "我地址改了"),
        ("姊姊養了一隻貓", "姐姐养了一只猫"),
        ("我后来养了一只猫", "我后来养了一只猫"),
    ],
)
def test_letters_are_read_and_come_back(written: str, read: str) -> None:
    assert simplified(written) == read
    assert len(read) == len(written)
    assert restored(read, written) == written


def test_a_letter_written_in_both_ways_stays_as_it_is_read() -> None:
    assert restored("猫", "貓和猫") == "猫"
