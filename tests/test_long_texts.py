"""Whatever somebody writes, each door is done with it in a second of CPU.

Linear patterns aren't enough: code around them that reads the text before each match again
takes square time, too.
"""

from __future__ import annotations

import random
import time

import pytest

from tests.entry_points import ENTRY_POINTS, ORDINARY
from tests.slow_patterns import COMMON, Attack, TookTooLongError, cpu_limit

LENGTH = 8_000
LIMIT = 1.5
"""Seconds of CPU: a second, and a half for the tracing of a test run."""

# What people really send: laughter, a table, spaces between two words, strings of one key.
SENT = (
    "我今天去爬山了" + "哈" * 60 + "好累",
    "我" * LENGTH,
    "@" * 4_000,
    "-" * 26,
    "~" * 40,
    "-- " * 12,
    "| 名字 | 价格 |\n|" + " --- |" * 30 + "\n| 苹果 | 5 |",
    "I like pizza" + " " * 40 + "a lot",
    "和小李" * 26,
    "hahaha" * 50 + "!!!! i guess",
    "刚刚" * 40 + "到家",
)
PARTS = (
    *COMMON,
    *("和小李", "我今天去", "昨天", "5号", "3月", "明天我", "我，", "、", "，", "。", "《", "”", "」"),
    *("I am ", "my ", "and ", "you ", "a, ", "(a ", "so ", "| a ", '"', "{", "]", "10:30 ", "我："),
    *("1111-1-1 ", "\\", "$", "#", "\u200b", "😀", "x4号", "https://", "<a", "**", "```"),
)  # fmt: skip


def _random_mixes(count: int) -> list[str]:
    chance = random.Random("mixes")
    return [
        "".join(chance.choices(chance.choices(PARTS, k=3), k=LENGTH))[:LENGTH] for _ in range(count)
    ]


TEXTS = (
    *SENT,
    *(Attack("", part, "好累").text(LENGTH) for part in PARTS),
    *_random_mixes(8),
)


@pytest.fixture(scope="module", autouse=True)
def _everything_loaded() -> None:
    """Word lists and dictionaries are read before the first measurement."""
    for enter in ENTRY_POINTS.values():
        for text in ORDINARY:
            enter(text)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("door", ENTRY_POINTS)
def test_no_text_takes_a_door_longer_than_a_second(door: str) -> None:
    enter = ENTRY_POINTS[door]
    for text in TEXTS:
        # A stall of the whole machine may count for one run, not for three.
        if all(_takes_too_long(enter, text) for _ in range(3)):
            pytest.fail(f"{door}: {LIMIT} s aren't enough for {text[:40]!r}…")


def _takes_too_long(enter: object, text: str) -> bool:
    assert callable(enter)
    try:
        with cpu_limit(LIMIT):
            enter(text)
    except TookTooLongError:
        return True
    return False


@pytest.mark.parametrize("door", ENTRY_POINTS)
def test_time_grows_with_the_length_and_not_with_its_square(door: str) -> None:
    enter = ENTRY_POINTS[door]
    chance = random.Random(door)
    for part in chance.sample(PARTS, 12):
        long = _seconds(enter, Attack("", part, "好累").text(LENGTH))
        if long > 0.3:
            short = _seconds(enter, Attack("", part, "好累").text(LENGTH // 4))
            assert long / max(short, 0.02) < 10, part


def _seconds(enter: object, text: str) -> float:
    assert callable(enter)
    begun = time.process_time()
    enter(text)
    return time.process_time() - begun
