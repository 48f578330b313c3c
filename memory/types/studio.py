"""Texts that designers edit: prompts and personas, in versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

TextKind: TypeAlias = Literal["extract", "chat", "persona"]


@dataclass(frozen=True, slots=True)
class StudioText:
    """One saved version of a prompt or a persona.

    ``name`` is the language of a prompt, or a persona's id. Of all versions of a
    text at most one is ``active``; where none is, the shipped file is in use.
    """

    id: str
    kind: TextKind
    name: str
    body: str
    created_at: datetime
    note: str = ""
    active: bool = False
