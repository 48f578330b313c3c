"""A person on one page: what goes in, in whose words, and what never does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from memory.memories.people import people
from memory.memories.profile import Profile, Rhythm, build_profile, rhythm_of
from memory.memories.profile_text import patterns, summary, to_html, to_markdown
from memory.types import Kind, Memory, Owner, Status, Subject

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 4, tzinfo=UTC)


def make(text: str, category: str = "identity", day: str | None = None, **fields: Any) -> Memory:
    values: dict[str, Any] = {
        "id": text,
        "owner": Owner("u", "niannian"),
        "subject": Subject.USER,
        "kind": Kind.TEMPORAL if day else Kind.CONSTANT,
        "category": category,
        "created_at": NOW,
        "updated_at": NOW,
        "event_date": day,
        "language": "en" if text.isascii() else "zh",
    }
    return Memory(text=text, **(values | fields))


def zh(*memories: Memory, **options: Any) -> Profile:
    return build_profile("林小满", memories, today=TODAY, language="zh", **options)


def en(*memories: Memory) -> Profile:
    return build_profile("Maya Chen", memories, today=TODAY, language="en")


def texts(lines: Any) -> list[str]:
    return [line.text for line in lines]


def test_the_summary_reads_as_one_sentence_about_somebody() -> None:
    found = zh(
        make("用户叫林小满，今年二十七岁", importance=5),
        make("用户住在上海", importance=4),
        make("用户是图书编辑", "work_study"),
    )
    assert summary(found) == "林小满今年二十七岁；住在上海；是图书编辑。"
    english = en(
        make("The user's name is Maya Chen and she is thirty-one", importance=5),
        make("The user lives in Peckham", importance=4),
        make("The user's agent is Helen", "work_study"),
    )
    assert (
        summary(english) == "Maya Chen is thirty-one. Maya lives in Peckham. Maya's agent is Helen."
    )


def test_a_bare_name_is_no_news() -> None:
    assert zh(make("用户叫林小满"), make("用户住在上海")).summary[0].text == "林小满住在上海"
    assert en(make("The user's name is Maya Chen")).summary == ()


def test_likes_and_dislikes_are_kept_apart() -> None:
    found = zh(
        make("用户喜欢听雨", "preference"),
        make("用户不吃香菜", "preference"),
        make("用户戒了咖啡，改喝茶", "preference"),
    )
    assert texts(found.interests) == ["喜欢听雨"]
    assert sorted(texts(found.dislikes)) == ["不吃香菜", "戒了咖啡，改喝茶"]
    english = en(
        make("The user loves trains", "preference"), make("The user hates mornings", "preference")
    )
    assert texts(english.interests) == ["Loves trains"]
    assert texts(english.dislikes) == ["Hates mornings"]


def test_what_must_not_be_forgotten_stands_by_itself() -> None:
    found = zh(
        make("用户对花生过敏", "health", importance=5), make("用户感冒过", "health", importance=2)
    )
    assert texts(found.vital) == ["对花生过敏"]
    assert texts(zh(make("用户感冒过", "health", importance=1, pinned=True)).vital) == ["感冒过"]


def test_what_lies_ahead_comes_soonest_first_and_says_its_day_once() -> None:
    found = zh(
        make("用户2026年3月20日去体检", "plan", "2026-03-20"),
        make("用户今天面试", "plan", "2026-03-04"),
        make("用户想春天去看樱花", "plan", "2026-03"),
        make("用户想在2026年5月1日之前写完小册子", "plan", "2026-05-01"),
        make("用户昨天搬家", "event", "2026-03-03"),
        make("用户去年去了西湖", "event", "2025-03-03"),
    )
    assert texts(found.upcoming) == [
        "想春天去看樱花",
        "今天面试",
        "去体检",
        "想在2026年5月1日之前写完小册子",
    ]
    assert found.upcoming[1].when == "今天"
    assert texts(found.lately) == ["昨天搬家"]
    english = en(make("On 3 March 2026 the user was at the sea", "event", "2026-03-03"))
    assert texts(english.lately) == ["Was at the sea"]


def test_only_the_user_and_only_what_is_in_force() -> None:
    found = zh(
        make("念念喜欢下雨", "preference", subject=Subject.AI),
        make("用户住在北京", status=Status.SUPERSEDED),
        make("用户住在上海"),
    )
    assert found.memories == 1
    assert "北京" not in to_markdown(found)
    assert "念念" not in to_markdown(found)


def test_a_relation_and_a_name_once_said_together_are_one_person() -> None:
    found = people(
        [
            make("用户和表妹小葵每周视频一次", "relationship"),
            make("用户帮小葵改作文", "event", "2026-03-01"),
            make("用户的表妹今年高三", "relationship"),
            make("用户在陶艺课上认识了一个叫周屿的男生", "relationship"),
        ]
    )
    assert [person.label for person in found] == ["表妹小葵", "周屿"]
    assert len(found[0].memories) == 3
    english = people(
        [
            make("The user is seeing a furniture maker called Tom", "relationship"),
            make("The user's boyfriend Tom built a shelf", "relationship"),
            make("The user's older sister Grace is a doctor", "relationship"),
            make("The user's favourite film is My Neighbour Totoro", "preference"),
        ]
    )
    assert [person.label for person in english] == ["boyfriend Tom", "older sister Grace"]


@pytest.mark.parametrize(
    "text",
    ["用户和男朋友和平分手了", "用户认识了一个新同事", "The user made a new friend"],
)
def test_who_is_gone_or_nobody_in_particular_is_no_person(text: str) -> None:
    assert people([make(text, "relationship")]) == ()


def test_nothing_remembered_says_so() -> None:
    empty = zh()
    assert summary(empty) == "还没有关于林小满的记忆。"
    assert to_markdown(empty).count("##") == 0
    assert "<section>" not in to_html(empty)


def test_patterns_come_from_when_and_how_people_talk() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    wednesday = datetime(2026, 3, 4, 13, 15, tzinfo=UTC)
    found = rhythm_of(
        [(wednesday, 5), (wednesday - timedelta(hours=5), 2)],
        [
            (NOW - timedelta(days=60), -1, "疲惫"),
            (NOW - timedelta(days=5), 1, "开心"),
            (NOW - timedelta(days=1), 2, "激动"),
            (NOW, 1, "开心"),
        ],
        zone=zone,
        today=TODAY,
    )
    assert (found.weekday, found.hour) == (2, 21)
    assert (found.mood_before, found.mood_word) == (-1.0, "开心")
    said = patterns(zh(rhythm=found))
    assert said == ["最常在周三 21:00 前后聊天。", "最近的心情不错（常说“开心”），比之前好。"]
    assert rhythm_of([], [], zone=zone, today=TODAY) == Rhythm()
    assert patterns(zh()) == []


def test_words_of_people_never_become_markup() -> None:
    found = zh(make("用户喜欢<b>粗体</b>和*星号* [链接](http://x)", "preference"))
    assert "<b>" not in to_html(found)
    assert "&lt;b&gt;" in to_html(found)
    assert "*星号*" not in to_markdown(found)
    assert r"\*星号\*" in to_markdown(found)


def test_the_page_to_print_stands_alone() -> None:
    page = to_html(zh(make("用户住在上海")))
    assert page.startswith("<!DOCTYPE html>")
    assert "@media print" in page
    assert "<script" not in page
    assert "http" not in page


def test_a_date_of_another_client_is_no_error() -> None:
    assert zh(make("用户去滑雪", "event", "sometime")).lately == ()
