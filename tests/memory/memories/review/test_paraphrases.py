"""Said again in other words: what an embedder adds to the rules, and what it must not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.memories.review import FindingKind
from memory.memories.review import review as looking
from memory.memories.review.paraphrases import ALONE, LEAST, threshold
from memory.types import Owner
from memory.vector_store.search.neighbours import Near
from tests.fakes.openai_answers import embedding
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.conftest import Clock
from tests.verbs import remember_all

# Sentences of one line mean the same to the embedder of these tests.
MEANINGS = (
    ("用户每天早上绕着公园慢跑", "用户清晨有晨练的习惯", "用户不在早晨锻炼", "用户的妈妈清晨晨练"),
    ("The user has a sweet tooth", "The user adores puddings and pies"),
    ("用户养了三只猫咪", "用户家里有2只小喵"),
    ("用户在银行上班", "用户在法院任职"),
)
OTHERS = ("用户怕打雷", "用户收藏邮票", "用户会弹古筝", "用户睡前看科幻小说", "用户讨厌香菜")


def meant(text: str, dims: int) -> list[float]:
    """A vector by meaning: texts of one line have a cosine of about 0.99."""
    for meaning in MEANINGS:
        if text in meaning:
            own = embedding(text, dims)
            return [m + 0.1 * o for m, o in zip(embedding(meaning[0], dims), own, strict=True)]
    return embedding(text, dims)


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI(embed=meant) as fake:
        yield fake


@pytest.fixture
def container(
    tmp_path: Path, clock: Clock, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Container]:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    settings = load_settings(
        embedder="openai",
        embedding_base_url=server.url,
        embedding_api_key="k",
        embedding_model="fake-embedding",
        embedding_dims=server.dims,
    )
    container = build(settings, clock=clock)
    yield container
    container.close()


def pairs(container: Container, owner: Owner) -> set[tuple[FindingKind, frozenset[str]]]:
    return {
        (found.kind, frozenset(memory.text for memory in found.memories))
        for found in container.review.findings(owner)
        if len(found.memories) == 2
    }


@pytest.mark.parametrize("lone", [False, True])
def test_the_same_in_other_words_is_found_and_never_sure(
    container: Container, owner: Owner, lone: bool
) -> None:
    same = MEANINGS[1] if lone else MEANINGS[0][:2]
    remember_all(container, owner, *same, *(() if lone else OTHERS))
    (found,) = container.review.findings(owner)
    assert found.kind is FindingKind.DUPLICATE
    assert {memory.text for memory in found.memories} == set(same)
    assert not found.sure
    container.review.decisions.fix(owner, found)
    assert container.review.findings(owner) == []


@pytest.mark.parametrize(
    "texts",
    [
        (MEANINGS[0][0], MEANINGS[0][2]),  # denied
        (MEANINGS[0][1], MEANINGS[0][3]),  # somebody else
        MEANINGS[2],  # other numbers
        OTHERS,
    ],
)
def test_what_rules_tell_apart_no_vector_puts_together(
    container: Container, owner: Owner, texts: Sequence[str]
) -> None:
    remember_all(container, owner, *texts)
    assert pairs(container, owner) == set()


def test_neighbours_are_held_against_the_rules_as_well(container: Container, owner: Owner) -> None:
    remember_all(container, owner, *MEANINGS[3], *OTHERS)
    assert pairs(container, owner) == {(FindingKind.CONTRADICTION, frozenset(MEANINGS[3]))}


def test_nothing_is_embedded_to_look(
    container: Container, owner: Owner, server: FakeOpenAI
) -> None:
    remember_all(container, owner, *MEANINGS[0][:2], *OTHERS)
    asked = len(server.requests)
    assert len(container.review.findings(owner)) == 1
    assert len(server.requests) == asked


def test_a_few_at_once_and_the_rest_in_the_background(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "ASKED", 2)
    monkeypatch.setattr(looking, "BREATH", 0.0)
    remember_all(container, owner, *MEANINGS[0][:2], *OTHERS)
    container.review.findings(owner)
    until = time.monotonic() + 10
    while not (found := pairs(container, owner)) and time.monotonic() < until:
        time.sleep(0.01)
    assert found == {(FindingKind.DUPLICATE, frozenset(MEANINGS[0][:2]))}
    # What is new is looked at, however many there are.
    remember_all(container, owner, MEANINGS[1][0])
    remember_all(container, owner, MEANINGS[1][1])
    assert (FindingKind.DUPLICATE, frozenset(MEANINGS[1])) in pairs(container, owner)


def test_closing_stops_the_background(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "ASKED", 1)
    monkeypatch.setattr(looking, "BREATH", 60.0)
    remember_all(container, owner, *OTHERS)
    container.review.findings(owner)
    (thread,) = (one for one in threading.enumerate() if one.name == "niannian-inbox")
    container.review.close()
    assert not thread.is_alive()


def test_what_is_usual_moves_the_threshold() -> None:
    def near(*cosines: float) -> list[Near]:
        return [Near(str(place), cosine) for place, cosine in enumerate(cosines)]

    assert threshold(near(0.95)) == ALONE
    assert threshold(near(0.9, 0.5, 0.4, 0.3, -0.1)) == LEAST
    # A model to which everything is alike.
    assert threshold(near(0.93, 0.85, 0.84, 0.8)) == pytest.approx(0.92)
