"""Settings: what can be set, where it is read from, and what the settings page saves."""

from __future__ import annotations

from memory.config.fields import known_zones
from memory.config.settings import Settings, default_settings, setting_names
from memory.config.sources import (
    EDITABLE,
    fixed_by_environment,
    load_settings,
    read_saved,
    save_settings,
)

__all__ = [
    "EDITABLE",
    "Settings",
    "default_settings",
    "fixed_by_environment",
    "known_zones",
    "load_settings",
    "read_saved",
    "save_settings",
    "setting_names",
]
