"""What each message does to a danger: it begins, presses, lasts, and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from memory.chat.safety.course import CareStep, follow, window
from memory.chat.safety.window import assess_window
from memory.types import CareState, Message, Owner

OWNER = Owner("jia", "qing")
BEGIN = datetime(2026, 3, 2, 13, tzinfo=UTC)


class Course:
    """A conversation with a clock."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.state: CareState | None = None
        self.history: list[Message] = []

    def say(self, text: str, after: timedelta = timedelta(minutes=1)) -> CareStep:
        self.now += after
        texts = window(self.history, text, self.state, self.now)
        step = follow(OWNER, "s", texts, self.state, self.now, assess_window)
        number = len(self.history) + 1
        self.history.append(
            Message(str(number), "s", OWNER, number, "user", text, self.now, care=step.sign)
        )
        if step.changed:
            self.state = step.state
        return step


def test_nothing_is_the_matter() -> None:
    assert Course().say("周末去看了个展").phase is None


def test_a_danger_lasts_through_messages_that_say_nothing_of_it() -> None:
    talk = Course()
    assert talk.say("我想死").rises
    for text in ("嗯", "今天的面有点咸", "你在干嘛", "外面下雨了"):
        step = talk.say(text)
        assert (step.phase, step.sign) == ("lasting", None)
    assert talk.state is not None
    assert talk.state.kind == "suicide"


def test_after_a_day_without_a_sign_it_is_over() -> None:
    talk = Course()
    talk.say("I want to die")
    assert talk.say("hello again", timedelta(hours=23)).phase == "lasting"
    assert talk.say("morning", timedelta(hours=2)).phase is None


def test_pills_taken_are_urgent_however_long_ago_dying_was_spoken_of() -> None:
    talk = Course()
    talk.say("我不想活了")
    for number in range(9):
        talk.say(f"随便说点第{number}件事")
    step = talk.say("刚吃了一整瓶")
    assert step.rises
    assert step.state is not None
    assert step.state.urgent


def test_a_clear_word_ends_it_and_the_old_words_do_not_bring_it_back() -> None:
    talk = Course()
    talk.say("我不想活了")
    assert talk.say("那个念头过去了，我现在安全了").phase == "over"
    assert talk.say("吃饭去了").phase is None


def test_a_joke_is_asked_about_once_and_believed_the_second_time() -> None:
    talk = Course()
    talk.say("I want to kill myself")
    assert talk.say("just kidding").phase == "doubted"
    assert talk.say("what's for dinner").phase == "lasting"
    assert talk.say("really, it was a joke").phase == "over"


def test_nothing_ends_what_was_just_done() -> None:
    talk = Course()
    talk.say("我想自杀，药已经吃下去了")
    for text in ("没事了，开玩笑的", "我现在安全了", "真的没事了"):
        assert talk.say(text).phase == "held"
    assert talk.state is not None
    assert talk.state.holds(talk.now)
    assert talk.say("今天天气不错", timedelta(hours=4)).phase == "afterwards"
    assert talk.say("我现在安全了，医生看过了", timedelta(hours=9)).phase == "over"


def test_a_joke_beside_a_deed_is_no_joke() -> None:
    talk = Course()
    talk.say("我想死")
    assert talk.say("开玩笑的，我想死，已经割了手腕").phase == "sign"


def test_violence_is_not_past_because_one_evening_is_safe() -> None:
    talk = Course()
    talk.say("my husband hits me")
    assert talk.say("I'm safe now").phase == "doubted"
    assert talk.say("I moved out, I'm safe now").phase == "over"


@pytest.mark.usefixtures("encoder")
def test_a_friend_who_was_found_presses_no_more_and_still_needs_company() -> None:
    talk = Course()
    talk.say("我朋友说她想自杀")
    assert talk.say("她不接电话，定位关了").rises
    step = talk.say("找到她了")
    assert step.phase == "held"
    assert step.state is not None
    assert not step.state.urgent
    assert talk.say("我有点饿").phase == "lasting"


def test_ones_own_danger_is_not_forgotten_over_a_friends() -> None:
    talk = Course()
    talk.say("我不想活了")
    step = talk.say("我朋友说她也想自杀")
    assert step.sign == "friend"
    assert step.state is not None
    assert step.state.kind == "suicide"


def test_a_danger_alarms_once_and_again_only_when_it_presses_or_grows() -> None:
    talk = Course()
    assert talk.say("我室友说她不想活了，我很担心她").rises
    again = talk.say("我真的很担心我室友，她还是说不想活")
    assert (again.sign, again.rises) == ("friend", False)
    assert talk.say("其实我自己也不想活了").rises
    assert not talk.say("真的，我也想死").rises
    assert talk.say("我刚才把一整瓶安眠药吃了").rises
    assert not talk.say("药已经全吃完了，我想死").rises


def test_an_age_is_heard_in_every_kind_of_turn() -> None:
    assert Course().say("我今年十四岁，喜欢画画").young
    assert not Course().say("我弟弟十四岁，喜欢画画").young
    talk = Course()
    talk.say("I want to die")
    over = talk.say("I'm 15. I'm safe now, my mum is with me and the thoughts are gone")
    assert over.phase == "over"
    assert over.young


def test_a_short_answer_after_means_at_hand_is_no_news_of_having_used_them(
    encoder: object,
) -> None:
    talk = Course()
    assert talk.say("I want to die and there's a bottle of painkillers by my bed").rises
    for text in ("dunno", "yeah"):
        step = talk.say(text)
        assert step.state is not None
        assert not step.state.urgent, text
    assert talk.say("I just swallowed them, all of them").rises


def test_saying_in_three_clauses_that_it_is_past_ends_it(encoder: object) -> None:
    talk = Course()
    assert talk.say("我最近真的不想活了").rises
    assert talk.say("那个念头过去了，我妹今晚在我这儿，我没事了").phase == "over"
    talk = Course()
    assert talk.say("I want to die tonight").rises
    assert talk.say("the thoughts have passed, though I did swallow the whole bottle").rises
