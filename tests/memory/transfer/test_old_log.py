"""A log of years ago, read in today: what is known by now stays, the old is kept as past."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from memory.container import Container
from memory.transfer import Options
from memory.types import Kind, Memory, MemoryDraft, MemoryFilter, Owner, Status, Subject
from tests.memory.conftest import Clock

ANY = MemoryFilter(statuses=frozenset(Status))
OLD = datetime(2023, 3, 1, 12, tzinfo=UTC)


def chatgpt(said: Sequence[str], at: datetime) -> bytes:
    """A conversation as ChatGPT exports it, an answer after each message."""
    mapping: dict[str, object] = {}
    above = None
    for place, text in enumerate(said):
        for role, words in (("user", text), ("assistant", "好的。")):
            id = f"{role}-{place}"
            message = {
                "id": id,
                "author": {"role": role},
                "create_time": (at + timedelta(minutes=place)).timestamp(),
                "content": {"content_type": "text", "parts": [words]},
            }
            mapping[id] = {"id": id, "message": message, "parent": above, "children": []}
            above = id
    talk = {"title": "闲聊", "create_time": at.timestamp(), "mapping": mapping}
    return json.dumps([{**talk, "current_node": above}], ensure_ascii=False).encode()


def bring_in(container: Container, owner: Owner, data: bytes) -> str:
    importer = container.importer
    preview = importer.preview(owner, importer.read(data, "conversations.json"), Options())
    applied = importer.apply(owner, preview)
    assert container.extraction_worker.wait_idle()
    return applied.group_id


def by_text(container: Container, owner: Owner) -> dict[str, Memory]:
    return {memory.text: memory for memory in container.store.reads.matching(owner, ANY)}


def chat(container: Container, owner: Owner, text: str) -> None:
    session = container.db.sessions.create(owner, "现在")
    said = container.db.messages.add(owner, session.id, "user", text)
    container.db.messages.add(owner, session.id, "assistant", "嗯", reply_to=said.id)
    container.extraction_worker.run_now(owner, session.id)
    assert container.extraction_worker.wait_idle()


def test_what_is_known_by_now_stays_in_force(container: Container, owner: Owner) -> None:
    # One was said in the chat, one noted by hand; the third, the log alone knows.
    chat(container, owner, "我住在上海。")
    container.memory_service.add(owner, MemoryDraft("用户在银行工作", Subject.USER, Kind.CONSTANT))
    known = by_text(container, owner)
    assert set(known) == {"用户住在上海", "用户在银行工作"}

    log = chatgpt(["我住在北京。", "我在学校工作。", "我对花生过敏。"], OLD)
    group = bring_in(container, owner, log)
    after = by_text(container, owner)
    assert {text for text, memory in after.items() if memory.status is Status.ACTIVE} == {
        "用户住在上海",
        "用户在银行工作",
        "用户对花生过敏",
    }
    for past, now in (("用户住在北京", "用户住在上海"), ("用户在学校工作", "用户在银行工作")):
        assert after[past].status is Status.SUPERSEDED
        assert after[past].superseded_by == known[now].id
        assert after[now] == known[now]

    container.importer.take_back(owner.user_id, group)
    assert by_text(container, owner) == known


def test_within_the_log_the_later_wins(container: Container, owner: Owner) -> None:
    bring_in(container, owner, chatgpt(["我住在北京。", "我搬到广州了，我住在广州。"], OLD))
    found = {text: memory.status for text, memory in by_text(container, owner).items()}
    assert found.pop("用户住在北京") is Status.SUPERSEDED
    assert all("广州" in text and status is Status.ACTIVE for text, status in found.items())
    assert found


def test_a_log_of_after_what_is_known_overrules_it(
    container: Container, clock: Clock, owner: Owner
) -> None:
    chat(container, owner, "我住在上海。")
    said_at = clock.now + timedelta(days=30)
    clock.forward(days=60)
    bring_in(container, owner, chatgpt(["我住在北京。"], said_at))
    found = by_text(container, owner)
    assert found["用户住在北京"].status is Status.ACTIVE
    assert found["用户住在上海"].superseded_by == found["用户住在北京"].id
