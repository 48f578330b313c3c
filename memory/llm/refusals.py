"""Classification of an endpoint's refusals: from status and complaint to a cause.

Providers say the same thing in many ways: a wrong key is 401 with one, 400 with another,
HTTP 200 with a third. The codes and words are data, in ``refusals.toml``.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from memory.errors import (
    ModelAccount,
    ModelAddress,
    ModelAuth,
    ModelBalance,
    ModelBusy,
    ModelError,
    ModelFiltered,
    ModelTimeout,
    ModelTooLong,
    ModelUnknown,
)

REFUSALS_FILE = Path(__file__).parent / "refusals.toml"
LONGEST_COMPLAINT = 200
"""Characters of a complaint that are shown."""

ERRORS: Mapping[str, type[ModelError]] = {
    "balance": ModelBalance,
    "auth": ModelAuth,
    "too_long": ModelTooLong,
    "filtered": ModelFiltered,
    "unknown": ModelUnknown,
    "busy": ModelBusy,
    "account": ModelAccount,
    "timeout": ModelTimeout,
    "address": ModelAddress,
}
CERTAIN = frozenset({"balance", "auth", "too_long", "filtered", "unknown"})
"""Causes with which leaving a parameter out can't help."""

_COMPLAINTS = ("error", "errors", "Error")
_CONTENTS = frozenset({"choices", "data", "usage", "models", "embeddings", "embedding"})
_SIGNS = frozenset(
    {
        *("code", "message", "msg", "detail", "error_msg", "error_code", "status_msg"),
        *("error_message", "errorMessage", "err_msg", "title"),
    }
)
_SAID = (
    *("message", "msg", "detail", "error", "error_msg", "error_message", "Message", "reason"),
    *("errorMessage", "err_msg", "title"),
)
_CODES = ("code", "error_code", "Code", "errorCode", "err_no", "type", "status")

_SUCCESS = frozenset({"0", "200", "success", "ok"})
_TITLE = re.compile(r"<title[^<>]{0,80}>([^<]{0,200})", re.IGNORECASE)

_KEYS = re.compile(r"\b(?:sk|pk|key|gsk|xai|AIza)[-\w*.]{6,}|\bBearer\s+\S+")
_TAGS = re.compile(r"<[^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class EndpointRefusal:
    """What an endpoint answered instead of what it was asked for.

    ``code`` and ``said`` are its own: an error code or type, and its complaint in full.
    """

    status: int
    code: str = ""
    said: str = ""
    param: str = ""

    @property
    def cause(self) -> str:
        """A name of ``refusals.toml``, or ``other``."""
        code = self.code.lower()
        text = f"{code} {self.said}".lower()
        for cause, signs in _signs().items():
            if cause not in ERRORS or any(word in text for word in signs.get("unless", ())):
                continue
            named = code and code in signs.get("codes", ())
            if named or any(word in text for word in signs.get("words", ())):
                return cause
        if self.status == 404:
            return "unknown" if "model" in text or "模型" in text else "address"
        return next(
            (
                cause
                for cause, signs in _signs().items()
                if self.status in signs.get("statuses", ())
            ),
            "other",
        )

    @property
    def is_passing(self) -> bool:
        """Whether it is about this one reply and says nothing of the next."""
        return self.code.lower() in _signs()["passing"]["codes"]

    @property
    def is_about_roles(self) -> bool:
        """Whether it complains about the shape of the messages."""
        text = self.said.lower()
        return any(word in text for word in _signs()["shape"]["words"])

    def shown(self, *secrets: str) -> str:
        """The complaint as it may be shown: short, without keys and markup."""
        said = self.said
        for secret in secrets:
            if secret:
                said = said.replace(secret, "***")
        said = " ".join(_TAGS.sub(" ", _KEYS.sub("***", said)).split())
        return said[:LONGEST_COMPLAINT]


def refusal_in(body: Any, status: int = 200) -> EndpointRefusal | None:
    """The refusal that an answer's body carries; ``None`` if it carries none.

    Args:
        body: JSON as it was read, or text.
        status: Of the answer. Some providers refuse with 200; then the code decides.

    Example:
        >>> refusal_in({"base_resp": {"status_code": 1004, "status_msg": "login fail"}}).cause
        'auth'
    """
    if isinstance(body, list):
        body = next((part for part in body if isinstance(part, Mapping)), None)
    if not isinstance(body, Mapping):
        return EndpointRefusal(status, said=_title(str(body or ""))) if status >= 300 else None
    base = body.get("base_resp")
    if isinstance(base, Mapping) and base.get("status_code"):
        code = f"minimax_{base['status_code']}"
        return EndpointRefusal(status, code, str(base.get("status_msg") or ""))
    header = body.get("header")
    if isinstance(header, Mapping) and header.get("code"):  # Spark's own interface
        body = header
    response = body.get("Response")
    if isinstance(response, Mapping):  # Tencent Cloud's own interface
        body = response
    inner = next((body[name] for name in _COMPLAINTS if body.get(name)), None)
    if isinstance(inner, list):
        inner = inner[0]
    full = any(body.get(name) is not None for name in _CONTENTS)
    told = status >= 300 or body.get("object") == "error" or not full
    if inner is None and told and any(body.get(name) for name in _SIGNS):
        inner = body
    if not inner:
        return None
    if not isinstance(inner, Mapping):
        return EndpointRefusal(status, said=str(inner))
    said = next((inner[name] for name in _SAID if inner.get(name)), None)
    code = next((inner[name] for name in _CODES if inner.get(name)), "")
    if status < 300 and inner is body and str(inner.get("code")).lower() in _SUCCESS:
        return None
    if status < 300 and str(code).isdigit() and 400 <= int(code) < 600:
        status = int(code)
    text = said if isinstance(said, str) else json.dumps(said or dict(inner), ensure_ascii=False)
    if inner.get("type") in _all_codes():
        code = inner["type"]
    told_by = _behind(inner, status)
    if told_by is not None:
        code, text = told_by.code or code, f"{text}: {told_by.said}"
    return EndpointRefusal(status, str(code), text, str(inner.get("param") or ""))


def _behind(complaint: Mapping[str, Any], status: int) -> EndpointRefusal | None:
    """What the provider behind a router said, where the router hands it on.

    ``{"message": "Provider returned error", "metadata": {"raw": …}}``
    """
    metadata = complaint.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    if not isinstance(raw, str) or not raw.strip():
        return None
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    found = refusal_in(body, max(status, 400)) if isinstance(body, Mapping | list) else None
    return found or EndpointRefusal(status, said=raw)


def _title(text: str) -> str:
    """What a page says; its scripts and styles are full of words that mean nothing here."""
    title = _TITLE.search(text) if text.lstrip().startswith("<") else None
    return title[1] if title else text


@cache
def _signs() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(REFUSALS_FILE.read_text(encoding="utf-8"))


@cache
def _all_codes() -> frozenset[str]:
    return frozenset(code for signs in _signs().values() for code in signs.get("codes", ()))
