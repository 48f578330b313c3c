"""Texts on which a regular expression may take long, made of its own parts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Compiled = re.Pattern[str]

COMMON = ("哈", "我", "和", "的", "一", " ", "\u3000", "\n", "@", "-", "~", "～", ".", ",", "，",
          "1", "a", "A", "_", "*", "|", "w", "哈哈 ", "a ", "1 ", " \n", "-- ", "a@", "a.", "1.",
          "我和", "，我", "“", "(", "[", "<", "`", "’", "是", "了", ":", "a:", "[a](")  # fmt: skip
TAILS = ("", "\x00", "。x")


@dataclass
class _Sampler:
    """Texts that match parts of a pattern."""

    chance: random.Random
    groups: dict[int, str] = field(default_factory=dict)

    def of(self, nodes: Any, depth: int = 0) -> str:
        return "".join(self.one(op, value, depth) for op, value in nodes)

    def one(self, op: Any, value: Any, depth: int) -> str:
        if op is codes.LITERAL:
            return chr(value)
        if op is codes.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        if op is codes.ANY:
            return self.chance.choice("a一 1")
        if op is codes.IN:
            return self.inside(value)
        if op is codes.BRANCH:
            return self.of(self.chance.choice(value[1]), depth)
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, body = value
            times = least if depth > 6 else min(most, max(least, self.chance.choice((0, 1, 1))))
            return "".join(self.of(body, depth + 1) for _ in range(times))
        if op is codes.SUBPATTERN:
            text = self.of(value[3], depth)
            if value[0] is not None:
                self.groups[value[0]] = text
            return text
        if op is codes.ATOMIC_GROUP:
            return self.of(value, depth)
        if op is codes.GROUPREF:
            return self.groups.get(value, "")
        return ""

    def inside(self, items: Any) -> str:
        negated = items[0][0] is codes.NEGATE
        if negated:
            usual = [c for c in "a一 1-.\n哈Z/" if not any(_holds(item, c) for item in items[1:])]
            return self.chance.choice(usual) if usual else "\u2603"
        op, value = self.chance.choice(items)
        if op is codes.LITERAL:
            return chr(value)
        if op is codes.RANGE:
            low, high = value
            usual = [c for c in "aAz1一我和哈" if low <= ord(c) <= high]
            return self.chance.choice(usual) if usual else chr(low)
        return {
            codes.CATEGORY_DIGIT: "1",
            codes.CATEGORY_SPACE: " ",
            codes.CATEGORY_WORD: self.chance.choice("a一1"),
            codes.CATEGORY_NOT_SPACE: self.chance.choice("a一1"),
            codes.CATEGORY_NOT_WORD: self.chance.choice(" -"),
            codes.CATEGORY_NOT_DIGIT: "a",
        }.get(value, "a")


def _holds(item: Any, character: str) -> bool:
    op, value = item
    if op is codes.LITERAL:
        return bool(value == ord(character))
    if op is codes.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    simple = {
        codes.CATEGORY_DIGIT: str.isdigit,
        codes.CATEGORY_SPACE: str.isspace,
        codes.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
        codes.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
        codes.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
        codes.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    }
    return bool(simple[value](character))


def _repeats(nodes: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each repetition that can be long, with what has to stand before it."""
    done: list[Any] = list(before)
    for op, value in nodes:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, body = value
            if most >= 4:
                yield tuple(done), body
            yield from _repeats(body, tuple(done))
        elif op is codes.SUBPATTERN:
            yield from _repeats(value[3], tuple(done))
        elif op is codes.ATOMIC_GROUP:
            yield from _repeats(value, tuple(done))
        elif op is codes.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, tuple(done))
        elif op in (codes.ASSERT, codes.ASSERT_NOT) and value[0] > 0:
            yield from _repeats(value[1], tuple(done))
        done.append((op, value))


def _literals(nodes: Any) -> Iterator[str]:
    for op, value in nodes:
        if op is codes.LITERAL:
            yield chr(value)
        elif op is codes.IN:
            for kind, item in value:
                if kind is codes.LITERAL:
                    yield chr(item)
        elif op is codes.BRANCH:
            for branch in value[1]:
                yield from _literals(branch)
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from _literals(value[2])
        elif op is codes.SUBPATTERN:
            yield from _literals(value[3])
        elif op is codes.ATOMIC_GROUP:
            yield from _literals(value)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _literals(value[1])


@dataclass(frozen=True)
class Attack:
    """A text of any length: a beginning, one part again and again, an end."""

    head: str
    part: str
    tail: str

    def text(self, length: int) -> str:
        times = max(1, (length - len(self.head) - len(self.tail)) // len(self.part))
        return self.head + self.part * times + self.tail


def attacks(pattern: Compiled, most: int = 120) -> list[Attack]:
    """Texts on which ``pattern`` may take long, the same ones each time."""
    chance = random.Random(pattern.pattern.encode("utf-8", "surrogatepass"))
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[Attack, None] = {}

    repeats = list(_repeats(tree))
    if not repeats:
        # Each of its places is done after a bounded number of steps.
        return []
    chance.shuffle(repeats)
    literals = sorted(set(_literals(tree)))
    chance.shuffle(literals)
    for part in (*COMMON, *literals[:24]):
        found[Attack("", part, "\x00")] = None
    share = max(2, min(12, most // max(1, len(repeats))))
    for before, body in repeats:
        for _ in range(share):
            sampler = _Sampler(chance)
            head = sampler.of(before)
            part = "".join(sampler.of(body) for _ in range(chance.choice((1, 1, 2))))
            if part:
                found[Attack(head, part, chance.choice(TAILS))] = None
        if len(found) > most + len(COMMON):
            break
    for _ in range(6):
        # A whole match again and again.
        part = _Sampler(chance).of(tree)
        if part:
            found[Attack("", part, "\x00")] = None
    return list(found)
