"""Everything that matches, changed, taken along and brought back as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.memories import steps as memory_steps
from components.text import catalogue
from memory.container import Container
from memory.errors import StoreError
from memory.types import Kind, MemoryDraft, MemoryFilter, Owner, Subject
from tests.verbs import undo

ZH = catalogue("zh")
COUNT = 40


@pytest.fixture(autouse=True)
def remembered(running: Container, owner: Owner) -> None:
    running.memory_service.add_many(
        owner,
        [
            MemoryDraft(
                f"用户读了第{number}本书",
                Subject.USER,
                Kind.TEMPORAL,
                category="health" if number % 2 else "event",
                event_date="2025-03-04",
            )
            for number in range(COUNT)
        ],
    )


@pytest.fixture
def page(open_page_named: Callable[[str], AppTest]) -> Callable[..., AppTest]:
    def open_it(**query: str) -> AppTest:
        app = open_page_named("memories")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_it


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def said(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*app.markdown, *app.caption, *app.error))


def test_all_that_match_are_changed_and_changed_back(
    page: Callable[..., AppTest], running: Container, owner: Owner
) -> None:
    app = page(category="health")
    half = COUNT // 2
    assert app.button(key="bulk_select_all").label == ZH["bulk.select_all"].format(count=half)
    press(app, "bulk_select_all")
    assert ZH["bulk.everything"].format(count=half) in said(app)
    press(app, "bulk_pin")
    pinned = MemoryFilter(pinned=True)
    assert running.store.reads.facets(owner, "category", pinned) == {"health": half}
    assert ZH["memories.edited"].format(count=half) in said(app)
    press(app, "undo_last")
    assert running.store.reads.count(owner, pinned) == 0


def _delete_all_but_one() -> None:
    from components.memories import changes, selection, steps
    from components.runtime import container
    from memory.types import MemoryFilter

    running = container()
    owner = running.store.reads.owners()[0]
    memories = list(running.store.reads.iterate(MemoryFilter(), owner))[1:]
    steps.delete(running, owner, selection.of(memories))
    changes.notice_bar(running, owner)


def test_slices_are_one_step(
    running: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the window does it that asks first (windows don't outlive a run in these tests)."""
    monkeypatch.setattr(memory_steps, "SLICE", 7)
    slices: list[int] = []
    delete = running.memory_service.delete

    def watched(owner: Owner, ids: Sequence[str], **how: Any) -> str:
        slices.append(len(ids))
        return delete(owner, ids, **how)

    monkeypatch.setattr(running.memory_service, "delete", watched)
    app = AppTest.from_function(_delete_all_but_one).run()
    assert not app.exception
    assert (running.store.reads.count(owner), slices) == (1, [7] * 5 + [4])
    assert ZH["memories.deleted"].format(count=COUNT - 1) in said(app)
    (group,) = {change.group_id for change in running.db.history.of(owner, limit=COUNT - 1)}
    assert group is not None
    undo(running, owner, group)
    assert running.store.reads.count(owner) == COUNT


def test_what_fails_half_way_says_so_and_is_undone_as_one(
    page: Callable[..., AppTest],
    running: Container,
    owner: Owner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_steps, "SLICE", 15)
    app = page()
    press(app, "bulk_select_all")
    edit, calls = running.memory_service.edit_many, []

    def failing(*args: object, **how: object) -> str:
        calls.append(args)
        if len(calls) == 2:
            raise StoreError
        return edit(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(running.memory_service, "edit_many", failing)
    press(app, "bulk_pin")
    pinned = MemoryFilter(pinned=True)
    assert (len(calls), running.store.reads.count(owner, pinned)) == (2, 15)
    assert ZH["error.store"] in said(app)
    press(app, "undo_last")
    assert running.store.reads.count(owner, pinned) == 0


def test_another_filter_ends_it(page: Callable[..., AppTest]) -> None:
    app = press(page(), "bulk_select_all")
    assert app.button(key="bulk_delete")
    app.pills(key="memories_category").set_value(["health"]).run()
    assert not [button for button in app.button if button.key == "bulk_delete"]
    press(app, "bulk_select_all")
    press(app, "bulk_deselect")
    assert not [button for button in app.button if button.key == "bulk_delete"]


def test_the_bar_reads_no_more_than_a_page(
    page: Callable[..., AppTest], running: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page()
    monkeypatch.setattr(running.store.reads, "iterate", None)
    press(app, "bulk_select_all")
    press(app, "bulk_delete")
    assert not app.exception
    assert ZH["memories.and_more"].format(count=COUNT - 5) in said(app)


def test_what_a_search_found_is_selected_without_the_rest(
    page: Callable[..., AppTest], running: Container, owner: Owner
) -> None:
    running.memory_service.add_many(
        owner,
        [
            MemoryDraft(f"用户去{place}看海", Subject.USER, Kind.CONSTANT)
            for place in ("青岛", "厦门", "三亚")
        ],
    )
    app = page()
    app.text_input(key="memories_text").set_value("看海").run()
    found = len(app.dataframe[0].value)
    press(app, "bulk_select_all")
    press(app, "bulk_pin")
    assert running.store.reads.count(owner, MemoryFilter(pinned=True)) == found == 3
