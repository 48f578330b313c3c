"""A reply is read in the background; stopping works even when the endpoint is silent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from components.chat.stream import ReplyReader
from memory.chat.companion import Turn
from memory.errors import ModelTimeout


class FakeTurn:
    """Says what it is given, piece by piece, and counts its endings."""

    def __init__(self, pieces: Callable[[], Iterator[str]]) -> None:
        self._pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[str]:
        return self._pieces()

    def close(self) -> None:
        self.closed += 1


def reader_of(pieces: Callable[[], Iterator[str]]) -> tuple[ReplyReader, FakeTurn]:
    turn = FakeTurn(pieces)
    return ReplyReader(cast(Turn, turn)), turn


def test_the_whole_reply_arrives_in_order() -> None:
    reader, turn = reader_of(lambda: iter(["嗯，", "我", "在", "呢。"]))
    texts = list(reader)
    assert texts[-1] == "嗯，我在呢。"
    assert texts == sorted(texts, key=len)
    reader.close()
    assert turn.closed >= 1


def test_a_silent_endpoint_still_lets_the_script_breathe() -> None:
    answer = threading.Event()

    def pieces() -> Iterator[str]:
        answer.wait(10)
        yield "来了"

    reader, _ = reader_of(pieces)
    texts = iter(reader)
    started = time.monotonic()
    assert next(texts) == ""
    assert next(texts) == ""
    assert time.monotonic() - started < 2
    answer.set()
    assert list(texts)[-1] == "来了"


def test_closing_does_not_wait_for_the_endpoint() -> None:
    answer = threading.Event()

    def pieces() -> Iterator[str]:
        yield "先说一点"
        answer.wait(10)
        yield "太晚了"

    reader, turn = reader_of(pieces)
    assert next(iter(reader)) == "先说一点"
    started = time.monotonic()
    reader.close()
    assert time.monotonic() - started < 1
    assert turn.closed == 1
    answer.set()


def test_what_was_said_is_shown_before_the_failure_is_raised() -> None:
    def pieces() -> Iterator[str]:
        yield "说到一半"
        raise ModelTimeout(seconds=60)

    reader, _ = reader_of(pieces)
    texts = iter(reader)
    seen = next(texts)
    while seen != "说到一半":
        seen = next(texts)
    with pytest.raises(ModelTimeout):
        list(texts)
