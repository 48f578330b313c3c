"""Text classifier: softmax regression on sentence vectors, hashed n-grams, word patterns, and
on how near the nearest examples of each kind are.

The weights (``classifier.npz``) are made by ``python -m scripts.train_safety`` from the
examples in ``memory/chat/safety/examples``. They hold two models: one for when the sentence
encoder is loaded, and one on n-grams and patterns alone, for before that or without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias
from zlib import crc32

from memory.chat.safety.nearest_means import nearest_means
from memory.chat.safety.normalization import normalized
from memory.chat.safety.rules import KINDS, spoken_of
from memory.system.lazy_imports import LazyModule
from memory.system.once import computed_once
from memory.types import RiskKind
from memory.types.vectors import Floats

# A process that only reads files marks memories by the patterns: it needs no numpy.
if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    np = LazyModule("numpy")

WEIGHTS_FILE = Path(__file__).parent / "classifier.npz"

CLASSES: tuple[RiskKind | None, ...] = (
    None,
    "distress",
    "suicide",
    "self_harm",
    "danger",
    "friend",
    "threat",
)
"""What a message can be; the alarms are those from ``ALARMS`` on."""

ALARMS = 2

TOGETHER = 3
"""How many of the last messages are read as one text."""

NEAREST = (1, 5, 20)
"""How many of a kind's nearest examples a mean likeness is taken over."""

CHARACTERS = (1, 2, 3, 4)
WORDS = (1, 2, 3)
RULE_WEIGHT = 0.5

_TOKEN = re.compile(r"[a-z']+|[\u3400-\u9fff\U00020000-\U0003ffff]")

Hashes: TypeAlias = "npt.NDArray[np.uint32]"


class Encoder(Protocol):
    """What gives sentence vectors; see :mod:`memory.llm.sentence_encoder`."""

    @property
    def ready(self) -> bool:
        """Whether vectors can be had at once."""

    def load_in_background(self) -> None:
        """Begin to load, unless that was begun before; returns at once."""

    def wait(self, seconds: float) -> bool:
        """Wait until it is ready or can't be, ``seconds`` at most; whether it is."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the classifier says of one window.

    Attributes:
        classes: Probability of each of :data:`CLASSES`; they sum to 1.
        urgent: Probability that, if it is an alarm, something is happening now.
        by_words: Whether the model without sentence vectors said so.
    """

    classes: tuple[float, ...]
    urgent: float
    by_words: bool

    @property
    def alarm(self) -> float:
        """Probability of any alarm."""
        return sum(self.classes[ALARMS:])

    @property
    def alarm_kind(self) -> RiskKind:
        """The likeliest of the alarms."""
        best = max(range(ALARMS, len(CLASSES)), key=self.classes.__getitem__)
        kind = CLASSES[best]
        assert kind is not None
        return kind


@dataclass(frozen=True)
class Model:
    """Weights of one softmax regression, and of the regression that tells what is urgent.

    Each matrix has a column for each class and a last one for ``urgent``.
    """

    vectors: Floats
    grams: Floats
    rules: Floats
    likeness: Floats
    bias: Floats


@dataclass(frozen=True)
class NearestExamples:
    """The examples as sentence vectors of fewer numbers, in groups by class.

    Attributes:
        axes: A column for each of those numbers, of as many rows as the encoder's vectors.
        classes: For each of :data:`CLASSES` a unit vector a row.
    """

    axes: Floats
    classes: tuple[Floats, ...]

    def likeness(self, vector: Floats) -> Floats:
        """Mean cosine with the nearest examples: :data:`NEAREST` numbers for each class."""
        flat = vector @ self.axes
        flat /= max(float(np.linalg.norm(flat)), 1e-9)
        return np.concatenate([nearest_means(rows @ flat, NEAREST) for rows in self.classes])


@dataclass(frozen=True)
class Weights:
    """``classifier.npz``."""

    hashes: Hashes
    rarity: Floats
    neighbours: NearestExamples
    full: Model
    words_only: Model
    examples: str


@dataclass(frozen=True)
class Features:
    """A window as numbers.

    Attributes:
        vectors: Two sentence vectors, of the newest message and of the window (times .7);
            None without the encoder.
        likeness: What :meth:`NearestExamples.likeness` says of the window.
        grams: Places of its n-grams.
        values: What each of them counts.
        rule: The kind that the patterns hear, by its place.
    """

    vectors: Floats | None
    likeness: Floats | None
    grams: npt.NDArray[np.intp]
    values: Floats
    rule: int | None


def scores(messages: Sequence[str], encoder: Encoder | None) -> Scores:
    """How likely each kind of danger is in ``messages``, the newest last.

    Args:
        messages: What the user said; of these the last :data:`TOGETHER` count.
        encoder: Gives sentence vectors; where it is None or not ready the model on
            words alone is asked.
    """
    return scores_of([messages], encoder)[0]


