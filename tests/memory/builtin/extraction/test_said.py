"""What people say, and what is remembered of it: the tables beside this file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memory.types import Action, Kind, Operation, Subject

# First and second person, and days that mean something else tomorrow.
_ONLY_IN_TALK = re.compile(
    r"[我你您咱]|[今明昨]天|今年|去年|上周|下周|\b(?:I|my|me|you|your|yesterday|today|tomorrow|tonight)\b"
)
HERE = Path(__file__).parent


def rows(name: str) -> Iterator[tuple[str, list[str]]]:
    message, expected = "", []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            expected.append(line.strip())
            continue
        if message:
            yield message, expected
        message, expected = line.replace("\\n", "\n"), []
    yield message, expected


def written(operation: Operation) -> str:
    assert operation.action is Action.ADD
    assert (operation.kind is Kind.TEMPORAL) == (operation.event_date is not None)
    date = f" {operation.event_date}" if operation.event_date else ""
    return f"{operation.text} | {operation.category} {operation.importance}{date}"


@pytest.mark.parametrize("name", ["said_zh.txt", "said_en.txt", "said_ai.txt"])
def test_the_tables_are_read_whole(name: str) -> None:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    messages = sum(not line.startswith((" ", "#")) for line in lines)
    assert len(list(rows(name))) == messages >= 20


@pytest.mark.parametrize(
    ("message", "expected"), [*rows("said_zh.txt"), *rows("said_en.txt"), *rows("said_ai.txt")]
)
def test_what_is_remembered(
    message: str, expected: list[str], extract: Callable[..., tuple[Operation, ...]]
) -> None:
    operations = extract(message)
    assert [written(operation) for operation in operations] == expected
    for operation in operations:
        assert not _ONLY_IN_TALK.search(operation.text), operation.text
    about = Subject.AI if message.startswith("AI:") else Subject.USER
    assert {operation.subject for operation in operations} <= {about}


@pytest.mark.parametrize("name", ["left_alone.txt"])
def test_what_is_left_alone(name: str, extract: Callable[..., tuple[Operation, ...]]) -> None:
    wrong = {message: extract(message) for message, _ in rows(name) if extract(message)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我爱喝豆浆，但对芒果过敏不能吃果冻", "用户对芒果过敏不能吃果冻"),
        ("我对虾过敏所以不敢吃海鲜", "用户对虾过敏所以不敢吃海鲜"),
        ("我是一名独立开发者", "用户是一名独立开发者"),
    ],
)
def test_a_clause_that_says_what_follows_is_kept_whole(
    extract: Callable[..., tuple[Operation, ...]], said: str, kept: str
) -> None:
    assert kept in [operation.text for operation in extract(said)]


def test_a_named_person_s_job_is_not_the_user_s(
    extract: Callable[..., tuple[Operation, ...]],
) -> None:
    assert [one.text for one in extract("Wanda 在 Acme 工作") if "用户" in one.text] == []
