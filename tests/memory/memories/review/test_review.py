"""The inbox over the real store: fixes and their undo, what was settled, what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from memory.container import Container
from memory.errors import BadInput, NotFound
from memory.memories.review import Finding, FindingKind
from memory.memories.review import review as looking
from memory.types import (
    Actor,
    ChangeAction,
    Kind,
    Memory,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Source,
    Status,
    Subject,
)
from tests import verbs
from tests.memory.conftest import Clock
from tests.verbs import undo

EVERYTHING = MemoryFilter(statuses=frozenset(Status))
Remember = Callable[..., Memory]


@pytest.fixture
def remember(container: Container, owner: Owner, clock: Clock) -> Remember:
    """Remember something, an hour after what was remembered before."""

    def add(text: str, owner: Owner = owner, **fields: Any) -> Memory:
        clock.forward(hours=1)
        return verbs.remember(container, owner, text, actor=Actor.EXTRACTION, **fields)

    return add


def held(container: Container, owner: Owner) -> dict[str, Memory]:
    return {memory.id: memory for memory in container.store.reads.matching(owner, EVERYTHING)}


def only(container: Container, owner: Owner) -> Finding:
    (found,) = container.review.findings(owner)
    return found


def test_a_merge_keeps_the_best_of_both_and_is_undone_as_one(
    container: Container, owner: Owner, remember: Remember, clock: Clock
) -> None:
    old = remember(
        "用户对花生过敏",
        category="health",
        importance=5,
        source=Source("s1", ("m1", "m2"), "b1"),
    )
    new = remember(
        "用户对花生和腰果过敏", pinned=True, importance=2, source=Source("s2", ("m2", "m3"), "b2")
    )
    before = held(container, owner)
    clock.forward(days=1)
    group = container.review.decisions.fix(owner, only(container, owner))

    (kept,) = container.store.reads.matching(owner)
    assert (kept.id, kept.created_at) == (old.id, old.created_at)
    assert (kept.text, kept.category, kept.importance, kept.pinned) == (
        "用户对花生和腰果过敏",
        "health",
        5,
        True,
    )
    assert kept.source == Source("s1", ("m1", "m2", "m3"), "b1")
    assert container.review.findings(owner) == []
    changes = container.db.history.of(owner, group_id=group)
    assert [(c.action, c.actor, c.memory_id) for c in changes[::-1]] == [
        (ChangeAction.MERGE, Actor.HAND, old.id),
        (ChangeAction.DELETE, Actor.HAND, new.id),
    ]

    undo(container, owner, group)
    assert held(container, owner) == before
    assert only(container, owner).kind is FindingKind.DUPLICATE


def test_what_the_merged_one_had_replaced_is_replaced_by_the_one_that_stays(
    container: Container, owner: Owner, remember: Remember
) -> None:
    past = remember("用户住在北京")
    container.memory_service.edit(owner, past.id, status=Status.ARCHIVED)
    stays = remember("用户住在上海")
    goes = remember("用户搬到上海了")
    link(container, past, goes)
    container.review.decisions.fix(owner, only(container, owner))
    now = held(container, owner)
    assert now[past.id].superseded_by == stays.id
    assert now[stays.id].supersedes == past.id


def link(container: Container, past: Memory, new: Memory) -> None:
    """As an extraction leaves two of which the later replaced the earlier."""
    old = container.store.reads.get(past.owner, past.id)
    container.store.writes.put(
        [
            replace(old, status=Status.SUPERSEDED, superseded_by=new.id),
            replace(new, supersedes=past.id),
        ]
    )


@pytest.mark.parametrize("earlier_is_right", [False, True])
def test_of_two_that_contradict_one_supersedes_the_other(
    container: Container, owner: Owner, remember: Remember, earlier_is_right: bool
) -> None:
    old, new = remember("用户住在北京", pinned=True), remember("用户搬到上海了")
    right, wrong = (old, new) if earlier_is_right else (new, old)
    group = container.review.decisions.fix(
        owner, only(container, owner), right=right.id if earlier_is_right else None
    )
    now = held(container, owner)
    assert (now[wrong.id].status, now[wrong.id].superseded_by) == (Status.SUPERSEDED, right.id)
    assert (now[right.id].status, now[right.id].supersedes) == (Status.ACTIVE, wrong.id)
    assert now[right.id].pinned
    assert container.review.findings(owner) == []
    undo(container, owner, group)
    assert [m.status for m in held(container, owner).values()] == [Status.ACTIVE] * 2


def test_fields_are_set_as_proposed_or_as_chosen(
    container: Container, owner: Owner, remember: Remember
) -> None:
    seen = remember("用户昨天去看了牙医")
    (found,) = container.review.findings(owner)
    container.review.decisions.fix(owner, found)
    fixed = container.store.reads.get(owner, seen.id)
    assert (fixed.kind, fixed.event_date) == (Kind.TEMPORAL, "2025-10-17")

    remember("用户去看了海", kind=Kind.TEMPORAL)
    (found,) = container.review.findings(owner)
    with pytest.raises(BadInput, match="finding_open"):
        container.review.decisions.fix(owner, found)
    container.review.decisions.fix(owner, found, fields={"event_date": "2025-08-02"})
    assert container.review.findings(owner) == []
    assert container.store.reads.count(owner, MemoryFilter(kinds=frozenset({Kind.TEMPORAL}))) == 2


def test_all_that_are_sure_are_fixed_as_one_step(
    container: Container, owner: Owner, remember: Remember
) -> None:
    marks = ["", "。", "！", "!"]
    first, *others = (memory(container, owner, f"用户对花生过敏{mark}") for mark in marks)
    remember("念念喜欢下雨")
    before = held(container, owner)
    findings = [finding for finding in container.review.findings(owner) if finding.sure]
    assert len(findings) == len(others) + 1
    group = container.review.decisions.fix_all(owner, findings)
    now = held(container, owner)
    assert [m.id for m in now.values() if m.subject is Subject.USER] == [first.id]
    assert container.review.findings(owner) == []
    undo(container, owner, group)
    assert held(container, owner) == before


def memory(container: Container, owner: Owner, text: str) -> Memory:
    """One that the memory service would have recognised: as an import into the store leaves it."""
    like = container.memory_service.add(
        owner, MemoryDraft(f"用户{text}1", Subject.USER, Kind.CONSTANT)
    )
    made = replace(like, text=text, created_at=like.created_at + timedelta(seconds=len(text)))
    container.store.writes.put([made])
    return made


def test_what_has_changed_meanwhile_is_left_alone(
    container: Container, owner: Owner, remember: Remember
) -> None:
    one = remember("用户住在北京")
    remember("用户搬到上海了")
    found = only(container, owner)
    container.memory_service.edit(owner, one.id, text="用户以前住在北京")
    with pytest.raises(NotFound, match="finding_gone"):
        container.review.decisions.fix(owner, found)
    with pytest.raises(NotFound, match="finding_gone"):
        container.review.decisions.fix_all(owner, [found])
    with pytest.raises(NotFound, match="finding_gone"):
        container.review.decisions.rewrite(owner, one, ["用户住在天津"])
    assert container.store.reads.count(owner) == 2


def test_what_was_settled_stays_settled_until_its_text_changes(
    container: Container, owner: Owner, remember: Remember
) -> None:
    one, _ = remember("用户住在北京"), remember("用户搬到上海了")
    container.review.decisions.settle(owner, only(container, owner))
    assert container.review.findings(owner) == []
    container.memory_service.pin(owner, one.id)
    assert (container.review.findings(owner), container.review.decisions.settled(owner)) == ([], 1)
    container.memory_service.edit(owner, one.id, text="用户住在天津")
    assert only(container, owner).kind is FindingKind.CONTRADICTION
    container.memory_service.edit(owner, one.id, text="用户住在北京")
    assert container.review.findings(owner) == []
    assert container.review.decisions.unsettle(owner) == 1
    assert only(container, owner).kind is FindingKind.CONTRADICTION


def test_a_long_one_is_split_into_several_and_undone_as_one(
    container: Container, owner: Owner, remember: Remember
) -> None:
    long = remember("用户有一只猫。" * 20, category="relationship", source=Source("s", ("m",)))
    assert only(container, owner).kind is FindingKind.LONG
    group = container.review.decisions.rewrite(owner, long, ["用户有一只猫", "猫叫年糕，很爱睡觉"])
    now = {m.text: m for m in container.store.reads.matching(owner)}
    assert now["用户有一只猫"].id == long.id
    part = now["猫叫年糕，很爱睡觉"]
    assert (part.category, part.source) == ("relationship", long.source)
    undo(container, owner, group)
    assert held(container, owner) == {long.id: long}
    with pytest.raises(BadInput, match="memory_text_empty"):
        container.review.decisions.rewrite(owner, long, [])
    with pytest.raises(BadInput, match="memory_text_empty"):
        container.review.decisions.rewrite(owner, long, ["用户有一只猫", " "])


def test_health_counts_and_follows_every_change(
    container: Container, owner: Owner, remember: Remember, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = remember("用户住在北京")
    other = remember("用户搬到上海了")
    remember("念念喜欢下雨")
    assert container.review.health(owner) == {
        "memories": 3,
        "duplicate": 0,
        "contradiction": 1,
        "subject": 1,
        "undated": 0,
        "language": 0,
        "long": 0,
    }
    # From here on only what changed is read.
    monkeypatch.setattr(container.store.reads, "iterate", None)
    container.memory_service.delete(owner, [other.id])
    assert container.review.health(owner)["contradiction"] == 0
    change = container.db.history.of(owner, memory_id=other.id, limit=1)[0]
    container.memory_service.undoing.undo(owner, change.id)
    assert container.review.health(owner)["contradiction"] == 1
    container.memory_service.edit(owner, one.id, status=Status.ARCHIVED)
    assert container.review.health(owner)["contradiction"] == 0
    assert container.review.health(owner)["memories"] == 2


def test_what_another_client_wrote_is_found_too(
    container: Container, owner: Owner, remember: Remember
) -> None:
    one = remember("用户住在北京")
    assert container.review.findings(owner) == []
    container.store.writes.put(
        [replace(one, id="00000000-0000-0000-0000-000000000009", text="用户住在上海")]
    )
    assert only(container, owner).kind is FindingKind.CONTRADICTION


def test_nothing_of_others_and_nothing_after_erasing(
    container: Container, owner: Owner, remember: Remember
) -> None:
    other = Owner(container.db.users.create("阿明").id, "niannian")
    remember("用户住在北京")
    remember("用户搬到上海了", other)
    assert container.review.findings(owner) == []
    remember("用户搬到上海了")
    theirs = only(container, owner)
    with pytest.raises(NotFound):
        container.review.decisions.fix(other, theirs)
    container.review.decisions.settle(owner, theirs)
    container.erase_user(owner.user_id)
    assert container.review.decisions.settled(owner) == 0
    assert container.review.health(owner)["memories"] == 0


def test_many_are_looked_at_in_the_background(
    container: Container, owner: Owner, remember: Remember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "FEW", 1)
    begun: list[Any] = []
    monkeypatch.setattr(looking, "Thread", lambda **how: _Later(begun, how))
    remember("用户住在北京")
    assert container.review.ready(owner)
    remember("用户搬到上海了")
    assert not container.review.ready(owner)
    assert not container.review.ready(owner)
    assert len(begun) == 1, "once is enough"
    begun[0]["target"](*begun[0]["args"])
    assert container.review.ready(owner)


class _Later:
    def __init__(self, begun: list[Any], how: dict[str, Any]) -> None:
        self.begun, self.how = begun, how

    def start(self) -> None:
        self.begun.append(self.how)


def test_the_days_are_those_of_the_user(
    container: Container, owner: Owner, remember: Remember, clock: Clock
) -> None:
    dated = {"kind": Kind.TEMPORAL, "category": "plan"}
    remember("用户计划10月28日去爬山", event_date="2025-10-28", **dated)
    clock.now = clock.now.replace(day=24, hour=22, minute=20)  # 06:20 in Shanghai
    remember("用户取消了去爬山", event_date="2025-10-25", **dated | {"category": "event"})
    assert only(container, owner).kind is FindingKind.CONTRADICTION
