"""Exports of ChatGPT."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.transfer import Format, read
from memory.transfer.timestamps import moment
from tests.memory.transfer.importers.samples import CHATGPT, raw, said, zipped


@pytest.mark.parametrize("form", ["list", "one", "zip", "parts"])
def test_chatgpt_follows_the_branch_that_was_shown(form: str) -> None:
    data = (
        {
            "list": raw([CHATGPT]),
            "one": raw(CHATGPT),
            "zip": zipped(**{"export/conversations.json": raw([CHATGPT]), "chat.html": b"<p>"}),
            "parts": zipped(
                **{"conversations-000.json": raw([CHATGPT]), "conversations-001.json": raw([])}
            ),
        }[form]
        if form != "parts"
        else zipped(**{"conversations-000.json": raw([CHATGPT])})
    )
    parsed = read(data)
    assert parsed.format is Format.CHATGPT
    assert said(parsed) == [("user", "I moved to Leeds."), ("assistant", "How nice!")]
    (talk,) = parsed.talks
    assert (talk.title, talk.at) == ("Trip to Leeds", moment(1718000000.5))
    assert talk.lines[0].at == datetime(2024, 6, 10, 6, 13, 21, tzinfo=UTC)


def test_chatgpt_without_a_current_node_takes_the_latest_leaf() -> None:
    assert said(read(raw([CHATGPT | {"current_node": "gone"}])))[-1] == (
        "assistant",
        "An answer that was replaced.",
    )


def test_chatgpt_conversations_that_are_broken() -> None:
    loop = {"mapping": {"a": {"parent": "b"}, "b": {"parent": "a"}}, "current_node": "a"}
    odd = {"mapping": {"a": {"message": "text", "parent": None}}, "current_node": "a"}
    parsed = read(raw([CHATGPT, 5, {"mapping": []}, loop, odd]))
    assert len(parsed.talks) == 1
    assert [(w.row, w.code) for w in parsed.wrong] == [
        (2, "import_row_type"),
        (3, "import_conversation"),
        (4, "import_conversation_empty"),
        (5, "import_message"),
        (5, "import_conversation_empty"),
    ]
