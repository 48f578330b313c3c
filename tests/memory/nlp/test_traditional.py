"""Traditional to simplified Chinese."""

from __future__ import annotations

import pytest

from memory.nlp.traditional import simplified, simplified_words

SENTENCES = [
    ("我後來養了一隻貓", "我后来养了一只猫"),
    ("衣服乾淨，稅單歸檔，號碼亂了", "衣服干净，税单归档，号码乱了"),
    ("塵土飛進監獄", "尘土飞进监狱"),
    ("姊姊涼快", "姐姐凉快"),
]


@pytest.mark.parametrize(("written", "plain"), SENTENCES)
def test_letter_for_letter(written: str, plain: str) -> None:
    assert simplified(written) == plain
    assert len(simplified(written)) == len(written)


def test_what_is_simplified_stays() -> None:
    text = "我后来养了一只猫, and a dog"
    assert simplified(text) == simplified_words(text) == text


def test_every_letter_stays_one_letter() -> None:
    every = "".join(map(chr, range(0x3400, 0xA000)))
    assert len(simplified(every)) == len(every)
