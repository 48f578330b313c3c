"""Prompt echo check: sentences of the persona card and of prompt examples."""

from __future__ import annotations

import re
from functools import lru_cache

from memory.extraction.validation.sources import SENTENCES
from memory.llm.prompts import load_prompt
from memory.nlp.similarity import normal
from memory.types import Persona

_EXAMPLE = re.compile(r'"text": "([^"]+)"')


def card_sentences(persona: Persona) -> list[str]:
    """Every sentence of the persona card, in all its languages."""
    found = []
    for text in persona.texts.values():
        parts = [text.tagline, text.temperament, text.speaking_style, text.backstory]
        for part in (
            *parts,
            *text.opening_lines,
            *text.boundaries,
            *text.mood_lines,
            *text.example_lines,
        ):
            found += [sentence for sentence in SENTENCES.split(part) if sentence.strip()]
    return found


@lru_cache(maxsize=16)
def examples_of(*instructions: str) -> frozenset[str]:
    """The sentences of prompts' own examples, which small models like to repeat.

    Those of the shipped prompts are always among them.
    """
    shipped = (load_prompt("extract", language).system for language in ("zh", "en"))
    return frozenset(
        normal(text) for prompt in (*shipped, *instructions) for text in _EXAMPLE.findall(prompt)
    )
