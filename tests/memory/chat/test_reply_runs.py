"""Replies go on without readers, end by hand, and are read by as many as want to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import pytest

from memory.chat.reply_runs import ReplyRun, ReplyRuns
from memory.chat.turn import Turn
from memory.errors import ModelTimeout
from memory.types import Message, MessageState, Owner, ThoughtRetraction

ME = Owner("xiaoyu", "niannian")


def message(id: str, role: str) -> Message:
    return Message(id, "s1", ME, 1, role, "", datetime.now(UTC))  # type: ignore[arg-type]


@dataclass
class FakeTurn:
    """Says what it is given, piece by piece, and notes how it ended."""

    pieces: Callable[[], Iterator[str]]
    id: str = "r1"
    ended: list[MessageState] = field(default_factory=list)

    @property
    def user_message(self) -> Message:
        return message("u1", "user")

    @property
    def reply_message(self) -> Message:
        return message(self.id, "assistant")

    def __iter__(self) -> Iterator[str]:
        return self.pieces()

    def close(self, state: MessageState = MessageState.STOPPED) -> None:
        self.ended.append(state)


def started(pieces: Callable[[], Iterator[str]]) -> tuple[ReplyRuns, ReplyRun, FakeTurn]:
    runs, turn = ReplyRuns(), FakeTurn(pieces)
    return runs, runs.start(cast(Turn, turn)), turn


def note(seen: list[str], texts: Iterator[str]) -> Iterator[str]:
    """What was read before the end stays noted when reading fails."""
    for text in texts:
        seen.append(text)
        yield from ()


def test_two_readers_get_the_whole_reply_whenever_they_come() -> None:
    go = threading.Event()

    def pieces() -> Iterator[str]:
        yield "嗯，"
        yield "我"
        go.wait(10)
        yield "在"
        yield "呢。"

    runs, run, _ = started(pieces)
    first = run.texts()
    while next(first) != "嗯，我":
        pass
    # Left in the middle, as a tab that reloads does: nobody reads now.
    first.close()  # type: ignore[attr-defined]
    assert runs.of(ME, "s1") is run
    go.set()
    texts = list(run.texts())
    assert texts[-1] == "嗯，我在呢。"
    assert texts == sorted(texts, key=len)
    assert list(run.texts()) == ["嗯，我在呢。"]
    assert run.read(3, 0) == (["呢。"], True)
    assert runs.of(ME, "s1") is None


def test_a_retraction_leaves_nothing_of_what_came_before() -> None:
    _, run, _ = started(lambda: iter(["想一想", ThoughtRetraction(), "好。"]))
    assert list(run.texts())[-1] == "好。"


def test_a_silent_endpoint_still_lets_the_reader_breathe_and_be_stopped() -> None:
    answer = threading.Event()

    def pieces() -> Iterator[str]:
        yield "先说一点"
        answer.wait(10)
        yield "太晚了"

    runs, run, turn = started(pieces)
    texts = run.texts(tick=0.02)
    begun = time.monotonic()
    for _ in range(5):
        assert next(texts) in ("", "先说一点")
    run.stop()
    assert list(texts)[-1] == "先说一点"
    assert time.monotonic() - begun < 3
    assert turn.ended == [MessageState.STOPPED]
    assert runs.of(ME, "s1") is None
    answer.set()


def test_what_was_said_is_shown_before_the_failure_is_raised_to_each_reader() -> None:
    def pieces() -> Iterator[str]:
        yield "说到一半"
        raise ModelTimeout(seconds=60)

    runs, run, _ = started(pieces)
    for _ in range(2):
        seen: list[str] = []
        with pytest.raises(ModelTimeout):
            seen.extend(note(seen, run.texts()))
        assert seen[-1] == "说到一半"
    assert isinstance(runs.failure("r1"), ModelTimeout)
    assert runs.failure("r2") is None


def test_the_end_of_the_process_is_no_stop_by_hand() -> None:
    answer = threading.Event()

    def pieces() -> Iterator[str]:
        answer.wait(10)
        yield "太晚了"

    runs, run, turn = started(pieces)
    runs.close()
    assert turn.ended == [MessageState.INTERRUPTED]
    assert run.done
    answer.set()


def test_nobody_elses_reply_is_found() -> None:
    answer = threading.Event()

    def pieces() -> Iterator[str]:
        answer.wait(10)
        yield "好"

    runs, run, _ = started(pieces)
    assert runs.of(Owner("mei", "niannian"), "s1") is None
    assert runs.of(ME, "s2") is None
    answer.set()
    list(run.texts())


def test_a_reply_made_in_the_callers_thread_is_there_for_others_meanwhile() -> None:
    runs = ReplyRuns()
    seen: list[ReplyRun | None] = []

    def pieces() -> Iterator[str]:
        seen.append(runs.of(ME, "s1"))
        yield "好"

    run = runs.finish(cast(Turn, FakeTurn(pieces)))
    assert seen == [run]
    assert run.done
