"""What of a reply is read aloud."""

from __future__ import annotations

import pytest

from memory.chat.spoken import sentences, spoken_text


@pytest.mark.parametrize(
    ("reply", "spoken"),
    [
        ("**好**呀，*慢慢来*。", "好呀，慢慢来。"),
        ("看 [这里](https://example.org/a?b=c)。", "看 这里。"),
        ("在 https://example.org/long/path 上", "在 上"),
        ("先跑 `make run`：\n\n```sh\nrm -rf /\n```\n\n就好。", "先跑 ：\n就好。"),
        ("- 一\n- 二\n", "一\n二"),
        ("<script>alert(1)</script>\n\n好", "好"),
        ("![猫](data:image/png;base64,AAAA)", ""),
        ("# 标题\n第一行\n第二行", "标题\n第一行 第二行"),
    ],
)
def test_no_code_no_links_no_marks(reply: str, spoken: str) -> None:
    assert spoken_text(reply) == spoken


def test_sentences_are_short_enough_for_any_browser() -> None:
    assert sentences("你好。今天怎么样？Good!\n嗯") == ["你好。", "今天怎么样？", "Good!", "嗯"]
    assert max(map(len, sentences("a" * 1000))) == 200
    assert "".join(sentences("a" * 1000)) == "a" * 1000
