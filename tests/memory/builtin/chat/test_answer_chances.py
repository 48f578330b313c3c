"""What a question asks for beside how it is put."""

from __future__ import annotations

import pytest

from memory.builtin.chat.answer_chances import chance_of, in_first_person, without_frame


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("我妹在哪上班来着，我跟你说过没", "我妹在哪上班"),
        ("你还记得我家狗几岁吗", "我家狗几岁吗"),
        ("what was my bus pass number again", "what was my bus pass number"),
        ("where does my aunt live, did I mention it?", "where does my aunt live?"),
        ("记得吗", "记得吗"),
    ],
)
def test_the_frame_is_taken_off(question: str, bare: str) -> None:
    assert without_frame(question) == bare


def test_memories_are_compared_in_the_first_person() -> None:
    assert in_first_person("用户的猫叫芝麻") == "我的猫叫芝麻"
    assert in_first_person("The user's boat is green") == "my boat is green"
    assert in_first_person("The user likes tea") == "I likes tea"


def test_somebody_else_is_hardly_an_answer() -> None:
    asked = {"alike": 0.4, "fits": 0.3, "whom": 1.0, "what": 1.0, "whom_and_what": 1.0}
    another = {"alike": 0.4, "fits": 0.0, "whom_missing": 1.0, "what": 1.0, "another": 1.0}
    assert chance_of(asked) > 0.5 > 0.1 > chance_of(another)
