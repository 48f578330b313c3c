"""Fit the weights of the noise gate, and say how good they are.

    python -m scripts.fit_noise_gate   # prints the numbers to be written into noise_gate.py

Every example message is searched for in the memories of every example person of its language.
What concerns none of the memories must recall nothing; what concerns one counts if that memory
is among the first five. A message is judged by probes that were made without it, and its person
by weights that were made without that person. To be run after
``python -m scripts.embed_calibration``; ``python -m benchmarks.false_recall`` measures the
result on people and messages that nothing was made from.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/fit_noise_gate.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contestants import our_store
from benchmarks.false_recall import LANGUAGES, NOW, TODAY, Remembered, fill, remembered
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import shared_encoder
from memory.types import MemoryFilter
from memory.vector_store.filters import memory_filter
from memory.vector_store.search import linear_probe
from memory.vector_store.search.calibration import earnest_messages
from memory.vector_store.search.example_messages import EXAMPLES, of_no_concern
from memory.vector_store.search.noise_gate import BY_MEANING, BY_WORDS, clues
from memory.vector_store.search.search import look
from memory.vector_store.store import MemoryStore
from scripts.embed_calibration import TERM_RIDGE, columns_of, term_rows
from scripts.softmax_regression import fitted_logistic

FALSE_BY_MEANING, FALSE_BY_WORDS = 0.03, 0.02
"""The share of the messages of no concern that may recall something, in either language."""

STRANGE = 1.0
FOREIGN = 0.3
"""What a message about somebody else's life counts, beside one of no concern."""

CONCERNING = 3.0
DECAY = 0.001
STEPS = 3000
FOLDS = 10
FIRST = 5

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """A message sent to a person; ``right`` is None if it concerns none of the memories."""

    person: str
    language: str
    text: str
    weight: float
    right: bool | None
    clues: dict[str, float] | None


def fold_of(text: str) -> int:
    """The fold of a message, the same in every run."""
    return crc32(text.encode("utf-8")) % FOLDS


def judged_by_others(
    texts: Sequence[str], rows: Rows, earnest: int, ridge: float
) -> dict[str, float]:
    """What a probe made without its fold says of each text; the first ``earnest`` are earnest."""
    folds = np.array([fold_of(text) for text in texts])
    serious = np.arange(len(texts)) < earnest
    found = np.zeros(len(texts))
    for fold in range(FOLDS):
        used = folds != fold
        probe = linear_probe.fitted(rows[used & serious], rows[used & ~serious], ridge)
        found[~used] = rows[~used] @ probe[:-1] + probe[-1]
    return dict(zip(texts, found.tolist(), strict=True))


def probes() -> tuple[dict[str, float], dict[str, float]]:
    """How earnest each example message is, by meaning and by words."""
    earnest, nothing = earnest_messages(), of_no_concern()
    texts = [*earnest, *nothing]
    vectors = np.asarray(LocalEmbedder(shared_encoder()).embed(texts, "query"), dtype=np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    terms = term_rows(texts, columns_of(texts))
    return (
        judged_by_others(texts, vectors, len(earnest), linear_probe.RIDGE),
        judged_by_others(texts, terms, len(earnest), TERM_RIDGE),
    )


def seen(
    store: MemoryStore, people: Sequence[Remembered], earnest: dict[str, float]
) -> Iterator[Seen]:
    """Every message sent to every person of its language."""
    for person in people:
        own = {message.text: message.memory_id for message in person.messages}
        for text, memory_id in own.items():
            yield _seen(store, person, text, CONCERNING, earnest, memory_id)
        for text in of_no_concern(EXAMPLES, person.language):
            yield _seen(store, person, text, STRANGE, earnest)
        for other in people:
            if other.language == person.language and other is not person:
                for message in other.messages:
                    # "What's my name" asks about everybody.
                    if not message.shared and message.text not in own:
                        yield _seen(store, person, message.text, FOREIGN, earnest)


def _seen(
    store: MemoryStore,
    person: Remembered,
    text: str,
    weight: float,
    earnest: dict[str, float],
    memory_id: str | None = None,
) -> Seen:
    dense = store.embedding.dense_query(text)
    found = look(
        store.client,
        store.collection,
        query=text,
        query_filter=memory_filter(person.owner, MemoryFilter()),
        limit=20,
        today=TODAY,
        dense=dense,
    )
    given, right = None, None if memory_id is None else False
    if found is not None:
        given = clues(found.asked, found.found, found.overlap) | {"earnest": earnest[text]}
    if memory_id is not None:
        hits = store.reads.search(
            person.owner, text, limit=FIRST, today=TODAY, now=NOW, gated=False
        )
        right = memory_id in [hit.memory.id for hit in hits]
    return Seen(person.owner.user_id, person.language, text, weight, right, given)


def weights_of(rows: Rows, labels: npt.NDArray[np.intp], counts: Rows) -> Rows:
    """Weights, the bias last."""
    scale = rows.std(axis=0) + 1e-6
    even, each = (rows / scale).astype(np.float32), counts.astype(np.float32)
    model = fitted_logistic(even, labels, each, DECAY, STEPS).astype(np.float64)
    model[:-1] /= scale
    return model


def fit(messages: Sequence[Seen], names: Sequence[str], false: float, title: str) -> None:
    """Print the weights of some clues, and how good they are; "characters" is the last of them."""
    known = [one for one in messages if one.clues is not None]
    rows = np.array([[one.clues[name] for name in names] for one in known if one.clues])
    labels = np.array([one.right is not None for one in known]).astype(np.intp)
    # What isn't found in any case is no loss.
    counts = np.array([0.0 if one.right is False else one.weight for one in known])
    odds = np.zeros(len(known))
    persons = np.array([one.person for one in known])
    for person in np.unique(persons):
        used = persons != person
        model = weights_of(rows[used], labels[used], counts[used])
        odds[~used] = rows[~used] @ model[:-1] + model[-1]
    print(
        f"\n{title}: messages about a memory, found among the first {FIRST}; of no concern, false"
    )
    least = {}
    for language in LANGUAGES:
        every = [one for one in messages if one.language == language]
        strange = sum(_is_strange(one) for one in every)
        mine = [(odds[place], one) for place, one in enumerate(known) if one.language == language]
        ordered = sorted((chance for chance, one in mine if _is_strange(one)), reverse=True)
        least[language] = ordered[int(false * strange)]
        passed = [one for chance, one in mine if chance > least[language]]
        found = sum(one.right is True for one in passed)
        asked = sum(one.right is not None for one in every)
        wrong = sum(map(_is_strange, passed))
        print(f"  {language}  {found / asked:.3f} of {asked}   {wrong / strange:.3f} of {strange}")
    model = weights_of(rows, labels, counts)
    model[-2] -= least["zh"] - least["en"]
    for name, weight in zip(names, model, strict=False):
        print(f'    "{name}": {weight:.2f},')
    print(f"BIAS = {model[-1] - least['en']:.2f}")


def _is_strange(message: Seen) -> bool:
    return message.right is None and message.weight == STRANGE


def main() -> None:
    """Fit both."""
    people = remembered(EXAMPLES)
    shared_encoder().load_in_background()
    shared_encoder().wait(60)
    by_meaning, by_words = probes()
    for title, embedder, earnest, names, false in (
        ("by meaning", None, by_meaning, BY_MEANING, FALSE_BY_MEANING),
        ("by words", HashingEmbedder(), by_words, BY_WORDS, FALSE_BY_WORDS),
    ):
        with our_store(embedder) as store:
            fill(store, people)
            fit(list(seen(store, people, earnest)), tuple(names), false, title)


if __name__ == "__main__":
    main()
