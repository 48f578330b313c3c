"""Situations: shipped, written, and real ones, as a chat model is asked in them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from memory.container import Container
from memory.errors import BadInput, NotFound
from memory.studio.dialogue import pasted_messages
from memory.studio.situations import SituationReader, shipped, written
from memory.types import Owner, Situation
from tests.verbs import remember, say

ZONE = ZoneInfo("Asia/Shanghai")


def asked(container: Container, situation: Situation):
    reader = SituationReader(container.db, container.contexts, container.settings)
    return reader.request(situation, container.personas["niannian"], container.clock())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_shipped_ones_are_asked_with_what_is_remembered_in_them(container, language) -> None:
    for situation in shipped(language):
        request = asked(container, situation)
        assert request.message == situation.message
        assert [m.role for m in request.history][-1:] in ([], ["assistant"])
        assert len(request.context.items) == len(situation.memories)
        assert all(text in request.context.text for text in situation.memories)
    (plan,) = [one for one in shipped(language) if one.id.endswith("plan")]
    item = asked(container, plan).context.items[0]
    assert item.memory.event_date == f"{container.clock().astimezone(ZONE):%Y-%m-%d}"


def test_a_written_one_ends_with_the_users_last_words(container, owner) -> None:
    talk = "我：早\n念念：早呀\n我：下雨了，烦\n念念：带伞"
    messages = pasted_messages(talk, owner, container.personas["niannian"], ZONE, container.clock())
    made = written("", "zh", messages, ["用户怕打雷", "  "], "小雨")
    assert (made.name, made.message) == ("下雨了，烦", "下雨了，烦")
    assert made.history == (("user", "早"), ("assistant", "早呀"))
    request = asked(container, made)
    assert "用户怕打雷" in request.context.text
    assert [m.text for m in request.history] == ["早", "早呀"]


def test_a_written_one_without_the_user_or_with_too_much_is_refused(container, owner) -> None:
    said = pasted_messages(
        "念念：早", owner, container.personas["niannian"], ZONE, container.clock()
    )
    with pytest.raises(BadInput) as refused:
        written("", "zh", said, [], "小雨")
    assert refused.value.code == "situation_empty"
    mine = pasted_messages("我：早", owner, container.personas["niannian"], ZONE, container.clock())
    with pytest.raises(BadInput) as refused:
        written("", "zh", mine, ["很长" * 200], "小雨")
    assert refused.value.code == "situation_memories"


def test_a_real_one_is_of_its_time_with_what_is_remembered_now(container, owner) -> None:
    session = container.session_opener.open(owner, "zh")
    say(container, owner, session.id, "我今天有点累")
    say(container, owner, session.id, "吃点什么好")
    said = container.db.messages.of(owner, session.id)
    last = [m for m in said if m.role == "user"][-1]
    remember(container, owner, "用户对花生过敏")
    request = asked(container, Situation("x", "吃", "zh", owner=owner, message_id=last.id))
    assert request.message == "吃点什么好"
    assert "我今天有点累" in [m.text for m in request.history]
    assert request.now == last.created_at
    assert "花生" in request.context.text
    mei = Owner("mei", "niannian")
    with pytest.raises(NotFound):
        asked(container, Situation("x", "吃", "zh", owner=mei, message_id=last.id))


def test_danger_in_a_situation_is_said_to_the_model(container) -> None:
    danger = Situation("x", "x", "zh", message="我不想活了，今晚就去死")
    assert asked(container, danger).care == "suicide"
