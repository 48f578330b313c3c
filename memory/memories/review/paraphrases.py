"""Paraphrase detection: memories that an embedder finds alike in other words.

What a cosine means differs from model to model: unrelated sentences have 0.1 with
one and 0.7 with another (Ethayarajh 2019, "How contextual are contextualized word
representations?"). So a memory counts as said again only where its neighbour stands
out from the other neighbours, and rules see nothing that tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from memory.memories.relations.attributes import holder_of
from memory.memories.relations.relations import apart
from memory.memories.review.facts import ComparedMemory
from memory.nlp.similarity import negative, numbers
from memory.types import Subject
from memory.vector_store.search.neighbours import Near

NEIGHBOURS = 10
"""Memories by meaning that one is compared with."""

LEAST = 0.8
"""The cosine below which nothing is the same in other words, whatever the model."""

ALONE = 0.9
"""The same where there are too few neighbours to stand out from."""

FEW = 4
"""Neighbours from which on the farthest one tells what is usual."""

STANDING_OUT = 0.6
"""How much of the way from what is usual to equal (1) a paraphrase is at least."""


def threshold(near: Sequence[Near]) -> float:
    """The cosine from which on a neighbour may say the same; ``near`` are all of them."""
    if len(near) < FEW:
        return ALONE
    usual = max(0.0, min(one.cosine for one in near))
    return max(LEAST, usual + STANDING_OUT * (1 - usual))


def may_be_same(one: ComparedMemory, other: ComparedMemory) -> bool:
    """Whether nothing that rules can see tells two memories apart."""
    a, b = one.statement, other.statement
    return (
        a.subject is b.subject
        and a.kind is b.kind
        and {one.named, other.named} != set(Subject)
        and holder_of(a.rest) == holder_of(b.rest)
        and (one.days is None) == (other.days is None)
        and not apart(a, b)
        and a.is_plan == b.is_plan
        and one.takes_back == other.takes_back
        and negative(a.bare) == negative(b.bare)
        and numbers(a.bare) == numbers(b.bare)
    )
