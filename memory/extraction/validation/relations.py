"""Relation check: a connection stays with a memory only if its names stand in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memory.types import PERSONA_ENTITY, USER_ENTITY, Operation, Triple


def with_told_relations(operation: Operation, persona_names: Sequence[str]) -> Operation:
    """The operation without connections whose ends its sentence doesn't name."""
    if not operation.relations:
        return operation
    text = _plain(operation.text)
    named = (_with_persona(triple, persona_names) for triple in operation.relations)
    kept = tuple(
        triple
        for triple in named
        if _plain(triple.target) in text
        and (triple.source in (USER_ENTITY, PERSONA_ENTITY) or _plain(triple.source) in text)
    )
    return replace(operation, relations=kept)


def _with_persona(triple: Triple, names: Sequence[str]) -> Triple:
    if triple.source.lower() in (name.lower() for name in names):
        return replace(triple, source=PERSONA_ENTITY, source_type="persona")
    return triple


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
