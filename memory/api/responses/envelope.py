"""Envelope of every answer, and of every problem."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, Field

D = TypeVar("D")


class Answer(BaseModel, Generic[D]):
    """The envelope of every answer but the chat's own."""

    success: Literal[True] = True
    message: str = Field(description="One sentence for people", examples=["ok"])
    data: D
    timestamp: datetime


class Problem(BaseModel):
    """What went wrong, in one sentence in the language that was asked for."""

    success: Literal[False] = False
    message: str = Field(examples=["It can't be found; perhaps it was deleted."])
    error: str = Field(description="A code for programs", examples=["memory_not_found"])
    timestamp: datetime
