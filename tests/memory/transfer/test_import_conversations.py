"""Conversations: kept, remembered from, dated, and whose words are whose."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from memory.container import Container
from memory.transfer import RowVerdict, read
from memory.types import BatchState, Owner
from tests.memory.conftest import Clock
from tests.memory.transfer.previews import ANY, TALK, look, rows


def test_a_conversation_is_kept_and_remembered_from(
    container: Container, clock: Clock, owner: Owner
) -> None:
    preview = look(container, owner, ("2024-10-18\n" + TALK).encode())
    assert preview.counts["session_added"] == 1
    assert preview.counts["message_added"] == 4
    learnt = {row.memory.text: row for row in preview.rows if row.learnt and row.memory}
    assert "用户在杭州做老师" in learnt
    climbed = next(row for text, row in learnt.items() if "灵隐寺" in text)
    assert climbed.memory is not None
    assert (climbed.row, climbed.memory.event_date) == (4, "2024-10-17")
    assert container.db.sessions.of(owner) == []
    assert container.store.reads.count(owner, ANY) == 0

    applied = container.importer.apply(owner, preview)
    (session,) = container.db.sessions.of(owner)
    # Noon of that day in Shanghai.
    assert session.created_at == datetime(2024, 10, 18, 4, tzinfo=UTC)
    messages = container.db.messages.of(owner, session.id)
    assert [m.created_at.date() for m in messages] == [date(2024, 10, 18)] * 4
    assert [m.created_at for m in messages] == sorted({m.created_at for m in messages})
    assert [m.reply_to for m in messages] == [None, messages[0].id, None, messages[2].id]
    assert container.extraction_worker.wait_idle()
    assert {m.text for m in container.store.reads.matching(owner)} == set(learnt)
    assert all(m.batch_id for m in container.db.messages.of(owner, session.id))

    again = look(container, owner, ("2024-10-18\n" + TALK).encode())
    assert again.is_empty
    assert again.counts["session_duplicate"] == 1

    assert container.importer.take_back(owner.user_id, applied.group_id) == len(learnt)
    assert container.db.sessions.of(owner) == []
    assert container.store.reads.count(owner, ANY) == 0


def test_a_conversation_can_be_kept_without_remembering(container: Container, owner: Owner) -> None:
    preview = look(container, owner, TALK.encode(), extract=False)
    assert preview.counts["learnt"] == 0
    container.importer.apply(owner, preview)
    assert container.extraction_worker.wait_idle()
    assert container.store.reads.count(owner, ANY) == 0
    (session,) = container.db.sessions.of(owner)
    assert container.db.batches.unbatched_turns(owner, session.id) == 0
    (batch,) = container.db.batches.of(owner)
    assert (batch.state, len(batch.message_ids)) == (BatchState.DONE, 4)


def test_a_conversation_that_went_on_stays(
    container: Container, clock: Clock, owner: Owner
) -> None:
    applied = container.importer.apply(owner, look(container, owner, TALK.encode(), extract=False))
    (session,) = container.db.sessions.of(owner)
    clock.forward(minutes=1)
    container.db.messages.add(owner, session.id, "user", "接着聊")
    container.importer.take_back(owner.user_id, applied.group_id)
    assert container.db.messages.count(owner, session.id) == 5


def test_days_of_conversations_without_dates(
    container: Container, clock: Clock, owner: Owner
) -> None:
    assert read(TALK.encode()).undated
    preview = look(container, owner, TALK.encode(), day=date(2020, 5, 5))
    climbed = [r.memory.event_date for r in preview.rows if r.memory and "灵隐寺" in r.memory.text]
    assert climbed == ["2020-05-04"]
    container.importer.apply(owner, look(container, owner, TALK.encode()))
    (session,) = container.db.sessions.of(owner)
    assert clock() - timedelta(minutes=1) < session.updated_at <= clock()


@pytest.mark.parametrize(
    ("text", "speaker", "first"),
    [
        ("念念：早\n阿亮：早\n念念：好\n阿亮：我", None, "assistant"),
        ("阿亮：早\n念念：早\n阿亮：好\n念念：我", None, "user"),
        ("甲：早\n乙：早\n甲：好\n乙：我", None, "user"),
        ("甲：早\n乙：早\n甲：好\n乙：我", "乙", "assistant"),
        ("AI: hi\nMaya: yo\nAI: x\nMaya: y", None, "assistant"),
        ("旅人：早\n小雨：早\n旅人：好\n小雨：我", None, "assistant"),
    ],
)
def test_who_is_who(
    container: Container, owner: Owner, text: str, speaker: str | None, first: str
) -> None:
    container.importer.apply(owner, look(container, owner, text.encode(), speaker=speaker))
    (session,) = container.db.sessions.of(owner)
    roles = [message.role for message in container.db.messages.of(owner, session.id)]
    assert roles == ([first, "user" if first == "assistant" else "assistant"] * 2)


def test_a_conversation_in_which_the_user_says_nothing(container: Container, owner: Owner) -> None:
    preview = look(container, owner, b"AI: hi\nAI: anybody there?\n")
    assert preview.is_empty
    assert [row.code for row in preview.rows] == ["import_conversation_empty"]


def test_only_some_conversations(container: Container, owner: Owner) -> None:
    def talk(text: str) -> dict[str, Any]:
        message = {
            "author": {"role": "user"},
            "content": {"content_type": "text", "parts": [text]},
        }
        return {"title": text, "mapping": {"a": {"message": message}}, "current_node": "a"}

    data = json.dumps([talk("one"), talk("two"), talk("two"), talk("three")]).encode()
    everything_in_it = look(container, owner, data)
    assert rows(everything_in_it, RowVerdict.DUPLICATE) == [(3, "two")]
    chosen = look(container, owner, data, talks=frozenset({2}))
    assert rows(chosen, RowVerdict.ADDED) == [(2, "two")]
