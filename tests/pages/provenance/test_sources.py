"""From a memory to the replies it shaped and to the message it came from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from components.chat import messages as chat_messages
from memory.attachments.intake import GivenFile
from memory.container import Container
from memory.types import Memory, MessageState, Owner, Reason, Session, Trace, TraceItem
from tests.fakes.photos import photo
from tests.pages.provenance.presses import ZH, OpenApp, Turn, press, words


def test_a_memory_lists_the_replies_it_was_used_in(
    running: Container,
    owner: Owner,
    turn: Callable[..., Turn],
    remember: Callable[..., Memory],
    open_memories: OpenApp,
) -> None:
    asked, answer = turn("我能吃花生酱吗", "不行呀，你对花生过敏")
    memory = remember("用户对花生过敏", asked)
    unused = remember("用户住在上海")
    item = TraceItem.of(memory, Reason.RECALL, 0.61)
    running.db.traces.save(
        owner, Trace(message_id=answer.id, items=(item,), created_at=running.clock())
    )
    said = words(open_memories(memory=memory.id))
    assert "不行呀，你对花生过敏" in said
    assert "回想 · 相关 0.61" in said
    assert "我能吃花生酱吗" in said, "the source is shown in place"
    assert ZH["used.never"] in words(open_memories(memory=unused.id))


def test_a_memory_shows_the_photo_that_it_comes_from(
    running: Container,
    owner: Owner,
    session: Session,
    remember: Callable[..., Memory],
    open_memories: OpenApp,
    open_chat: Callable[..., AppTest],
) -> None:
    given = running.attachment_intake.take(owner.user_id, GivenFile("猫.jpg", photo()))
    asked = running.db.messages.add(
        owner, session.id, "user", "这是我家的猫", remember=False, attachments=[given]
    )
    answer = running.db.messages.add(
        owner, session.id, "assistant", "你养了一只猫呀，真胖", remember=False, reply_to=asked.id
    )
    memory = remember("用户养了一只猫", asked)
    item = TraceItem.of(memory, Reason.RECALL, 0.61)
    running.db.traces.save(
        owner, Trace(message_id=answer.id, items=(item,), created_at=running.clock())
    )
    assert len(open_memories(memory=memory.id).get("image")) == 1
    chat = open_chat()
    before = len(chat.get("image"))
    assert len(press(chat, f"why_{answer.id}").get("image")) == before + 1


def test_coming_to_a_message_shows_it_whatever_its_age(
    turn: Callable[..., Turn], open_chat: OpenApp
) -> None:
    first, _ = turn("很久以前的第一句")
    for number in range(chat_messages.FIRST_SHOWN):
        turn(f"后来的第{number}句")
    assert "很久以前的第一句" not in words(open_chat())
    app = open_chat(message=first.id)
    assert not app.exception
    assert "很久以前的第一句" in words(app)
    assert len(app.chat_message) == 2 * chat_messages.FIRST_SHOWN + 2
    assert app.html, "the script that scrolls"


def test_a_message_of_long_ago_comes_with_its_surroundings_only(
    turn: Callable[..., Turn], open_chat: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_messages, "MOST_AFTER", 10)
    monkeypatch.setattr(chat_messages, "AROUND", 3)
    found, _ = turn("很久以前的第一句")
    for number in range(20):
        turn(f"后来的第{number}句")
    app = open_chat(message=found.id)
    assert len(app.chat_message) == 1 + 3
    assert not [b for b in app.button if (b.key or "").startswith("again_")]
    press(app, "to_the_end")
    assert "后来的第19句" in words(app)
    assert "message" not in app.query_params


def test_an_address_without_its_session_or_message(
    running: Container, owner: Owner, turn: Callable[..., Turn], open_app: OpenApp
) -> None:
    asked, answer = turn("我能吃花生酱吗", state=MessageState.REPLACED)
    running.db.messages.add(
        owner, asked.session_id, "assistant", "不行", remember=False, reply_to=asked.id
    )
    app = open_app(user=owner.user_id, message=asked.id)
    assert "我能吃花生酱吗" in words(app)
    # An answer that was given anew leads to the one that stands.
    assert "不行" in words(open_app(user=owner.user_id, message=answer.id))
    gone = open_app(user=owner.user_id, message="gone")
    assert ZH["arrival.gone"] in [toast.value for toast in gone.toast]
    assert "message" not in gone.query_params


def test_sending_leaves_the_message_behind(turn: Callable[..., Turn], open_chat: OpenApp) -> None:
    asked, _ = turn("我能吃花生酱吗")
    app = open_chat(message=asked.id)
    app.chat_input[0].set_value("那腰果呢").run()
    assert "message" not in app.query_params
    assert not app.exception
