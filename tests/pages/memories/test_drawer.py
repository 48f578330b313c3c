"""One memory in the drawer: corrected, traced to its source, rated, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from memory.container import Container
from memory.types import Kind, Memory, Owner, Reason, Source, Trace, TraceItem
from tests.pages.memories.page import ZH, OpenApp, press, said, texts


def test_the_drawer_edits_everything_and_undoes_each_change(
    running: Container, owner: Owner, open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    memory = remember("用户住在北京")
    app = open_page(memory=memory.id)
    key = next(area.key for area in app.text_area if "edit_" in area.key).removesuffix("_text")
    app.text_area(key=f"{key}_text").set_value("用户住在上海")
    app.selectbox(key=f"{key}_category").select("identity")
    app.text_input(key=f"{key}_event_date").set_value("2026/3")
    app.slider(key=f"{key}_importance").set_value(5)
    app.checkbox(key=f"{key}_pinned").check()
    app.get_by_key(f"{key}_kind").set_value("temporal")
    app.form_submit_button[0].click().run()
    assert not app.exception
    now = running.store.reads.get(owner, memory.id)
    assert (now.text, now.category, now.event_date) == ("用户住在上海", "identity", "2026-03")
    assert (now.importance, now.pinned, now.kind) == (5, True, Kind.TEMPORAL)
    assert ZH["memories.edited"].format(count=1) in said(app)

    edit = running.db.history.of(owner, memory_id=memory.id, limit=1)[0]
    press(app, f"undo_{edit.id}")
    back = running.store.reads.get(owner, memory.id)
    assert (back.text, back.importance, back.pinned) == ("用户住在北京", 3, False)
    assert not [b for b in app.button if b.key == f"undo_{edit.id}"]


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("text", "   ", ZH["memories.text_missing"]),
        ("event_date", "昨天", ZH["memories.date_wrong"].format(given="昨天")),
        ("event_date", "2026-02-30", ZH["memories.date_wrong"].format(given="2026-02-30")),
    ],
)
def test_what_cant_be_saved_is_one_sentence(
    running: Container,
    owner: Owner,
    open_page: OpenApp,
    remember: Callable[..., Memory],
    field: str,
    value: str,
    complaint: str,
) -> None:
    memory = remember("用户住在北京")
    app = open_page(memory=memory.id)
    widgets = [*app.text_area, *app.text_input]
    next(w for w in widgets if str(w.key).endswith(f"_{field}") and "edit_" in w.key).set_value(
        value
    )
    app.form_submit_button[0].click().run()
    assert [error.value for error in app.error] == [complaint]
    assert running.store.reads.get(owner, memory.id) == memory


def test_source_messages_are_shown_in_place(
    running: Container, owner: Owner, open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    session = running.db.sessions.create(owner)
    message = running.db.messages.add(owner, session.id, "user", "我对**花生**过敏 <b>")
    memory = remember("用户对花生过敏", source=Source(session.id, (message.id,)))
    app = open_page(memory=memory.id)
    assert [text.value for text in app.text] == ["我对**花生**过敏 <b>"]


def test_a_superseded_memory_leads_to_the_one_that_replaced_it(
    running: Container, owner: Owner, open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    old = remember("用户住在北京")
    new = remember("用户住在上海")
    running.memory_service.edit(owner, old.id, status="archived")
    linked = running.store.reads.get(owner, old.id)
    running.store.writes.put([Memory(**{**_fields(linked), "superseded_by": new.id})])
    app = open_page(memory=old.id)
    assert ZH["memories.is_archived"] in said(app)
    press(app, "open_now")
    assert app.query_params["memory"] == new.id
    app = open_page(memory=old.id)
    press(app, "restore_memory")
    assert running.store.reads.get(owner, old.id).status.value == "active"


def test_deleting_from_the_drawer_asks_first_and_comes_back_in_one_click(
    running: Container, owner: Owner, open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    memory = remember("用户对花生过敏")
    remember("用户住在上海")
    app = open_page(memory=memory.id)
    app.form_submit_button[1].click().run()
    assert running.store.reads.get(owner, memory.id) == memory
    assert ZH["memories.delete_note"] in said(app)
    running.memory_service.delete(owner, [memory.id])
    app = open_page(memory=memory.id)
    assert ZH["memories.not_found"] in said(app)
    deletion = running.db.history.of(owner, memory_id=memory.id, limit=1)[0]
    press(app, f"undo_{deletion.id}")
    assert running.store.reads.get(owner, memory.id).text == memory.text


def _fields(memory: Memory) -> dict[str, Any]:
    return {name: getattr(memory, name) for name in memory.__dataclass_fields__}


def test_the_drawer_says_how_present_a_memory_is(
    open_page: OpenApp, remember: Callable[..., Memory], running: Container, owner: Owner
) -> None:
    memory = remember("用户喜欢雨天")
    unused = said(open_page(memory=memory.id))
    assert "保留度 100%" in unused
    assert ZH["presence.unused"] in unused
    session = running.db.sessions.create(owner)
    reply = running.db.messages.add(owner, session.id, "assistant", "嗯")
    item = TraceItem.of(memory, Reason.RECALL)
    running.db.traces.save(owner, Trace(reply.id, (item,), running.clock()))
    assert "用在 1 次回复里" in said(open_page(memory=memory.id))


def test_thumbs_on_a_memory_are_shown_and_filtered_by(
    open_page: Callable[..., AppTest], running: Container, owner: Owner, remember: Any
) -> None:
    liked = remember("用户喜欢桂花")
    remember("用户喜欢下雪")
    app = open_page(memory=liked.id)
    app.feedback[0].set_value(1).run()
    assert not app.exception
    assert running.db.feedback.of(owner, liked.id) == ("positive", None)
    assert texts(open_page(feedback="positive")) == ["用户喜欢桂花"]
