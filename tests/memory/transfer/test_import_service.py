"""Memories of other programs: previewed, imported once, filed under the right user."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from memory.container import Container
from memory.errors import NotFound
from memory.transfer import RowVerdict, read
from memory.transfer.export import to_csv
from memory.types import Actor, ChangeAction, Owner, User
from tests.memory.transfer.previews import ANY, TALK, draft, look, mem0, rows


def test_a_preview_writes_nothing_and_says_what_is_new(container: Container, owner: Owner) -> None:
    container.memory_service.add(owner, draft("用户喜欢茶"))
    data = mem0("用户喜欢茶。", "用户有只猫", "用户有只猫", "")
    preview = look(container, owner, data)
    assert rows(preview, RowVerdict.ADDED) == [(2, "用户有只猫")]
    assert rows(preview, RowVerdict.DUPLICATE) == [(1, "用户喜欢茶。"), (3, "用户有只猫")]
    assert [(r.row, r.code) for r in preview.rows if r.code] == [(4, "memory_text_empty")]
    counts = preview.counts
    assert (counts["memory_added"], counts["memory_duplicate"], counts["wrong"]) == (1, 2, 1)
    assert container.store.reads.count(owner, ANY) == 1
    assert len(container.db.history.of(owner)) == 1


def test_an_import_keeps_dates_and_is_one_group(container: Container, owner: Owner) -> None:
    seen: list[float] = []
    data = mem0("用户有只猫", "用户去滑雪", created_at="2024-05-01T00:00:00Z")
    applied = container.importer.apply(owner, look(container, owner, data), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert applied.counts["memory_added"] == 2
    stored = container.store.reads.matching(owner)
    assert {memory.created_at for memory in stored} == {datetime(2024, 5, 1, tzinfo=UTC)}
    changes = container.db.history.of(owner, group_id=applied.group_id)
    assert {(c.action, c.actor, c.applied) for c in changes} == {
        (ChangeAction.ADD, Actor.IMPORT, True)
    }
    again = look(container, owner, data)
    assert again.is_empty
    assert again.counts["memory_duplicate"] == 2

    assert container.importer.take_back(owner.user_id, applied.group_id) == 2
    assert container.store.reads.count(owner, ANY) == 0
    with pytest.raises(NotFound):
        container.importer.take_back(owner.user_id, applied.group_id)


def test_memories_of_known_personas_stay_with_theirs(container: Container, owner: Owner) -> None:
    data = json.dumps(
        [{"memory": "a", "agent_id": "qing"}, {"memory": "b", "agent_id": "somebody"}]
    ).encode()
    container.importer.apply(owner, look(container, owner, data))
    assert [m.text for m in container.store.reads.matching(owner)] == ["b"]
    assert [m.text for m in container.store.reads.matching(Owner(owner.user_id, "qing"))] == ["a"]


def test_one_user_of_several_can_be_chosen(container: Container, owner: Owner) -> None:
    data = json.dumps([{"memory": "a", "user_id": "x"}, {"memory": "b", "user_id": "y"}]).encode()
    assert read(data).users == ("x", "y")
    assert rows(look(container, owner, data, whose="y"), RowVerdict.ADDED) == [(2, "b")]


def test_our_csv_comes_back(container: Container, owner: Owner) -> None:
    kept = container.memory_service.add_many(
        owner, [draft("=1+1", pinned=True, importance=5), draft("用户有只猫")]
    )
    data = to_csv(container.store.reads.matching(owner)).encode()
    container.memory_service.delete(owner, [memory.id for memory in kept])
    container.importer.apply(owner, look(container, owner, data))
    assert container.store.reads.get_many(owner, [m.id for m in kept]) == kept


def test_with_a_language_model_the_preview_asks_nothing(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container.importer, "rules", None)
    preview = look(container, owner, TALK.encode())
    assert preview.counts["learnt"] == 0
    assert preview.more_learnt


def test_an_unknown_user_is_not_found(container: Container) -> None:
    with pytest.raises(NotFound):
        look(container, Owner("nobody", "niannian"), mem0("x"))


def test_erasing_the_user_takes_the_notes_along(container: Container, user: User) -> None:
    owner = Owner(user.id, "niannian")
    applied = container.importer.apply(owner, look(container, owner, mem0("x")))
    container.erase_user(user.id)
    assert container.db.imports.note(user.id, applied.group_id) is None


@pytest.fixture
def user(container: Container, owner: Owner) -> User:
    return container.db.users.get(owner.user_id)


def test_categories_of_another_program_become_the_user_s_own(
    container: Container, owner: Owner
) -> None:
    data = mem0("用户想去冰岛看极光", categories=["travel", "dreams"])
    container.importer.apply(owner, look(container, owner, data))
    (memory,) = container.store.reads.matching(owner)
    assert memory.category == "travel"
    assert memory.metadata == {"categories": ["travel", "dreams"]}
    wishes = container.db.extraction_settings
    assert [one.name for one in wishes.of(owner.user_id).categories] == ["travel"]
    assert "travel" not in wishes.of().category_names
    container.memory_service.edit(owner, memory.id, category="travel", importance=5)


@pytest.mark.parametrize("name", ["x" * 41, "", 7, "\x00"])
def test_a_category_that_can_t_be_one_is_other(
    container: Container, owner: Owner, name: object
) -> None:
    container.importer.apply(owner, look(container, owner, mem0("用户爱散步", category=name)))
    (memory,) = container.store.reads.matching(owner)
    assert memory.category == "other"
