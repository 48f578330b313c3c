"""Replies to attachment: who wants nobody but the companion, or is too young for romance."""

from __future__ import annotations

from memory.types import ReplyRequest


def attachment_intent(request: ReplyRequest) -> str | None:
    """The intent whose lines answer it (``lines/*.toml``); None where nothing special is due."""
    if request.attachment == "dependence":
        return "dependence"
    if request.attachment == "romance" and request.minor:
        return "romance_minor"
    return None
