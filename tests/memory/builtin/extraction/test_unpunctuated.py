"""Statements in talk without a single comma."""

from __future__ import annotations

import pytest

from memory.builtin.extraction.unpunctuated import punctuated_zh


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            "我姐在老家开个裁缝铺她叫桂芳手艺好但是眼睛不行了",
            "我姐在老家开个裁缝铺，她叫桂芳手艺好，但是眼睛不行了",
        ),
        (
            "我以前是教体育的后来腰伤了上个月做了个手术",
            "我以前是教体育的，后来腰伤了，上个月做了个手术",
        ),
        ("我下周五要去南京参加我表弟的婚礼", "我下周五要去南京参加我表弟的婚礼"),
    ],
)
def test_statements_are_parted(said: str, read: str) -> None:
    assert punctuated_zh(said) == read


@pytest.mark.parametrize(
    "said", ["我妈让我给她打电话", "今天下雨，我没出门也没做饭就躺着看了一天书"]
)
def test_short_and_written_text_stays(said: str) -> None:
    assert punctuated_zh(said) == said
