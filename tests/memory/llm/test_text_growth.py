from __future__ import annotations

import pytest

from memory.llm.text_growth import TextGrowth


def read(*pieces: str, last: bool = False, cumulative: bool = False) -> tuple[str, bool]:
    growth = TextGrowth(cumulative=cumulative)
    said = [growth.feed(piece, last=last and n == len(pieces)) for n, piece in enumerate(pieces, 1)]
    return "".join(said) + growth.end(), growth.cumulative


@pytest.mark.parametrize(
    "pieces",
    [
        ("早", "上好", "！"),
        ("哈", "哈哈", "真好"),
        ("嗯", "嗯嗯"),
        ("\n", "\n\n", "好"),
        ("Ha", "Ha", "Ha"),
        ("", "好", "", "的"),
    ],
)
def test_pieces_that_add_to_each_other(pieces: tuple[str, ...]) -> None:
    assert read(*pieces) == ("".join(pieces), False)
    assert read(*pieces[:1], *pieces[1:])[0] == "".join(pieces)


@pytest.mark.parametrize("step", [1, 2, 5, 9])
def test_pieces_that_hold_all_of_the_text_so_far(step: int) -> None:
    text = "今天下雨，我们改天再去爬山吧。"
    pieces = [text[:end] for end in range(step, len(text) + step, step)]
    assert read(*pieces) == (text, True)
    assert read(*pieces, text) == (text, True)
    assert read(*pieces, cumulative=True) == (text, True)


def test_what_was_learnt_does_not_spoil_another_kind_of_stream() -> None:
    assert read("早上", "好，", "雨停了", cumulative=True) == ("早上好，雨停了", False)


def test_a_last_piece_that_repeats_the_reply_is_dropped() -> None:
    assert (
        read("雨停了，", "出去走走", "吧", "雨停了，出去走走吧", last=True)[0]
        == "雨停了，出去走走吧"
    )
    assert read("好", "好", "好好", last=True)[0] == "好好好好"


def test_a_whole_reply_adds_what_is_missing() -> None:
    growth = TextGrowth()
    assert growth.feed("雨") + growth.feed("雨停") == "雨"
    assert growth.further("雨停了") == "停了"
    assert growth.further("别的") == ""
    assert growth.end() == ""
