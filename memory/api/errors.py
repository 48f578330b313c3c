"""Errors of the API: one shape, one sentence, a status; never a trace or a secret."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from memory.api.paths import MEM0_PREFIXES
from memory.api.request_info import current_language
from memory.api.responses.safety import HelpOut
from memory.errors import (
    BadInput,
    EmbedderChanged,
    ModelAuth,
    ModelBusy,
    ModelError,
    ModelTimeout,
    NiannianError,
    NotFound,
    NotUndoable,
    SettingsError,
    StoreError,
    WorkError,
)
from memory.i18n import catalogue, code_text, error_text, translate

log = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[NiannianError], int], ...] = (
    (BadInput, 400),
    (NotFound, 404),
    (NotUndoable, 409),
    (EmbedderChanged, 409),
    (StoreError, 503),
    (ModelBusy, 503),
    (ModelTimeout, 504),
    (ModelAuth, 502),
    (ModelError, 502),
    (WorkError, 503),
    (SettingsError, 503),
)
OWN_STATUS = {
    "token_missing": 401,
    "token_wrong": 401,
    "scope_missing": 403,
    "only_designers": 403,
    "restarting": 503,
}
HTTP_CODES = {
    400: "unreadable_body",
    404: "no_such_path",
    405: "no_such_method",
    413: "too_large",
    415: "media_type",
}
RETRY_SECONDS = "2"


def status_of(error: NiannianError) -> int:
    """The HTTP status of one of our errors."""
    if error.code in OWN_STATUS:
        return OWN_STATUS[error.code]
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


class WithHelp(Exception):
    """An error while somebody is in danger: its answer carries the help.

    Attributes:
        error: What went wrong.
        help: As in the answer of a turn that didn't fail.
    """

    def __init__(self, error: Exception, help: HelpOut) -> None:
        super().__init__(type(error).__name__)
        self.error = error
        self.help = help


def with_help(said: dict[str, Any], help: HelpOut | None) -> dict[str, Any]:
    """The body of an error, with the help beside it if there is one."""
    return said if help is None else {**said, "help": help.model_dump(mode="json")}


def body(code: str, sentence: str, said: str | None = None) -> dict[str, Any]:
    """The one shape of every error; ``said`` is what a provider said itself."""
    shape = {
        "success": False,
        "message": sentence,
        "error": code,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    return {**shape, "provider_message": said} if said else shape


def problem(
    status: int,
    code: str,
    sentence: str,
    headers: Mapping[str, str] | None = None,
    said: str | None = None,
) -> JSONResponse:
    """An answer that says what went wrong."""
    extra = dict(headers or {})
    if status == 401:
        extra["www-authenticate"] = "Bearer"
    if status == 503:
        extra.setdefault("retry-after", RETRY_SECONDS)
    return JSONResponse(body(code, sentence, said), status, headers=extra)


def of_error(error: NiannianError) -> JSONResponse:
    """The answer to one of our errors."""
    sentence = error_text(current_language(), error)
    return problem(status_of(error), error.code, sentence, said=error.params.get("said"))


def unexpected(error: BaseException) -> JSONResponse:
    """The answer to what nobody thought of; the log says where, not what."""
    log.error("unexpected %s", where(error))
    return problem(500, "unexpected", code_text(current_language(), "unexpected"))


def where(error: BaseException) -> str:
    """An exception's type and place, without its words: they may quote a message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} ({place})"


def handle_errors(app: FastAPI) -> None:
    """Let every error of ``app`` become an answer of the one shape."""
    app.add_exception_handler(NiannianError, _ours)
    app.add_exception_handler(WithHelp, _in_danger)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _anything)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, NiannianError)
    if status_of(error) >= 500:
        log.warning("a request failed: %s", error.code)
    return _detailed(request, of_error(error))


