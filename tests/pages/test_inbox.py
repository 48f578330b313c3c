"""The inbox: what may be wrong, one click each, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.inbox import compare
from components.text import catalogue
from memory.container import Container
from memory.memories.review import Finding, FindingKind
from memory.types import Kind, Memory, MemoryFilter, Owner, Status, Subject
from tests import verbs

ZH = catalogue("zh")
OpenPage = Callable[[str], AppTest]
Remember = Callable[..., Memory]


@pytest.fixture
def remember(running: Container, owner: Owner) -> Remember:
    def add(text: str, **fields: Any) -> Memory:
        return verbs.remember(running, owner, text, **fields)

    return add


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.header, app.error, app.get("html"))
    return "\n".join(str(getattr(e, "value", "") or e.proto.body) for es in lists for e in es)


def button(app: AppTest, start: str) -> Any:
    return next(b for b in app.button if (b.key or "").startswith(start))


def press(app: AppTest, start: str) -> AppTest:
    pressed: AppTest = button(app, start).click().run()
    return pressed


def kept(app: AppTest) -> list[str]:
    """The kinds of the cards on the page, by their button "as it is"."""
    keys = [str(button.key) for button in app.button]
    return [key.split("_")[1] for key in keys if key.startswith("keep_")]


def only(running: Container, owner: Owner) -> Finding:
    (found,) = running.review.findings(owner)
    return found


def test_nothing_remembered_and_nothing_to_do(
    open_page_named: OpenPage, remember: Remember
) -> None:
    app = open_page_named("inbox")
    assert not app.exception
    assert ZH["inbox.empty_text"] in said(app)
    remember("用户对花生过敏")
    app.run()
    assert ZH["inbox.nothing"] in said(app)
    assert ZH["inbox.nothing_text"].format(count=1) in said(app)


def test_duplicates_are_merged_and_taken_apart_again(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    one = remember("用户对花生过敏", importance=5)
    remember("用户对花生和腰果过敏")
    app = open_page_named("inbox")
    assert not app.exception
    assert "用户对花生<mark>和腰果</mark>过敏" in said(app)
    press(app, "fix_duplicate")
    (kept,) = running.store.reads.matching(owner)
    assert (kept.id, kept.text, kept.importance) == (one.id, "用户对花生和腰果过敏", 5)
    assert ZH["inbox.nothing"] in said(app)
    press(app, "inbox_undo_last")
    assert running.store.reads.count(owner) == 2
    assert button(app, "fix_duplicate")


def test_of_a_contradiction_either_can_be_right(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    old = remember("用户住在北京")
    remember("用户搬到上海了")
    app = open_page_named("inbox")
    press(app, "other_contradiction")
    assert [memory.id for memory in running.store.reads.matching(owner)] == [old.id]
    superseded = MemoryFilter(statuses=frozenset({Status.SUPERSEDED}))
    assert [m.superseded_by for m in running.store.reads.matching(owner, superseded)] == [old.id]


def test_what_is_kept_is_not_asked_again_until_wanted(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    remember("用户住在北京")
    remember("用户搬到上海了")
    app = press(open_page_named("inbox"), "keep_contradiction")
    assert ZH["inbox.kept"] in said(app)
    assert ZH["inbox.nothing"] in said(app)
    assert running.store.reads.count(owner) == 2
    press(app, "look_again")
    assert button(app, "keep_contradiction")


def test_a_day_is_proposed_or_chosen(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    remember("用户10月20日去看了牙医", kind=Kind.TEMPORAL)
    app = open_page_named("inbox")
    day = only(running, owner).fields["event_date"]
    assert button(app, "fix_undated").label == ZH["inbox.set_date"].format(day=day)
    press(app, "fix_undated")
    assert [memory.event_date for memory in running.store.reads.matching(owner)] == [day]
    press(app, "inbox_undo_last")

    next(d for d in app.date_input).set_value(date(2025, 8, 2))
    press(app, "set_undated")
    assert [memory.event_date for memory in running.store.reads.matching(owner)] == ["2025-08-02"]
    press(app, "inbox_undo_last")
    press(app, "other_undated")
    assert [memory.kind for memory in running.store.reads.matching(owner)] == [Kind.CONSTANT]


def test_no_day_chosen_changes_nothing(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    remember("用户去看了海", kind=Kind.TEMPORAL)
    app = press(open_page_named("inbox"), "set_undated")
    assert ZH["inbox.no_day"] in said(app)
    assert only(running, owner).kind is FindingKind.UNDATED


def test_subject_and_language_in_one_click_and_all_at_once(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    remember("念念喜欢下雨")
    remember("念念种了薄荷")
    remember("用户喜欢 Taylor Swift", language="en")
    app = open_page_named("inbox")
    assert ZH["inbox.is_in"].format(name="中文") in [b.label for b in app.button]
    assert ZH["inbox.is_about"].format(name="念念") in [b.label for b in app.button]
    press(app, "fix_all_subject")
    persona = MemoryFilter(subjects=frozenset({Subject.AI}))
    assert running.store.reads.count(owner, persona) == 2
    press(app, "fix_language")
    assert running.review.findings(owner) == []


def test_an_address_opens_one_section_and_pages_go_on(
    open_page_named: OpenPage, remember: Remember
) -> None:
    for number in range(12):
        remember(f"用户去了第{number}家店", kind=Kind.TEMPORAL)
    remember("念念喜欢下雨")
    app = open_page_named("inbox")
    app.query_params["section"] = "undated"
    app.run()
    assert not app.exception
    assert kept(app) == ["undated"] * 10
    app.pills(key="inbox_shown").set_value("subject").run()
    assert kept(app) == ["subject"]
    assert app.query_params["section"] == "subject"
    # Its last card: the section says that there are no more, the others are still there.
    press(app, "fix_subject")
    assert ZH["inbox.none_of_these"] in said(app)


def test_what_changed_meanwhile_is_said(
    open_page_named: OpenPage, remember: Remember, running: Container, owner: Owner
) -> None:
    one = remember("用户住在北京")
    remember("用户搬到上海了")
    app = open_page_named("inbox")
    click = button(app, "fix_contradiction").click()
    running.memory_service.edit(owner, one.id, text="用户以前住在北京")
    click.run()
    assert ZH["error.finding_gone"] in said(app)
    assert running.store.reads.count(owner) == 2


def test_the_memories_page_says_how_healthy_they_are(
    open_page_named: OpenPage, remember: Remember
) -> None:
    remember("用户住在北京")
    app = open_page_named("memories")
    assert ZH["inbox.health"].format(count=1) in said(app)
    assert ZH["inbox.healthy"] in said(app)
    remember("用户搬到上海了")
    app.run()
    (link,) = [e for e in app.get("page_link") if ZH["inbox.kind_contradiction"] in e.proto.label]
    assert link.proto.label.endswith(" 1")
    assert "section=contradiction" in link.proto.query_string


def test_words_and_characters_that_differ_are_marked() -> None:
    assert compare.marked("用户住在北京", "用户住在上海") == (
        "用户住在<mark>北京</mark>",
        "用户住在<mark>上海</mark>",
    )
    assert compare.marked("The user has two cats", "The user has three cats")[1] == (
        "The user has <mark>three</mark> cats"
    )
    assert compare.marked("<b>猫</b>", "<b>猫</b>")[0] == "&lt;b&gt;猫&lt;/b&gt;"
