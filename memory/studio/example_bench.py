"""Example bench: what the built-in companion understands of a sentence, for designers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory.builtin.chat.meaning import EXAMPLES, likely_intents
from memory.builtin.examples import read_examples
from memory.builtin.taught import NEVER, TaughtExample, taught_meaning
from memory.llm.sentence_encoder import shared_encoder
from memory.types import Language

LIKELIEST = 3


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence means: what was taught of it, and what the classifier finds likeliest."""

    taught: str | None
    likely: tuple[tuple[str, float], ...]


def meanings(language: Language) -> dict[str, str]:
    """Each intent that messages can mean, with an example of it."""
    found: dict[str, str] = {}
    for file in sorted(EXAMPLES.glob(f"*.{language}.txt")):
        for one in read_examples(file):
            if not one.label.startswith("ask_"):
                found.setdefault(one.label, one.text)
    return dict(sorted(found.items()))


def understood(text: str, examples: Sequence[TaughtExample]) -> Understood:
    """What ``text`` means."""
    encoder = shared_encoder()
    encode = encoder.encode if encoder.ready else None
    taught = taught_meaning(text, examples, encode)
    if encode is None:
        return Understood(taught, ())
    likely = sorted(likely_intents(text, encode).items(), key=lambda entry: -entry[1])
    return Understood(taught, tuple(likely[:LIKELIEST]))


__all__ = ["NEVER", "Understood", "meanings", "understood"]
