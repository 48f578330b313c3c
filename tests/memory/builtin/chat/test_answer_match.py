"""Learned relevance: what answers a question that shares no word with it."""

from __future__ import annotations

import pytest

from memory.builtin.chat.answer_match import matched, stored_weights
from memory.builtin.examples import digest
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from scripts import train_answers


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return shared_encoder()


def test_the_weights_are_of_the_examples() -> None:
    """After a change of the examples: python -m scripts.train_answers."""
    assert stored_weights().examples == digest(*train_answers.files())


@pytest.mark.parametrize(
    ("question", "answer", "others"),
    [
        (
            "what got swiped from me",
            "my camera was stolen at the station",
            ("my sister paints boats", "I go rowing on fridays", "I like old films"),
        ),
        (
            "which tablets do I swallow at breakfast",
            "I take a thyroid pill every morning",
            ("I have toast for breakfast", "my table is from Sweden", "I work in a bakery"),
        ),
        (
            "家里那位靠啥挣钱",
            "我老公在码头开吊车",
            ("我家在码头旁边", "我存了五万块", "我妈妈爱听戏"),
        ),
        (
            "房东每个月收我多少",
            "我房租两千八",
            ("我一个月跑步三次", "我家楼下有超市", "我爸每月来看我"),
        ),
    ],
)
def test_an_answer_in_other_words_fits_better_than_the_rest(
    question: str, answer: str, others: tuple[str, ...], encoder: SentenceEncoder
) -> None:
    rows = encoder.encode([question, answer, *others])
    # The learned part was learnt beside the cosine.
    learned = matched(rows[0], rows[1:])
    first, *rest = [a + b for a, b in zip((rows[1:] @ rows[0]).tolist(), learned, strict=True)]
    assert first > max(rest)


def test_the_sentences_of_a_line_together_count_as_the_root_of_their_number() -> None:
    found = train_answers.examples()
    lines: dict[int, list[float]] = {}
    for one, line in found:
        lines.setdefault(line, []).append(one.weight)
    for weights in lines.values():
        assert len(weights) <= train_answers.MOST
        assert sum(weights) == pytest.approx(len(weights) ** 0.5)
