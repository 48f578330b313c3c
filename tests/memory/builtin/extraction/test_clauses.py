"""The clause classifier: its weights, its examples, and what it says of unseen clauses."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from memory.builtin.examples import ExampleFileError, digest, expanded, read_examples
from memory.builtin.extraction.clauses import CLASSES, WEIGHTS_FILE, judged, stored_weights
from memory.llm.sentence_encoder import shared_encoder
from scripts import train_clauses


def test_the_weights_were_made_from_these_examples() -> None:
    # After a change of the examples: python -m scripts.train_clauses
    assert stored_weights().examples == digest(*train_clauses.files())


def test_the_weights_are_small() -> None:
    assert WEIGHTS_FILE.stat().st_size < 100_000


def test_there_are_examples_enough_of_each_language_and_class() -> None:
    found = train_clauses.examples()
    memories = Counter(one.language for one in found if one.label != "none")
    others = Counter(one.language for one in found if one.label == "none")
    assert sum(memories.values()) >= 1200
    assert sum(others.values()) >= 1200
    assert min(memories["zh"], memories["en"], others["zh"], others["en"]) >= 600
    assert {one.label for one in found} == set(CLASSES)


@pytest.mark.slow
def test_training_again_gives_the_same_weights() -> None:
    """On a part of the examples, with vectors that need no model."""
    found = train_clauses.examples()[::40]

    def encode(texts: list[str]) -> np.ndarray:
        made = [np.random.default_rng(len(text)).normal(size=512) for text in texts]
        return np.array([one / np.linalg.norm(one) for one in made], dtype=np.float32)

    first = train_clauses.trained(found, train_clauses.numbered(found, encode))
    second = train_clauses.trained(found, train_clauses.numbered(found, encode))
    for name, array in first.items():
        assert np.array_equal(array, second[name]), name


# Said by nobody in the example files.
WORTH = {
    "我对榛子过敏": "health",
    "我有严重的荨麻疹": "health",
    "我女儿今年念大二": "relationship",
    "我在物业公司当会计": "work_study",
    "I'm allergic to sesame": "health",
    "my uncle runs a garage in Leeds": "relationship",
    "I work as a locksmith": "work_study",
}
NOT_WORTH = [
    "这天气可真够呛",
    "哈哈你太有才了",
    "那家店的面挺好吃",
    "I'm about to boil some eggs",
    "that trailer looks amazing",
    "what a lovely sunset",
]


def test_unseen_clauses() -> None:
    encode = shared_encoder().encode
    verdicts = dict(zip(WORTH, judged(list(WORTH), encode), strict=True))
    assert {clause: verdict.category for clause, verdict in verdicts.items()} == WORTH
    assert min(verdict.worth for verdict in verdicts.values()) > 0.75
    assert max(verdict.worth for verdict in judged(NOT_WORTH, encode)) < 0.75


def test_a_line_stands_for_each_of_its_choices() -> None:
    assert expanded("我{爱|怕}{猫|狗}") == ["我爱猫", "我爱狗", "我怕猫", "我怕狗"]


def test_a_sentence_without_a_label_is_named(tmp_path) -> None:
    file = tmp_path / "some.zh.txt"
    file.write_text("# nothing\n我爱猫\n", encoding="utf-8")
    with pytest.raises(ExampleFileError, match=r"some\.zh\.txt, line 2"):
        read_examples(file)
