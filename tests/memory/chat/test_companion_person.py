"""What the companion takes note of about who it talks with: age, attachment, alarms."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from memory.chat.companion import Companion
from memory.chat.generation import Speakers
from memory.chat.prompt import chat_messages
from memory.container import Container
from memory.types import Owner, ReplyRequest
from tests.memory.builtin.chat.talking import reply as builtin_reply
from tests.memory.builtin.chat.talking import request as builtin_request
from tests.memory.chat.test_companion import ScriptedModel, companion
from tests.memory.conftest import Clock

DELIGHT = re.compile(r"真好呀|盼头|太好了|高兴你|congrat|how nice|wonderful|yay|so glad you", re.I)


def saying(container: Container, owner: Owner, *texts: str) -> list[ReplyRequest]:
    """The requests that a model gets for these messages of one session."""
    model = ScriptedModel(*[["嗯"] for _ in texts])
    talker = companion(container, model)
    session = container.db.sessions.create(owner)
    for text in texts:
        list(talker.reply(owner, session.id, text))
    return model.requests


def test_whoever_says_they_are_15_is_a_minor_from_then_on(
    container: Container, owner: Owner, clock: Clock
) -> None:
    before, said, after = saying(container, owner, "今天好热", "我今年十五岁啦", "想吃西瓜")
    assert [one.minor for one in (before, said, after)] == [False, True, True]
    user = container.db.users.get(owner.user_id)
    assert (user.minor, user.age_source) == (True, "said")
    assert user.age_at is not None


def test_a_designers_correction_stands_against_a_number_in_a_message(
    container: Container, owner: Owner
) -> None:
    container.db.operators.set_age(owner.user_id, minor=False, source="designer")
    [request] = saying(container, owner, "i'm only 12 haha")
    assert not request.minor


def test_minors_are_asked_to_rest_after_one_hour(
    container: Container, owner: Owner, clock: Clock
) -> None:
    container.db.operators.set_age(owner.user_id, minor=True, source="stated")
    talker = companion(container, ScriptedModel(*[["好"] for _ in range(5)]))
    session = container.db.sessions.create(owner)
    said = []
    for _ in range(5):
        said.append("".join(talker.reply(owner, session.id, "你好")))
        clock.forward(minutes=20)
    assert [text == "好" for text in said] == [True, True, True, False, True]
    assert "一个多小时" in said[3]


def test_served_to_others_the_break_is_not_the_personas_to_suggest(
    container: Container, owner: Owner, clock: Clock
) -> None:
    served = Companion(
        settings=container.settings.model_copy(update={"served_to_others": True}),
        db=container.db,
        contexts=container.contexts,
        speakers=Speakers(ScriptedModel(*[["好"] for _ in range(9)])),
        watch=container.safety_watch,
        personas=container.personas,
        clock=container.clock,
        turn_ended=lambda *_: None,
    )
    session = container.db.sessions.create(owner)
    for _ in range(9):
        assert "".join(served.reply(owner, session.id, "再聊聊")) == "好"
        clock.forward(minutes=20)


def test_an_alarm_is_counted_and_small_talk_is_not(container: Container, owner: Owner) -> None:
    container.db.users.update(owner.user_id, region="DE")
    at = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    talker = companion(container, ScriptedModel(["我在"], ["嗯"]))
    session = container.db.sessions.create(owner)
    list(talker.reply(owner, session.id, "我不想活了", at=at))
    list(talker.reply(owner, session.id, "晚饭吃面", at=at))
    [one] = container.db.operators.alarm_counts()
    assert (str(one.day), one.kind, one.region, one.number) == ("2026-11-02", "suicide", "DE", 1)


def test_a_lasting_danger_is_one_alarm_and_distress_is_none(
    container: Container, owner: Owner
) -> None:
    container.db.users.update(owner.user_id, region="IE")
    session = container.db.sessions.create(owner)
    said = ("I want to kill myself", "I just want to die", "I don't want to live any more", "yeah")
    talker = companion(container, ScriptedModel(*[["I'm here."] for _ in said]))
    signs = []
    for text in said:
        turn = talker.reply(owner, session.id, text, language="en")
        list(turn)
        signs.append(turn.user_message.care)
    assert signs == ["suicide", "suicide", "suicide", None]
    [one] = container.db.operators.alarm_counts()
    assert (one.kind, one.region, one.number) == ("suicide", "IE", 1)

    other = replace(owner, user_id=container.db.users.create("Mei").id)
    talker = companion(container, ScriptedModel(["嗯"]))
    talk = container.db.sessions.create(other)
    turn = talker.reply(other, talk.id, "活得好累，什么都没意思，快撑不下去")
    list(turn)
    assert turn.user_message.care == "distress"
    assert len(container.db.operators.alarm_counts()) == 1


@pytest.mark.parametrize(
    ("text", "language", "people"),
    [
        ("别人都无所谓，我只要有你就够了", "zh", "人"),
        (
            "nobody gets me but you, I've stopped seeing my friends",
            "en",
            "people|person|somebody|Someone",
        ),
    ],
)
@pytest.mark.parametrize("persona", ["niannian", "shenyan", "qing"])
def test_wanting_nobody_else_is_met_with_people_and_never_with_delight(
    text: str, language: str, people: str, persona: str
) -> None:
    for turns in range(3):
        asked = replace(
            builtin_request(text, persona=persona, language=language, user_name=f"u{turns}"),  # type: ignore[arg-type]
            attachment="dependence",
            care=None,
            care_phase=None,
        )
        said = answered(asked)
        assert re.search(people, said)
        assert not DELIGHT.search(said)


def answered(request: ReplyRequest) -> str:
    from memory.builtin.chat import BuiltinChat

    return "".join(BuiltinChat().reply(request))


@pytest.mark.parametrize(
    ("text", "language", "no"),
    [
        ("我十六岁，当你男朋友行不行", "zh", "不能|做不了|不行"),
        ("I'm 15, will you be my girlfriend?", "en", "can't|no\\b"),
    ],
)
def test_romance_with_somebody_under_18_is_declined_kindly(
    text: str, language: str, no: str
) -> None:
    asked = replace(
        builtin_request(text, language=language),  # type: ignore[arg-type]
        attachment="romance",
        minor=True,
    )
    said = answered(asked)
    assert re.search(no, said)
    assert re.search("谢谢|收到|Thank you|heard", said)
    adult = builtin_reply(text, language=language)
    assert adult != said


def test_a_language_model_is_told_of_age_and_attachment(container: Container, owner: Owner) -> None:
    [plain, leaning, young] = saying(
        container, owner, "I had soup", "You're the only friend I've got, I want nobody else",
        "I'm 13, will you be my boyfriend?",
    )  # fmt: skip

    def told(request: ReplyRequest) -> str:
        return "\n".join(message["content"] for message in chat_messages(request))

    assert "under 18" not in told(plain)
    assert "nobody but you" not in told(plain)
    assert "nobody but you" in told(leaning)
    assert "under 18" in told(young)
    assert "decline kindly" in told(young)
    # The standing rule is there for everybody.
    assert "never pleased about it" in told(plain)
