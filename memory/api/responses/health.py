"""Response models of health checks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class PartOut(BaseModel):
    """How one part is."""

    state: Literal["ok", "builtin", "changed", "failed", "stopped"]
    latency_ms: float
    detail: str = ""


class HealthOut(BaseModel):
    """Whether the process answers and can work."""

    status: Literal["healthy", "degraded", "failed"]
    service: str = "memory"
    version: str
    timestamp: float = Field(description="Seconds since 1970", examples=[1764468000.123])
    message: str = ""


class ComponentOut(BaseModel):
    """A part as other memory services say it."""

    status: Literal["healthy", "unhealthy"]
    error: str = ""


class HealthDetailOut(HealthOut):
    """How each part is."""

    parts: dict[str, PartOut]
    overall: Literal["healthy", "unhealthy"] = Field(description="`unhealthy` comes with 503")
    components: dict[str, ComponentOut] = Field(description="The parts in two words")


class InfoOut(BaseModel):
    """What this service is."""

    name: str
    version: str
    docs: str
    timestamp: float


class FiguresOut(BaseModel):
    """The three figures that programs ask for as JSON; the rest is for Prometheus."""

    active_connections: int
    total_requests: int
    timestamp: float
