"""Taught examples: kept, replaced, and stronger than rules and classifiers."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from memory.builtin.chat import BuiltinChat
from memory.builtin.chat.lines import lines
from memory.builtin.extraction import BuiltinExtraction
from memory.builtin.taught import LONGEST, NEVER, TaughtExample, TaughtExamples
from memory.errors import BadInput
from memory.types import ExtractionRequest, Message
from tests.memory.builtin.chat.talking import request
from tests.memory.builtin.extraction.conftest import OWNER, PERSONA, SAID_AT


@pytest.fixture
def taught(tmp_path: Path) -> TaughtExamples:
    return TaughtExamples(tmp_path)


def test_the_last_meaning_of_a_sentence_counts(taught: TaughtExamples, tmp_path: Path) -> None:
    taught.add("[它又拆家了", "pet")
    taught.add("它又拆家了", "mishap")
    assert TaughtExamples(tmp_path)() == (TaughtExample("它又拆家了", "mishap"),)
    taught.remove("它又拆家了")
    assert taught() == ()


@pytest.mark.parametrize("text", ["", " …", "长" * (LONGEST + 1)])
def test_what_is_no_sentence_is_refused(taught: TaughtExamples, text: str) -> None:
    with pytest.raises(BadInput):
        taught.add(text, "pet")


def test_a_message_is_answered_as_taught(taught: TaughtExamples) -> None:
    taught.add("麻薯上班迟到了", "pet")
    reply = "".join(BuiltinChat(taught=taught).reply(request("麻薯上班迟到了！")))
    assert any(reply.startswith(line) for line in lines("zh")["pet"]["any"])


def test_what_is_never_a_memory_is_left_out_in_a_worker_too(taught: TaughtExamples) -> None:
    said = Message(
        id="m1",
        session_id="s",
        owner=OWNER,
        number=1,
        role="user",
        text="我喜欢吃火锅。我对花生过敏。",
        created_at=SAID_AT,
    )
    told = ExtractionRequest(OWNER, PERSONA, "zh", (said,), (), "Asia/Shanghai", "")
    assert len(BuiltinExtraction(taught=taught).extract(told).operations) == 2
    taught.add("我喜欢吃火锅", NEVER)
    reader = pickle.loads(pickle.dumps(BuiltinExtraction(taught=taught)))
    kept = [one.text for one in reader.extract(told).operations]
    assert len(kept) == 1
    assert "花生" in kept[0]
