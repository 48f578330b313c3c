"""What was kept as it is in the inbox goes along in the export, and comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from memory.container import Container
from memory.errors import StoreError
from memory.memories.review import Finding
from memory.transfer import everything, owners_of
from memory.transfer.export import Export, read_json, to_json
from memory.types import Kind, MemoryDraft, Owner, Subject
from memory.vector_store.writes import MemoryWrites
from tests.memory.conftest import Clock

TEXTS = ("用户喜欢听周杰伦的歌", "用户喜欢周杰伦的歌", "用户昨天去了灵隐寺")


def exported(container: Container, owner: Owner) -> Export:
    user = container.db.users.get(owner.user_id)
    owners = owners_of(container.store, user.id, container.personas)
    return everything(container.db, container.store, user, owners, container.clock())


def bring_in(container: Container, owner: Owner, raw: bytes) -> str:
    preview = container.importer.preview(owner, container.importer.read(raw, "a.json"))
    return container.importer.apply(owner, preview).group_id


@pytest.fixture
def kept(container: Container, clock: Clock, owner: Owner) -> list[Finding]:
    """A pair and a single memory that are right as they are."""
    for text in TEXTS:
        container.memory_service.add(owner, MemoryDraft(text, Subject.USER, Kind.CONSTANT))
        clock.forward(hours=1)
    found = container.review.findings(owner)
    assert sorted(len(finding.memories) for finding in found) == [1, 2]
    for finding in found:
        container.review.decisions.settle(owner, finding)
        clock.forward(hours=1)
    assert container.review.findings(owner) == []
    return found


def test_a_restored_user_has_nothing_to_decide_again(
    container: Container, clock: Clock, owner: Owner, kept: list[Finding]
) -> None:
    before = exported(container, owner)
    raw = to_json(before).encode()
    assert read_json(raw) == before
    assert [one.finding for one in before.settled] == [finding.key for finding in kept]
    container.erase_user(owner.user_id)
    assert container.db.findings.settled(owner) == frozenset()
    clock.forward(days=3)
    container.importer.restore(container.importer.read(raw, "a.json"))
    assert exported(container, owner).settled == before.settled
    assert container.review.findings(owner) == []
    # Once more is no more.
    bring_in(container, owner, raw)
    assert exported(container, owner).settled == before.settled


def test_under_other_ids_it_is_settled_still_and_taken_back(
    container: Container, owner: Owner, kept: list[Finding]
) -> None:
    raw = to_json(exported(container, owner)).encode()
    other = Owner(container.db.users.create("阿明").id, "niannian")
    group = bring_in(container, other, raw)
    assert {memory.text for memory in container.store.reads.matching(other)} == set(TEXTS)
    assert container.review.findings(other) == []
    assert len(container.db.findings.settled(other)) == len(kept)
    assert container.db.findings.settled(other).isdisjoint(container.db.findings.settled(owner))

    container.importer.take_back(other.user_id, group)
    assert container.db.findings.settled(other) == frozenset()
    assert len(container.db.findings.settled(owner)) == len(kept)


def test_what_cannot_be_mapped_is_left_out(
    container: Container, owner: Owner, kept: list[Finding]
) -> None:
    export = exported(container, owner)
    pair = next(f for f in kept if len(f.memories) == 2)
    # One of the two isn't in the file, and the other's text is another by now.
    gone, changed = pair.memories[0].id, kept[-1].memories[0].id
    memories = tuple(
        replace(m, text="用户去了灵隐寺") if m.id == changed else m
        for m in export.memories
        if m.id != gone
    )
    other = Owner(container.db.users.create("阿明").id, "niannian")
    bring_in(container, other, to_json(replace(export, memories=memories)).encode())
    assert container.store.reads.count(other) == 2
    assert container.db.findings.settled(other) == frozenset()


@pytest.mark.parametrize(
    "finding", ["", "x", "duplicate:", "nothing:a:0123456789abcdef", "long::0123456789abcdef",
                "long:a:0123", "long:a:b:c:0123456789abcdef", "long:" + "a" * 300 + ":0123456789abcdef", 5],
)  # fmt: skip
def test_what_is_no_finding_is_named(
    container: Container, owner: Owner, kept: list[Finding], finding: Any
) -> None:
    file = json.loads(to_json(exported(container, owner)))
    file["settled"][0]["finding"] = finding
    parsed = container.importer.read(json.dumps(file).encode(), "a.json")
    (wrong,) = parsed.wrong
    assert (wrong.row, wrong.part, wrong.code) == (1, "file", "import_field")
    assert parsed.backup is not None
    assert len(parsed.backup.settled) == len(kept) - 1


def test_files_of_before_still_read(
    container: Container, owner: Owner, kept: list[Finding]
) -> None:
    file = json.loads(to_json(exported(container, owner)))
    del file["settled"]
    raw = json.dumps(file).encode()
    assert read_json(raw).settled == ()
    assert container.importer.read(raw, "a.json").wrong == ()


def test_an_import_that_fails_settles_nothing(
    container: Container, owner: Owner, kept: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = to_json(exported(container, owner)).encode()
    other = Owner(container.db.users.create("阿明").id, "niannian")

    def fail(*args: object) -> None:
        raise StoreError(code="store_broken")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryWrites, "put", fail)
        with pytest.raises(StoreError):
            bring_in(container, other, raw)
    assert container.db.findings.settled(other) == frozenset()
