"""Nothing in a reply loads, hides where it leads, or becomes a formula."""

from __future__ import annotations

import re

import pytest

from components.reply_text import reply_markdown

IMAGE_SYNTAX = re.compile(r"!\[")


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/x.png)",
        "看 ![x][ref]\n\n[ref]: http://evil.example/x.png",
        r"\![x](http://evil.example/x.png)",
        "`![x](http://evil.example/x.png)",
        "```\n![x](http://evil.example/x.png)",
        "[![x](http://evil.example/x.png)](http://evil.example)",
        "!![x](http://evil.example/x.png)",
    ],
)
def test_no_image_survives(text: str) -> None:
    assert not IMAGE_SYNTAX.search(reply_markdown(text))


def test_a_link_shows_where_it_leads() -> None:
    assert (
        reply_markdown("[看这里](http://evil.example/?q=1)") == "看这里 (http://evil.example/?q=1)"
    )


def test_prices_are_no_formulas() -> None:
    assert reply_markdown("$5 还是 $6") == r"\$5 还是 \$6"


def test_directives_are_words() -> None:
    shown = reply_markdown(":red[危险] :red-background[x] :material/home:")
    assert ":red[" not in shown
    assert ":red-background[" not in shown
    assert ":material/" not in shown


def test_code_keeps_its_dollars_and_brackets() -> None:
    text = "用 `echo $HOME` 和\n```\na[0](b) $x\n```\n就好"
    assert reply_markdown(text) == text


def test_ordinary_markdown_stays() -> None:
    text = "**今天** 要做：\n\n- 买菜\n- 10:30 开会\n\n> 慢慢来"
    assert reply_markdown(text) == text


def test_half_a_reply_is_safe_too() -> None:
    whole = "好 ![x](http://evil.example/x.png) 和 `码"
    for end in range(len(whole)):
        assert not IMAGE_SYNTAX.search(reply_markdown(whole[:end]))
