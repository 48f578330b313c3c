"""Text diff: two versions of a text, line by line and within lines."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

CONTEXT = 2
ALIKE = 0.4
"""Lines that share less than this are a removal and an addition, not a change."""


@dataclass(frozen=True, slots=True)
class DiffSpan:
    """A part of a line; ``changed`` if the other side hasn't got it."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of one side, by its number from 1."""

    number: int
    pieces: tuple[DiffSpan, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Row:
    """Both sides of one place. A row without either is a gap of equal lines."""

    left: DiffLine | None = None
    right: DiffLine | None = None
    changed: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether equal lines were left out here."""
        return self.left is None and self.right is None


def unified(old: str, new: str) -> str:
    """The difference as ``diff -u`` writes it; empty where there is none."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=CONTEXT)
    return "\n".join(list(lines)[2:])


def side_by_side(old: str, new: str) -> list[Row]:
    """The difference in rows; empty where there is none."""
    left, right = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    rows: list[Row] = []
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        if number or group[0][1] > 0 or group[0][3] > 0:
            rows.append(Row())
        for tag, a, b, c, d in group:
            if tag == "equal":
                rows += [_equal(a + i, c + i, left[a + i]) for i in range(b - a)]
            else:
                rows += _replaced(left, right, range(a, b), range(c, d))
    return rows


def _equal(left: int, right: int, text: str) -> Row:
    pieces = (DiffSpan(text),)
    return Row(DiffLine(left + 1, pieces), DiffLine(right + 1, pieces))


def _replaced(left: list[str], right: list[str], removed: range, added: range) -> Iterator[Row]:
    """Lines that became others: those that are alike in one row, in order."""
    taken = 0
    for old in removed:
        match = next(
            (place for place in range(taken, len(added)) if _alike(left[old], right[added[place]])),
            None,
        )
        if match is None:
            yield Row(DiffLine(old + 1, (DiffSpan(left[old], True),)), None, True)
            continue
        yield from _added(right, added[taken:match])
        yield _inside(old, left[old], added[match], right[added[match]])
        taken = match + 1
    yield from _added(right, added[taken:])


def _added(right: list[str], places: range) -> Iterator[Row]:
    for place in places:
        yield Row(None, DiffLine(place + 1, (DiffSpan(right[place], True),)), True)


def _alike(old: str, new: str) -> bool:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio() >= ALIKE


def _inside(old_place: int, old: str, new_place: int, new: str) -> Row:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    before, after = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        if b > a:
            before.append(DiffSpan(old[a:b], tag != "equal"))
        if d > c:
            after.append(DiffSpan(new[c:d], tag != "equal"))
    return Row(DiffLine(old_place + 1, tuple(before)), DiffLine(new_place + 1, tuple(after)), True)
