from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import NotFound
from memory.types import BatchState, MessageState, Owner

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def session(db: Database, owner: Owner):
    return db.sessions.create(owner)


def test_a_batch_takes_whole_turns_in_order_and_only_once(db, owner, session, say) -> None:
    opening = db.messages.add(owner, session.id, "assistant", "早", opening=True)
    said = [id for n in range(3) for id in say(session.id, f"message {n}")]
    batch = db.batches.make(owner, session.id)
    assert batch.message_ids == (opening.id, *said)
    assert (batch.state, batch.attempts, batch.owner) == (BatchState.PENDING, 0, owner)
    assert {m.batch_id for m in db.messages.of(owner, session.id)} == {batch.id}
    assert db.batches.make(owner, session.id) is None
    assert db.batches.get(batch.id) == batch


def test_more_turns_than_wanted_are_left_for_the_next_batch(db, owner, session, say) -> None:
    said = [say(session.id) for _ in range(5)]
    assert db.batches.make(owner, session.id, min_turns=6) is None
    assert db.batches.unbatched_turns(owner, session.id) == 5
    first = db.batches.make(owner, session.id, min_turns=3, max_turns=3)
    assert first.message_ids == tuple(id for turn in said[:3] for id in turn)
    second = db.batches.make(owner, session.id, max_turns=3)
    assert second.message_ids == tuple(id for turn in said[3:] for id in turn)
    assert db.batches.unbatched_turns(owner, session.id) == 0


def test_a_batch_of_nothing_to_remember_is_never_made(db, owner, session, say, clock) -> None:
    say(session.id, remember=False)
    assert db.batches.make(owner, session.id) is None
    later = clock.forward(days=1)
    assert db.batches.due_sessions(turns=1, idle_before=later) == []
    kept = say(session.id)
    assert db.batches.make(owner, session.id).message_ids == kept


def test_a_streaming_reply_is_never_taken(db, owner, session, say) -> None:
    done = say(session.id)
    asked, streaming = say(session.id, state=MessageState.STREAMING)
    assert db.batches.make(owner, session.id).message_ids == done
    db.messages.update(owner, streaming, state=MessageState.DONE)
    assert db.batches.make(owner, session.id).message_ids == (asked, streaming)


def test_a_replaced_reply_is_never_taken(db, owner, session, say) -> None:
    asked, first = say(session.id)
    db.messages.update(owner, first, state=MessageState.REPLACED)
    second = db.messages.add(owner, session.id, "assistant", "好", reply_to=asked)
    assert db.batches.make(owner, session.id).message_ids == (asked, second.id)


def test_a_reply_made_again_after_its_batch_counts_like_a_turn(
    db, owner, session, say, clock
) -> None:
    asked, answered = say(session.id)
    db.batches.make(owner, session.id)
    long_ago = clock.now - timedelta(days=1)
    assert db.batches.due_sessions(turns=1, idle_before=long_ago) == []
    db.messages.update(owner, answered, state=MessageState.REPLACED)
    db.messages.add(
        owner, session.id, "assistant", "again", state=MessageState.DONE, reply_to=asked
    )
    say(session.id)
    assert db.batches.due_sessions(turns=2, idle_before=long_ago) == [(owner, session.id)]
    assert db.batches.due_sessions(turns=3, idle_before=long_ago) == []


def test_sessions_are_due_by_turns_or_by_silence(db, owner, other, say, clock) -> None:
    many, few, theirs = (
        db.sessions.create(owner),
        db.sessions.create(owner),
        db.sessions.create(other),
    )
    say(few.id)
    say(theirs.id, whose=other)
    clock.forward(minutes=5)
    for _ in range(3):
        say(many.id)
    long_ago = clock.now - timedelta(days=1)
    assert db.batches.due_sessions(turns=4, idle_before=long_ago) == []
    assert db.batches.due_sessions(turns=3, idle_before=long_ago) == [(owner, many.id)]
    silent = clock.now - timedelta(minutes=4)
    assert set(db.batches.due_sessions(turns=4, idle_before=silent)) == {
        (owner, few.id),
        (other, theirs.id),
    }
    for _, session_id in ((owner, few.id), (owner, many.id)):
        db.batches.make(owner, session_id)
    assert db.batches.due_sessions(turns=1, idle_before=clock.now) == [(other, theirs.id)]


def test_a_claim_is_exclusive_and_counts_the_attempt(db, owner, session, say, clock) -> None:
    say(session.id)
    made = db.batches.make(owner, session.id)
    claimed = db.leases.claim("a", clock.now)
    assert (claimed.id, claimed.state, claimed.attempts) == (made.id, BatchState.WORKING, 1)
    assert db.leases.claim("b", clock.now) is None


def test_batches_of_an_owner_are_worked_on_one_after_the_other(
    db, owner, other, say, clock
) -> None:
    for whose in (owner, owner, other):
        session = db.sessions.create(whose)
        say(session.id, whose=whose)
        db.batches.make(whose, session.id)
    first = db.leases.claim("a", clock.now)
    second = db.leases.claim("b", clock.now)
    assert (first.owner, second.owner) == (owner, other)
    assert db.leases.claim("c", clock.now) is None
    db.history.record([], finish_batch=first.id)
    assert db.leases.claim("c", clock.now).owner == owner


