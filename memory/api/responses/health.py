"""Response models of the machine itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class PartOut(BaseModel):
    """How one part is."""

    state: Literal["ok", "builtin", "changed", "failed", "stopped"]
    latency_ms: float
    detail: str = ""


class HealthOut(BaseModel):
    """Whether the process answers and can work."""

    status: Literal["ok", "degraded", "failed"]
    version: str
    timestamp: datetime
    message: str = ""


class HealthDetailOut(HealthOut):
    """How each part is."""

    parts: dict[str, PartOut]
