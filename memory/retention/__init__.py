"""How memories fade: a retention score, and what is archived for it."""

from __future__ import annotations

from memory.retention.curve import retention, stability_days
from memory.retention.life_cycle import Due, LifeCycle, Why

__all__ = ["Due", "LifeCycle", "Why", "retention", "stability_days"]
