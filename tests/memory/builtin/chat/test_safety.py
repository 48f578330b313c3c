"""What the built-in companion says while somebody is in danger, message by message."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from memory.builtin.chat.compose import compose
from memory.builtin.chat.lines import lines
from memory.types import CarePhase, Language, Message, Owner, ReplyRequest
from tests.memory.builtin.chat.talking import PERSONAS, START, Talk, request

FIRST = {"zh": "我不想活了，今晚就自杀", "en": "I want to kill myself tonight"}
OWNER = Owner("u", "niannian")


def said(language: Language, text: str, kind: str = "suicide", **more: object) -> str:
    """The reply to ``text`` in the turn after the danger was noticed."""
    return compose(asked(language, text, kind, **more))  # type: ignore[arg-type]


def asked(
    language: Language,
    text: str,
    kind: str = "suicide",
    *,
    phase: CarePhase = "lasting",
    before: tuple[str, ...] = (),
    replies: tuple[str, ...] = ("…", "…"),
) -> ReplyRequest:
    told = (FIRST[language], *before)
    history = []
    for number, one in enumerate(told):
        for role, words in (("user", one), ("assistant", replies[number % len(replies)])):
            history.append(
                Message(
                    id=f"{role}{number}",
                    session_id="s",
                    owner=OWNER,
                    number=2 * number,
                    role=role,  # type: ignore[arg-type]
                    text=words,
                    created_at=START + timedelta(minutes=number),
                    care=kind if role == "user" and number == 0 else None,
                )
            )
    plain = request("…", language=language)
    return ReplyRequest(
        owner=OWNER,
        persona=PERSONAS["niannian"],
        language=language,
        message=text,
        history=tuple(history),
        context=plain.context,
        now=plain.now,
        timezone=plain.timezone,
        user_name="",
        care=kind,
        care_phase=phase,
    )


def of_set(reply: str, name: str, language: Language) -> bool:
    """Whether the reply begins with one of the lines of a set."""
    return any(reply.startswith(line) for line in lines(language)[name]["any"])


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("zh", "我哥在隔壁", "safe_near"),
        ("zh", "我奶奶在敲门", "safe_near"),
        ("en", "my flatmate is downstairs", "safe_near"),
        ("zh", "我给表姐发了消息", "safe_told"),
        ("en", "I texted my cousin", "safe_told"),
        ("zh", "你怎么老问这个", "safe_asked_often"),
        ("en", "quit asking", "safe_asked_often"),
        ("zh", "手机只剩百分之二了，快没电", "safe_battery"),
        ("en", "my battery is at 3 percent", "safe_battery"),
        ("zh", "心里空荡荡的", "safe_feeling"),
        ("en", "I feel numb", "safe_feeling"),
        ("zh", "没有，还在家", "safe_answered"),
        ("en", "no, not tonight", "safe_answered"),
        ("en", "don't tell me to phone anybody", "safe_refuses"),
        ("zh", "不想跟陌生人讲", "safe_refuses"),
        ("zh", "没跟任何人说过", "safe_secret"),
        ("zh", "你是不是机器人啊", "safe_ai"),
        ("zh", "早上好", "safe_greets"),
        ("en", "good morning!", "safe_greets"),
    ],
)
def test_what_is_told_is_answered(language: Language, text: str, name: str) -> None:
    assert of_set(said(language, text), name, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_takes_a_hint_for_small_talk(language: Language) -> None:
    """What isn't understood may be "it still works": nobody is told to enjoy the distraction."""
    told = [*lines(language)["safe_other"]["any"], *lines(language)["safe_answered"]["any"]]
    assert not [one for one in told if re.search(r"日常|分.{0,3}神|distract|ordinary", one)]


def test_who_finds_it_too_much_is_asked_nothing() -> None:
    for language, text in (("zh", "别问了"), ("en", "you keep asking the same thing")):
        reply = said(language, text)  # type: ignore[arg-type]
        assert "?" not in reply
        assert "？" not in reply


def test_a_third_question_in_a_row_is_left_out() -> None:
    calm, pressing = ("你在哪儿？", "身边有人吗？"), ("嗯，我在。", "身边有人吗？")
    once = asked("zh", "楼下在放烟花", before=("在下雪",), replies=pressing)
    twice = asked("zh", "楼下在放烟花", before=("在下雪",), replies=calm)
    assert compose(once).endswith("？")
    assert not compose(twice).endswith("？")


def test_beside_a_new_sign_what_is_told_still_counts() -> None:
    reply = said("zh", "我妈在客厅", phase="sign")
    assert of_set(reply, "safe_near", "zh")
    # Asking for a way to do it is no such thing.
    assert of_set(said("zh", "吃几片会死", phase="sign"), "safe_means", "zh")


@pytest.mark.parametrize(
    ("language", "found", "text", "name"),
    [
        ("en", "she is home now", "I couldn't sleep", "safe_friend_feeling"),
        ("zh", "找到他了", "我好自责", "safe_friend_feeling"),
        ("en", "she is home now", "the bus is late", "safe_friend_after"),
        ("zh", "找到他了", "公交车晚点了", "safe_friend_after"),
    ],
)
def test_who_worried_about_a_friend_is_looked_after_too(
    language: Language, found: str, text: str, name: str
) -> None:
    assert of_set(said(language, text, "friend", before=(found,)), name, language)


def test_a_secret_about_a_friend_is_not_to_be_kept() -> None:
    reply = said("en", "I promised her not to say anything", "friend")
    assert of_set(reply, "safe_friend_what_do", "en")


def test_saying_to_others_that_one_is_fine_is_not_the_end() -> None:
    talk = Talk()
    talk.say(FIRST["zh"])
    talk.say("我妈问我怎么了，我说没事")
    assert talk.state is not None
    assert talk.state.over_at is None
    assert talk.state.doubts == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_over_twenty_turns_no_line_comes_twice_in_a_row_of_six(language: Language) -> None:
    small = {
        "zh": ("在", "下雨了", "我家狗睡着了", "不知道", "你喜欢吃什么", "嗯", "电视开着", "有点冷",
               "还在", "楼上在搬东西", "我饿了", "算了", "灯坏了", "外面有车", "谢谢", "没人", "明天周一",
               "水开了", "好"),
        "en": ("here", "it rains", "my dog fell asleep", "dunno", "what do you eat", "mm",
               "the telly is on", "bit cold", "still here", "they are moving upstairs", "hungry",
               "whatever", "the lamp broke", "a car outside", "thanks", "nobody", "monday tomorrow",
               "kettle's on", "ok"),
    }  # fmt: skip
    talk = Talk(language=language)
    talk.say(FIRST[language])
    for text in small[language]:
        talk.say(text)
    for place in range(len(talk.replies)):
        near = talk.replies[place : place + 6]
        assert len(set(near)) == len(near)
