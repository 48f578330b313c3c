from memory.builtin.chat.script import in_traditional, writes_traditional
from tests.memory.builtin.chat.talking import reply, request


def test_whoever_writes_traditional_letters_is_answered_in_them() -> None:
    assert writes_traditional(request("我養了一隻貓"))
    assert writes_traditional(request("今日好攰"))
    assert not writes_traditional(request("我养了一只猫"))
    assert not writes_traditional(request("I have a cat"))
    answer = reply("謝謝你陪我說話")
    assert answer == in_traditional(answer)
