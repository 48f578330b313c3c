from memory.builtin.chat.put_right import put_right


def test_what_was_said_as_it_was_put_right() -> None:
    said = ["演出是下周六", "票两百", "演出不是下周六，是下周日"]
    assert put_right(said) == ["演出是下周日", "票两百", ""]


def test_nothing_to_put_right() -> None:
    assert put_right(["I like tea", "and toast"]) == ["I like tea", "and toast"]
