"""Nothing in a reply loads, hides where it leads, or becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from time import process_time
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[看这里](https://a.example/p?q=1)，还有", "看这里 (https://a.example/p?q=1) ，还有"),
        ("[看这里](https://a.example/p)还有", "看这里 (https://a.example/p) 还有"),
        ("在 www.a.example/p。然后", "在 www.a.example/p 。然后"),
        ("在 https://a.example/北京", "在 https://a.example/北京"),
        ("at https://a.example/p, then", "at https://a.example/p, then"),
    ],
)
def test_an_address_ends_before_chinese_punctuation(text: str, shown: str) -> None:
    assert reply_markdown(text) == shown


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


# --- every form of link that CommonMark knows, held against a CommonMark parser ---------

ADDRESS = "http://evil.example/steal?q=1"
PARSERS = (MarkdownIt("commonmark"), MarkdownIt("gfm-like", {"linkify": False}))
TEXTS = (
    *(
        "click",
        "看这里",
        "",
        " ",
        "a\nb",
        "a  \nb",
        "x" * 400,
        "a (b) c",
        "(",
        ")",
        "a \\] b",
        "a \\[ b",
    ),
    *(
        "[nested] x",
        "[[deep]]",
        "*strong* **b**",
        "`code`",
        "`",
        "``",
        "a ` b",
        "`a] b`",
        "\\",
        "\\\\",
    ),
    *(
        "<b>x</b>",
        "<!-- x -->",
        "http://good.example",
        "<http://good.example>",
        "![i](i.png)",
        "![i]",
    ),
    *("$x$", ":red[x]", "&lbrack;", "\u200b", "\u2060", "a|b", "> q", "# h", "- l", "a\\\nb", "^1"),
)
TARGETS = (
    *(ADDRESS, f"<{ADDRESS}>", f'{ADDRESS} "title"', f"{ADDRESS} 'it''s'", f"{ADDRESS} (t)"),
    *(
        f"\n{ADDRESS}\n",
        f"  {ADDRESS}  ",
        f"{ADDRESS}(a(b)c)",
        f"{ADDRESS}\\)",
        f'<{ADDRESS} x>"t"',
    ),
    *(
        f'{ADDRESS}\n"a\nb"',
        f"{ADDRESS}{'a' * 3000}",
        "//evil.example",
        "/settings?user=x",
        "#x",
        "",
    ),
    *("javascript:alert(1)", "data:text/html,x", f"{ADDRESS}&quot;", f'{ADDRESS} "a\\"b"'),
)
AROUND = (
    *(
        "{}",
        "\\{}",
        "\\\\{}",
        "\\\\\\{}",
        "`{}",
        "``{}`",
        "`a{}",
        "a`b {} c`d`",
        "!{}",
        "\\!{}",
        "!!{}",
    ),
    *("> {}", "- {}", "1. {}", "# {}", "*{}*", "**{}", "[{}](x)", "[{}]", "<b>{}</b>", "<div>\n{}"),
    *(
        "    x\n{}",
        "```\n```\n{}",
        "- ```\n{}",
        "> ```\n{}",
        "<pre>\n```\n\n</pre>\n{}",
        "~~~ `\n~~~\n{}",
    ),
    *(
        "<search>\n```\n\n{}\n```",
        "| a |\n| - |\n| {} |",
        "\t{}\n{}",
        "x\n    {}",
        "-\t\t```\n{}",
        "\r{}\r\n",
    ),
    *(
        "<!--\n```\n-->\n{}",
        "<?\n```\n?>\n{}",
        "[x]: y '\n```\n'\n{}\n",
        "1. a\n\n   ```\n{}",
        "*\n  ```\n{}",
    ),
)


def forms() -> Iterator[str]:
    """Links of every kind: inline, full, collapsed and shortcut references, automatic ones."""
    for text in TEXTS:
        for target in TARGETS:
            yield f"[{text}]({target})"
            yield f"[{text}][ref]\n\n[ref]: {target}"
            yield f"[{text}][]\n\n[{text}]: {target}"
            yield f"[{text}]\n\n> [{text}]: {target}"
            yield f"[{text}]: {target}\n[{text}]"
    yield from (f"<{target}>" for target in TARGETS)
    yield f'<a href="{ADDRESS}">text</a>'
    yield f'<img src="{ADDRESS}">'


def hidden(source: str) -> list[str]:
    """Links whose address isn't to be seen, and images, in a Markdown text as it is shown."""
    found: list[str] = []
    for parser in PARSERS:
        for block in parser.parse(source):
            children = block.children or []
            for n, token in enumerate(children):
                if token.type == "image":
                    found.append(f"image {token.attrs['src']}")
                if token.type == "link_open":
                    shown = children[n + 1].content
                    if shown not in (token.attrs["href"], unquote(str(token.attrs["href"]))):
                        found.append(f"link {token.attrs['href']} as {shown!r}")
    return found


def test_the_check_finds_what_is_hidden() -> None:
    assert hidden(f"[a]({ADDRESS})")
    assert hidden(f"[a]\n\n[a]: {ADDRESS}")
    assert hidden("![a](b)")
    assert not hidden(f"<{ADDRESS}>")


@pytest.mark.parametrize("around", AROUND)
def test_no_form_of_link_hides_its_address(around: str) -> None:
    # All of them by themselves; inside of something, each around takes others.
    step = 1 if around == "{}" else 19
    for form in islice(forms(), AROUND.index(around) % step, None, step):
        source = around.replace("{}", form)
        shown = reply_markdown(source)
        assert hidden(shown) == [], source
        if "evil.example" in source:
            assert "evil.example" in shown, source


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"[]()!<>`\\:\"' \n\t#-*_>|~^&;1.a", "](", "][", "]:", "```", "~~~", ADDRESS, "    "]
        ),
        max_size=60,
    )
)
def test_nothing_put_together_by_chance_is_a_hidden_link(parts: list[str]) -> None:
    source = "".join(parts) + f"\n\n[a]: {ADDRESS}\n"
    assert hidden(reply_markdown(source)) == []


def test_blocks_of_code_stay_as_they_are() -> None:
    for text in (
        "```python\nx: dict[str]: int = a[0](b)[1]\n```",
        "- so:\n\n  ```\n  a[0](b)\n  ```\n\n  fertig",
        "> ~~~\n> [a](b)\n> ~~~",
        "Text:\n\n    a[0](b)",
    ):
        assert reply_markdown(text) == text


def test_an_address_reads_in_the_order_in_which_it_is_written() -> None:
    assert "\u202e" not in reply_markdown("http://evil.example/\u202emoc.elpmaxe")


def test_even_a_long_reply_is_made_safe_at_once() -> None:
    for text in ("[" * 8000, "](" * 4000, "`" * 8000, "[a](" * 2000, "![" * 4000, "<" * 8000):
        started = process_time()
        reply_markdown(text)
        assert process_time() - started < 0.5
