"""Question classifier: which sentences ask for what was told."""

from __future__ import annotations

import pytest

from memory.builtin.examples import digest
from memory.builtin.memory_questions import asks_for_memory, plain, stored_weights
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from scripts import train_answers


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return shared_encoder()


def test_the_weights_are_of_the_examples() -> None:
    """After a change of the examples: python -m scripts.train_answers."""
    files = (*train_answers.files(), *train_answers.message_files())
    assert stored_weights().examples == digest(*files)


@pytest.mark.parametrize(
    "text",
    [
        "what instrument does my uncle play",
        "which bus gets me to the office",
        "is rye bread allowed for me",
        "我表弟在哪个城市上学",
        "哪种坚果我不能碰",
        "我的仓鼠叫什么来着",
    ],
)
def test_questions_of_what_was_told_are_known(text: str, encoder: SentenceEncoder) -> None:
    assert asks_for_memory([text], encoder.encode)[0] > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "how do I cook rice without a pot",
        "why would anybody do that to a dog",
        "my uncle plays the tuba",
        "谁会喜欢下这么久的雨啊",
        "怎么才能让孩子早点睡",
        "我表弟在青岛上学",
    ],
)
def test_other_questions_and_statements_are_not(text: str, encoder: SentenceEncoder) -> None:
    assert asks_for_memory([text], encoder.encode)[0] < 0.5


def test_nothing_is_asked_of_nothing(encoder: SentenceEncoder) -> None:
    assert asks_for_memory([], encoder.encode) == []
    assert plain("What’s my  Name？") == "what's my name"
