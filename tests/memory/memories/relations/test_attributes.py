"""Holder, slot and value of a sentence that says one."""

from __future__ import annotations

import pytest

from memory.memories.relations.attributes import attributes

SLOTS = [
    ("住在北京", ("", "home", "北京")),
    ("从北京搬到了上海", ("", "home", "上海")),
    ("的妹妹小雅住在北京", ("妹妹小雅", "home", "北京")),
    ("在图书馆读书", None),
    ("在家工作", None),
    ("住院了", None),
    ("有3岁的儿子", None),
    ("的儿子叫小明", None),
    ("的朋友叫小李", None),
    ("的妈妈叫李梅", ("妈妈", "name", "李梅")),
    ("叫小林", ("", "name", "小林")),
    ("和男朋友分手了", ("", "status", "single")),
    ("lives in Beijing with Li", ("", "home", "beijing")),
    ("moved to a new team", None),
    ("'s sister Anna lives in Boston", ("sister", "home", "boston")),
    ("'s dog is called Rex", None),
    ("'s favorite color is blue", ("", "favourite:color", "blue")),
    ("doesn't like coffee", ("", "like:coffee", "no")),
]


@pytest.mark.parametrize(("rest", "expected"), SLOTS)
def test_slots(rest: str, expected: tuple[str, str, str] | None) -> None:
    found = [(a.holder, a.slot, a.value) for a in attributes(rest)]
    assert found == ([expected] if expected else [])
