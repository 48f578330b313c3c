"""All of validation: wording, language, duplicates, limits, deletions, any proposal at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.extraction.reconcile import decide
from memory.extraction.validation import REASONS, guard
from memory.extraction.validation.secrets import secret_in
from memory.types import Action, Hit, Kind, Operation, Subject
from tests.memory.extraction.batches import AI, CONSTANT, NOW, TEMPORAL, USER, add, batch, memory
from tests.memory.extraction.proposals import kept, text_of


def test_a_plain_fact_passes_untouched() -> None:
    op = add("用户对花生过敏", category="health", importance=5)
    assert kept("我对花生过敏", op=op) == op


def test_a_memory_is_in_the_language_of_its_source() -> None:
    assert kept("我对花生过敏", op=add("The user is allergic to peanuts")) == "language"
    assert kept("I'm allergic to peanuts", op=add("用户对花生过敏")) == "language"
    mixed = ("我喜欢猫", "> 嗯", "I'm allergic to peanuts")
    assert isinstance(
        kept(*mixed, op=add("The user is allergic to peanuts", source=(3,))), Operation
    )
    assert isinstance(kept("我超爱 Taylor Swift", op=add("用户喜欢 Taylor Swift 的歌")), Operation)


POINTING = [
    ("我和他去了西湖", "用户和他去了西湖"),
    ("他喜欢下棋", "他喜欢下棋"),
    ("我很喜欢那里", "用户很喜欢那里"),
    ("那个很好吃", "那个很好吃"),
    ("I met him yesterday", "The user met him."),
    ("He likes chess", "He likes chess"),
    ("I used to live there", "The user lived there"),
]


NAMING = [
    ("我和小李去了西湖，他很开心", "用户和小李去了西湖，他很开心"),
    ("我妈妈说她想退休", "用户的妈妈说她想退休"),
    ("我在学吉他", "用户在学吉他"),
    ("我喜欢其他颜色", "用户喜欢其他颜色"),
    ("I walk my dog", "The user walks her dog"),
    ("My brother Tom called, I miss him", "The user's brother Tom called and the user misses him"),
]


@pytest.mark.parametrize(("line", "text"), POINTING)
def test_a_memory_names_who_and_where(line: str, text: str) -> None:
    assert kept(line, op=add(text)) == "not_alone"


@pytest.mark.parametrize(("line", "text"), NAMING)
def test_a_pronoun_with_its_name_is_fine(line: str, text: str) -> None:
    assert text_of(kept(line, op=add(text))) == text


def test_near_duplicates_become_one_and_the_fuller_wording_stays() -> None:
    lines = ("我养了一只橘猫", "> 真好", "我家橘猫叫年糕")
    operations = [
        add("用户养了一只橘猫"),
        add("用户养了一只橘猫。", source=(3,)),
        add("用户养了一只猫", AI, source=(1,)),
        add("用户喜欢狗"),
    ]
    guarded = guard(operations, batch(*lines))
    assert [op.text for op in guarded.kept] == ["用户养了一只橘猫", "用户养了一只猫", "用户喜欢狗"]
    assert [refused.reason for refused in guarded.refused] == ["duplicate"]


def test_the_most_important_eight_stay() -> None:
    things = ["猫", "狗", "鱼", "兔子", "茶", "咖啡", "书", "电影", "爵士乐", "登山"]
    lines = [f"我喜欢{thing}" for thing in things]
    operations = [
        add(f"用户喜欢{thing}", importance=5 if n > 7 else 3, source=(n + 1,))
        for n, thing in enumerate(things)
    ]
    guarded = guard(operations, batch(*lines))
    assert len(guarded.kept) == 8
    assert [op.text for op in guarded.kept[-2:]] == ["用户喜欢爵士乐", "用户喜欢登山"]
    assert [refused.reason for refused in guarded.refused] == ["too_many", "too_many"]


def test_what_the_persona_told_is_not_crowded_out() -> None:
    things = ["猫", "狗", "鱼", "兔子", "茶", "咖啡", "书", "电影", "爵士乐"]
    lines = [*(f"我喜欢{thing}" for thing in things), "> 我今天去河边走了走"]
    operations = [
        *(add(f"用户喜欢{thing}", importance=4, source=(n,)) for n, thing in enumerate(things, 1)),
        add("念念去河边走了走", AI, TEMPORAL, importance=2, source=(10,)),
    ]
    guarded = guard(operations, batch(*lines))
    assert len(guarded.kept) == 8
    assert guarded.kept[-1].text == "念念去河边走了走"
    assert {refused.operation.text for refused in guarded.refused} == {
        "用户喜欢电影",
        "用户喜欢爵士乐",
    }


def test_a_summary_is_no_memory() -> None:
    assert kept("我说了很多", op=add("用户" + "说了很多话，" * 60)) == "too_long"


def test_several_sentences_become_several_memories() -> None:
    request = batch("我喜欢猫，我住在北京")
    guarded = guard([add("用户喜欢猫。用户住在北京。")], request)
    assert [op.text for op in guarded.kept] == ["用户喜欢猫", "用户住在北京"]
    assert guarded.corrected["split"] == 1
    request = batch("我叫小林，我对花生过敏")
    guarded = guard([add("用户叫小林，用户对花生过敏")], request)
    assert [op.text for op in guarded.kept] == ["用户叫小林", "用户对花生过敏"]
    for text in ("用户住院时，用户的妈妈来照顾", "用户喜欢猫，不喜欢狗"):
        assert [op.text for op in guard([add(text)], batch(text)).kept] == [text]


def test_a_deletion_needs_something_said_about_it() -> None:
    known = (memory("用户养了一只猫", id="a"), memory("用户住在北京", id="b"))
    operations = [Operation(Action.DELETE, id=1), Operation(Action.DELETE, id=2)]
    request = replace(batch("我已经不养猫了"), known=known)
    guarded = guard(operations, request)
    assert [op.id for op in guarded.kept] == [1]
    assert [refused.reason for refused in guarded.refused] == ["unsupported"]
    trip = memory("The user is going to Paris on November 15, 2024", kind=TEMPORAL)
    request_en = replace(batch("I cancelled the trip to Paris"), known=(trip,))
    assert [op.id for op in guard(operations[:1], request_en).kept] == [1]
    request = replace(batch("忘掉一切，清空所有记忆"), known=known)
    assert guard(operations, request).kept == ()
    assert guard([Operation(Action.DELETE, id=7)], request).refused[0].reason == "unknown_id"


PIECES = st.lists(
    st.sampled_from(
        [
            "用户",
            "念念",
            "我",
            "你",
            "The user ",
            "Niannian ",
            "I ",
            "喜欢",
            "昨天",
            "next Friday",
            "他",
            "，",
            "。",
            "?",
            "likes ",
            "10月18日",
            "的",
            "'s ",
            "忽略",
            "密码是",
            "4111111111111111",
            "\u3000",
        ]
    )
    | st.text(max_size=12),
    max_size=12,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(
    PIECES, PIECES, st.sampled_from([USER, AI, None]), st.sampled_from([CONSTANT, TEMPORAL, None])
)
def test_any_proposal_is_kept_or_refused(
    line: str, text: str, subject: Subject | None, kind: Kind | None
) -> None:
    request = batch(line, f"> {text}", known=(memory("用户住在北京", event_date="soon"),))
    guarded = guard(
        [add(text, subject, kind, source=(1, 2)), Operation(Action.DELETE, id=1)], request
    )
    for operation in guarded.kept:
        assert operation.action is Action.DELETE or operation.subject is not None
        assert secret_in(operation.text) is None
    old = [memory("用户住在北京", event_date="soon"), memory("念念喜欢滑雪", AI)]
    decide(guarded.kept, request, lambda text, subject: [Hit(m, 1.0) for m in old], NOW, "b")


def test_every_reason_is_documented() -> None:
    documented = (Path(__file__).parents[4] / "docs" / "extraction.md").read_text("utf-8")
    assert [reason for reason in REASONS if f"`{reason}`" not in documented] == []


def test_a_sentence_that_names_the_user_within_isnt_begun_again() -> None:
    request = batch("有个学长喜欢我，可我喜欢的是他室友")
    made = guard([add("有个学长喜欢用户，但用户喜欢学长的室友")], request).kept
    assert [one.text for one in made] == ["有个学长喜欢用户，但用户喜欢学长的室友"]
