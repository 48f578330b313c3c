"""Journal line in words: what happened, by whom, before and after."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from enum import Enum
from operator import attrgetter

from components.markdown_escape import plain, shorten
from components.memories import before_now
from components.text import t, word
from memory.types import GIVEN_FIELDS, Change, ChangeAction, Memory

# Everything else about a memory is bookkeeping that would only clutter its history.
_TOLD = (*GIVEN_FIELDS, "status")
TEXT_LENGTH = 80


def title(change: Change) -> str:
    """What happened and by whom; struck through once it was undone."""
    said = f"{word('action', change.action.value)} · {word('actor', change.actor.value)}"
    return struck(said) if change.undone_by is not None else said


def struck(text: str) -> str:
    """Markdown of something that was undone."""
    return f"~~{text}~~ {t('memories.was_undone')}"


def details(change: Change) -> list[str]:
    """What is different now, a line for each field; Markdown."""
    if change.before is not None and change.after is not None:
        return differences(change.before, change.after)
    if change.action is ChangeAction.DELETE and change.before is not None:
        return [plain(shorten(change.before.text, TEXT_LENGTH))]
    return []


def sentence(
    change: Change, old: Memory | None = None, said: Callable[[Memory], str] = attrgetter("text")
) -> str:
    """The memory that a line is about, as a sentence: before → after where its words changed.

    Args:
        change: The line.
        old: What it took the place of, if it did: then that is the "before".
        said: A memory in words; as it is stored by default.
    """
    before, after = change.before, change.after
    if after is not None and old is not None:
        return f":gray[{t('before_now.before')}] {before_now.pair(said(old), said(after))}"
    if before is not None and after is not None and before.text != after.text:
        return before_now.pair(said(before), said(after), TEXT_LENGTH)
    memory = after or before
    return plain(shorten(said(memory), 2 * TEXT_LENGTH)) if memory is not None else ""


def differences(before: Memory, after: Memory, without: Collection[str] = ()) -> list[str]:
    """``field: before → after`` for each field that differs and people care about."""
    names = [field.name for field in fields(Memory) if field.name in _TOLD]
    said = [
        f"{t(f'memories.{name}')}: {_said(name, getattr(before, name))} → "
        f"{_said(name, getattr(after, name))}"
        for name in names
        if name not in without and getattr(before, name) != getattr(after, name)
    ]
    sources = len(before.source.message_ids), len(after.source.message_ids)
    if sources[0] != sources[1]:
        said.append(f"{t('memories.sources')}: {sources[0]} → {sources[1]}")
    return said


def _said(name: str, value: object) -> str:
    if value in (None, "", {}):
        return t("memories.none")
    if isinstance(value, bool):
        return word("pinned", "yes" if value else "no")
    if isinstance(value, Enum):
        return word(name, str(value.value))
    if isinstance(value, Mapping):
        return plain(shorten(json.dumps(value, ensure_ascii=False), 120))
    if name in ("category", "safety"):
        return word(name, str(value))
    return plain(shorten(str(value), 120))
