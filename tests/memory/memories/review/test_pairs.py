"""What counts as said twice, and as contradicting: by rules, in both languages."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

import pytest

from memory.chat.personas import load_personas
from memory.memories.review import Finding, FindingKind
from memory.memories.review.facts import fact_of
from memory.memories.review.pairs import MemoryPairs
from memory.memories.subject import Names
from memory.types import Kind, Memory, Subject
from tests.memory.memories.review.conftest import SHANGHAI, Find, Make

DUPLICATE, CONTRADICTION = FindingKind.DUPLICATE, FindingKind.CONTRADICTION
NAMES = Names.of(load_personas()["niannian"])


def compared(*lots: Iterable[Memory], zone: tzinfo = UTC) -> MemoryPairs:
    """Memories compared one lot after the other."""
    pairs = MemoryPairs(zone)
    for memories in lots:
        pairs.add(fact_of(memory, NAMES) for memory in memories)
    return pairs


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("用户对花生过敏", "用户对花生过敏。", "用户对花生过敏"),
        ("用户住在上海", "用户搬到上海了", "用户住在上海"),
        ("用户对花生过敏", "用户对花生和腰果过敏", "用户对花生和腰果过敏"),
        ("用户喜欢听周杰伦的歌", "用户喜欢周杰伦的歌", "用户喜欢听周杰伦的歌"),
        ("用户住在上海", "The user lives in Shanghai", "用户住在上海"),
        (
            "The user is allergic to peanuts",
            "The user is allergic to peanuts.",
            "The user is allergic to peanuts",
        ),
        (
            "The user is allergic to peanuts",
            "The user is allergic to peanuts and cashews",
            "The user is allergic to peanuts and cashews",
        ),
        ("The user likes green tea", "The user really likes green tea", "The user likes green tea"),
    ],
)
def test_said_twice(make: Make, find: Find, one: str, other: str, kept: str) -> None:
    (found,) = find(make(one), make(other))
    assert found.kind is DUPLICATE
    assert [memory.text for memory in found.memories] == [one, other]
    assert found.fields["text"] == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("用户住在北京", "用户搬到上海了"),
        ("用户喜欢咖啡", "用户不喜欢咖啡"),
        ("用户有两只猫", "用户有三只猫"),
        ("用户28岁", "用户29岁"),
        ("用户在腾讯工作", "用户跳槽到阿里"),
        ("用户单身", "用户结婚了"),
        ("用户每天早上七点起床", "用户每天早上八点起床"),
        ("用户住在上海", "The user lives in Berlin"),
        ("The user lives in Berlin", "The user moved to Munich"),
        ("The user likes coffee", "The user doesn't like coffee"),
        ("The user has two cats", "The user has three cats"),
        ("The user is 28 years old", "The user turned 29"),
        ("The user works at Siemens", "The user joined Bosch"),
        ("The user is single", "The user got married"),
    ],
)
def test_not_both_true(make: Make, find: Find, one: str, other: str) -> None:
    (found,) = find(make(one), make(other))
    assert found.kind is CONTRADICTION
    assert [memory.text for memory in found.memories] == [one, other]
    assert not found.sure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("用户喜欢咖啡", "用户喜欢茶"),
        ("用户有两只猫", "用户有两只狗"),
        ("用户的妹妹住在北京", "用户住在上海"),
        ("用户的妹妹28岁", "用户28岁"),
        ("用户的猫叫年糕", "用户的猫叫汤圆"),
        ("The user likes coffee", "The user likes tea"),
        ("The user's sister lives in Berlin", "The user lives in Munich"),
        (
            "The user likes the wooden cake with Li Lei and took photos",
            "The user likes the wooden bicycle with Li Lei and took photos",
        ),
    ],
)
def test_two_different_things(make: Make, find: Find, one: str, other: str) -> None:
    assert find(make(one), make(other)) == []


def test_what_is_about_the_other_one_says_something_else(make: Make, find: Find) -> None:
    theirs = make("念念喜欢下雨", subject=Subject.AI)
    assert find(theirs, make("用户喜欢下雨")) == []
    misfiled = replace(theirs, subject=Subject.USER)
    assert [f.kind for f in find(misfiled, make("用户喜欢下雨"))] == [FindingKind.SUBJECT]


@pytest.mark.parametrize(
    ("one", "day", "other", "other_day", "kinds"),
    [
        ("用户去游泳", "2025-10-01", "用户去游泳", "2025-10-08", []),
        ("The user went swimming", "2025-10-01", "The user went swimming", "2025-10-08", []),
        ("用户和妹妹去看展", "2025-10-01", "用户和妹妹去看了展", "2025-10-01", [DUPLICATE]),
        ("用户和妹妹去看展", "2025-10-01", "用户和妹妹去看了展", "2025-10-02", []),
        ("用户和妹妹去看展", "2025-10-01", "用户和妹妹没去看展", "2025-10-01", []),
        ("用户打算去看牙医", "2025-10-20", "用户去看了牙医", "2025-10-20", [DUPLICATE]),
        (
            "The user plans to visit the dentist",
            "2025-10-20",
            "The user visited the dentist",
            "2025-10-20",
            [DUPLICATE],
        ),
        (
            "用户打算10月5日去北京旅行",
            "2025-10-05",
            "用户取消了去北京的旅行",
            "2025-10-03",
            [CONTRADICTION],
        ),
        (
            "用户10月20日面试",
            "2025-10-20",
            "用户的面试改到10月22日",
            "2025-10-22",
            [CONTRADICTION],
        ),
        (
            "The user plans to travel to Rome",
            "2025-11-02",
            "The user cancelled the trip to Rome",
            "2025-11-02",
            [CONTRADICTION],
        ),
    ],
)
def test_events_are_compared_with_their_days(
    make: Make,
    find: Find,
    one: str,
    day: str,
    other: str,
    other_day: str,
    kinds: list[FindingKind],
) -> None:
    earlier, later = make(one, event_date=day), make(other, event_date=other_day)
    assert [finding.kind for finding in find(earlier, later)] == kinds
    # As when the earlier one is edited: it is looked at last.
    assert [pair.kind for pair in compared([later], [earlier])] == kinds


def test_only_the_same_word_for_word_needs_no_second_look(make: Make, find: Find) -> None:
    (same,) = find(make("用户对花生过敏"), make("用户对花生过敏！"))
    (fuller,) = find(make("用户对花生过敏"), make("用户对花生和腰果过敏"))
    assert (same.sure, fuller.sure) == (True, False)


def test_of_five_alike_there_are_four_pairs(make: Make, find: Find) -> None:
    found = find(*(make(f"用户对花生过敏{'。' * n}") for n in range(5)))
    assert [finding.kind for finding in found] == [DUPLICATE] * 4


def test_the_latest_home_is_held_against_each_earlier_one(make: Make, find: Find) -> None:
    homes = [make(f"用户住在{city}") for city in ("北京", "上海", "成都")]
    pairs = [[m.text for m in finding.memories] for finding in find(*homes)]
    assert sorted(pairs) == [["用户住在上海", "用户住在成都"], ["用户住在北京", "用户住在成都"]]


def test_blocking_finds_what_comparing_all_would(make: Make, find: Find) -> None:
    """The quick way against the slow one, on sentences made of few words."""
    chosen = random.Random(7)
    words = ["海边", "公园", "书店", "咖啡", "蛋糕", "钢琴", "小李", "妹妹", "阿明", "周末"]
    memories = [
        make("用户喜欢" + "、".join(chosen.sample(words, chosen.randint(1, 3)))) for _ in range(60)
    ]
    at_once = find(*memories)
    one_by_one = [f for i, a in enumerate(memories) for b in memories[i + 1 :] for f in find(a, b)]
    # Of many alike only as many pairs are shown as there are merges.
    assert {f.key for f in at_once} <= {f.key for f in one_by_one}
    assert _groups(at_once) == _groups(one_by_one)


def _groups(findings: Sequence[Finding]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for finding in findings:
        joined = {memory.id for memory in finding.memories}
        for id in tuple(joined):
            joined |= groups.get(id, set())
        groups.update(dict.fromkeys(joined, joined))
    return {frozenset(group) for group in groups.values()}


def test_what_was_changed_or_removed_is_forgotten(make: Make) -> None:
    one, other = make("用户住在北京"), make("用户住在上海")
    pairs = compared([one, other])
    assert len(list(pairs)) == 1
    pairs.remove([other.id, "unknown"])
    assert (list(pairs), len(pairs)) == ([], 1)
    pairs.add([fact_of(replace(other, text="用户住在北京市"), NAMES)])
    assert [pair.kind for pair in pairs] == [DUPLICATE]
    pairs.remove([one.id, other.id])
    assert len(pairs) == 0


def test_an_undated_event_may_be_the_dated_one(make: Make, find: Find) -> None:
    undated = make("用户买了一辆自行车", kind=Kind.TEMPORAL)
    dated = make("用户买了一辆自行车", event_date="2025-10-01")
    found = [f for f in find(undated, dated) if f.kind is DUPLICATE]
    assert [f.fields["event_date"] for f in found] == ["2025-10-01"]


def test_what_was_taken_back_early_in_the_day_was_said_on_that_day(make: Make) -> None:
    plan = make("用户计划10月28日去爬山", event_date="2025-10-28", category="plan")
    early = datetime(2025, 10, 25, 7, 20, tzinfo=SHANGHAI).astimezone(UTC)
    news = make("用户取消了去爬山", event_date="2025-10-25", created_at=early)
    assert [p.kind for p in compared([plan], [news], zone=SHANGHAI)] == [CONTRADICTION]
    assert list(compared([plan], [news])) == [], "in London it is still the day before"


def test_what_a_model_would_replace_by_something_else_is_named_with_it(
    make: Make, find: Find
) -> None:
    old = make("用户养了一只猫")
    new = replace(make("用户学会了开车"), metadata={"may_replace": old.id})
    assert [finding.kind for finding in find(old, new)] == [FindingKind.CONTRADICTION]
    assert not find(old, make("用户学会了开车"))
