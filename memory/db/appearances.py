"""Appearance settings of each user; erased with the user."""

from __future__ import annotations

import json
from typing import Any

from memory.db.repository import Repository
from memory.errors import BadInput
from memory.types import ACCENTS, TEXT_SIZES, THEMES, Appearance

_KEY = "appearance"


class Appearances(Repository):
    """Appearance settings, one row for each user."""

    def of(self, user_id: str) -> Appearance:
        """What a user chose, else how the page looks by itself."""
        kept = self._engine.get_meta(f"{_KEY}:{user_id}")
        return _read(json.loads(kept)) if kept else Appearance()

    def set(self, user_id: str, appearance: Appearance) -> None:
        """Keep what a user chose.

        Raises:
            BadInput: ``appearance``: there is no such theme, size or accent.
        """
        body = {
            "theme": appearance.theme,
            "text_size": appearance.text_size,
            "accents": dict(appearance.accents),
        }
        if _read(body) != appearance:
            raise BadInput(code="appearance")
        self._engine.set_meta(f"{_KEY}:{user_id}", json.dumps(body))


def _read(body: dict[str, Any]) -> Appearance:
    """What is known of it: another version may have kept other values."""
    usual = Appearance()
    theme, size, accents = body.get("theme"), body.get("text_size"), body.get("accents") or {}
    return Appearance(
        theme if theme in THEMES else usual.theme,
        size if size in TEXT_SIZES else usual.text_size,
        {id: accent for id, accent in accents.items() if accent in ACCENTS},
    )
