import pytest

from memory.builtin.extraction.en_parts import with_speaker


@pytest.mark.parametrize(
    ("clause", "whole"),
    [
        ("terrified of spiders", "I'm terrified of spiders"),
        ("vegan since 2012", "I've been vegan since 2012"),
        ("born in Hull", "I was born in Hull"),
        ("retired plumber here", "I'm a retired plumber"),
        ("two boys under four", "I have two boys under four"),
        ("can't stand olives", "I can't stand olives"),
        ("the cat is asleep", "the cat is asleep"),
    ],
)
def test_the_speaker_is_put_back(clause: str, whole: str) -> None:
    assert with_speaker(clause) == whole
