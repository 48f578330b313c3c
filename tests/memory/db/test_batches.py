from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from memory.db import Ledger, ledger_url
from memory.errors import NotFound
from memory.types import BatchState, MessageState, Owner

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def session(ledger: Ledger, owner: Owner):
    return ledger.create_session(owner)


def test_a_batch_takes_whole_turns_in_order_and_only_once(ledger, owner, session, say) -> None:
    opening = ledger.add_message(owner, session.id, "assistant", "早", opening=True)
    said = [id for n in range(3) for id in say(session.id, f"message {n}")]
    batch = ledger.make_batch(owner, session.id)
    assert batch.message_ids == (opening.id, *said)
    assert (batch.state, batch.attempts, batch.owner) == (BatchState.PENDING, 0, owner)
    assert {m.batch_id for m in ledger.messages(owner, session.id)} == {batch.id}
    assert ledger.make_batch(owner, session.id) is None
    assert ledger.get_batch(batch.id) == batch


def test_more_turns_than_wanted_are_left_for_the_next_batch(ledger, owner, session, say) -> None:
    said = [say(session.id) for _ in range(5)]
    assert ledger.make_batch(owner, session.id, min_turns=6) is None
    assert ledger.unbatched_turns(owner, session.id) == 5
    first = ledger.make_batch(owner, session.id, min_turns=3, max_turns=3)
    assert first.message_ids == tuple(id for turn in said[:3] for id in turn)
    second = ledger.make_batch(owner, session.id, max_turns=3)
    assert second.message_ids == tuple(id for turn in said[3:] for id in turn)
    assert ledger.unbatched_turns(owner, session.id) == 0


def test_a_batch_of_nothing_to_remember_is_never_made(ledger, owner, session, say, clock) -> None:
    say(session.id, remember=False)
    assert ledger.make_batch(owner, session.id) is None
    later = clock.forward(days=1)
    assert ledger.due_sessions(turns=1, idle_before=later) == []
    kept = say(session.id)
    assert ledger.make_batch(owner, session.id).message_ids == kept


def test_a_streaming_reply_is_never_taken(ledger, owner, session, say) -> None:
    done = say(session.id)
    asked, streaming = say(session.id, state=MessageState.STREAMING)
    assert ledger.make_batch(owner, session.id).message_ids == done
    ledger.update_message(owner, streaming, state=MessageState.DONE)
    assert ledger.make_batch(owner, session.id).message_ids == (asked, streaming)


def test_a_replaced_reply_is_never_taken(ledger, owner, session, say) -> None:
    asked, first = say(session.id)
    ledger.update_message(owner, first, state=MessageState.REPLACED)
    second = ledger.add_message(owner, session.id, "assistant", "好", reply_to=asked)
    assert ledger.make_batch(owner, session.id).message_ids == (asked, second.id)


def test_a_reply_made_again_after_its_batch_counts_like_a_turn(
    ledger, owner, session, say, clock
) -> None:
    asked, answered = say(session.id)
    ledger.make_batch(owner, session.id)
    long_ago = clock.now - timedelta(days=1)
    assert ledger.due_sessions(turns=1, idle_before=long_ago) == []
    ledger.update_message(owner, answered, state=MessageState.REPLACED)
    ledger.add_message(
        owner, session.id, "assistant", "again", state=MessageState.DONE, reply_to=asked
    )
    say(session.id)
    assert ledger.due_sessions(turns=2, idle_before=long_ago) == [(owner, session.id)]
    assert ledger.due_sessions(turns=3, idle_before=long_ago) == []


def test_sessions_are_due_by_turns_or_by_silence(ledger, owner, other, say, clock) -> None:
    many, few, theirs = (
        ledger.create_session(owner),
        ledger.create_session(owner),
        ledger.create_session(other),
    )
    say(few.id)
    say(theirs.id, whose=other)
    clock.forward(minutes=5)
    for _ in range(3):
        say(many.id)
    long_ago = clock.now - timedelta(days=1)
    assert ledger.due_sessions(turns=4, idle_before=long_ago) == []
    assert ledger.due_sessions(turns=3, idle_before=long_ago) == [(owner, many.id)]
    silent = clock.now - timedelta(minutes=4)
    assert set(ledger.due_sessions(turns=4, idle_before=silent)) == {
        (owner, few.id),
        (other, theirs.id),
    }
    for _, session_id in ((owner, few.id), (owner, many.id)):
        ledger.make_batch(owner, session_id)
    assert ledger.due_sessions(turns=1, idle_before=clock.now) == [(other, theirs.id)]


def test_a_claim_is_exclusive_and_counts_the_attempt(ledger, owner, session, say, clock) -> None:
    say(session.id)
    made = ledger.make_batch(owner, session.id)
    claimed = ledger.claim_batch("a", clock.now)
    assert (claimed.id, claimed.state, claimed.attempts) == (made.id, BatchState.WORKING, 1)
    assert ledger.claim_batch("b", clock.now) is None


def test_batches_of_an_owner_are_worked_on_one_after_the_other(
    ledger, owner, other, say, clock
) -> None:
    for whose in (owner, owner, other):
        session = ledger.create_session(whose)
        say(session.id, whose=whose)
        ledger.make_batch(whose, session.id)
    first = ledger.claim_batch("a", clock.now)
    second = ledger.claim_batch("b", clock.now)
    assert (first.owner, second.owner) == (owner, other)
    assert ledger.claim_batch("c", clock.now) is None
    ledger.record([], finish_batch=first.id)
    assert ledger.claim_batch("c", clock.now).owner == owner


