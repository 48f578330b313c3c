"""The page of changes: by day, in blocks, each with its way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.changes import blocks as change_blocks
from components.changes import journal
from components.text import catalogue
from memory.container import Container
from memory.types import Actor, Memory, Owner, Status
from tests import verbs

ZH = catalogue("zh")
OpenPage = Callable[[str], AppTest]


@pytest.fixture
def remember(running: Container, owner: Owner) -> Callable[..., Memory]:
    def add(text: str, owner: Owner = owner, **more: Any) -> Memory:
        return verbs.remember(running, owner, text, **more)

    return add


def words(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.text, app.header)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def keys(app: AppTest, start: str) -> list[str]:
    return [b.key for b in app.button if (b.key or "").startswith(start)]


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_nothing_has_changed_yet(open_page_named: OpenPage) -> None:
    app = open_page_named("changes")
    assert not app.exception
    assert ZH["changes.nothing"] in words(app)
    assert "撤销不了" in words(app), "what can't be undone is said up front"


def test_a_batch_is_one_block_undone_with_one_click(
    running: Container, owner: Owner, open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    for text in ("用户对花生过敏", "用户住在上海", "用户养了猫"):
        remember(text, group_id="batch", actor=Actor.EXTRACTION)
    app = open_page_named("changes")
    assert not app.exception
    assert ZH["changes.block"].format(actor="自动提取", count=3) in words(app)
    assert ZH["changes.today"] in words(app)
    press(app, "undo_group_batch")
    assert running.store.reads.count(owner) == 0
    assert ZH["memories.undone"] in words(app)
    assert ZH["changes.all_undone"] in words(app)
    press(app, "changes_undo_last")
    assert running.store.reads.count(owner) == 3


def test_each_line_has_its_own_undo_and_says_why_it_has_none(
    running: Container, owner: Owner, open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    memory = remember("用户住在北京")
    running.memory_service.edit(owner, memory.id, text="用户住在上海")
    running.memory_service.edit(owner, memory.id, text="用户住在苏州")
    app = open_page_named("changes")
    assert "住在北京 :material/arrow_forward: 住在上海" in words(app)
    last, first, added = running.db.history.of(owner)
    blocked = app.button(key=f"undo_{first.id}")
    assert blocked.disabled
    assert blocked.help == ZH["error.later_changes"]
    assert not app.button(key=f"undo_{added.id}").disabled
    press(app, f"undo_{last.id}")
    assert running.store.reads.get(owner, memory.id).text == "用户住在上海"
    assert not app.button(key=f"undo_{first.id}").disabled
    assert ZH["memories.was_undone"] in words(app)


def test_an_undo_that_came_too_late_is_refused_in_one_sentence(
    running: Container, owner: Owner, open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    memory = remember("用户住在北京")
    running.memory_service.edit(owner, memory.id, text="用户住在上海")
    app = open_page_named("changes")
    edit = running.db.history.of(owner)[0]
    running.memory_service.delete(owner, [memory.id])
    press(app, f"undo_{edit.id}")
    assert ZH["error.memory_gone"] in words(app)
    assert not app.exception


def test_what_was_changed_since_stays_and_is_counted(
    running: Container, owner: Owner, open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    first, second = remember("用户住在北京"), remember("用户养了猫")
    group = running.memory_service.edit_many(owner, [first.id, second.id], category="identity")
    running.memory_service.edit(owner, first.id, category="event")
    app = open_page_named("changes")
    press(app, f"undo_group_{group}")
    assert running.store.reads.get(owner, first.id).category == "event"
    assert running.store.reads.get(owner, second.id).category == "other"
    assert ZH["changes.undone_partly"].format(count=1) in words(app)


def test_what_replaced_another_is_told_in_one_line(
    running: Container, owner: Owner, open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    old, new = remember("用户住在北京"), remember("用户住在上海")
    running.memory_service.edit(owner, new.id, status=Status.SUPERSEDED)
    running.store.writes.put(
        [
            replaced(running.store.reads.get(owner, old.id), supersedes=new.id),
            replaced(running.store.reads.get(owner, new.id), superseded_by=old.id),
        ]
    )
    group = running.memory_service.supersession.swap_back(owner, new.id)
    app = open_page_named("changes")
    assert "曾经] 住在北京 :material/arrow_forward: 住在上海" in words(app)
    assert len(running.db.history.of(owner, group_id=group)) == 2
    assert len([k for k in keys(app, "undo_") if k.startswith("undo_group_")]) == 1


def replaced(memory: Memory, **more: Any) -> Memory:
    values = {name: getattr(memory, name) for name in Memory.__dataclass_fields__}
    return Memory(**{**values, **more})


def test_filters_and_the_other_persona(
    running: Container, owner: Owner, open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    remember("用户对花生过敏")
    remember("用户住在上海", actor=Actor.EXTRACTION)
    remember("用户喜欢弹琴", Owner(owner.user_id, "qing"))
    app = open_page_named("changes")
    assert "弹琴" not in words(app)
    app.text_input(key="changes_text").set_value("花生").run()
    assert "花生" in words(app)
    assert "上海" not in words(app)
    app.text_input(key="changes_text").set_value("").run()
    app.multiselect(key="changes_actor").set_value(["extraction"]).run()
    assert "花生" not in words(app)
    assert "上海" in words(app)
    app.multiselect(key="changes_actor").set_value([]).run()
    app.segmented_control(key="changes_everybody").set_value([True]).run()
    assert "弹琴" in words(app)
    assert running.personas["qing"].text("zh").name in words(app)
    app.text_input(key="changes_text").set_value("没有这样的").run()
    assert ZH["changes.none_found"] in words(app)
    assert not app.exception


def test_older_pages_and_back(
    open_page_named: OpenPage, remember: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAGE", 2)
    for number in range(5):
        remember(f"用户喜欢数字{number}")
    app = open_page_named("changes")
    assert "数字4" in words(app)
    assert "数字2" not in words(app)
    press(app, "changes_older")
    assert "数字2" in words(app)
    assert "数字4" not in words(app)
    press(app, "changes_older")
    assert "数字0" in words(app)
    assert not keys(app, "changes_older")
    press(app, "changes_newest")
    assert "数字4" in words(app)


def test_a_long_block_shows_more_when_asked(
    open_page_named: OpenPage, remember: Callable[..., Memory]
) -> None:
    for number in range(change_blocks.LINES + 3):
        remember(f"用户喜欢数字{number}", group_id="import", actor=Actor.IMPORT)
    app = open_page_named("changes")
    assert len(keys(app, "undo_")) == change_blocks.LINES + 1
    press(app, "changes_more_import_button")
    assert len(keys(app, "undo_")) == change_blocks.LINES + 3 + 1
    assert not keys(app, "changes_more_import_button")
