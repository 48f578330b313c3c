"""Extraction settings: what an operator, a user or a request wants of the making of memories."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from memory.types.categories import DEFAULT_CATEGORIES


@dataclass(frozen=True, slots=True)
class CustomCategory:
    """A category beside the ones that there always are.

    Example: ``CustomCategory("travel", "Journeys made and planned", "#3B7EA1")``.
    ``colour`` is ``#RRGGBB`` or empty.
    """

    name: str
    description: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """Wishes for extraction; an empty field is none.

    ``custom_instructions`` are for a language model, ``agent_custom_instructions`` for what
    it keeps about the AI; ``includes`` and ``excludes`` say what to remember and what not.
    """

    custom_instructions: str = ""
    agent_custom_instructions: str = ""
    includes: str = ""
    excludes: str = ""
    categories: tuple[CustomCategory, ...] = field(default=())

    def over(self, general: ExtractionSettings) -> ExtractionSettings:
        """These wishes where there are any, else the general ones; categories of both."""
        own = {f.name: value for f in fields(self) if (value := getattr(self, f.name))}
        categories = {c.name: c for c in (*general.categories, *self.categories)}
        return replace(general, **{**own, "categories": tuple(categories.values())})

    @property
    def category_names(self) -> tuple[str, ...]:
        """Every category that a memory may have, the ones that there always are first."""
        own = (c.name for c in self.categories if c.name not in DEFAULT_CATEGORIES)
        return (*DEFAULT_CATEGORIES, *own)


NO_SETTINGS = ExtractionSettings()
