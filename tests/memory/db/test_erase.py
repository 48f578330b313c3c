from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.db.engine import PRAGMAS, Engine
from memory.errors import NotFound
from memory.types import Actor, Change, ChangeAction, Owner, Reason, Trace, TraceItem

SECRET = "只有我知道的秘密XYZZY"


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))


def _live(db: Database, whose: Owner, say, memory, clock, text: str = SECRET) -> str:
    session = db.sessions.create(whose, text)
    _, reply = say(session.id, text * 50, reply=text, whose=whose)
    item = TraceItem("m", text, memory.subject, memory.kind, "other", None, Reason.RECALL, 1.0)
    db.traces.save(whose, Trace(message_id=reply, items=(item,), created_at=clock.now))
    batch = db.batches.make(whose, session.id)
    mine = replace(memory, owner=whose, text=text)
    db.history.record(
        [
            Change(
                f"{whose}",
                whose,
                mine.id,
                ChangeAction.ADD,
                Actor.EXTRACTION,
                clock.now,
                None,
                mine,
            )
        ],
        finish_batch=batch.id,
        outcome={"added": 1},
    )
    return session.id


@pytest.mark.sqlite_only
def test_no_byte_of_an_erased_user_stays(db, tmp_path, owner, other, say, memory, clock) -> None:
    db.users.create(SECRET, id=owner.user_id)
    db.users.create("Mei", id=other.user_id)
    db.engine.set_meta(f"pause:{owner.user_id}", SECRET)
    gone = _live(db, owner, say, memory, clock)
    kept = _live(db, other, say, memory, clock, "别人的话PLUGH")
    assert SECRET.encode() in _bytes(tmp_path)
    db.erasure.erase_user(owner.user_id)
    assert SECRET.encode() not in _bytes(tmp_path)
    assert "别人的话PLUGH".encode() in _bytes(tmp_path)
    assert [u.id for u in db.users.all()] == [other.user_id]
    assert db.history.of(owner) == []
    assert db.batches.of(owner) == []
    assert db.traces.using(owner, "m") == []
    with pytest.raises(NotFound):
        db.sessions.get(owner, gone)
    assert db.messages.count(other, kept) == 2
    assert len(db.history.of(other)) == 1
    db.close()
    assert SECRET.encode() not in _bytes(tmp_path)


def test_one_persona_is_erased_and_the_others_stay(db, tmp_path, owner, say, memory, clock):
    db.users.create("Lin", id=owner.user_id)
    elsewhere = Owner(owner.user_id, "qing")
    _live(db, owner, say, memory, clock)
    _live(db, elsewhere, say, memory, clock, "别的话PLUGH")
    db.erasure.erase_owner(owner)
    assert SECRET.encode() not in _bytes(tmp_path)
    assert db.users.get(owner.user_id).name == "Lin"
    assert len(db.sessions.of(elsewhere)) == 1
    assert len(db.history.of(elsewhere)) == 1


def test_a_running_extraction_cannot_write_for_an_erased_owner(
    db, owner, say, memory, clock
) -> None:
    session = db.sessions.create(owner)
    say(session.id)
    db.batches.make(owner, session.id)
    batch = db.leases.claim("w", clock.now)
    db.erasure.erase_owner(owner)
    change = Change(
        "c", owner, memory.id, ChangeAction.ADD, Actor.EXTRACTION, clock.now, None, memory
    )
    with pytest.raises(NotFound) as caught:
        db.history.record([change], finish_batch=batch.id)
    assert caught.value.code == "batch_gone"
    assert db.history.owed() == []
    assert not db.leases.retry(batch.id, "model", clock.now)


@pytest.mark.sqlite_only
def test_rewriting_cut_short_is_made_good_at_the_next_opening(
    db, tmp_path, owner, say, memory, clock, monkeypatch
) -> None:
    _live(db, owner, say, memory, clock)
    monkeypatch.setattr(Engine, "compact", lambda self: None)
    db.erasure.erase_owner(owner)
    assert SECRET.encode() in _bytes(tmp_path)
    monkeypatch.undo()
    # The first ledger stays open, as if it had been killed: no clean close.
    again = Database(resolve_database_url(tmp_path), clock)
    assert SECRET.encode() not in _bytes(tmp_path)
    assert again.engine.get_meta("compact_owed") is None
    again.close()


@pytest.mark.sqlite_only
def test_a_reader_in_the_way_leaves_the_rewriting_owed(
    db, tmp_path, owner, say, memory, clock, monkeypatch
) -> None:
    _live(db, owner, say, memory, clock)
    hasty = ("PRAGMA busy_timeout=50", *PRAGMAS[1:])
    monkeypatch.setattr("memory.db.engine.PRAGMAS", hasty)
    with db.engine.read() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM messages").scalar_one()
        db.erasure.erase_owner(owner)
        assert db.engine.get_meta("compact_owed") == "1"
    db.engine.compact()
    assert db.engine.get_meta("compact_owed") is None
    assert SECRET.encode() not in _bytes(tmp_path)
