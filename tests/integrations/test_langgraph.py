"""The LangGraph store with LangGraph's own interface."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("langgraph.store.base")

from integrations.langgraph import NiannianStore
from niannian import Client


def test_items_are_memories(client: Client, user: str) -> None:
    store = NiannianStore(client, user)
    assert store.get(("notes",), "tea") is None
    assert store.search(()) == []
    store.put(("notes", "food"), "tea", {"text": "Drinks green tea", "cups": 2})
    store.put(("notes", "food"), "rice", {"text": "Eats rice", "cups": 5})
    store.put(("plans",), "tea", {"when": "May"})
    tea = store.get(("notes", "food"), "tea")
    assert tea is not None
    assert (tea.value, tea.key) == ({"text": "Drinks green tea", "cups": 2}, "tea")
    other = store.get(("plans",), "tea")
    assert other is not None
    assert other.value == {"when": "May"}
    store.put(("notes", "food"), "tea", {"text": "Drinks black tea", "cups": 3})
    assert sorted(one["text"] for one in client.all_memories(user)) == [
        "Drinks black tea",
        "Eats rice",
        '{"when": "May"}',
    ]
    (best, *_) = store.search(("notes",), query="black tea")
    assert best.key == "tea"
    assert best.score is not None
    assert 0 < best.score <= 1
    assert [one.key for one in store.search(("notes",), filter={"cups": {"$gte": 4}})] == ["rice"]
    assert [one.key for one in store.search(("notes",), filter={"cups": 3})] == ["tea"]
    assert len(store.search(("notes",), limit=1)) == 1
    assert store.list_namespaces() == [("notes", "food"), ("plans",)]
    assert store.list_namespaces(prefix=("notes",), max_depth=1) == [("notes",)]
    assert store.list_namespaces(suffix=("*", "food")) == [("notes", "food")]
    store.delete(("notes", "food"), "tea")
    store.delete(("notes", "food"), "tea")
    assert store.get(("notes", "food"), "tea") is None


def test_other_memories_are_no_items(client: Client, user: str) -> None:
    client.add(user, "Plays the cello")
    store = NiannianStore(client, user)
    assert store.search((), query="cello") == []
    store.put(("a",), "k", {"text": "Plays the cello"})
    item = asyncio.run(store.aget(("a",), "k"))
    assert item is not None
    assert item.value == {"text": "Plays the cello"}
