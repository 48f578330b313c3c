"""The memories page: find, read and forget; the table, its filters and views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.memories import filters
from components.memories import table as memory_table
from memory.container import Container
from memory.errors import NotFound, StoreError
from memory.types import Kind, Memory, MemoryDraft, MemoryFilter, Owner, Subject
from tests.pages.memories.page import ZH, OpenApp, press, said, select, texts


def test_nothing_remembered_says_what_to_do(open_page: OpenApp) -> None:
    app = open_page()
    assert not app.exception
    assert ZH["memories.empty_title"] in said(app)
    assert app.button(key="demo_from_empty").label == ZH["demo.load"]
    assert not app.dataframe


def test_what_is_being_remembered_is_announced_and_then_shown(
    open_page: OpenApp, running: Container, owner: Owner
) -> None:
    running.extraction_worker.stop()
    session = running.db.sessions.create(owner, "零食")
    message = running.db.messages.add(owner, session.id, "user", "我喜欢吃火锅。")
    running.db.messages.add(owner, session.id, "assistant", "嗯", reply_to=message.id)
    running.db.batches.make(owner, session.id)
    app = open_page()
    assert ZH["chat.working"] in said(app)
    assert not app.dataframe
    batch = running.db.leases.claim("test", running.clock())
    assert batch is not None
    running.extractor.run(batch)
    app.run()
    assert not app.exception
    assert ZH["chat.working"] not in said(app)
    assert [*app.dataframe[0].value["text"]] == ["用户喜欢吃火锅"]


def test_the_table_has_every_column_in_the_readers_words(
    open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    remember(
        "用户去滑雪", kind=Kind.TEMPORAL, category="event", event_date="2026-10-18", pinned=True
    )
    app = open_page()
    row = app.dataframe[0].value.iloc[0]
    assert not app.exception
    assert row[["text", "subject", "kind", "category", "event_date"]].to_list() == [
        "用户去滑雪",
        "用户",
        "时序",
        "经历",
        "2026-10-18",
    ]
    assert (row["importance"], row["pinned"]) == (3, "是")


def test_filters_narrow_the_table_and_the_address_remembers_them(
    open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    remember("用户对花生过敏", category="health", importance=5)
    remember("念念喜欢下雨", category="preference", subject=Subject.AI)
    app = open_page()
    app.get_by_key("memories_category").set_value(["health"]).run()
    assert texts(app) == ["用户对花生过敏"]
    assert app.query_params["category"] == "health"
    press(app, "clear_filters")
    assert len(texts(app)) == 2
    assert "category" not in app.query_params


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"subject": "ai"}, ["念念种了薄荷"]),
        ({"kind": "constant"}, ["用户对花生过敏"]),
        ({"event_from": "2026-05-01", "event_to": "2026-05-31"}, ["念念种了薄荷", "用户搬家"]),
        ({"event_from": "2026-05-02", "event_to": "2026-05-03"}, ["念念种了薄荷", "用户搬家"]),
        (
            {"event_from": "2026-05-02", "event_to": "2026-05-03", "within": "yes"},
            ["念念种了薄荷"],
        ),
        ({"importance": "5"}, ["用户对花生过敏"]),
        ({"pinned": "yes"}, ["用户搬家"]),
        ({"status": "archived"}, ["用户住在北京"]),
        ({"stored_to": "2001-01-01"}, []),
        ({"category": ["health", "other"], "pinned": "no"}, ["念念种了薄荷", "用户对花生过敏"]),
        ({"subject": "nonsense", "event_from": "yesterday", "importance": "99"}, None),
    ],
)
def test_an_address_opens_with_its_filters(
    running: Container,
    owner: Owner,
    open_page: OpenApp,
    remember: Callable[..., Memory],
    query: dict[str, str | list[str]],
    expected: list[str] | None,
) -> None:
    remember("用户对花生过敏", category="health", importance=5)
    remember("念念种了薄荷", subject=Subject.AI, kind=Kind.TEMPORAL, event_date="2026-05-02")
    remember("用户搬家", category="event", kind=Kind.TEMPORAL, event_date="2026-05", pinned=True)
    gone = remember("用户住在北京", category="identity")
    running.memory_service.edit(owner, gone.id, status="archived")
    app = open_page(**query)
    assert not app.exception
    if expected == []:
        assert ZH["memories.none_found"] in said(app)
    else:
        wanted = expected or ["念念种了薄荷", "用户对花生过敏", "用户搬家"]
        assert sorted(texts(app)) == sorted(wanted)


@pytest.mark.parametrize(("query", "found"), [("花生", "用户对花生过敏"), ("piano", "The user")])
def test_search_finds_in_both_languages(
    open_page: OpenApp, remember: Callable[..., Memory], query: str, found: str
) -> None:
    remember("用户对花生过敏")
    remember("The user plays the piano")
    app = open_page()
    app.text_input(key="memories_text").set_value(query).run()
    assert not app.exception
    assert texts(app)[0].startswith(found)
    assert query not in str(app.query_params)
    press(app, "clear_filters")
    assert len(texts(app)) == 2


def test_only_one_page_is_fetched_and_turning_shows_the_next(
    running: Container,
    owner: Owner,
    open_page: OpenApp,
    remember: Callable[..., Memory],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running.memory_service.add_many(
        owner,
        [
            MemoryDraft(f"用户的第 {n:03} 件事", Subject.USER, Kind.CONSTANT)
            for n in range(memory_table.PAGE_SIZE * 2 + 1)
        ],
    )
    asked: list[tuple[Any, Any]] = []
    real = running.store.reads.matching

    def spy(*args: Any, **kwargs: Any) -> list[Memory]:
        asked.append((kwargs.get("limit"), kwargs.get("offset")))
        return real(*args, **kwargs)

    app = open_page()
    monkeypatch.setattr(running.store.reads, "matching", spy)
    first = texts(app.run())
    app.session_state["memories_page"] = 3
    app.run()
    last = texts(app)
    assert (len(first), len(last)) == (memory_table.PAGE_SIZE, 1)
    assert not set(first) & set(last)
    assert (memory_table.PAGE_SIZE, 0) in asked
    assert (memory_table.PAGE_SIZE, memory_table.PAGE_SIZE * 2) in asked
    assert all(limit is not None for limit, _ in asked)


def test_nothing_of_another_owner_is_shown(
    running: Container, open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    other = running.db.users.create("别人")
    theirs = remember("别人的秘密", owner=Owner(other.id, "niannian"))
    remember("别的角色知道的", owner=Owner(open_page().query_params["user"], "qing"))
    remember("用户对花生过敏")
    app = open_page(memory=theirs.id)
    assert texts(app) == ["用户对花生过敏"]
    assert ZH["memories.not_found"] in said(app)
    assert "秘密" not in said(app)


@pytest.mark.parametrize("memory_id", ["nonsense", "0b6f2c62-aaaa-4bbb-8ccc-ddddeeeeffff", "../.."])
def test_a_link_to_no_memory_is_one_line(
    open_page: OpenApp, remember: Callable[..., Memory], memory_id: str
) -> None:
    remember("用户对花生过敏")
    app = open_page(memory=memory_id)
    assert not app.exception
    assert ZH["memories.not_found"] in said(app)


def test_selected_rows_get_a_bar_and_are_changed_together(
    running: Container, owner: Owner, open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    ids = [remember(text).id for text in ("用户养猫", "用户养狗", "用户养鱼")]
    app = open_page()
    assert not [b for b in app.button if b.key == "bulk_pin"]
    select(app, [0, 1, 2])
    assert ZH["memories.selected"].format(count=3) in said(app)
    press(app, "bulk_pin")
    assert all(memory.pinned for memory in running.store.reads.get_many(owner, ids))
    press(app, "undo_last")
    assert not any(memory.pinned for memory in running.store.reads.get_many(owner, ids))
    assert len({c.group_id for c in running.db.history.of(owner, limit=3)}) == 1


def test_profile_and_diary_show_both_sides(
    open_page: OpenApp, remember: Callable[..., Memory]
) -> None:
    remember("用户对花生过敏", category="health")
    remember("念念喜欢下雨", subject=Subject.AI)
    trip = remember("用户去滑雪", kind=Kind.TEMPORAL, event_date="2026-10-18")
    app = open_page()
    app.get_by_key("memories_view").set_value("profile").run()
    assert {"你对花生过敏", "念念喜欢下雨"} <= {button.label for button in app.button}
    app.get_by_key("memories_view").set_value("diary").run()
    assert "**2026年10月**" in said(app)
    assert ZH["memories.diary_empty"].format(name="念念") in said(app)
    press(app, f"line_{trip.id}")
    assert app.query_params["memory"] == trip.id


def test_markup_in_a_memory_is_text(open_page: OpenApp, remember: Callable[..., Memory]) -> None:
    memory = remember("<b>用户</b> **粗体** [link](javascript:x) :red[红]")
    app = open_page()
    app.get_by_key("memories_view").set_value("profile").run()
    label = app.button(key=f"line_{memory.id}").label
    assert "**粗体**" not in label
    assert "](javascript" not in label
    assert ":red[" not in label


def test_a_failing_store_is_one_sentence(
    running: Container,
    open_page: OpenApp,
    remember: Callable[..., Memory],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remember("用户对花生过敏")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise StoreError("disk on fire at /secret/place")

    monkeypatch.setattr(running.store.reads, "matching", fail)
    app = open_page()
    assert not app.exception
    assert [error.value for error in app.error] == [ZH["error.store"]]


def test_a_columns_head_orders_the_whole_list(
    open_page: OpenApp, remember: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_table, "PAGE_SIZE", 2)
    for text, category in (
        ("用户爱游泳", "habit"),
        ("用户怕黑", "emotion"),
        ("用户会做饭", "identity"),
    ):
        remember(text, category=category)
    app = open_page(sort="category")
    assert texts(app)[0] == "用户怕黑"
    app = open_page(sort="-category")
    assert not app.exception
    assert texts(app)[0] == "用户会做饭"


@pytest.mark.parametrize(
    ("now", "field", "then"),
    [
        ("-created_at", "category", "category"),
        ("category", "category", "-category"),
        ("-created_at", "created_at", "created_at"),
        ("-category", "importance", "-importance"),
    ],
)
def test_once_more_turns_the_order_round(
    now: str, field: str, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"memories_sort": now}
    monkeypatch.setattr("streamlit.session_state", state)
    filters.sort_by(field)
    assert state["memories_sort"] == then


def test_on_a_phone_memories_are_cards(
    open_page: OpenApp, remember: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remember("用户对花生过敏", category="health")
    monkeypatch.setattr(memory_table, "narrow", lambda: True)
    app = open_page()
    assert not app.exception
    assert not app.dataframe
    tick = next(c for c in app.checkbox if (c.key or "").endswith(memory.id))
    tick.check().run()
    assert app.button(key="bulk_delete")
    press(app, f"open_card_{memory.id}")
    assert app.query_params["memory"] in (memory.id, [memory.id])


def test_deleted_is_not_found_any_more(
    running: Container, owner: Owner, remember: Callable[..., Memory]
) -> None:
    memory = remember("用户对花生过敏")
    running.memory_service.delete(owner, [memory.id])
    with pytest.raises(NotFound):
        running.store.reads.get(owner, memory.id)
    assert running.store.reads.count(owner, MemoryFilter()) == 0


def test_what_programs_wrote_is_shown_and_filtered_by(
    open_page: Callable[..., AppTest], running: Container, owner: Owner, remember: Any
) -> None:
    remember("用户喜欢下雪")
    filters = {field.key for field in open_page().text_input}
    assert "memories_text" in filters
    assert "memories_metadata" not in filters
    about = MemoryDraft("用户爱吃馄饨", Subject.USER, Kind.CONSTANT, app_id="calendar")
    running.memory_service.add(owner, replace(about, metadata={"topic": "food", "level": 3}))
    app = open_page()
    table = app.dataframe[0].value
    assert set(table["for_programs"]) == {"", "calendar, topic=food, level=3"}
    for asked in ({"metadata": "topic=food"}, {"metadata": "level=3"}, {"app": "calendar"}):
        assert texts(open_page(**asked)) == ["用户爱吃馄饨"]
    app.text_input(key="memories_metadata").set_value("topic").run()
    assert texts(app) == ["用户爱吃馄饨"]
    assert app.query_params["metadata"] in ("topic", ["topic"])
