"""Integrity messages: what was found and done, for pages and the API."""

from __future__ import annotations

from typing import Any

from memory.i18n import code_text, translate
from memory.memories.integrity.integrity import Integrity, IntegrityNotice
from memory.types import Language


def sentences(integrity: Integrity, language: Language) -> list[str]:
    """A rebuild that goes on first, then what is known since the start."""
    found = [notice_text(language, notice) for notice in integrity.notices]
    progress = integrity.progress
    if progress is not None:
        numbers: dict[str, Any] = {"done": progress.done, "total": progress.total}
        found.insert(0, translate(language, "integrity.rebuilding", **numbers))
    return found


def notice_text(language: Language, notice: IntegrityNotice) -> str:
    """One sentence."""
    params = dict(notice.params)
    if "error" in params:
        params["why"] = code_text(language, params.pop("error"))
    return translate(language, f"integrity.{notice.code}", **params)
