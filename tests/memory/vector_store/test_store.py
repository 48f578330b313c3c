"""The store as the rest of the program uses it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from qdrant_client import QdrantClient

from memory.errors import EmbedderChanged, ModelError, ModelUnreachable, NotFound
from memory.llm.hashing_embedder import HashingEmbedder
from memory.types import (
    EmbeddingPurpose,
    Kind,
    Memory,
    MemoryFilter,
    Owner,
    Source,
    Status,
    Subject,
)
from memory.vector_store.store import MemoryStore
from tests.memory.vector_store.conftest import ME, START, bytes_hold, open_store

OTHER = Owner("ming", "niannian")
TODAY = date(2024, 6, 1)
Make = Callable[..., Memory]
ANY = MemoryFilter(statuses=frozenset())


def test_a_memory_comes_back_as_it_went_in(store: MemoryStore, make: Make) -> None:
    memory = make(
        "念念去年秋天去滑雪",
        subject=Subject.AI,
        kind=Kind.TEMPORAL,
        category="event",
        event_date="2023-10",
        importance=5,
        pinned=True,
        source=Source("s1", ("m1", "m2"), "b1"),
        supersedes=str(uuid.uuid4()),
    )
    store.writes.put([memory])
    assert store.reads.get(ME, memory.id) == memory
    assert store.reads.get_many(ME, [str(uuid.uuid4()), memory.id, memory.id]) == [memory]


def test_putting_again_replaces(store: MemoryStore, make: Make) -> None:
    memory = make("用户住在北京")
    moved = replace(memory, text="用户住在上海", updated_at=START + timedelta(days=1))
    store.writes.put([memory, moved])
    assert store.reads.matching(ME) == [moved]
    assert [h.memory for h in store.reads.search(ME, "上海", today=TODAY)] == [moved]
    assert [h.cjk for h in store.reads.nearest(ME, "北京") if h.cjk] == []


def test_pinning_needs_no_embedder(tmp_path: Path, make: Make) -> None:
    embedder = Failing()
    store = open_store(tmp_path, embedder)
    memory = make("用户会做饭")
    store.writes.put([memory])
    embedder.broken = True
    store.writes.put([replace(memory, pinned=True, category="habit", event_date=None)])
    assert store.reads.get(ME, memory.id).pinned
    assert [h.memory.category for h in store.reads.search(ME, "做饭", today=TODAY)] == ["habit"]
    store.close()


class Failing(HashingEmbedder):
    """An embedding endpoint that can be switched off."""

    broken = False

    @property
    def name(self) -> str:
        return "endpoint/model"

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        if self.broken:
            raise ModelUnreachable("no connection")
        return super().embed(texts, purpose)


def test_a_dead_embedder_loses_nothing(tmp_path: Path, make: Make) -> None:
    embedder = Failing()
    store = open_store(tmp_path, embedder)
    first, second = make("用户有一个妹妹"), make("用户有一个哥哥")
    store.writes.put([first])
    embedder.broken = True
    with pytest.raises(ModelError):
        store.writes.put([second])
    assert store.reads.matching(ME) == [first]
    assert store.history.of(second.id) == []
    assert [h.memory for h in store.reads.search(ME, "妹妹", today=TODAY)] == [first]
    embedder.broken = False
    store.writes.put([second])
    assert store.reads.count(ME) == 2
    store.close()


def test_nobody_sees_or_touches_what_belongs_to_others(store: MemoryStore, make: Make) -> None:
    mine = make("用户对花生过敏")
    theirs = make("用户对花生酱上瘾", owner=OTHER)
    persona = make("用户喜欢花生", owner=Owner(ME.user_id, "qing"))
    store.writes.put([mine, theirs, persona])
    for owner, own in ((ME, mine), (OTHER, theirs), (persona.owner, persona)):
        assert store.reads.matching(owner) == [own]
        assert store.reads.count(owner) == 1
        assert [h.memory for h in store.reads.search(owner, "花生", today=TODAY)] == [own]
        assert [h.memory for h in store.reads.nearest(owner, "花生")] == [own]
        assert store.reads.facets(owner, "kind") == {"constant": 1}
    assert store.reads.get_many(ME, [theirs.id]) == []
    with pytest.raises(NotFound):
        store.reads.get(ME, theirs.id)
    with pytest.raises(NotFound):
        store.writes.delete(ME, [mine.id, theirs.id])
    with pytest.raises(NotFound):
        store.writes.put([make("新的"), replace(theirs, owner=ME)])
    assert store.reads.owners() == [Owner("mei", "niannian"), Owner("mei", "qing"), OTHER]
    assert sum(1 for _ in store.reads.iterate()) == 3
    assert {m.id for m in store.reads.iterate(owner="mei")} == {mine.id, persona.id}


def test_an_odd_id_is_simply_not_there(store: MemoryStore) -> None:
    for odd in ("", "7", "not-an-id", "00000000"):
        with pytest.raises(NotFound):
            store.reads.get(ME, odd)
        assert store.writes.delete(ME, [odd]) == 0, odd


def test_deleting_twice_is_the_same_as_once(store: MemoryStore, make: Make) -> None:
    memory = make("用户喜欢下雨天")
    store.writes.put([memory])
    assert store.writes.delete(ME, [memory.id]) == 1
    assert store.writes.delete(ME, [memory.id]) == 0
    assert store.reads.owners() == []
    events = [line["event"] for line in store.history.of(memory.id)]
    assert events == ["ADD", "DELETE"]


def test_every_filter(store: MemoryStore, make: Make) -> None:
    constant = make("用户对花生过敏", category="health", importance=5, pinned=True)
    trip = make(
        "念念去滑雪",
        subject=Subject.AI,
        kind=Kind.TEMPORAL,
        category="event",
        event_date="2023-10-18",
        source=Source("s1", (), "b1"),
    )
    month = make("用户五月搬家", kind=Kind.TEMPORAL, category="event", event_date="2024-05")
    closed = make("用户打算换工作", status=Status.CLOSED, importance=1)
    store.writes.put([constant, trip, month, closed])

    def texts(filter: MemoryFilter) -> set[str]:
        found = store.reads.matching(ME, filter)
        assert store.reads.count(ME, filter) == len(found)
        assert sum(store.reads.facets(ME, "kind", filter).values()) == len(found)
        return {memory.text[:2] + memory.text[-2:] for memory in found}

    every = {"用户过敏", "念念滑雪", "用户搬家", "用户工作"}
    assert texts(MemoryFilter()) == every - {"用户工作"}
    assert texts(ANY) == every
    assert texts(MemoryFilter(subjects=frozenset({Subject.AI}))) == {"念念滑雪"}
    assert texts(MemoryFilter(kinds=frozenset({Kind.CONSTANT}))) == {"用户过敏"}
    assert texts(MemoryFilter(categories=frozenset({"event", "health"}))) == every - {"用户工作"}
    assert texts(MemoryFilter(statuses=frozenset({Status.CLOSED}))) == {"用户工作"}
    assert texts(MemoryFilter(event_from=date(2024, 5, 31))) == {"用户搬家"}
    assert texts(MemoryFilter(event_from=date(2024, 6, 1))) == set()
    assert texts(MemoryFilter(event_to=date(2023, 10, 18))) == {"念念滑雪"}
    assert texts(MemoryFilter(event_from=date(2023, 1, 1), event_to=date(2024, 5, 1))) == {
        "念念滑雪",
        "用户搬家",
    }
    assert texts(MemoryFilter(created_from=trip.created_at, created_to=trip.created_at)) == {
        "念念滑雪"
    }
    assert texts(MemoryFilter(importance_min=4)) == {"用户过敏"}
    assert texts(MemoryFilter(pinned=True)) == {"用户过敏"}
    assert texts(MemoryFilter(pinned=False)) == {"念念滑雪", "用户搬家"}
    assert texts(MemoryFilter(session_id="s1")) == texts(MemoryFilter(batch_id="b1"))
    assert texts(MemoryFilter(session_id="s1")) == {"念念滑雪"}
    assert texts(MemoryFilter(ids=frozenset({trip.id, closed.id}))) == {"念念滑雪"}
    assert texts(MemoryFilter(ids=frozenset())) == set()
    assert store.reads.facets(ME, "category", ANY) == {"event": 2, "health": 1, "other": 1}
    assert store.reads.facets(ME, "status", ANY) == {"active": 3, "closed": 1}
    assert store.reads.facets(ME, "subject") == {"user": 2, "ai": 1}


@pytest.mark.parametrize(
    "set_by_a_program",
    [
        {"metadata": {"topic": "food"}},
        {"app_id": "calendar"},
        {"run_id": "run-1"},
        {"run_id": "run-1", "source": Source("s2", ("m2",), "b2")},
    ],
)
def test_what_programs_set_is_noticed(
    store: MemoryStore, make: Make, set_by_a_program: dict[str, object]
) -> None:
    store.writes.put([make("用户会做饭"), make("用户爱下棋", source=Source("s1", ("m1",), "b1"))])
    assert not store.reads.written_by_programs(ME)
    store.writes.put([replace(make("用户爱吃馄饨", owner=OTHER), **set_by_a_program)])
    assert not store.reads.written_by_programs(ME)
    assert store.reads.written_by_programs(OTHER)


def test_erasing_leaves_no_byte_of_a_user(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path)
    secret = "紫色雨伞"
    memory = make(f"用户的密语是{secret}")
    deleted = make(f"用户曾经丢了{secret}")
    kept = make("用户喜欢绿色", owner=OTHER)
    store.writes.put([memory, deleted, kept, make(f"{secret}是暗号", owner=Owner("mei", "qing"))])
    store.writes.put([replace(memory, text=f"用户的新密语是{secret}二号")])
    store.writes.delete(ME, [deleted.id])
    stock = store.stock_memory()
    stock.add(f"a stock note on {secret}", user_id="mei", infer=False)
    gone = stock.add(f"another on {secret}", user_id="mei", infer=False)["results"][0]["id"]
    stock.delete(gone)
    assert bytes_hold(tmp_path, secret)
    store.writes.erase("mei")
    assert bytes_hold(tmp_path, secret) == []
    assert store.reads.owners() == [OTHER]
    assert store.reads.matching(OTHER) == [kept]
    assert [h.memory for h in store.reads.search(OTHER, "绿色", today=TODAY)] == [kept]
    assert [line["event"] for line in store.history.of(kept.id)] == ["ADD"]
    store.writes.erase("mei")  # again, as after a crash
    store.close()
    assert bytes_hold(tmp_path, secret) == []


def test_erasing_one_persona_leaves_the_other(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path)
    first, second = make("只对念念说的话"), make("只对晴说的话", owner=Owner("mei", "qing"))
    store.writes.put([first, second])
    store.writes.erase(ME)
    assert store.reads.owners() == [second.owner]
    assert bytes_hold(tmp_path, "只对念念说") == []
    assert bytes_hold(tmp_path, "只对晴说") != []
    store.close()


def test_vectors_of_another_length_are_not_written(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path)
    first = make("用户喝茶")
    store.writes.put([first])
    store.close()
    changed = open_store(tmp_path, HashingEmbedder(64))
    assert [record.dims for record in changed.embedding.embedders()] == [384, 64]
    assert changed.health()["embedder_changed"]
    with pytest.raises(EmbedderChanged) as caught:
        changed.writes.put([make("用户喝咖啡")])
    assert caught.value.params == {"stored": "builtin-hash-384", "configured": "builtin-hash-64"}
    assert [h.memory for h in changed.reads.search(ME, "喝茶", today=TODAY)] == [first]
    changed.writes.put([replace(first, pinned=True)])
    changed.writes.delete(ME, [first.id])
    assert changed.reads.count(ME) == 0
    changed.close()


def test_a_configured_embedder_takes_part_in_search(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path, Failing())
    store.writes.put([make("用户对花生过敏"), make("用户喜欢滑雪")])
    assert store.reads.search(ME, "花生", today=TODAY)[0].dense > 0
    store.close()
    builtin = open_store(tmp_path / "other")
    builtin.writes.put([make("用户对花生过敏"), make("用户喜欢滑雪")])
    assert builtin.reads.search(ME, "花生", today=TODAY)[0].dense == 0
    builtin.close()


def test_nearest_is_limited_to_a_subject(store: MemoryStore, make: Make) -> None:
    user, ai = make("用户喜欢滑雪"), make("念念喜欢滑雪", subject=Subject.AI)
    store.writes.put([user, ai, make("用户喜欢滑雪板", status=Status.ARCHIVED)])
    assert {h.memory.id for h in store.reads.nearest(ME, "喜欢滑雪")} == {user.id, ai.id}
    assert [h.memory for h in store.reads.nearest(ME, "喜欢滑雪", subject=Subject.AI)] == [ai]


def test_a_memory_without_words_can_be_stored(store: MemoryStore, make: Make) -> None:
    smile = make("🙂")
    store.writes.put([smile])
    assert store.reads.matching(ME) == [smile]
    assert store.adopt() == []
    assert store.reads.search(ME, "🙂", today=TODAY) == []


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
def test_the_same_code_runs_over_another_engine(tmp_path: Path, make: Make) -> None:
    """The client's own engine stands for a server: nothing may depend on Edge."""
    store = MemoryStore(QdrantClient(":memory:"), HashingEmbedder(), tmp_path)
    memory = make("用户对花生过敏", pinned=True, event_date="2024-05")
    gone = make("用户喜欢虾")
    store.writes.put([memory, gone])
    store.writes.put([replace(memory, importance=5)])
    assert store.writes.delete(ME, [gone.id]) == 1
    assert (
        store.reads.matching(ME, MemoryFilter(pinned=True, event_from=date(2024, 5, 9)))[
            0
        ].importance
        == 5
    )
    assert store.reads.facets(ME, "kind") == {"constant": 1}
    assert store.reads.owners() == [ME]
    assert store.reads.search(ME, "花生", today=TODAY)[0].memory.id == memory.id
    assert store.health()["engine"] == "server"
    store.stock_memory().add("I love tea", user_id="mei", infer=False)
    assert len(store.adopt()) == 1
    assert store.reads.count(ME) == 2
    store.embedding.reembed()
    store.writes.erase("mei")
    assert store.reads.owners() == []
    store.close()