def _detailed(request: Request, answer: JSONResponse) -> JSONResponse:
    """The answer; mem0's clients look for the sentence under ``detail``."""
    if not f"{request.scope['path']}/".startswith(tuple(f"{path}/" for path in MEM0_PREFIXES)):
        return answer
    said = json.loads(bytes(answer.body))
    headers = {k: v for k, v in answer.headers.items() if k not in ("content-length",)}
    return JSONResponse({**said, "detail": said["message"]}, answer.status_code, headers=headers)


async def _in_danger(_: Request, error: Exception) -> Response:
    assert isinstance(error, WithHelp)
    ours, language = error.error, current_language()
    if isinstance(ours, NiannianError):
        status, said = status_of(ours), body(ours.code, error_text(language, ours))
        log.warning("a request failed beside help: %s", ours.code)
    else:
        status, said = 500, body("unexpected", code_text(language, "unexpected"))
        log.error("unexpected beside help: %s", where(ours))
    headers = {"retry-after": RETRY_SECONDS} if status == 503 else {}
    return JSONResponse(with_help(said, error.help), status, headers=headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The errors quote what was sent, so only the first one's place and kind are used.
    first = error.errors()[0] if error.errors() else {}
    kind = str(first.get("type", ""))
    if kind == "json_invalid":
        return _detailed(request, problem(400, "unreadable_body", _sentence("http_400")))
    return _detailed(request, problem(422, "invalid", _complaint(first, kind)))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, "http")
    key = f"http_{error.status_code}"
    missing = _missing_id(request) if error.status_code == 404 else None
    if missing is not None:
        sentence = translate(current_language(), "api.invalid_missing", field=missing)
    else:
        sentence = _sentence(key if error.status_code in HTTP_CODES else "http_other")
    return _detailed(request, problem(error.status_code, code, sentence, error.headers))


async def _anything(request: Request, error: Exception) -> Response:
    began_with = getattr(request.state, "running", None)
    if began_with is not None and began_with is not request.app.state.parts.ready():
        # Settings were saved and the parts closed under it: not a mistake of anybody's.
        log.warning("a request was cut short by a restart: %s", where(error))
        return problem(503, "restarting", code_text(current_language(), "restarting"))
    return unexpected(error)


def _complaint(first: Mapping[str, Any], kind: str) -> str:
    """One sentence for what pydantic found: the field, and what is allowed there."""
    language = current_language()
    place = [str(part) for part in first.get("loc", ()) if part not in ("body", "query", "path")]
    field = ".".join(place)[:100] or translate(language, "api.the_body")
    given: Mapping[str, Any] = first.get("ctx") or {}
    if kind == "string_pattern_mismatch" and not str(first.get("input", "")).strip():
        # No character of it is wrong: there is none.
        kind = "blank"
    key = f"api.invalid_{kind}"
    if key not in catalogue(language):
        key = "api.invalid"
    if kind == "value_error":
        why = translate(language, f"api.{_reason(str(given.get('error', '')))}")
        return translate(language, "api.invalid_value", field=field, why=why)
    limits = ("ge", "le", "min_length", "max_length", "expected")
    limit = next((str(given[name]) for name in limits if name in given), "")
    return translate(language, key, field=field, limit=limit)


def _missing_id(request: Request) -> str | None:
    """The id that a path lacks, as in ``/api/memory/export/``; ``None`` if it isn't that."""
    given = request.scope["path"].split("/")
    for path in request.app.state.paths:
        wanted = path.split("/")
        if len(wanted) != len(given):
            continue
        pairs = list(zip(wanted, given, strict=True))
        lacking = [name[1:-1] for name, part in pairs if not part and name.endswith("_id}")]
        if lacking and all(name == part or name[:1] == "{" for name, part in pairs):
            return str(lacking[0])
    return None


# What our own checks say (in fields.py and requests.py), by the words it begins with.
_REASONS = {
    "must be between": "why_year",
    "holds something": "why_json",
    "may have at most": "why_long",
    "give either": "why_either",
    "the conversation": "why_nobody",
}


def _reason(said: str) -> str:
    return next((key for start, key in _REASONS.items() if said.startswith(start)), "why_value")


def _sentence(key: str) -> str:
    return translate(current_language(), f"api.{key}")
