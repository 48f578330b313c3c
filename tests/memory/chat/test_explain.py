"""Recall looked at from the inside: ranks, what became of each candidate, the prompt."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory.chat.explain import Fate, Findings, RecallQuery, look
from memory.chat.personas import load_personas
from memory.llm.hashing_embedder import HashingEmbedder
from memory.nlp.tokens import estimate
from memory.types import Kind, Memory, Owner, Reason, Subject
from memory.vector_store.client import EdgeClient
from memory.vector_store.search.fusion import SearchWeights
from memory.vector_store.store import MemoryStore

ME = Owner("mei", "niannian")
NOW = datetime(2024, 10, 23, 12, tzinfo=UTC)
IN_USE = SearchWeights()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MemoryStore]:
    opened = MemoryStore(EdgeClient(tmp_path / "memories"), HashingEmbedder(), tmp_path)
    yield opened
    opened.close()


def make(text: str, **fields: Any) -> Memory:
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "owner": ME,
        "subject": Subject.USER,
        "kind": Kind.CONSTANT,
        "category": "other",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Memory(text=text, **{**values, **fields})


def ask(
    store: MemoryStore, message: str, weights: SearchWeights = IN_USE, budget: int = 1500
) -> Findings:
    persona = load_personas()["niannian"]
    asked = RecallQuery(ME, message, persona, "小美", "Asia/Shanghai", NOW)
    return look(store, asked, weights=weights, budget=budget, in_use=IN_USE)


def fill(store: MemoryStore, count: int = 90) -> None:
    """Far more about flowers than fits, and one thing about skiing."""
    store.writes.put(
        [make(f"用户第{n}天散步看见了{'红白黄蓝'[n % 4]}色的花") for n in range(count)]
        + [make("用户喜欢在崇礼滑雪", importance=5)]
    )


def test_what_fits_whole_is_packed_without_a_search_and_its_candidates_are_shown(
    store: MemoryStore,
) -> None:
    store.writes.put([make("用户喜欢滑雪"), make("用户住在上海")])
    found = ask(store, "我喜欢滑雪吗")
    assert found.context.complete
    assert [c.hit.memory.text for c in found.candidates][:1] == ["用户喜欢滑雪"]
    assert {c.fate for c in found.candidates} == {Fate.PACKED}
    assert found.candidates[0].reason is Reason.PROFILE


def test_each_candidate_says_what_became_of_it(store: MemoryStore) -> None:
    fill(store)
    found = ask(store, "散步看见的红色的花", budget=320)
    fates = {candidate.fate for candidate in found.candidates}
    assert {Fate.PACKED, Fate.OVER_BUDGET} <= fates
    packed = {item.memory.id for item in found.packed()}
    for candidate in found.candidates:
        assert (candidate.fate is Fate.PACKED) == (candidate.hit.memory.id in packed)
        assert (candidate.reason is not None) == (candidate.fate is Fate.PACKED)
    assert found.context.tokens <= 320


def test_a_larger_budget_takes_in_more(store: MemoryStore) -> None:
    fill(store)
    few, many = (len(ask(store, "红色的花", budget=b).packed()) for b in (300, 900))
    assert few < many


def test_candidates_below_the_cut_off_are_shown_as_such(store: MemoryStore) -> None:
    fill(store)
    asked = "上个月单位的体检报告显示血压偏高需要滑动复查吗"
    assert store.reads.search(ME, asked, today=NOW.date(), now=NOW) == []
    found = ask(store, asked, budget=300)
    assert found.candidates
    assert all(c.fate is not Fate.PACKED or c.reason is not Reason.RECALL for c in found.candidates)
    assert Fate.BELOW_CUT in {c.fate for c in found.candidates}


def test_other_weights_move_the_ranking(store: MemoryStore) -> None:
    store.writes.put(
        [
            make("用户的花瓶是红色的"),
            make("用户爱看红色的花，也爱看白色的花"),
            make("Mei 喜欢 tulips and red flowers", language="zh"),
            make("用户种了 tulips"),
        ]
    )
    message = "红色的花 tulips"
    same = ask(store, message)
    assert {candidate.moved for candidate in same.candidates} == {0}
    assert [c.rank for c in same.candidates] == list(range(1, len(same.candidates) + 1))
    other = ask(store, message, SearchWeights(cjk=10.0))
    places = {c.hit.memory.id: c.rank for c in same.candidates}
    assert any(candidate.moved for candidate in other.candidates)
    for candidate in other.candidates:
        assert candidate.before == places.get(candidate.hit.memory.id)


def test_the_prompt_is_what_a_model_would_get(store: MemoryStore) -> None:
    store.writes.put([make("用户喜欢滑雪")])
    found = ask(store, "我喜欢什么")
    assert [part.role for part in found.prompt] == ["system", "user"]
    # What changes from turn to turn comes last, so that a provider can cache the rest.
    assert "用户喜欢滑雪" not in found.prompt[0].content
    assert "用户喜欢滑雪" in found.prompt[-1].content
    assert found.prompt[-1].content.endswith("我喜欢什么")
    assert found.prompt_tokens == sum(estimate(part.content) for part in found.prompt)


def test_the_day_decides_what_yesterday_is(store: MemoryStore) -> None:
    store.writes.put(
        [
            make("用户去爬山", kind=Kind.TEMPORAL, event_date="2024-10-22"),
            make("用户去爬山", kind=Kind.TEMPORAL, event_date="2024-10-10"),
        ]
    )
    found = ask(store, "昨天爬山怎么样")
    assert found.candidates[0].hit.memory.event_date == "2024-10-22"
    assert found.candidates[0].hit.boosts["time"] > 0


def test_nothing_is_found_for_mere_small_talk(store: MemoryStore) -> None:
    fill(store)
    assert ask(store, "你好", budget=300).candidates == ()
