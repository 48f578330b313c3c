"""Attribution: which of the memories in a context a reply really speaks from.

A context holds what might help; most of it is never touched. What a reply shares words
with, beyond those that every other memory has too, bears on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from memory.nlp.similarity import content
from memory.nlp.smalltalk import without
from memory.types import Reason, TraceItem

MOST = 3
COMMON_SHARE = 0.25
"""Share of the memories in a context; a word in more of them doesn't tell one from another."""

FEW = 8
# Words of liking, planning and talking: they name nothing.
_EVERYDAY = content(
    "喜欢 最近 觉得 知道 计划 打算 希望 开始 今天 明天 昨天 晚上 早上 时候 现在 记得 一起 "
    "like likes love want plan hope start today tomorrow yesterday evening morning day time now "
    "remember together good know feel get new"
)


def bearing(items: Sequence[TraceItem], message: str, reply: str) -> list[TraceItem]:
    """The memories that a reply draws on, those it shares most with first.

    Args:
        items: Everything that was in its context.
        message: What the user said; greetings in it ask for nothing.
        reply: What was answered.
    """
    units = {item.memory_id: _units(item.text) for item in items}
    counted = Counter(unit for each in units.values() for unit in each)
    most = max(1, int(len(items) * COMMON_SHARE)) if len(items) >= FEW else len(items)
    asked, said = _units(without(message)), _units(reply)
    weights: dict[str, int] = {}
    for item in items:
        own = {unit for unit in units[item.memory_id] if counted[unit] <= most}
        # What was only asked about counts where the search had found it for that.
        found = own & asked if item.reason is Reason.RECALL else set()
        weights[item.memory_id] = 2 * len(own & said) + len(found)
    ranked = sorted(items, key=lambda item: -weights[item.memory_id])
    return [item for item in ranked[:MOST] if weights[item.memory_id]]


def _units(text: str) -> frozenset[str]:
    """Words, and pairs of Chinese characters, that name something."""
    return frozenset(unit for unit in content(text) if len(unit) > 1) - _EVERYDAY
