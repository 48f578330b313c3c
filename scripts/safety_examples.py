"""Training set of the classifier of memory/chat/safety: examples, and windows made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from memory.builtin.chat.meaning import EXAMPLES as EVERYDAY
from memory.builtin.examples import read_examples
from memory.chat.safety.classifier import ALARMS, CLASSES, TOGETHER, WEIGHTS_FILE
from memory.chat.safety.window import sentences

EXAMPLES = WEIGHTS_FILE.parent / "examples"
BETWEEN = " | "
"""Stands between the messages of one example."""

NOT_CALM = frozenset(
    {"lonely", "loss", "pet_lost", "remember_dead", "doubt", "sad", "ask_reassure"}
)
"""Intents of the built-in companion whose examples may deserve the gentle card."""

TALK = "talk"
"""Topic of a whole everyday talk: each of its turns, and what is read together with it."""

MIXED_WINDOWS = 2500
"""Windows made of harmless messages that have nothing to do with each other."""

KINDRED_WINDOWS = 2500
"""Windows made of everyday messages about the same thing."""

SENTENCES = 2500
"""Single sentences of long harmless messages: a long message is read sentence by sentence."""

SEED = 20


@dataclass(frozen=True)
class Example:
    """One line of the example files.

    Attributes:
        kind: One of the classifier's classes, "none" for the harmless.
        urgent: Something is happening now.
        topic: What it is about, for the figures.
        language: "zh-Hans", "zh-Hant", "yue" or "en".
        messages: The newest last.
        origin: Examples of one origin are never trained on and tested with; "" for its own.
    """

    kind: str
    urgent: bool
    topic: str
    language: str
    messages: tuple[str, ...]
    origin: str = ""

    @property
    def label(self) -> int:
        """Its place in CLASSES."""
        return CLASSES.index(None if self.kind == "none" else self.kind)


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """Every example written for this classifier, in the order of the files."""
    found: list[Example] = []
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            kind, urgent, topic, messages = line.split("\t")
            parts = tuple(messages.split(BETWEEN))
            found.append(Example(kind, urgent == "1", topic, file.stem, parts))
    return found


def everyday(folder: Path = EVERYDAY) -> list[Example]:
    """What the built-in companion takes for everyday messages, by intent: all harmless.

    Without those that stand among the examples of danger and of none already.
    """
    languages = {"zh": "zh-Hans", "en": "en"}
    there = {(one.language, one.messages) for one in examples()}
    found = (
        Example("none", False, f"everyday:{one.label}", languages[one.language], (one.text,))
        for file in sorted(folder.glob("*.txt"))
        for one in read_examples(file)
        if one.label not in NOT_CALM
    )
    return [one for one in found if (one.language, one.messages) not in there]


def digest(folder: Path = EXAMPLES) -> str:
    """What the weights remember of the examples they were made from.

    Without the everyday messages of the built-in companion: one more of those asks for no
    new training.
    """
    whole = sha256()
    for file in sorted(folder.glob("*.tsv")):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def training_set(written: Sequence[Example], daily: Sequence[Example]) -> list[Example]:
    """All that is trained on: talks by turns, everyday messages, and windows made of them."""
    spoken = [*written, *daily]
    single = [window for one in spoken for window in turns(one)]
    single = list(dict.fromkeys(single))
    return [*single, *_sentences(single), *_mixed(single), *_kindred(daily)]


def turns(one: Example) -> Iterator[Example]:
    """``one`` itself, or the turns of a talk: each alone and with those before it."""
    if one.topic != TALK:
        yield one
        return
    origin = one.messages[0]
    for end in range(1, len(one.messages) + 1):
        for start in {end - 1, max(0, end - 2), max(0, end - TOGETHER)}:
            told = one.messages[start:end]
            yield Example(one.kind, one.urgent, TALK, one.language, told, origin)


def _mixed(found: Sequence[Example]) -> Iterator[Example]:
    """Harmless messages of a language said one after the other."""
    random = np.random.default_rng(SEED)
    calm: dict[str, list[Example]] = defaultdict(list)
    for one in found:
        if one.label < ALARMS and len(one.messages) == 1:
            calm[one.language].append(one)
    languages = sorted(calm)
    for number in range(MIXED_WINDOWS):
        language = languages[number % len(languages)]
        chosen = [calm[language][place] for place in random.integers(0, len(calm[language]), 3)]
        messages = tuple(one.messages[0] for one in chosen)
        yield Example(chosen[-1].kind, False, "mixed", language, messages)


def _kindred(daily: Sequence[Example]) -> Iterator[Example]:
    """Everyday messages of one intent said one after the other, as in a talk about it."""
    random = np.random.default_rng(SEED)
    about: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in daily:
        about[one.language, one.topic].append(one.messages[0])
    groups = sorted(about.items())
    for number in range(KINDRED_WINDOWS if groups else 0):
        (language, _), told = groups[number % len(groups)]
        chosen = random.permutation(len(told))[: 2 + number // len(groups) % 2]
        yield Example("none", False, "kindred", language, tuple(told[place] for place in chosen))


def _sentences(found: Sequence[Example]) -> list[Example]:
    """Sentences of those harmless messages that have more than one."""
    random = np.random.default_rng(SEED)
    single = [
        Example(one.kind, False, "sentence", one.language, (sentence,))
        for one in found
        if one.topic == "ordinary"
        for sentence in sentences(one.messages[0])
        if len(sentence) < len(one.messages[0])
    ]
    chosen = random.permutation(len(single))[:SENTENCES]
    return [single[place] for place in sorted(chosen.tolist())]
