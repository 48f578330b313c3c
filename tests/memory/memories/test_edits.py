from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from memory.errors import BadInput
from memory.memories.edits import FIELDS, changed, checked, drafted, edited, rebase, same_text
from memory.types import (
    DEFAULT_CATEGORIES,
    Actor,
    Change,
    ChangeAction,
    Kind,
    Memory,
    MemoryDraft,
    Owner,
    Status,
    Subject,
)

LATER = datetime(2024, 10, 19, tzinfo=UTC)


def change(before: Memory | None, after: Memory | None) -> Change:
    either = after or before
    assert either is not None
    return Change(
        "c", either.owner, either.id, ChangeAction.EDIT, Actor.EXTRACTION, LATER, before, after
    )


@pytest.mark.parametrize("given", ["2024", "2024-10", "2024-10-18", "2024-02-29"])
def test_dates_of_three_lengths_are_taken(given: str) -> None:
    assert checked({"event_date": given}, ())["event_date"] == given


@pytest.mark.parametrize(
    "given",
    [
        "0000",
        "24",
        "2024-1",
        "2024-00",
        "2024-10-32",
        "2023-02-29",
        "2024-10-18T12:00",
        2024,
        "明天",
    ],
)
def test_dates_that_are_none_are_refused(given: object) -> None:
    with pytest.raises(BadInput) as caught:
        checked({"event_date": given}, ())
    assert caught.value.code == "memory_event_date"


def test_values_are_brought_into_form() -> None:
    given = {"text": " a\x00b ", "subject": "ai", "kind": "temporal", "category": "plan"}
    assert checked({**given, "event_date": "", "importance": 1}, DEFAULT_CATEGORIES) == {
        "text": "ab",
        "subject": Subject.AI,
        "kind": Kind.TEMPORAL,
        "category": "plan",
        "event_date": None,
        "importance": 1,
    }


def test_a_draft_tells_its_language_from_its_text() -> None:
    def make(text: str, **more) -> Memory:
        draft = MemoryDraft(text, Subject.USER, Kind.CONSTANT, **more)
        return drafted(Owner("u", "p"), draft, id="i", now=LATER, categories=DEFAULT_CATEGORIES)

    assert make("用户养猫").language == "zh"
    assert make("The user has a cat").language == "en"
    assert make("用户养猫", language="en").language == "en"


def test_restoring_ends_a_replacement(memory: Memory) -> None:
    gone = replace(memory, status=Status.SUPERSEDED, superseded_by="new")
    back = edited(gone, {"status": Status.ACTIVE}, LATER)
    assert back == replace(memory, updated_at=LATER)
    assert edited(memory, {"status": Status.ACTIVE}, LATER) is memory


def test_all_fields_but_id_owner_and_times_can_differ() -> None:
    assert {field.name for field in fields(Memory)} - set(FIELDS) == {
        "id",
        "owner",
        "created_at",
        "updated_at",
    }


@pytest.mark.parametrize(
    ("one", "two"),
    [("用户养猫。", "用户养猫"), ("The User  has a cat.", "the user has a cat"), ("Ａ１", "a1")],
)
def test_texts_that_a_person_would_call_the_same(one: str, two: str) -> None:
    assert same_text(one) == same_text(two)


def test_different_texts_are_different() -> None:
    assert same_text("用户养猫") != same_text("用户养狗")


def test_rebasing_keeps_what_others_changed(memory: Memory) -> None:
    proposed = replace(memory, text="用户对花生和腰果过敏", importance=5, updated_at=LATER)
    current = replace(memory, importance=4, pinned=True)
    done = rebase(change(memory, proposed), current)
    assert done is not None
    assert done.before == current
    assert done.after == replace(current, text=proposed.text, updated_at=LATER)


def test_what_is_moot_is_dropped(memory: Memory) -> None:
    better = replace(memory, importance=5)
    assert rebase(change(memory, better), None) is None
    assert rebase(change(memory, better), replace(memory, importance=4)) is None
    assert rebase(change(None, memory), memory) is None
    assert rebase(change(memory, None), None) is None
    assert rebase(change(memory, None), better) is None
    assert rebase(change(memory, memory), memory) is None


def test_what_nobody_touched_is_taken_as_it_is(memory: Memory) -> None:
    better = replace(memory, importance=5, updated_at=LATER)
    for proposed, current in (
        (change(None, memory), None),
        (change(memory, better), memory),
        (change(memory, None), memory),
    ):
        assert rebase(proposed, current) == proposed
    assert changed(memory, better) == {"importance"}
