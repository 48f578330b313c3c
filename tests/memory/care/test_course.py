"""What each message does to a danger: it begins, presses, lasts, and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from memory.care.course import Step, follow, window
from memory.care.window import assess_window
from memory.types import CareState, Message, Owner

OWNER = Owner("jia", "qing")
BEGIN = datetime(2026, 3, 2, 13, tzinfo=UTC)


class Course:
    """A conversation with a clock."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.state: CareState | None = None
        self.history: list[Message] = []

    def say(self, text: str, after: timedelta = timedelta(minutes=1)) -> Step:
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
