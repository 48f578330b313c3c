"""Connections on their way from a model's answer into a memory."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from memory.extraction.parsing import read_reply
from memory.extraction.reconcile import decide
from memory.extraction.validation import guard
from memory.types import Action, Operation, Triple
from tests.memory.extraction.batches import NOW, add, batch, memory

WREN = Triple("user", "cousin", "Wren")


def read(relations: Any) -> tuple[Triple, ...]:
    item = {"action": "ADD", "text": "The user visits cousin Wren", "relations": relations}
    (operation,) = read_reply(json.dumps({"memories": [item]})).operations
    return operation.relations


@pytest.mark.parametrize(
    "relations",
    [
        ["user | cousin | Wren | person"],
        ["The user | Cousin | Wren"],
        ["用户｜cousin｜Wren｜人"],
        "user | cousin | Wren | person",
        [["user", "cousin", "Wren"]],
        [{"source": "user", "relationship": "cousin", "destination": "Wren"}],
        ["user | cousin | Wren | person", "user | cousin | Wren | person", "nonsense", 7, None],
    ],
)
def test_shapes_that_models_write(relations: Any) -> None:
    assert read(relations) == (WREN,)


@pytest.mark.parametrize("relations", [None, [], {}, 3, ["| |"], ["a | b | user"], ["x" * 900]])
def test_what_connects_nothing(relations: Any) -> None:
    assert read(relations) == ()


def test_an_end_and_a_type() -> None:
    (triple,) = read(["Wren | works_at | Northwind | organisation | ended"])
    assert triple == Triple("Wren", "works_at", "Northwind", "person", "organisation", True)


def test_names_that_the_sentence_lacks_are_inventions() -> None:
    proposed = (WREN, Triple("user", "boss", "Ida"), Triple("Ida", "lives_in", "Wren"))
    op = replace(add("The user visits cousin Wren"), relations=proposed)
    guarded = guard([op], batch("I visit my cousin Wren"))
    assert guarded.kept[0].relations == (WREN,)


def test_a_new_wording_brings_its_own() -> None:
    old = replace(memory("The user visits cousin Wren"), relations=(WREN,))
    request = batch("I visit my cousin Wren Okoye", known=(old,))
    new = Triple("user", "cousin", "Wren Okoye")
    op = Operation(
        Action.UPDATE, "The user visits cousin Wren Okoye", 1, old.subject, old.kind,
        relations=(new,), source=(1,),
    )  # fmt: skip
    decision = decide([op], request, lambda text, subject: [], NOW, "b1")
    after = decision.changes[-1].after
    assert after is not None
    assert after.relations == (new,)
