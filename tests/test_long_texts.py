"""Whatever somebody writes, each door is done with it in a second of CPU.

Linear patterns aren't enough: code around them that reads the text before each match again
takes square time, too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tests.entry_points import ENTRY_POINTS, ORDINARY
from tests.slow_patterns.attacks import COMMON, Attack
from tests.slow_patterns.measure import TookTooLongError, cpu_limit

LENGTH = 8_000
QUARTER = LENGTH // 4
LIMIT = 1.5
"""Seconds of CPU: a second, and a half for the tracing of a test run."""

SOON = LIMIT / 4**2
"""Seconds for a quarter of a text, with which even square time stays below ``LIMIT`` for all
of it. What takes the cube of its length takes seconds for a quarter already.
"""

NOTICEABLE = 0.3
"""Seconds from which on it is looked at how they grow: below, they are noise."""

Enter = Callable[[str], object]

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


WHOLE = (*SENT, *_random_mixes(8))


@pytest.fixture(scope="module", autouse=True)
def _everything_loaded() -> None:
    """Word lists and dictionaries are read before the first measurement."""
    for enter in ENTRY_POINTS.values():
        for text in ORDINARY:
            enter(text)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("door", ENTRY_POINTS)
def test_no_text_takes_a_door_longer_than_a_second(door: str) -> None:
    for text in WHOLE:
        _expect_quick(ENTRY_POINTS[door], text, door)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("door", ENTRY_POINTS)
def test_time_grows_with_the_length_and_not_with_its_square(door: str) -> None:
    enter = ENTRY_POINTS[door]
    for part in PARTS:
        attack = Attack("", part, "好累")
        short = _seconds(enter, attack.text(QUARTER), SOON)
        if short < SOON:
            continue
        long = _expect_quick(enter, attack.text(LENGTH), door)
        if long > NOTICEABLE:
            # Once more, to its end: the first run was cut off, or stalled.
            assert long / _seconds(enter, attack.text(QUARTER), LIMIT) < 10, part


def _expect_quick(enter: Enter, text: str, door: str) -> float:
    """CPU seconds that ``text`` takes; a stall of the whole machine may count for one run."""
    taken = LIMIT
    for _ in range(3):
        if (taken := _seconds(enter, text, LIMIT)) < LIMIT:
            return taken
    pytest.fail(f"{door}: {LIMIT} s aren't enough for {text[:40]!r}…")


def _seconds(enter: Enter, text: str, limit: float) -> float:
    """CPU seconds of one run, ``limit`` if it takes longer."""
    begun = time.process_time()
    try:
        with cpu_limit(limit):
            enter(text)
    except TookTooLongError:
        return limit
    return min(time.process_time() - begun, limit)
