"""Appearance settings: light or dark, the size of the letters, an accent for each persona."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

Theme: TypeAlias = Literal["system", "light", "dark"]
TextSize: TypeAlias = Literal["small", "normal", "large", "huge"]
Accent: TypeAlias = Literal["clay", "sea", "moss", "plum", "ochre", "slate"]
THEMES: tuple[Theme, ...] = get_args(Theme)
TEXT_SIZES: tuple[TextSize, ...] = get_args(TextSize)
ACCENTS: tuple[Accent, ...] = get_args(Accent)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the page looks to one user. ``accents``: by persona; none: the usual one."""

    theme: Theme = "system"
    text_size: TextSize = "normal"
    accents: Mapping[str, Accent] = field(default_factory=dict)
