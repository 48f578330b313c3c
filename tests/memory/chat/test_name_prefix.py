from __future__ import annotations

import pytest

from memory.chat.name_prefix import NamePrefix


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("阿晴：走，去江边。", "走，去江边。"),
        ("**阿晴**: 走。", "走。"),
        ("【阿晴】：走。", "走。"),
        ("阿晴不去了。", "阿晴不去了。"),
        ("阿晴", "阿晴"),
        ("阿晴：", "阿晴："),
        ("阿姨：走。", "阿姨：走。"),
        ("我说：阿晴：走。", "我说：阿晴：走。"),
        ("“阿晴”是我的名字。", "“阿晴”是我的名字。"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 99])
def test_a_speakers_name_is_taken_off(said: str, shown: str, step: int) -> None:
    prefix = NamePrefix("阿晴")
    pieces = [said[at : at + step] for at in range(0, len(said), step)]
    assert "".join(map(prefix.feed, pieces)) + prefix.end() == shown


def test_nothing_is_held_back_that_cannot_be_a_name() -> None:
    prefix = NamePrefix("阿晴")
    assert prefix.feed("走") == "走"