def test_memories_are_there_after_reopening(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path)
    memories = [make(f"用户的第{n}个愿望") for n in range(5)]
    store.writes.put(memories)
    store.close()
    again = open_store(tmp_path)
    assert again.reads.matching(ME, sort="created_at") == memories
    assert again.health() == {
        "engine": "embedded",
        "memories": 5,
        "embedder": "builtin-hash-384",
        "embedder_changed": False,
    }
    again.close()


def test_deleting_everything_of_an_owner_or_a_user(store: MemoryStore, make: Make) -> None:
    twin = Owner(ME.user_id, "another")
    mine, theirs = [make(f"用户说了第{n}句") for n in range(3)], make("她的", owner=twin)
    others = make("别人的", owner=OTHER)
    store.writes.put([*mine, theirs, others])
    assert store.writes.delete_all(ME) == 3
    assert (store.reads.count(ME), store.reads.count(twin), store.reads.count(OTHER)) == (0, 1, 1)
    assert [line["event"] for line in store.history.of(mine[0].id)] == ["ADD", "DELETE"]
    assert store.history.of(mine[0].id)[-1]["old_memory"] == mine[0].text
    assert store.writes.delete_all(ME.user_id) == 1
    assert store.writes.delete_all(ME.user_id) == 0
    assert store.reads.matching(OTHER) == [others]


