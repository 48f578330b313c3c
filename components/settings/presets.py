"""Endpoint presets: well-known providers, so that nobody has to look up addresses."""

from __future__ import annotations

from collections.abc import Mapping

from memory.llm.profiles import ProviderProfile, presets

PRESETS: Mapping[str, ProviderProfile] = presets()
