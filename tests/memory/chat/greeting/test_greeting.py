"""The first line: birthdays, today's events, plans that passed; else the persona's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from memory.chat.greeting import opening_line
from memory.chat.personas import load_personas
from memory.nlp.language import detect
from memory.types import Kind, Memory, Owner, Status, Subject

PERSONAS = load_personas()
TODAY = date(2026, 11, 20)


def memory(
    text: str, on: str | None = None, *, category: str = "plan", made: int = -10, importance: int = 3,
    subject: Subject = Subject.USER, status: Status = Status.ACTIVE,
) -> Memory:  # fmt: skip
    at = datetime(2026, 11, 20, 4, tzinfo=UTC) + timedelta(days=made)
    return Memory(
        id=f"id-{text}", owner=Owner("u", "niannian"), text=text, subject=subject,
        kind=Kind.TEMPORAL if on else Kind.CONSTANT, category=category, created_at=at,
        updated_at=at, event_date=on, language=detect(text), importance=importance, status=status,
    )  # fmt: skip


def line(
    language: str, *memories: Memory, persona: str = "niannian", seed: str = "s"
) -> tuple[str, tuple[str, ...]]:
    found = opening_line(PERSONAS[persona], language, memories, TODAY, seed)  # type: ignore[arg-type]
    return found.text, found.memory_ids


@pytest.mark.parametrize(
    ("language", "text", "on", "holds"),
    [
        ("zh", "用户计划去一家出版社面试", "2026-11-18", ("前天", "面试")),
        ("zh", "用户要和小李去爬香山", "2026-11-19", ("昨天", "爬")),
        ("zh", "用户妈妈要做手术", "2026-11-18", ("前天你妈妈的手术",)),
        ("zh", "用户打算带豆豆去打疫苗", "2026-11-17", ("带豆豆去打疫苗",)),
        ("zh", "The user has a job interview", "2026-11-18", ("前天", "面试")),
        ("zh", "用户要参加朋友的婚礼", "2026-11-20", ("今天", "婚礼")),
        ("zh", "用户要考试", "2026-11-22", ("后天", "考试")),
        ("en", "The user has a job interview", "2026-11-19", ("your interview", "yesterday")),
        ("en", "The user plans to visit their grandmother", "2026-11-17", ("visit your grandmother",)),
        ("en", "用户计划去面试", "2026-11-19", ("your interview", "yesterday")),
        ("en", "The user's mother has surgery", "2026-11-21", ("your mother's surgery", "omorrow")),
        ("en", "The user runs a half marathon", "2026-11-20", ("marathon", "today")),
    ],
)  # fmt: skip
def test_a_dated_memory_opens_the_talk(
    language: str, text: str, on: str, holds: tuple[str, ...]
) -> None:
    for seed in ("a", "b", "c", "d"):
        said, ids = line(language, memory(text, on), seed=seed)
        assert all(part.lower() in said.lower() for part in holds), said
        assert ids == (f"id-{text}",)
        assert detect(said) == language
        assert said.count("?") + said.count("？") == 1


@pytest.mark.parametrize(
    ("language", "text", "holds"),
    [
        ("zh", "用户的生日是11月20日", "生日快乐"),
        ("zh", "用户的妈妈的生日是11月22日", "后天就是你妈妈的生日"),
        ("en", "The user's birthday is on November 20", "your birthday today"),
        ("en", "The user's birthday is 21 November", "Your birthday is tomorrow"),
        ("en", "The user was born on November 20, 1998", "Happy birthday"),
    ],
)
def test_birthdays(language: str, text: str, holds: str) -> None:
    said, ids = line(language, memory(text, category="identity"))
    assert holds in said
    assert ids


def test_a_birthday_on_the_29th_of_february() -> None:
    born = memory("用户的生日是2月29日", category="identity")
    found = opening_line(PERSONAS["niannian"], "zh", [born], date(2027, 2, 28))
    assert "生日快乐" in found.text


@pytest.mark.parametrize("text", ["用户的生日是6月31日", "用户的生日是2月30日"])
def test_a_day_that_does_not_exist_is_nobodys_birthday(text: str) -> None:
    born = memory(text, category="identity")
    for day in (date(2026, 2, 28), date(2026, 7, 1), date(2028, 2, 29)):
        assert opening_line(PERSONAS["niannian"], "zh", [born], day).memory_ids == ()


SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def told_at(memory: Memory, at: datetime) -> Memory:
    return replace(memory, created_at=at.astimezone(UTC))


@pytest.mark.parametrize("hour", [0, 7, 9, 23])
def test_what_was_told_on_its_day_was_no_plan(hour: int) -> None:
    said = told_at(
        memory("用户11月20日早上面试了", "2026-11-20", category="event"),
        datetime(2026, 11, 20, hour, 20, tzinfo=SHANGHAI),
    )
    for today in (TODAY, date(2026, 11, 21)):
        found = opening_line(PERSONAS["niannian"], "zh", [said], today, zone=SHANGHAI)
        assert found.memory_ids == ()


def test_what_was_told_the_evening_before_is_no_news_of_the_day() -> None:
    plan = memory("The user has an interview on November 19, 2026", "2026-11-19")
    nervous = told_at(
        memory("The user is nervous about the interview at Google", category="emotion"),
        datetime(2026, 11, 18, 21, tzinfo=NEW_YORK),
    )
    known = [plan, replace(nervous, event_date="2026-11-19")]
    found = opening_line(PERSONAS["niannian"], "en", known, TODAY, zone=NEW_YORK)
    assert found.memory_ids == (plan.id,)


@pytest.mark.parametrize(
    "memories",
    [
        [],
        [memory("用户喜欢猫", category="preference")],
        [memory("用户计划去面试", "2026-11-01")],
        [memory("用户计划去面试", "2026-12-24")],
        [memory("用户去了面试", "2026-11-18", category="event", made=-2)],
        [memory("念念要去面试", "2026-11-18", subject=Subject.AI)],
        [memory("用户计划去面试", "2026-11-18", status=Status.CLOSED)],
        [memory("用户计划去面试", "2026-11")],
        [memory("用户的生日是5月20日", category="identity")],
        [memory("用户的生日是13月40日", category="identity")],
    ],
)
def test_otherwise_the_persona_opens_in_its_own_words(memories: list[Memory]) -> None:
    said, ids = line("zh", *memories)
    assert said in PERSONAS["niannian"].text("zh").opening_lines
    assert ids == ()


def test_what_was_already_told_is_not_asked_again() -> None:
    plan = memory("用户计划去出版社面试", "2026-11-18")
    told = memory("用户参加了出版社的面试，感觉不错", "2026-11-18", category="event", made=-1)
    assert line("zh", plan, told)[1] == ()
    assert line("zh", plan)[1] == (plan.id,)


def test_a_birthday_comes_before_a_plan_and_the_important_before_the_rest() -> None:
    birthday = memory("用户的生日是11月20日", category="identity")
    exam = memory("用户要考试", "2026-11-19", importance=5)
    party = memory("用户要去聚会", "2026-11-19", importance=2)
    assert line("zh", party, exam, birthday)[1] == (birthday.id,)
    assert line("zh", party, exam)[1] == (exam.id,)


def test_the_seed_decides_and_sessions_differ() -> None:
    assert line("zh", seed="one") == line("zh", seed="one")
    assert len({line("en", seed=str(n))[0] for n in range(40)}) >= 4


def test_each_persona_greets_in_its_own_way() -> None:
    plan = memory("用户要考试", "2026-11-19")
    assert len({line("zh", plan, persona=persona)[0][:3] for persona in PERSONAS}) == 3