def test_a_bulk_edit_is_one_call_and_drops_what_is_gone(
    store: MemoryStore, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    memories = [
        make(f"用户说了第{n}句", superseded_by=str(uuid.uuid4()), importance=2) for n in range(5)
    ]
    store.writes.put(memories)
    edited = [replace(m, superseded_by=None, importance=5, pinned=True) for m in memories]
    calls: list[int] = []
    write = store.client.set_payload

    def counted(*args: object, **kwargs: object) -> object:
        calls.append(1)
        return write(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(store.client, "set_payload", counted)
    store.writes.put(edited)
    assert len(calls) == 1
    assert sorted(store.reads.matching(ME), key=lambda m: m.id) == sorted(
        edited, key=lambda m: m.id
    )
    record = store.client.retrieve(store.collection, ids=[memories[0].id])[0]
    assert "superseded_by" not in (record.payload or {})


def test_a_text_is_found_letter_by_letter_and_only_the_owners(store, make) -> None:
    store.writes.put([make("用户喜欢滑雪"), make("用户喜欢滑雪。"), make("用户喜欢滑冰")])
    store.writes.put([make("用户喜欢滑雪", owner=Owner("someone else", "niannian"))])
    found = store.reads.worded(ME, ["用户喜欢滑雪", "用户怕冷"])
    assert [(memory.owner, memory.text) for memory in found] == [(ME, "用户喜欢滑雪")]
