"""The designers' studio: prompts and personas in versions, tried out before they are used."""

from __future__ import annotations

from memory.studio.persona_registry import PersonaRegistry
from memory.studio.studio import PROMPT_KINDS, Studio

__all__ = ["PROMPT_KINDS", "PersonaRegistry", "Studio"]
