import pytest

from memory.builtin.extraction.small_talk import says_nothing


@pytest.mark.parametrize(
    "memory",
    [
        "用户的队友特别给力",
        "用户喜欢照片里的夕阳",
        "用户定期聚会",
        "The user felt so grateful for the help",
        "The user has always wanted to try the food there",
        "The user was in Denver",
        "用户看到有人在河边下棋",
        "用户遇到了一点小麻烦",
        "用户的鹦鹉",
        "The user painted it on November 9, 2026",
    ],
)
def test_small_talk(memory: str) -> None:
    assert says_nothing(memory)


@pytest.mark.parametrize(
    "memory",
    [
        "用户喜欢夕阳",
        "用户的队友叫阿凯",
        "用户的猫丢了",
        "用户的狗三岁",
        "用户每周三聚会",
        "The user lives in Denver",
    ],
)
def test_facts_stay(memory: str) -> None:
    assert not says_nothing(memory)