def test_a_dead_workers_claim_is_taken_up_after_its_lease(
    ledger, owner, session, say, clock
) -> None:
    say(session.id)
    made = ledger.make_batch(owner, session.id)
    ledger.claim_batch("dead", clock.now, lease_seconds=60)
    clock.forward(seconds=59)
    assert ledger.claim_batch("b", clock.now, lease_seconds=60) is None
    clock.forward(seconds=2)
    again = ledger.claim_batch("b", clock.now, lease_seconds=60)
    assert (again.id, again.attempts) == (made.id, 2)


def test_claims_are_released_at_start(ledger, owner, session, say, clock) -> None:
    say(session.id)
    ledger.make_batch(owner, session.id)
    ledger.claim_batch("host:1:x", clock.now)
    assert ledger.release_claims("host:2") == 0
    assert ledger.release_claims("host:1") == 1
    assert ledger.claim_batch("b", clock.now) is not None
    assert ledger.release_claims() == 1


def test_a_retry_waits_for_its_time(ledger, owner, session, say, clock) -> None:
    say(session.id)
    made = ledger.make_batch(owner, session.id)
    ledger.claim_batch("a", clock.now)
    at = clock.now + timedelta(seconds=30)
    assert ledger.retry_batch(made.id, "model_busy:429", at)
    waiting = ledger.get_batch(made.id)
    assert (waiting.state, waiting.error, waiting.next_at) == (
        BatchState.RETRY,
        "model_busy:429",
        at,
    )
    assert ledger.claim_batch("a", clock.now) is None
    assert ledger.claim_batch("a", clock.forward(seconds=30)).attempts == 2
    ledger.retry_batch(made.id, "model", clock.now + timedelta(hours=6))
    assert ledger.hasten_retries(owner, "another session") == 0
    assert ledger.hasten_retries(owner) == 1
    assert ledger.claim_batch("a", clock.now).attempts == 3


def test_a_failed_batch_is_run_again_by_hand_only(
    ledger, owner, other, session, say, clock
) -> None:
    say(session.id)
    made = ledger.make_batch(owner, session.id)
    ledger.claim_batch("a", clock.now)
    assert ledger.fail_batch(made.id, "model_auth")
    assert ledger.claim_batch("a", clock.forward(days=9)) is None
    assert ledger.queue_state(owner)[BatchState.FAILED] == 1
    with pytest.raises(NotFound):
        ledger.rerun_batch(other, made.id)
    again = ledger.rerun_batch(owner, made.id)
    assert (again.state, again.attempts, again.error) == (BatchState.PENDING, 0, None)
    assert ledger.claim_batch("a", clock.now).id == made.id
    ledger.record([], finish_batch=made.id)
    with pytest.raises(NotFound):
        ledger.rerun_batch(owner, made.id)
    assert not ledger.fail_batch(made.id, "late")
    assert not ledger.retry_batch(made.id, "late", clock.now)
    assert ledger.get_batch(made.id).state is BatchState.DONE


def test_batches_are_listed_newest_first_and_counted(ledger, owner, other, say) -> None:
    made = []
    for _ in range(3):
        session = ledger.create_session(owner)
        say(session.id)
        made.append(ledger.make_batch(owner, session.id))
    assert ledger.batches(owner) == made[::-1]
    assert ledger.batches(owner, [BatchState.PENDING], limit=1) == [made[2]]
    assert ledger.batches(owner, [BatchState.DONE]) == []
    assert ledger.batches(owner, session_id=made[0].session_id) == [made[0]]
    assert ledger.batches(other) == []
    assert ledger.queue_state(owner)[BatchState.PENDING] == 3
    assert ledger.queue_state(other)[BatchState.PENDING] == 0
    assert ledger.queue_state()[BatchState.PENDING] == 3


def _fill(ledger: Ledger, batches: int) -> None:
    for n in range(batches):
        whose = Owner(f"user{n}", "niannian")
        session = ledger.create_session(whose)
        asked = ledger.add_message(whose, session.id, "user", "hello")
        ledger.add_message(whose, session.id, "assistant", "hi", reply_to=asked.id)
        ledger.make_batch(whose, session.id)


def test_threads_never_claim_the_same_batch(ledger, clock) -> None:
    _fill(ledger, 24)
    claimed: list[str] = []

    def work(name: str) -> None:
        while batch := ledger.claim_batch(name, clock.now):
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
from memory.db import Ledger, ledger_url
ledger = Ledger(ledger_url(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
while batch := ledger.claim_batch(sys.argv[2], ledger.clock()):
    print(batch.id, flush=True)
"""


def test_processes_never_claim_the_same_batch(tmp_path: Path) -> None:
    ledger = Ledger(ledger_url(tmp_path))
    _fill(ledger, 30)
    ledger.close()
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
    first, second = Ledger(ledger_url(tmp_path)), Ledger(ledger_url(tmp_path))
    whose = Owner("lin", "niannian")
    session = first.create_session(whose)
    for n in range(20):
        asked = first.add_message(whose, session.id, "user", f"message {n}")
        first.add_message(whose, session.id, "assistant", "hi", reply_to=asked.id)
    made = []

    def make(ledger: Ledger) -> None:
        for _ in range(10):
            made.append(ledger.make_batch(whose, session.id, max_turns=2))

    threads = [threading.Thread(target=make, args=(ledger,)) for ledger in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [id for batch in made if batch for id in batch.message_ids]
    assert len(taken) == len(set(taken)) == 40
    first.close()
    second.close()
