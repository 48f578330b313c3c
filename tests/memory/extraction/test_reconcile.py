"""What a proposal does to what is remembered already."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from memory.extraction.reconcile import Decision, decide
from memory.extraction.validation import guard
from memory.nlp.similarity import similarity
from memory.types import Action, Actor, ChangeAction, Hit, Kind, Memory, Operation, Status, Subject
from tests.memory.extraction.batches import (
    AI,
    CONSTANT,
    NOW,
    OWNER,
    TEMPORAL,
    USER,
    add,
    batch,
    memory,
)

ADD, MERGE, SUPERSEDE = ChangeAction.ADD, ChangeAction.MERGE, ChangeAction.SUPERSEDE
CLOSE, ARCHIVE = ChangeAction.CLOSE, ChangeAction.ARCHIVE


def decided(
    *operations: Operation, existing: Sequence[Memory] = (), lines: Sequence[str] = ("我…",)
) -> Decision:
    def nearest(text: str, subject: Subject) -> list[Hit]:
        mine = [m for m in existing if m.subject is subject and m.status is Status.ACTIVE]
        mine.sort(key=lambda m: -similarity(m.text, text))
        return [Hit(m, 1.0) for m in mine[:10]]

    request = batch(*lines, known=tuple(existing))
    return decide(operations, request, nearest, NOW, "b1", "s1")


def actions(decision: Decision) -> list[ChangeAction]:
    return [change.action for change in decision.changes]


CASES = [
    # existing, proposed, what is done
    ("用户对花生过敏", "用户对花生过敏", []),
    ("用户对花生过敏", "用户对花生过敏。", []),
    ("用户对花生过敏", "用户花生过敏", []),
    ("用户对花生过敏", "用户对虾过敏", [ADD]),
    ("用户对花生不过敏", "用户对花生过敏", [ADD, SUPERSEDE]),
    ("用户对花生过敏", "用户对花生不过敏", [ADD, SUPERSEDE]),
    ("用户同意离婚", "用户不同意离婚", [ADD, SUPERSEDE]),
    ("用户不同意离婚", "用户同意离婚", [ADD, SUPERSEDE]),
    ("用户喜欢听不同意见", "用户喜欢听不同意见。", []),
    ("用户喜欢猫", "用户的妈妈喜欢猫", [ADD]),
    ("用户的妈妈喜欢花", "用户喜欢花", [ADD]),
    ("用户喜欢爬山", "用户喜欢爬山和露营", [MERGE]),
    ("用户喜欢爬山和露营", "用户喜欢爬山", []),
    ("用户住在北京", "用户住在上海", [ADD, SUPERSEDE]),
    ("用户住在北京", "用户搬到上海了", [ADD, SUPERSEDE]),
    ("用户住在北京", "用户从北京搬到了上海", [ADD, SUPERSEDE]),
    ("用户住在上海", "用户住在上海浦东", [MERGE]),
    ("用户住在上海浦东", "用户现在住在上海", []),
    ("用户住在北京", "用户的妹妹住在上海", [ADD]),
    ("用户的妹妹住在北京", "用户的妹妹搬到上海了", [ADD, SUPERSEDE]),
    ("用户的朋友住在北京", "用户的朋友住在上海", [ADD]),
    ("用户在腾讯工作", "用户入职了字节跳动", [ADD, SUPERSEDE]),
    ("用户是一名护士", "用户转行做程序员", [ADD, SUPERSEDE]),
    ("用户今年30岁", "用户31岁了", [ADD, SUPERSEDE]),
    ("用户单身", "用户有女朋友了", [ADD, SUPERSEDE]),
    ("用户的女朋友叫小雅", "用户和女朋友分手了", [ADD, SUPERSEDE]),
    ("用户的手机号是13800001111", "用户的手机号换成13900002222", [ADD, SUPERSEDE]),
    ("用户喜欢喝咖啡", "用户不再喜欢喝咖啡", [ADD, SUPERSEDE]),
    ("用户喜欢喝咖啡", "用户戒了咖啡", [ADD, SUPERSEDE]),
    ("用户讨厌香菜", "用户爱吃香菜", [ADD, SUPERSEDE]),
    ("用户喜欢猫", "用户喜欢狗", [ADD]),
    ("用户会游泳", "用户不会游泳", [ADD, SUPERSEDE]),
    ("用户有一个孩子", "用户有两个孩子", [ADD, SUPERSEDE]),
    ("用户每天早上7点起床", "用户每天早上6点起床", [ADD, SUPERSEDE]),
    ("用户最喜欢的颜色是蓝色", "用户最喜欢的颜色是绿色", [ADD, SUPERSEDE]),
    ("用户的生日是5月4日", "用户住在北京", [ADD]),
    ("用户的妹妹在北京上大学", "用户的妹妹在上海上大学", [ADD, SUPERSEDE]),
    ("用户想养一只猫", "用户养了一只猫", [ADD, SUPERSEDE]),
    ("用户养了一只猫", "用户想养一只猫", [ADD]),
    ("用户打算学游泳", "用户不打算学游泳了", [CLOSE]),
    ("用户养了一只猫叫年年", "用户养了一只猫叫豆豆", [ADD]),
    ("用户和小李是大学同学", "用户和小王是大学同学", [ADD]),
    ("用户有焦虑症", "用户的妈妈有焦虑症", [ADD]),
    ("The user has two cats", "The user has three cats", [ADD, SUPERSEDE]),
    ("The user smokes", "The user quit smoking", [ADD, SUPERSEDE]),
    ("The user plays the guitar", "The user plays the piano", [ADD]),
    ("The user's brother is a doctor", "The user is a doctor", [ADD]),
    ("The user lives in Beijing", "The user moved to Shanghai", [ADD, SUPERSEDE]),
    ("用户住在北京", "The user moved to Shanghai", [ADD, SUPERSEDE]),
    ("用户搬到了上海居住", "The user lives in Shanghai", []),
    ("The user lives in Shanghai", "用户搬到杭州了", [ADD, SUPERSEDE]),
    ("用户是一名老师", "The user works as a lecturer", [ADD]),
    ("The user lives in Beijing", "The user's sister lives in Shanghai", [ADD]),
    ("The user works at Google", "The user joined OpenAI", [ADD, SUPERSEDE]),
    ("The user is allergic to peanuts", "The user is allergic to shrimp", [ADD]),
    ("The user is allergic to peanuts", "The user has a peanut allergy", []),
    ("The user is allergic to peanuts", "The user is allergic to peanuts.", []),
    ("The user likes coffee", "The user no longer likes coffee", [ADD, SUPERSEDE]),
    ("The user likes coffee", "The user hates coffee", [ADD, SUPERSEDE]),
    ("The user likes cats", "The user likes dogs", [ADD]),
    ("The user is single", "The user got married", [ADD, SUPERSEDE]),
    ("The user is 30 years old", "The user turned 31", [ADD, SUPERSEDE]),
    ("The user is a teacher", "The user is a vegetarian", [ADD]),
    ("The user has a dog called Rex", "The user's dog is called Max", [ADD]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_constant_facts(old: str, new: str, expected: list[ChangeAction]) -> None:
    decision = decided(add(new), existing=[memory(old)])
    assert actions(decision) == expected


ONE_FACT = [
    ("用户对芒果过敏", "用戶對芒果過敏"),
    ("用戶喜歡爬山", "用户喜欢爬山"),
    ("用户对花生过敏", "The user is allergic to peanuts"),
    ("The user likes black coffee", "用户喜欢黑咖啡"),
    ("用户每天早上跑步", "The user runs every morning"),
]


@pytest.mark.parametrize(("old", "new"), ONE_FACT)
def test_one_fact_in_other_letters_or_another_language_is_one_memory(old: str, new: str) -> None:
    assert actions(decided(add(new), existing=[memory(old)], lines=[new])) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("用户对花生过敏", "The user is allergic to shrimp"),
        ("用户喜欢黑咖啡", "The user likes black tea"),
        ("用戶對芒果過敏", "用户对桃子过敏"),
        ("用户不喜欢咖啡馆", "The user likes cafes"),
    ],
)
def test_another_fact_in_another_language_is_another_memory(old: str, new: str) -> None:
    assert actions(decided(add(new), existing=[memory(old)], lines=[new])) == [ADD]


LIFE_CHANGES = [
    # what was known, what the user says, what the model makes of it
    ("用户养了一只叫米粒的仓鼠", "米粒昨天走了", "用户的仓鼠米粒去世了"),
    ("The user has a dog called Rex", "Rex died on Sunday", "The user's dog Rex died"),
    ("用户和阿泽在一起两年了", "我和阿泽分手了", "用户和阿泽分手了"),
    ("The user's husband is Tom", "the divorce is through", "The user got divorced"),
    ("用户在一家小学教书", "我退休啦", "用户退休了"),
    ("The user works at a bakery", "they let me go", "The user got laid off"),
    ("用户左腿骨折了", "腿好啦，石膏拆了", "用户的腿好了，拆了石膏"),
    ("用户的爸爸在住院", "我爸出院了", "用户的爸爸出院了"),
    (
        "The user is allergic to cats",
        "no cat allergy anymore",
        "The user outgrew their cat allergy",
    ),
    ("用户大四", "毕业典礼结束了", "用户毕业了"),
    ("The user is a senior at NYU", "I graduated", "The user graduated"),
    ("用户在苏州工作", "我不在苏州了，回南京了", "用户搬回南京居住"),
    ("用户吃素", "我又开始吃肉了", "用户又开始吃肉了"),
    ("The user is vegan", "vegetarian now, cheese won", "The user is vegetarian"),
    ("用户单身", "我脱单了", "用户脱单了"),
    ("The user is single", "I met someone, we're dating", "The user is dating someone"),
    ("用户怀孕了", "生了，是个女儿", "用户生了一个女儿"),
    ("用户待业在家", "下周去律所上班", "用户找到工作了"),
    ("The user doesn't smoke", "smoking again, sigh", "The user started smoking again"),
    ("用户想学潜水", "潜水学会啦", "用户学会了潜水"),
]


@pytest.mark.parametrize("way", ["ADD", "UPDATE", "DELETE+ADD"])
@pytest.mark.parametrize(("old", "said", "new"), LIFE_CHANGES)
def test_a_life_change_supersedes_whatever_the_model_calls_it(
    old: str, said: str, new: str, way: str
) -> None:
    known = memory(old)
    proposals = [add(new)]
    if way == "UPDATE":
        proposals = [dataclasses.replace(add(new), action=Action.UPDATE, id=1)]
    elif way == "DELETE+ADD":
        proposals = [Operation(Action.DELETE, id=1, source=(1,)), *proposals]
    guarded = guard(proposals, batch(said, known=(known,)))
    assert not guarded.refused
    decision = decided(*guarded.kept, existing=[known], lines=[said])
    left = {change.after.id: change.after for change in decision.changes if change.after}
    assert left[known.id].status is Status.SUPERSEDED
    assert left[left[known.id].superseded_by or ""].text == new


OTHERS_NEWS = [
    ("用户在一家小学教书", "用户的妈妈退休了"),
    ("用户的女朋友叫小雅", "用户的朋友分手了"),
    ("用户养了一只叫米粒的仓鼠", "用户的仓鼠豆豆去世了"),
    ("The user has a cat called Milo", "The user's dog Rex died"),
    ("用户对花生过敏", "用户的感冒好了"),
    ("用户大四", "用户的妹妹毕业了"),
    ("用户和阿泽在一起", "用户和小美分手了"),
    ("The user works at a bakery", "The user's brother was laid off"),
    ("用户毕业于清华大学", "用户毕业了"),
    ("用户的爷爷去世了", "用户的奶奶去世了"),
    ("用户喜欢爬山", "用户又去爬山了"),
    ("用户想养一只猫", "用户买了一只杯子"),
]


@pytest.mark.parametrize(("old", "new"), OTHERS_NEWS)
def test_news_of_others_end_nothing(old: str, new: str) -> None:
    assert actions(decided(add(new), existing=[memory(old)], lines=[new])) == [ADD]


def test_one_break_up_ends_all_that_was_known_of_the_two() -> None:
    existing = [memory("用户和阿泽在一起", id="a"), memory("用户的男朋友叫阿泽", id="b")]
    decision = decided(add("用户和阿泽分手了"), existing=existing, lines=["我和阿泽分手了"])
    assert actions(decision) == [ADD, SUPERSEDE, SUPERSEDE]


def test_an_update_that_fits_nothing_is_kept_beside_and_named_for_review() -> None:
    known = memory("用户养了一只猫")
    update = dataclasses.replace(add("用户学会了开车"), action=Action.UPDATE, id=1)
    decision = decided(update, existing=[known], lines=["我学会开车啦"])
    assert actions(decision) == [ADD]
    made = decision.changes[0].after
    assert made is not None
    assert made.metadata == {"may_replace": "old"}


EVENTS = [
    # existing (text, category, date), proposed (text, category, date), what is done
    (("用户去了西湖", "event", "2024-10-17"), ("用户去了西湖", "event", "2024-10-17"), []),
    (("用户去了西湖", "event", "2024-10-17"), ("用户去了西湖", "event", "2024-10-18"), [ADD]),
    (("用户去了健身房", "event", "2024-09"), ("用户去了健身房", "event", "2024-10-18"), [ADD]),
    (
        ("用户去了西湖", "event", "2024-10-17"),
        ("用户和小李去了西湖", "event", "2024-10-17"),
        [MERGE],
    ),
    (("用户去了西湖", "event", "2024-10"), ("用户去了西湖", "event", "2024-10-17"), []),
    (("用户去了西湖", "event", None), ("用户去了西湖", "event", "2024-10-17"), [MERGE]),
    (
        ("用户打算10月18日去滑雪", "plan", "2024-10-18"),
        ("用户去滑雪了", "event", "2024-10-18"),
        [MERGE],
    ),
    (
        ("用户打算去北京旅行", "plan", "2024-10-25"),
        ("用户取消了去北京的旅行", "event", "2024-10-18"),
        [CLOSE],
    ),
    (
        ("用户打算去北京旅行", "plan", "2024-10-25"),
        ("用户取消了去北京的旅行", "event", None),
        [CLOSE],
    ),
    (("用户去了北京旅行", "event", "2024-10-02"), ("用户取消了健身卡", "event", None), [ADD]),
    (
        ("用户10月21日面试", "plan", "2024-10-21"),
        ("用户的面试改到10月25日", "plan", "2024-10-25"),
        [ADD, SUPERSEDE],
    ),
    (
        ("用户下周去杭州", "plan", "2024-10-21"),
        ("用户去了杭州", "event", "2024-10-18"),
        [ADD],
    ),
    (
        ("The user plans to go to Paris", "plan", "2024-11"),
        ("The user cancelled the trip to Paris", "event", "2024-10-18"),
        [CLOSE],
    ),
    (
        ("The user went skiing", "event", "2024-10-12"),
        ("The user went skiing", "event", "2024-10-18"),
        [ADD],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), EVENTS)
def test_events_and_plans(
    old: tuple[str, str, str | None],
    new: tuple[str, str, str | None],
    expected: list[ChangeAction],
) -> None:
    existing = memory(old[0], kind=TEMPORAL, category=old[1], event_date=old[2])
    operation = add(new[0], kind=TEMPORAL, category=new[1], event_date=new[2])
    assert actions(decided(operation, existing=[existing])) == expected


def test_moving_house_keeps_the_old_home_and_links_both() -> None:
    old = memory("用户住在北京", pinned=True, importance=5)
    decision = decided(add("用户搬到上海了", importance=4, source=(1,)), existing=[old])
    added, superseded = decision.changes
    assert added.before is None
    assert added.after is not None
    assert superseded.after is not None
    assert added.after.supersedes == old.id
    assert added.after.pinned
    assert superseded.before == old
    assert superseded.after == dataclasses.replace(
        old, status=Status.SUPERSEDED, superseded_by=added.after.id, updated_at=NOW
    )
    assert {change.group_id for change in decision.changes} == {"b1"}
    assert {change.actor for change in decision.changes} == {Actor.EXTRACTION}
    assert {change.owner for change in decision.changes} == {OWNER}
    assert len({change.id for change in decision.changes}) == 2


def test_a_better_wording_keeps_id_and_origin() -> None:
    old = memory("用户喜欢爬山", category="preference", importance=5)
    (change,) = decided(
        add("用户喜欢爬山和露营", category="other", importance=2), existing=[old]
    ).changes
    assert change.after is not None
    assert (change.action, change.memory_id) == (MERGE, old.id)
    assert change.after.text == "用户喜欢爬山和露营"
    assert change.after.created_at == old.created_at
    assert change.after.updated_at == NOW
    assert (change.after.category, change.after.importance) == ("preference", 5)
    assert change.after.source.message_ids == ("m1",)


def test_saying_it_again_skips_and_says_which() -> None:
    decision = decided(add("用户对花生过敏", importance=2), existing=[memory("用户对花生过敏")])
    assert decision.changes == ()
    (skipped,) = decision.skipped
    assert (skipped.reason, skipped.memory_id) == ("same", "old")


def test_saying_it_again_with_weight_raises_the_importance() -> None:
    (change,) = decided(
        add("用户对花生过敏", importance=5), existing=[memory("用户对花生过敏")]
    ).changes
    assert change.action is MERGE
    assert change.after is not None
    assert change.after.importance == 5
    assert change.after.text == "用户对花生过敏"


def test_two_proposals_of_one_batch_see_each_other() -> None:
    decision = decided(
        add("用户搬到上海了"),
        add("用户住在上海浦东"),
        add("用户养了一只猫"),
        existing=[memory("用户住在北京")],
    )
    assert actions(decision) == [ADD, SUPERSEDE, MERGE, ADD]
    first, _, third, _ = decision.changes
    assert third.memory_id == first.memory_id
    assert third.before == first.after


def test_the_same_fact_of_the_other_side_is_another_fact() -> None:
    decision = decided(add("念念喜欢滑雪", AI), existing=[memory("用户喜欢滑雪")])
    assert actions(decision) == [ADD]
    assert decision.changes[0].after is not None
    assert decision.changes[0].after.subject is AI


def test_fields_that_were_left_out_are_filled_in() -> None:
    operation = Operation(Action.ADD, "用户去了西湖", event_date="2024-10-17", source=(1, 9))
    (change,) = decided(operation).changes
    made = change.after
    assert made is not None
    assert (made.kind, made.category, made.importance) == (Kind.TEMPORAL, "event", 3)
    assert (made.subject, made.language) == (USER, "zh")
    assert made.source.message_ids == ("m1",)
    assert (made.source.session_id, made.source.batch_id) == ("s1", "b1")
    assert made.created_at == made.updated_at == NOW
    assert re.fullmatch(r"[0-9a-f-]{36}", made.id)


def update(text: str, id: int = 1, **fields: object) -> Operation:
    return dataclasses.replace(add(text), action=Action.UPDATE, id=id, **fields)  # type: ignore[arg-type]


def test_an_update_that_changes_the_world_supersedes() -> None:
    decision = decided(update("用户住在上海"), existing=[memory("用户住在北京")])
    assert actions(decision) == [ADD, SUPERSEDE]


def test_an_update_that_says_it_better_merges() -> None:
    decision = decided(update("用户对花生和腰果过敏"), existing=[memory("用户对花生过敏")])
    assert actions(decision) in ([MERGE], [ADD, SUPERSEDE])
    short = decided(update("用户喜欢爬山"), existing=[memory("用户喜欢爬山和露营")])
    assert actions(short) == [MERGE]


def test_an_update_with_the_wrong_number_adds() -> None:
    existing = [memory("用户对花生过敏", id="a"), memory("用户住在北京", id="b")]
    wrong = decided(update("用户养了一只猫", id=1), existing=existing)
    assert actions(wrong) == [ADD]
    right = decided(update("用户住在上海", id=1), existing=existing)
    assert actions(right) == [ADD, SUPERSEDE]
    assert right.changes[1].memory_id == "b"
    unknown = decided(update("用户养了一只猫", id=7), existing=existing)
    assert actions(unknown) == [ADD]


def test_a_deletion_only_archives() -> None:
    (change,) = decided(Operation(Action.DELETE, id=1), existing=[memory("用户养了一只猫")]).changes
    assert change.action is ARCHIVE
    assert change.after is not None
    assert change.after.status is Status.ARCHIVED
    assert change.after.text == "用户养了一只猫"


def test_a_deleted_plan_is_closed() -> None:
    plan = memory("用户打算去北京", kind=TEMPORAL, category="plan", event_date="2024-11")
    (change,) = decided(Operation(Action.DELETE, id=1), existing=[plan]).changes
    assert change.action is CLOSE
    assert change.after is not None
    assert change.after.status is Status.CLOSED


def test_what_was_archived_in_this_batch_is_out_of_the_way() -> None:
    decision = decided(
        Operation(Action.DELETE, id=1),
        Operation(Action.DELETE, id=1),
        add("用户养了一只猫"),
        existing=[memory("用户养了一只猫")],
    )
    assert actions(decision) == [ARCHIVE, ADD]


def test_a_change_is_dated_now() -> None:
    (change,) = decided(add("用户养了一只猫")).changes
    assert change.at == NOW == datetime(2024, 10, 18, 13, 0, tzinfo=UTC)
    assert CONSTANT is Kind.CONSTANT


def test_a_log_read_in_later_does_not_overrule_what_is_known_by_now() -> None:
    known = dataclasses.replace(memory("用户住在上海"), created_at=NOW + timedelta(days=400))
    decision = decided(add("用户住在北京"), existing=[known])
    assert actions(decision) == [ADD]
    past = decision.changes[0].after
    assert past is not None
    assert (past.status, past.superseded_by) == (Status.SUPERSEDED, known.id)


def test_a_plan_made_since_is_not_cancelled_by_what_was_said_before() -> None:
    plan = memory("用户计划10月20日去爬山", kind=TEMPORAL, category="plan", event_date="2024-10-20")
    called_off = add("用户10月20日不去爬山了", kind=TEMPORAL, event_date="2024-10-20")
    assert actions(decided(called_off, existing=[plan])) == [CLOSE]
    since = dataclasses.replace(plan, created_at=NOW + timedelta(days=1))
    decision = decided(called_off, existing=[since])
    assert decision.changes == ()
    assert [skipped.reason for skipped in decision.skipped] == ["outdated"]


def test_in_one_batch_the_later_message_wins_whatever_the_order() -> None:
    lines = ("我住在北京", "我搬到上海了")
    later, earlier = add("用户住在上海", source=(2,)), add("用户住在北京", source=(1,))
    for order in ((later, earlier), (earlier, later)):
        changes = decided(*order, lines=lines).changes
        left = {c.memory_id: c.after for c in changes if c.after is not None}
        in_force = [m.text for m in left.values() if m.status is Status.ACTIVE]
        assert in_force == ["用户住在上海"]
