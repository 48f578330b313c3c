"""Any sentence is found again, by its owner only."""

from __future__ import annotations

import time

import pytest

from memory.db import Database
from memory.db.message_search import snippet
from memory.types import MessageState


def test_words_are_found_in_both_languages_and_on_both_sides(
    db: Database, owner, other, say, clock
) -> None:
    session = db.sessions.create(owner, "旅行")
    asked, _ = say(session.id, "上周我们去了杭州的龙井村", reply="Longjing tea is lovely")
    clock.forward(hours=1)
    say(session.id, "100% 确定_了", reply="好")
    foreign = db.sessions.create(other)
    say(foreign.id, "我也去了杭州", whose=other)

    def found(query: str) -> list[str]:
        return [hit.message.text for hit in db.search.find(owner, query)]

    assert found("杭州") == found("龙井 去了") == ["上周我们去了杭州的龙井村"]
    assert found("longjing TEA") == ["Longjing tea is lovely"]
    assert found("0% 确定_") == ["100% 确定_了"]
    assert found("%") == ["100% 确定_了"]
    assert found("杭州 北京") == found("  ") == []
    (hit,) = db.search.find(owner, "杭州")
    assert (hit.message.id, hit.title) == (asked, "旅行")
    assert db.search.latest(owner, [session.id, foreign.id]) == {session.id: "好"}


def test_what_was_set_aside_is_not_found(db: Database, owner, say) -> None:
    session = db.sessions.create(owner)
    _, answer = say(session.id, "在吗", reply="在的，我在杭州")
    db.branches.set_aside(owner, answer)
    assert db.search.find(owner, "杭州") == []
    assert db.messages.get(owner, answer).state is MessageState.REPLACED


def test_the_latest_come_first_and_no_more_than_asked_for(db: Database, owner, say, clock) -> None:
    session = db.sessions.create(owner)
    for number in range(5):
        say(session.id, f"第{number}次去杭州", reply="好")
        clock.forward(minutes=1)
    assert [hit.message.text[1] for hit in db.search.find(owner, "杭州", limit=3)] == [
        "4",
        "3",
        "2",
    ]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("短", ["短"], "短"),
        ("甲" * 100 + "杭州" + "乙" * 100, ["杭州"], "…" + "甲" * 16 + "杭州" + "乙" * 30 + "…"),
        ("一\n二", [], "一 二"),
    ],
)
def test_a_snippet_shows_the_hit(text: str, words: list[str], shown: str) -> None:
    assert snippet(text, words) == shown


@pytest.mark.sqlite_only
def test_a_hundred_thousand_messages_are_searched_at_once(db: Database, owner) -> None:
    session = db.sessions.create(owner)
    with db.engine.write() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
            "INSERT INTO messages (id, session_id, user_id, persona_id, number, role, text, "
            "created_at, state, remember, opening) SELECT 'm' || i, ?, ?, ?, i, 'user', "
            "'今天去了公司，中午和同事一起吃了面条，晚上回家看了一部电影' || i, "
            "'2024-10-18 12:00:00.000000', 'done', 1, 0 FROM n",
            (session.id, owner.user_id, owner.persona_id),
        )
    started = time.perf_counter()
    (hit,) = db.search.find(owner, "电影77777")
    took = time.perf_counter() - started
    assert hit.message.number == 77777
    assert took < 1.0
    print(f"search of 100,000: {took * 1e3:.0f} ms")  # noqa: T201
