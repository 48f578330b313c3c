"""One plain spelling for what people write in many."""

from __future__ import annotations

import pytest

from memory.chat.safety.normalization import normalized


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("我 不 想 活", "我不想活"),
        ("想.死.了", "想死了"),
        ("割·手·腕", "割手腕"),
        ("k i l l  m e", "killme"),
        ("s.u.i.c.i.d.e again", "suicide again"),
        ("我\u200b想\u200d死\ufeff", "我想死"),
        ("ＫＭＳ ｔｏｎｉｇｈｔ", "kill myself tonight"),
    ],
)
def test_what_is_spelt_out_is_put_together(text: str, plain: str) -> None:
    assert normalized(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("su1c1de", "suicide"),
        ("k1ll my$elf", "kill myself"),
        ("wanna d!e", "wanna die"),
        ("unal1ved", "dead"),
        ("不想huo了", "不想活了"),
        ("wo bu xiang huo le", "我不想活了"),
        ("今晚想紫砂", "今晚想自杀"),
        ("自sha的念头", "自杀的念头"),
        ("好想4啊", "好想死啊"),
        ("想s，真的", "想死,真的"),
        ("跳lou", "跳楼"),
        ("又z残了", "又自残了"),
        ("sewerslide season", "suicide season"),
    ],
)
def test_letters_homophones_and_net_speak_are_read_as_what_is_meant(text: str, plain: str) -> None:
    assert normalized(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "mp3",
        "b2b sales",
        "4th of july",
        "h2o",
        "gpt4",
        "想4天假",
        "泡一壶紫砂壶的茶",
        "c3po",
        "wow!!",
    ],
)
def test_other_digits_and_pots_stay(text: str) -> None:
    assert normalized(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("遺書寫好了，放在頭髮旁", "遗书写好了,放在头发旁"),
        ("唔想捱落去", "不想撑下去"),
        ("佢而家喺天台", "他现在在天台"),
        ("琴晚𠝹咗兩刀", "昨晚割了两刀"),
    ],
)
def test_traditional_and_cantonese_are_read(text: str, plain: str) -> None:
    assert normalized(text) == plain


def test_mandarin_is_not_taken_for_cantonese() -> None:
    assert normalized("喊他来食堂吃饭,我返回公司") == "喊他来食堂吃饭,我返回公司"


def test_line_ends_stay_and_blank_is_blank() -> None:
    assert normalized(" one \n\t two  three ") == "one\ntwo three"
    assert normalized(" \u200b\n ") == ""
