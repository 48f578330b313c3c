from memory.builtin.chat.lines import lines
from memory.builtin.chat.told import told_of
from memory.types import DEFAULT_CATEGORIES, Action, Operation


def _kept(*categories: str) -> list[Operation]:
    return [Operation(Action.ADD, text=name, category=name) for name in categories]


def test_what_weighs_most_is_taken_up() -> None:
    assert told_of(_kept("habit", "health")) == "told_health"
    assert told_of(_kept("identity", "habit", "work_study")) == "told_self"
    assert told_of(_kept("event")) == told_of([]) == ""


def test_every_table_has_lines() -> None:
    for name in DEFAULT_CATEGORIES:
        table = told_of(_kept(name))
        assert not table or (table in lines("zh") and table in lines("en"))
