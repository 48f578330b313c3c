"""Request context: what is known of the request being answered, for logs and errors."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass

from memory.i18n import languages
from memory.types import Language

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_WEIGHT = re.compile(r"q=(\d(?:\.\d{1,3})?)")


@dataclass(slots=True)
class RequestInfo:
    """Changes while the request is looked at: whose it is turns out later."""

    id: str
    language: Language = "en"
    user_id: str | None = None


CURRENT: ContextVar[RequestInfo | None] = ContextVar("niannian_request", default=None)


def request_id(given: str) -> str:
    """The id that the sender chose, if it is one that can stand in a log; else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def language_of(accepted: str, default: Language = "en") -> Language:
    """The language that an ``Accept-Language`` header asks for (RFC 9110, 12.5.4)."""
    best, weight = default, 0.0
    for part in accepted[:500].split(","):
        tag, _, rest = part.strip().lower().partition(";")
        match = _WEIGHT.search(rest)
        wanted = float(match[1]) if match else 1.0
        for language in languages():
            if tag.partition("-")[0] == language and wanted > weight:
                best, weight = language, wanted
    return best


def current_language() -> Language:
    """In which language the request that is being answered wants its sentences."""
    info = CURRENT.get()
    return info.language if info else "en"
