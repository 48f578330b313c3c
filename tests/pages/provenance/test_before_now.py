"""A fact and the one it superseded, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from memory.container import Container
from memory.types import Memory, Owner, Status
from tests.pages.provenance.presses import ZH, OpenApp, Turn, press, words


@pytest.fixture
def moved(
    running: Container, remember: Callable[..., Memory], turn: Callable[..., Turn]
) -> tuple[Memory, Memory]:
    """Where the user lived, and where they live now."""
    asked, _ = turn("我搬到上海了")
    old, new = remember("用户住在北京"), remember("用户住在上海", asked)
    new = replace(new, supersedes=old.id)
    old = replace(old, status=Status.SUPERSEDED, superseded_by=new.id)
    running.store.writes.put([old, new])
    return old, new


def test_before_and_now_are_shown_and_swapped(
    running: Container, owner: Owner, moved: tuple[Memory, Memory], open_memories: OpenApp
) -> None:
    old, new = moved
    app = open_memories(memory=new.id)
    assert "曾经] 用户住在北京" in words(app)
    press(app, "open_before")
    assert app.query_params["memory"] == [old.id] or app.query_params["memory"] == old.id
    press(app, "swap_back")
    assert running.store.reads.get(owner, old.id).status is Status.ACTIVE
    assert running.store.reads.get(owner, new.id).status is Status.SUPERSEDED
    assert ZH["before_now.swapped"] in words(app)
    press(app, "undo_last")
    assert running.store.reads.get(owner, new.id).status is Status.ACTIVE


def test_both_can_be_kept(
    running: Container, owner: Owner, moved: tuple[Memory, Memory], open_memories: OpenApp
) -> None:
    old, new = moved
    app = open_memories(memory=old.id)
    assert app.button(key="restore_memory").label == ZH["before_now.keep_both"]
    press(app, "restore_memory")
    statuses = {m.status for m in running.store.reads.get_many(owner, [old.id, new.id])}
    assert statuses == {Status.ACTIVE}
    assert "曾经" not in words(open_memories(memory=new.id)), "it is no longer the past"


def test_the_profile_and_the_chips_tell_what_was(
    moved: tuple[Memory, Memory], open_memories: OpenApp, open_chat: OpenApp
) -> None:
    _, new = moved
    app = open_memories()
    app.segmented_control(key="memories_view").set_value("profile").run()
    assert "曾经：你住在北京" in app.button(key=f"line_{new.id}").label
    chip = open_chat().button(key=f"chip_{new.id}")
    assert chip.label == "住在北京 :material/arrow_forward: 住在上海"
