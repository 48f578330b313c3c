"""Field types of requests, each with its limits."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeAlias, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, BeforeValidator, Field

from memory.memories.metadata import METADATA_BYTES
from memory.types import Kind, Status, Subject

USER_ID = r"^[A-Za-z0-9_\u4e00-\u9fff][A-Za-z0-9_.@+:|=\-\u4e00-\u9fff]{0,255}$"
"""Ids that a program may give to a person, a persona, an app or a run (``auth0|42``,
``lin@example.org``, ``team:7``); short enough for every table and log."""

ID = r"^[A-Za-z0-9_\-]{1,64}$"
MOST_LISTED = 200
_FIRST_YEAR, _LAST_YEAR = 1970, 2200

T = TypeVar("T")


def _moment(value: datetime) -> datetime:
    # Near the ends of the calendar a time zone leads out of it.
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"must be between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return value if value.tzinfo is None else value.astimezone(UTC)


def _day(value: date) -> date:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"must be between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return value


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """Metadata goes back as it came, so it must be something that JSON can say."""
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError("holds something that JSON can't say") from None
    if size > METADATA_BYTES:
        raise ValueError(f"may have at most {METADATA_BYTES} bytes")
    return value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


UserId = Annotated[
    str,
    Field(
        pattern=USER_ID,
        description="Whose; a new id makes a profile on writing",
        examples=["xiaoyu"],
    ),
]
PersonaId = Annotated[
    str | None,
    Field(
        pattern=USER_ID,
        description="The companion; the default one if left out",
        examples=["niannian"],
    ),
]
Id = Annotated[str, Field(pattern=ID)]
SessionName = Annotated[
    str,
    Field(
        pattern=USER_ID,
        description="An id of a session, or your own name for it; a new one if left out",
    ),
]
Moment = Annotated[
    datetime,
    AfterValidator(_moment),
    Field(description="ISO 8601; without a zone it is the user's own"),
]
Day = Annotated[date, AfterValidator(_day)]
Metadata = Annotated[dict[str, Any], AfterValidator(_storable)]
Listed = Annotated[int, Field(ge=1, le=MOST_LISTED, description="At most so many")]
# One value or a list of them, as filters are usually written.
OneOrMore: TypeAlias = Annotated[list[T], BeforeValidator(_several), Field(max_length=20)]
Category = Annotated[str, Field(min_length=1, max_length=40)]

UserPath = Annotated[str, Path(pattern=USER_ID, description="Whose", examples=["xiaoyu"])]
SessionPath = Annotated[str, Path(pattern=ID, description="A session's id")]
MemoryPath = Annotated[str, Path(pattern=ID, description="A memory's id")]
PersonaQuery = Annotated[
    str | None, Query(pattern=USER_ID, description="The companion; the default one if left out")
]
OwnerQuery = Annotated[
    str | None,
    Query(pattern=USER_ID, description="Whose it must be; anybody's that you may see if left out"),
]
SubjectQuery = Annotated[list[Subject], Query(description="Who it is about")]
KindQuery = Annotated[list[Kind], Query(description="Constant fact or dated event")]
CategoryQuery = Annotated[list[Category], Query(max_length=20)]
StatusQuery = Annotated[list[Status], Query(description="In force (active) if left out")]
LimitQuery = Annotated[int, Query(ge=1, le=MOST_LISTED, description="At most so many")]
