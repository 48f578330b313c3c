"""The two sparse fields: what matches what."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import snowballstemmer

from memory.vector_store.search.sparse import (
    CJK_FIELD,
    WORDS_FIELD,
    content_words,
    encode_memory,
    encode_query,
    stem,
    turns,
)


def match(query: str, text: str, field: str, **memory: object) -> float:
    """Dot product of a query and a memory in one field."""
    asked = encode_query(query)[field]
    given = encode_memory(text, memory.get("event_date"))[field]
    weights = dict(zip(given.indices, given.values, strict=True))
    return sum(
        value * weights.get(index, 0.0)
        for index, value in zip(asked.indices, asked.values, strict=True)
    )


def test_characters_match_characters_but_function_words_do_not() -> None:
    assert match("滑雪", "用户喜欢滑雪", CJK_FIELD) > match("雪糕", "用户喜欢滑雪", CJK_FIELD) > 0
    assert match("我的了吗", "这是他的，那是我的了", CJK_FIELD) == 0


@pytest.mark.parametrize(
    ("question", "memory"),
    [
        ("公园", "The user walks in the park every morning"),
        ("which painters do I like", "用户喜欢的画家是莫奈"),
        ("妈妈", "用户的母亲住在南京"),
        ("skiing", "The user skied in Norway"),
        ("photos", "The user became a photographer"),
        ("推薦", "AI推荐过一本书"),
    ],
)
def test_words_match_across_languages_scripts_and_forms(question: str, memory: str) -> None:
    assert match(question, memory, WORDS_FIELD) > 0


def test_of_several_turns_the_last_one_counts_most() -> None:
    talk = "Ann: Did you finish the kayak?\nBen: Yes, and I painted the garage."
    turned = "Ben: Yes, and I painted the garage.\nAnn: Did you finish the kayak?"
    assert 0 < match("kayak", talk, WORDS_FIELD) < match("kayak", turned, WORDS_FIELD)
    assert match("garage", talk, WORDS_FIELD) > match("garage", turned, WORDS_FIELD)
    # Who spoke before isn't who speaks now.
    assert match("Ann", talk, WORDS_FIELD) == 0 < match("Ben", talk, WORDS_FIELD)
    zh = "小安：厨房刷好了吗？\n小本：刷好了，我还刷了车库。"
    assert 0 < match("厨房", zh, CJK_FIELD) < match("车库", zh, CJK_FIELD)


@pytest.mark.parametrize(
    "text",
    [
        "We packed the kayak\nand the canoe\nand the lamp",
        "To pack: the kayak\nand the canoe",
        "a list\nfirst: kayak\nsecond: canoe",
    ],
)
def test_lines_that_nobody_says_count_alike(text: str) -> None:
    assert turns(text) == [text]
    assert match("kayak", text, WORDS_FIELD) == match("canoe", text, WORDS_FIELD)


@pytest.mark.parametrize(
    "question", ["5月6号", "May 6th", "the 6th of May", "2024-05-06", "2024年5月6日", "may 6, 2024"]
)
def test_dates_have_one_form(question: str) -> None:
    on_the_day = match(question, "用户看了画展", WORDS_FIELD, event_date="2024-05-06")
    another = match(question, "用户看了画展", WORDS_FIELD, event_date="2023-08-09")
    assert on_the_day > another == 0


@pytest.mark.parametrize(
    ("span", "event_date"),
    [
        ((date(2024, 10, 19), date(2024, 10, 20)), "2024-10-20"),
        ((date(2024, 9, 1), date(2024, 9, 30)), "2024-09-17"),
        ((date(2024, 9, 1), date(2024, 9, 30)), "2024-09"),
        ((date(2021, 1, 1), date(2022, 12, 31)), "2022-03-04"),
        ((date(2023, 12, 1), date(2024, 2, 29)), "2024-01-31"),
    ],
)
def test_a_time_span_finds_what_happened_in_it(span: tuple[date, date], event_date: str) -> None:
    def score(day: str) -> float:
        asked = encode_query("去了哪", span)[WORDS_FIELD]
        given = encode_memory("用户看海", day)[WORDS_FIELD]
        return len(set(asked.indices) & set(given.indices))

    assert score(event_date) > score("1999-01-31") == 0


def test_latin_words_count_double_in_chinese_questions() -> None:
    memory = "Caroline 喜欢画画"
    assert match("Bob", "Bob", WORDS_FIELD) * 1.5 < match("问Bob", "Bob", WORDS_FIELD)
    assert match("Caroline 喜欢什么", memory, WORDS_FIELD) > match(
        "谁喜欢画画", memory, WORDS_FIELD
    )


def test_the_last_line_of_a_question_counts_most() -> None:
    asked = encode_query("滑雪\n钢琴")[CJK_FIELD]
    last = encode_query("钢琴")[CJK_FIELD]
    weights = dict(zip(asked.indices, asked.values, strict=True))
    assert min(weights[i] for i in last.indices) > min(weights.values())


@pytest.mark.parametrize(
    ("asked", "memory", "found"),
    [
        ("如果现在开始学，应该怎么办", "如果下雨应该怎么办", False),
        ("真的非常想去滑雪", "滑雪", True),
        ("十一点开会", "十一点", True),
        ("第一次见面", "第一", True),
        ("怎么办", "怎么办", True),  # nothing else is asked
    ],
)
def test_questions_are_searched_without_function_words(
    asked: str, memory: str, found: bool
) -> None:
    assert (match(asked, memory, CJK_FIELD) > 0) is found


def test_who_said_a_line_is_not_asked_for() -> None:
    assert match("Bart: 滑雪", "Bart 滑雪", WORDS_FIELD) == match("滑雪", "Bart 滑雪", WORDS_FIELD)


def test_a_term_said_often_counts_more_but_not_in_proportion() -> None:
    one = match("滑雪", "滑雪", CJK_FIELD)
    five = match("滑雪", "滑雪，滑雪，滑雪，滑雪，滑雪", CJK_FIELD)
    assert one < five < 3 * one


@pytest.mark.parametrize("text", ["", "  \n ", "？！…", "🙂🙂", "的了吗", "what did you do"])
def test_what_says_nothing_gives_no_terms(text: str) -> None:
    assert all(not vector.indices for vector in encode_query(text).values())


def test_a_long_text_has_distinct_indices() -> None:
    vector = encode_memory("滑雪和 skiing " * 3000, "2024-05-06")[WORDS_FIELD]
    assert len(set(vector.indices)) == len(vector.indices)
    assert all(0 <= index < 2**32 for index in vector.indices)


def test_content_words() -> None:
    assert content_words("我喜欢什么") == 1
    assert content_words("what do I like about skiing") == 2
    assert content_words("的了吗") == 0


def test_indices_are_the_same_in_another_process() -> None:
    script = (
        "from memory.vector_store.search.sparse import encode_query, WORDS_FIELD;"
        "print(sorted(encode_query('Bob 去公园 May 6')[WORDS_FIELD].indices))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": "."},
    )
    here = sorted(encode_query("Bob 去公园 May 6")[WORDS_FIELD].indices)
    assert done.stdout.strip() == str(here)


_ROOTS = ("process", "relat", "nation", "organ", "happi", "respons", "conform", "adjust", "hop")
_SUFFIXES = ("", "s", "es", "ed", "ing", "ings", "ional", "ization", "izations", "ousness",
             "fulness", "ement", "ements", "ibility", "ation", "ations", "er", "ers", "ly")  # fmt: skip
_PREFIXES = ("", "un", "re", "over", "under", "inter", "counter", "pre", "mis", "out", "non")


def test_threads_that_stem_at_once_get_the_stems_of_one_alone() -> None:
    words = [p + root + suffix for p in _PREFIXES for root in _ROOTS for suffix in _SUFFIXES]
    alone = snowballstemmer.stemmer("english")
    right = {word: alone.stemWord(word) for word in words}
    orders = [words[n:] + words[:n] for n in range(0, len(words), len(words) // 4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        stem.cache_clear()
        with ThreadPoolExecutor(len(orders)) as pool:
            found = list(pool.map(lambda order: {word: stem(word) for word in order}, orders))
    finally:
        sys.setswitchinterval(interval)
    assert all(stems == right for stems in found)
    # What the cache keeps is right, too.
    assert {word: stem(word) for word in words} == right
