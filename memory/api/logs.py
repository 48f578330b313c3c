"""Structured logs: one JSON line for each event, without anybody's words and without keys."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from memory.api.request_info import CURRENT
from memory.config import Settings
from memory.errors import SettingsError
from memory.i18n import catalogue
from memory.system.files import FOLDER_MODE

# Loggers that bring handlers of their own; their lines go the same way as all others.
FOREIGN = ("uvicorn", "uvicorn.error", "uvicorn.access", "streamlit", "mcp", "alembic")
OURS = ("memory", "components", "niannian")
# What these say at INFO is either said by us already or names addresses only.
QUIET = ("httpx2", "httpx", "mcp", "sse_starlette", "openai", "uvicorn.access", "alembic")
_FIELDS = "{asctime}{levelname}{name}{message}"


class OneLine(JsonFormatter):
    """Lines of ``time``, ``level``, ``logger``, ``message``, ``request_id``, ``user_id``.

    Tracebacks are reduced to types and places unless texts may be logged: an
    exception's words may quote what somebody said.
    """

    def __init__(self, secrets: tuple[str, ...], texts: bool) -> None:
        super().__init__(
            _FIELDS,
            style="{",
            json_ensure_ascii=False,
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
        self._secrets = secrets
        self._texts = texts
        self.converter = time.gmtime
        self.default_time_format = "%Y-%m-%dT%H:%M:%S"
        self.default_msec_format = "%s.%03dZ"

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        """The fields of the line, with those of the request that is being answered."""
        super().add_fields(log_data, record, message_dict)
        info = CURRENT.get()
        if info is not None:
            log_data.setdefault("request_id", info.id)
            if info.user_id is not None:
                log_data.setdefault("user_id", info.user_id)
        log_data.pop("taskName", None)
        log_data.pop("color_message", None)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name is logging's)
        """Types and places; the words only where texts may be logged."""
        return logging.Formatter.formatException(self, ei) if self._texts else places(*ei)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without any secret of the settings."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def _kept_in(path: Path, days: int) -> logging.Handler:
    """A handler that begins a new file every night and keeps so many old ones."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        return TimedRotatingFileHandler(
            path, when="midnight", backupCount=days, encoding="utf-8", utc=True
        )
    except OSError as error:
        raise SettingsError(
            f"NIANNIAN_LOG_FILE is {str(path)!r}, which can't be written: {error.strerror}",
            setting="NIANNIAN_LOG_FILE",
            given=str(path),
            allowed=catalogue("en")["word.allowed.log_file"],
        ) from None


def places(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> str:
    """An exception as its type and the places it passed, innermost last."""
    frames = traceback.extract_tb(trace)[-8:] if trace else []
    path = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    name = kind.__name__ if kind else "?"
    cause = error.__cause__ if error is not None else None
    return f"{name} ({path})" + (f" from {type(cause).__name__}" if cause else "")


def write_json_lines(settings: Settings, stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process as JSON lines to ``stream``.

    Args:
        settings: For the secrets that must not be in a line, whether texts may, and the file
            in which the lines are kept beside it, if any.
        stream: Standard error by default.

    Raises:
        SettingsError: the file can't be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stderr)]
    if settings.log_file is not None:
        handlers.append(_kept_in(settings.log_file, settings.log_days))
    for handler in handlers:
        handler.setFormatter(OneLine(settings.secrets, settings.log_text))
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.INFO)
    for name in OURS:
        # Of others even DEBUG would quote what people said.
        logging.getLogger(name).setLevel(settings.log_level)
    for name in FOREIGN:
        foreign = logging.getLogger(name)
        foreign.handlers.clear()
        foreign.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
