"""Correction of earlier messages: what the user said, as they put it right later."""

from __future__ import annotations

from collections.abc import Sequence

from memory.builtin.extraction.amendments import amended
from memory.builtin.extraction.revisions import revised, revision


def put_right(said: Sequence[str]) -> list[str]:
    """The user's messages, with later corrections made where they belong.

    Example:
        >>> put_right(["考试是下周五", "你好", "考试不是下周五，是下周四"])
        ['考试是下周四', '你好', '']
    """
    texts: list[str] = []
    for text in said:
        changed = amended(texts[-1], text) if texts else None
        if changed is not None:
            texts[-1] = changed
            texts.append("")
            continue
        change = revision(text)
        found = revised(texts, change) if change else None
        if change and found:
            texts[found[0]] = found[1]
        texts.append(change.rest if change and found else text)
    return texts
