"""Which memories connect or name somebody; read again only when something changed."""

from __future__ import annotations

import pytest

from memory.container import Container
from memory.memories.graph.mentions import MentionIndex
from memory.types import Owner
from tests.verbs import remember


def mentioned(
    container: Container, owner: Owner, persona: str | None = None
) -> dict[str, list[str]]:
    nodes = container.relations.graph(owner.user_id).nodes
    found = container.relations.mentions.of(owner.user_id, nodes, persona)
    return {
        id: [m.text for m in container.store.reads.get_many(owner, [one.memory_id for one in some])]
        for id, some in found.items()
    }


def test_memories_that_connect_and_that_name_somebody_what_matters_first(container, owner) -> None:
    remember(container, owner, "用户的舅舅老秦住在西安")
    remember(container, owner, "老秦做的臊子面很香", importance=5)
    remember(container, owner, "用户喜欢喝茶")
    found = mentioned(container, owner)
    assert found["person:老秦"] == ["老秦做的臊子面很香", "用户的舅舅老秦住在西安"]
    assert found["place:西安"] == ["用户的舅舅老秦住在西安"]


def test_other_personas_memories_are_left_out_where_one_is_asked_for(container, owner) -> None:
    remember(container, owner, "用户的舅舅老秦住在西安")
    remember(container, Owner(owner.user_id, "qing"), "老秦会拉二胡")
    assert mentioned(container, owner, owner.persona_id)["person:老秦"] == [
        "用户的舅舅老秦住在西安"
    ]
    nodes = container.relations.graph(owner.user_id).nodes
    every = container.relations.mentions.of(owner.user_id, nodes)
    assert {one.owner.persona_id for one in every["person:老秦"]} == {"niannian", "qing"}


def test_the_store_is_read_again_only_after_a_change(
    container, owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = remember(container, owner, "用户的舅舅老秦住在西安")
    index = MentionIndex(container.store, container.db)
    reads = []
    iterate = container.store.reads.iterate
    monkeypatch.setattr(container.store.reads, "iterate", lambda *a: reads.append(a) or iterate(*a))

    def of() -> int:
        nodes = container.relations.graph(owner.user_id).nodes
        return len(index.of(owner.user_id, nodes).get("person:老秦", ()))

    assert [of(), of()] == [1, 1]
    assert len(reads) == 1
    remember(container, owner, "老秦会拉二胡")
    assert [of(), of()] == [2, 2]
    assert len(reads) == 2
    container.memory_service.delete(owner, [first.id])
    assert of() == 0