def scores_of(windows: Sequence[Sequence[str]], encoder: Encoder | None) -> list[Scores]:
    """What :func:`scores` says of each window; all are looked at in one go."""
    weights = stored_weights()
    ready = encoder if encoder is not None and encoder.ready else None
    model = weights.full if ready else weights.words_only
    found = features_of(windows, weights.hashes, weights.rarity, ready, weights.neighbours)
    return [predict(model, features) for features in found]


def _read(messages: Sequence[str]) -> tuple[str, str]:
    """The newest message and the last ones as one text, normalized."""
    plain = [normalized(message) for message in messages[-TOGETHER:]]
    return plain[-1], " ".join(plain)


def predict(model: Model, features: Features) -> Scores:
    """The scores that ``model`` gives to ``features``."""
    raw = model.bias.copy()
    if features.vectors is not None:
        raw += features.vectors @ model.vectors
    if features.likeness is not None:
        raw += features.likeness @ model.likeness
    if len(features.grams):
        raw += features.values @ model.grams[features.grams]
    if features.rule is not None:
        raw += RULE_WEIGHT * model.rules[features.rule]
    odds = np.exp(raw[:-1] - raw[:-1].max())
    classes = odds / odds.sum()
    return Scores(
        classes=tuple(float(value) for value in classes),
        urgent=float(1 / (1 + np.exp(-raw[-1]))),
        by_words=features.vectors is None,
    )


def features_of(
    windows: Sequence[Sequence[str]],
    hashes: Hashes,
    rarity: Floats,
    encoder: Encoder | None,
    neighbours: NearestExamples | None = None,
) -> list[Features]:
    """The numbers that stand for each of ``windows``: messages, the newest last."""
    read = [_read(messages) for messages in windows]
    encoded = None
    if encoder is not None:
        # The encoder keeps recent vectors, and many texts together cost it far less.
        texts = [text for pair in read for text in pair]
        encoded = np.asarray(encoder.encode(texts)).reshape(len(read), 2, -1)
    found = []
    for number, (_newest, together) in enumerate(read):
        vectors = likeness = None
        if encoded is not None:
            newest, whole = encoded[number]
            vectors = np.concatenate([newest, 0.7 * whole])
            likeness = None if neighbours is None else neighbours.likeness(whole)
        places, values = _weighted(together, hashes, rarity)
        kind = spoken_of(together)
        found.append(
            Features(
                vectors,
                likeness,
                places,
                values,
                None if kind is None else KINDS.index(kind),
            )
        )
    return found


def grams_of(text: str) -> tuple[Counter[int], Counter[int]]:
    """Hashes of a normalized text's runs of characters, and of its runs of words."""
    return Counter(_characters(text)), Counter(_words(text))


def _characters(text: str) -> Iterator[int]:
    for size in CHARACTERS:
        for start in range(len(text) - size + 1):
            yield crc32(f"c{text[start : start + size]}".encode("utf-8", "surrogatepass"))


def _words(text: str) -> Iterator[int]:
    tokens = _TOKEN.findall(text)
    for size in WORDS:
        for start in range(len(tokens) - size + 1):
            yield crc32(f"w{' '.join(tokens[start : start + size])}".encode())


def _weighted(text: str, hashes: Hashes, rarity: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Places in ``hashes`` of the n-grams that are known, and what each counts."""
    places: list[npt.NDArray[np.intp]] = []
    values: list[Floats] = []
    for counted in grams_of(text):
        found = np.fromiter(counted.keys(), dtype=np.uint32, count=len(counted))
        times = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
        where = np.minimum(np.searchsorted(hashes, found), len(hashes) - 1)
        known = hashes[where] == found
        at = where[known]
        weighted = (1 + np.log(times[known])) * rarity[at]
        length = np.linalg.norm(weighted)
        places.append(at)
        values.append((weighted / length if length else weighted).astype(np.float32))
    return np.concatenate(places), np.concatenate(values)


def neighbours_of(
    axes: Floats, examples: npt.NDArray[np.int8], classes: npt.NDArray[np.int8]
) -> NearestExamples:
    """Examples as they are stored: whole numbers in place of fractions, and the class of each."""
    vectors = examples.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return NearestExamples(axes, tuple(vectors[classes == place] for place in range(len(CLASSES))))


@computed_once
def stored_weights() -> Weights:
    """The weights in the package, read once."""
    with np.load(WEIGHTS_FILE, allow_pickle=False) as stored:

        def model(name: str) -> Model:
            grams = stored[f"{name}_grams"].astype(np.float32) * stored[f"{name}_scale"]
            return Model(
                vectors=stored[f"{name}_vectors"].astype(np.float32),
                grams=grams,
                rules=stored[f"{name}_rules"],
                likeness=stored[f"{name}_likeness"],
                bias=stored[f"{name}_bias"],
            )

        return Weights(
            hashes=stored["hashes"],
            rarity=stored["rarity"].astype(np.float32),
            neighbours=neighbours_of(
                stored["axes"].astype(np.float32), stored["examples_8bit"], stored["classes"]
            ),
            full=model("full"),
            words_only=model("words"),
            examples=str(stored["examples"]),
        )
