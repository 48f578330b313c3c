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
    least = table._row_height([short])
    assert least == table._row_height([]) == table.LEAST_HEIGHT
    assert table._row_height([short, make(letter * 70)]) > least
    assert table._row_height([long, endless]) == table._row_height([endless])
    assert table._fitting(short.text) == short.text
    shown = table._fitting(endless.text)
    assert shown.endswith("…")
    assert endless.text.startswith(shown[:-1])
    assert table._row_height([make(shown)]) == table._row_height([endless])


def test_words_that_stay_whole_take_more_lines() -> None:
    assert table._lines("On 30 October 2026 the user tried osmanthus oolong", 31) == 2
    assert table._lines("a" * 20 + " " + "b" * 20 + " " + "c" * 20, 31) == 3
    assert table._lines("好" * 40, 31) == 3
    assert table._lines("用户 " + "好" * 40, 31) == 3
