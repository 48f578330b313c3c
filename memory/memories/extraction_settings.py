"""Extraction settings: what may be wished, and how long it may be (pure)."""

from __future__ import annotations

import re

from memory.errors import BadInput
from memory.types import CustomCategory, ExtractionSettings

MOST_CATEGORIES = 50
NAME = 40
DESCRIPTION = 200
INSTRUCTIONS = 4_000
TOPIC = 1_000
"""Characters of what to include or leave out."""

PLAIN = ("custom_instructions", "agent_custom_instructions", "includes", "excludes")
COLOUR = r"^(#[0-9A-Fa-f]{6})?$"


def checked_settings(settings: ExtractionSettings) -> ExtractionSettings:
    """Settings in their proper form; of two categories of one name the last counts.

    Raises:
        BadInput: ``custom_categories`` (``limit``: characters of a name): a name or a
            description is too long, or a colour isn't ``#RRGGBB``.
    """
    plain = {name: getattr(settings, name).replace("\x00", "").strip() for name in PLAIN}
    named: dict[str, CustomCategory] = {}
    for category in settings.categories:
        name = " ".join(category.name.replace("\x00", "").split())
        fits = 0 < len(name) <= NAME and len(category.description) <= DESCRIPTION
        if not fits or not re.fullmatch(COLOUR, category.colour):
            raise BadInput(code="custom_categories", limit=NAME)
        described = category.description.replace("\x00", "").strip()
        named[name] = CustomCategory(name, described, category.colour)
    if len(named) > MOST_CATEGORIES:
        raise BadInput(code="custom_categories", limit=NAME)
    return ExtractionSettings(**plain, categories=tuple(named.values()))
