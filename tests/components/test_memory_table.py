"""How high the rows of the memories table are, and what fits into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from components.memories import table
from memory.types import Kind, Language, Memory, Owner, Subject

AT = datetime(2025, 10, 18, tzinfo=UTC)


@pytest.fixture(params=["zh", "en"], autouse=True)
def _language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    language: Language = request.param
    monkeypatch.setattr(table, "language", lambda: language)


@pytest.fixture
def make() -> Callable[[str], Memory]:
    owner = Owner("lin", "niannian")
    return lambda text: Memory(
        "1", owner, text, Subject.USER, Kind.CONSTANT, "other", created_at=AT, updated_at=AT
    )


@pytest.mark.parametrize("letter", ["好", "word "])
def test_rows_grow_with_the_longest_text_up_to_a_bound(
    make: Callable[[str], Memory], letter: str
) -> None:
    short, long, endless = make(letter), make(letter * 26), make(letter * 400)
    least = table.height_of_rows([short])
    assert least == table.height_of_rows([]) == table.LEAST_HEIGHT
    assert table.height_of_rows([short, make(letter * 70)]) > least
    assert table.height_of_rows([long, endless]) == table.height_of_rows([endless])
    assert table.fitting(short.text) == short.text
    shown = table.fitting(endless.text)
    assert shown.endswith("…")
    assert endless.text.startswith(shown[:-1])
    assert table.height_of_rows([make(shown)]) == table.height_of_rows([endless])


def test_words_that_stay_whole_take_more_lines() -> None:
    assert table.lines_of("On 30 October 2026 the user tried osmanthus oolong", 31) == 2
    assert table.lines_of("a" * 20 + " " + "b" * 20 + " " + "c" * 20, 31) == 3
    assert table.lines_of("好" * 40, 31) == 3
    assert table.lines_of("用户 " + "好" * 40, 31) == 3
