from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.llm.hashing_embedder import HashingEmbedder

SENTENCES = ["用户对花生过敏", "用户喜欢在周末去爬山", "The user lives in Shanghai", "念念喜欢滑雪"]


def similarity(one: str, other: str) -> float:
    a, b = HashingEmbedder().embed([one, other])
    return float(np.dot(a, b))


def test_name_and_dims_are_what_is_recorded() -> None:
    embedder = HashingEmbedder(128)
    assert embedder.name == "builtin-hash-128"
    assert [len(v) for v in embedder.embed(SENTENCES)] == [128] * 4


def test_same_text_same_vector_in_another_process() -> None:
    code = (
        "from memory.llm.hashing_embedder import HashingEmbedder as H;"
        "print([round(x, 9) for x in H().embed(['用户对花生过敏 Hi'])[0]])"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    here = [round(x, 9) for x in HashingEmbedder().embed(["用户对花生过敏 Hi"])[0]]
    assert other.stdout.strip() == str(here)


def test_values_never_change_between_versions() -> None:
    vector = HashingEmbedder().embed(["用户住在上海"])[0]
    places = [i for i, x in enumerate(vector) if x]
    assert (len(places), places[:5]) == GOLDEN


GOLDEN = (25, [23, 35, 43, 77, 87])


@pytest.mark.parametrize("other", ["我对花生过敏", "用户对花生有过敏反应"])
def test_shared_spelling_is_near(other: str) -> None:
    assert similarity("用户对花生过敏", other) > 0.35
    assert similarity("用户对花生过敏", "The user lives in Shanghai") < 0.2


def test_width_case_and_spaces_dont_matter() -> None:
    assert similarity("Ｈｅｌｌｏ　 World", "hello world") == pytest.approx(1.0)


def test_nothing_is_the_zero_vector() -> None:
    assert not np.any(HashingEmbedder().embed(["", "  \n"]))


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_is_a_unit_vector_or_nothing(text: str) -> None:
    length = float(np.linalg.norm(HashingEmbedder().embed([text])[0]))
    assert length == pytest.approx(1.0) or not text.split()


def test_a_text_costs_less_than_a_third_of_a_millisecond() -> None:
    texts = [f"{s} {i}" * 3 for i, s in enumerate(SENTENCES * 50)]
    embedder = HashingEmbedder()
    best = min(_seconds(embedder, texts) for _ in range(5))
    assert best / len(texts) < 0.0003


def _seconds(embedder: HashingEmbedder, texts: list[str]) -> float:
    start = time.perf_counter()
    embedder.embed(texts)
    return time.perf_counter() - start