def test_a_dead_workers_claim_is_taken_up_after_its_lease(db, owner, session, say, clock) -> None:
    say(session.id)
    made = db.batches.make(owner, session.id)
    db.leases.claim("dead", clock.now, lease_seconds=60)
    clock.forward(seconds=59)
    assert db.leases.claim("b", clock.now, lease_seconds=60) is None
    clock.forward(seconds=2)
    again = db.leases.claim("b", clock.now, lease_seconds=60)
    assert (again.id, again.attempts) == (made.id, 2)


def test_claims_are_released_at_start(db, owner, session, say, clock) -> None:
    say(session.id)
    db.batches.make(owner, session.id)
    db.leases.claim("host:1:x", clock.now)
    assert db.leases.release("host:2") == 0
    assert db.leases.release("host:1") == 1
    assert db.leases.claim("b", clock.now) is not None
    assert db.leases.release() == 1


def test_a_retry_waits_for_its_time(db, owner, session, say, clock) -> None:
    say(session.id)
    made = db.batches.make(owner, session.id)
    db.leases.claim("a", clock.now)
    at = clock.now + timedelta(seconds=30)
    assert db.leases.retry(made.id, "model_busy:429", at)
    waiting = db.batches.get(made.id)
    assert (waiting.state, waiting.error, waiting.next_at) == (
        BatchState.RETRY,
        "model_busy:429",
        at,
    )
    assert db.leases.claim("a", clock.now) is None
    assert db.leases.claim("a", clock.forward(seconds=30)).attempts == 2
    db.leases.retry(made.id, "model", clock.now + timedelta(hours=6))
    assert db.leases.hasten_retries(owner, "another session") == 0
    assert db.leases.hasten_retries(owner) == 1
    assert db.leases.claim("a", clock.now).attempts == 3


def test_a_failed_batch_is_run_again_by_hand_only(db, owner, other, session, say, clock) -> None:
    say(session.id)
    made = db.batches.make(owner, session.id)
    db.leases.claim("a", clock.now)
    assert db.leases.fail(made.id, "model_auth")
    assert db.leases.claim("a", clock.forward(days=9)) is None
    assert db.batches.queue_state(owner)[BatchState.FAILED] == 1
    with pytest.raises(NotFound):
        db.leases.rerun(other, made.id)
    again = db.leases.rerun(owner, made.id)
    assert (again.state, again.attempts, again.error) == (BatchState.PENDING, 0, None)
    assert db.leases.claim("a", clock.now).id == made.id
    db.history.record([], finish_batch=made.id)
    with pytest.raises(NotFound):
        db.leases.rerun(owner, made.id)
    assert not db.leases.fail(made.id, "late")
    assert not db.leases.retry(made.id, "late", clock.now)
    assert db.batches.get(made.id).state is BatchState.DONE


def test_batches_are_listed_newest_first_and_counted(db, owner, other, say) -> None:
    made = []
    for _ in range(3):
        session = db.sessions.create(owner)
        say(session.id)
        made.append(db.batches.make(owner, session.id))
    assert db.batches.of(owner) == made[::-1]
    assert db.batches.of(owner, [BatchState.PENDING], limit=1) == [made[2]]
    assert db.batches.of(owner, [BatchState.DONE]) == []
    assert db.batches.of(owner, session_id=made[0].session_id) == [made[0]]
    assert db.batches.of(other) == []
    assert db.batches.queue_state(owner)[BatchState.PENDING] == 3
    assert db.batches.queue_state(other)[BatchState.PENDING] == 0
    assert db.batches.queue_state()[BatchState.PENDING] == 3


def _fill(db: Database, batches: int) -> None:
    for n in range(batches):
        whose = Owner(f"user{n}", "niannian")
        session = db.sessions.create(whose)
        asked = db.messages.add(whose, session.id, "user", "hello")
        db.messages.add(whose, session.id, "assistant", "hi", reply_to=asked.id)
        db.batches.make(whose, session.id)


def test_threads_never_claim_the_same_batch(db, clock) -> None:
    _fill(db, 24)
    claimed: list[str] = []

    def work(name: str) -> None:
        while batch := db.leases.claim(name, clock.now):
            claimed.append(batch.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 24


CLAIMING = """
import sys
from pathlib import Path
from memory.db import Database, resolve_database_url
db = Database(resolve_database_url(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
while batch := db.leases.claim(sys.argv[2], db.engine.clock()):
    print(batch.id, flush=True)
"""


def test_processes_never_claim_the_same_batch(tmp_path: Path) -> None:
    db = Database(resolve_database_url(tmp_path))
    _fill(db, 30)
    db.close()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMING, str(tmp_path), f"w{n}"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(2)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    claimed = [id for worker in workers for id in worker.communicate(timeout=60)[0].split()]
    assert len(claimed) == len(set(claimed)) == 30


def test_two_processes_take_turns_of_a_session_into_one_batch_only(tmp_path: Path) -> None:
    first, second = (
        Database(resolve_database_url(tmp_path)),
        Database(resolve_database_url(tmp_path)),
    )
    whose = Owner("lin", "niannian")
    session = first.sessions.create(whose)
    for n in range(20):
        asked = first.messages.add(whose, session.id, "user", f"message {n}")
        first.messages.add(whose, session.id, "assistant", "hi", reply_to=asked.id)
    made = []

    def make(db: Database) -> None:
        for _ in range(10):
            made.append(db.batches.make(whose, session.id, max_turns=2))

    threads = [threading.Thread(target=make, args=(db,)) for db in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [id for batch in made if batch for id in batch.message_ids]
    assert len(taken) == len(set(taken)) == 40
    first.close()
    second.close()
