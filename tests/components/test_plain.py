"""People's words in Markdown are shown, not obeyed."""

from __future__ import annotations

import pytest

from components.markdown_escape import plain, shorten
from components.memories.editor import tidy_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("用户对花生过敏", "用户对花生过敏"),
        ("**bold** _x_ `c` $x$", "\\*\\*bold\\*\\* \\_x\\_ \\`c\\` \\$x\\$"),
        ("[a](javascript:b)", "\\[a\\]\\(javascript:b\\)"),
        ("<b>", "\\<b\\>"),
        ("# head", "\\# head"),
        ("1. list", "1\\. list"),
        ("- list", "\\- list"),
        ("a\n\nb", "a b"),
        (
            ":red[x] :material/home: :smile:",
            ":\u2060red\\[x\\] :\u2060material/home: :\u2060smile:",
        ),
        ("今天 10:30", "今天 10:30"),
    ],
)
def test_markup_is_text(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_shorten_says_that_something_was_cut() -> None:
    assert shorten("短", 5) == "短"
    assert shorten("一二三四五六", 5) == "一二三四…"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026/3/4", "2026-03-04"),
        ("2026.3", "2026-03"),
        ("2026年3月4日", "2026-03-04"),
        ("2026年3月", "2026-03"),
        ("2026年", "2026"),
        (" 2026 ", "2026"),
        ("2026-02-30", None),
        ("2026-13", None),
        ("明天", None),
        ("0000", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_as_people_type_them(typed: str | None, stored: str | None) -> None:
    assert tidy_date(typed) == stored
