"""Plans whose day has passed: did it happen?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from memory.container import Container
from memory.types import Kind, Memory, Owner, Status
from tests.pages.provenance.presses import ZH, OpenApp, has, press, words


@pytest.mark.parametrize("place", ["chat", "memories"])
def test_a_plan_that_happened_becomes_an_event(
    running: Container,
    owner: Owner,
    plan: Memory,
    open_chat: OpenApp,
    open_memories: OpenApp,
    place: str,
) -> None:
    app = open_chat() if place == "chat" else open_memories()
    assert ZH["plans.question"] in words(app)
    press(app, f"plan_{plan.id}_happened")
    now = running.store.reads.get(owner, plan.id)
    assert (now.category, now.text) == ("event", plan.text.replace("计划", "") + "了")
    assert not has(app, f"plan_{plan.id}_happened")
    assert ZH["plans.said_happened"] in words(app)
    press(app, "chat_plans_undo_last" if place == "chat" else "undo_last")
    assert running.store.reads.get(owner, plan.id).text == plan.text


def test_a_plan_is_moved_or_dropped(
    running: Container, owner: Owner, plan: Memory, open_memories: OpenApp
) -> None:
    app = open_memories()
    day = running.clock().date() + timedelta(days=10)
    app.date_input(key=f"plan_{plan.id}_day").set_value(day).run()
    press(app, f"plan_{plan.id}_moved")
    now = running.store.reads.get(owner, plan.id)
    assert now.event_date == day.isoformat()
    assert f"{day.month}月{day.day}日" in now.text
    press(app, "undo_last")
    press(app, f"plan_{plan.id}_dropped")
    assert running.store.reads.get(owner, plan.id).status is Status.CLOSED
    assert ZH["plans.question"] not in words(app)


def test_the_card_in_the_chat_can_be_waved_away(plan: Memory, open_chat: OpenApp) -> None:
    app = open_chat()
    press(app, "chat_plan_later")
    assert ZH["plans.question"] not in words(app)
    app.run()
    assert not has(app, f"plan_{plan.id}_happened")


def test_many_plans_are_capped(
    running: Container, remember: Callable[..., Memory], open_memories: OpenApp
) -> None:
    for days in range(2, 8):
        day = (running.clock() - timedelta(days=days)).date()
        remember(
            f"用户计划{day.month}月{day.day}日做第{days}件事",
            kind=Kind.TEMPORAL,
            category="plan",
            event_date=day.isoformat(),
        )
    app = open_memories()

    def asked() -> int:
        return len([b for b in app.button if (b.key or "").endswith("_happened")])

    assert asked() == 3
    press(app, "passed_plans_more")
    assert asked() == 6
    press(app, "passed_plans_more")
    assert asked() == 3
