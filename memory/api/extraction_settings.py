"""Extraction settings in requests: our own form of them, and mem0's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from memory.errors import BadInput
from memory.memories.extraction_settings import (
    COLOUR,
    DESCRIPTION,
    INSTRUCTIONS,
    MOST_CATEGORIES,
    NAME,
    PLAIN,
    TOPIC,
    checked_settings,
)
from memory.types import CustomCategory, ExtractionSettings

Instructions = Annotated[str, Field(max_length=INSTRUCTIONS)]
Topic = Annotated[str, Field(max_length=TOPIC)]


class CategoryModel(BaseModel):
    """A category of one's own, such as ``travel``."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=NAME, examples=["travel"])
    description: str = Field("", max_length=DESCRIPTION)
    colour: str = Field("", pattern=COLOUR, description="#RRGGBB")


class ExtractionSettingsModel(BaseModel):
    """What is wanted of the making of memories; an empty field is no wish."""

    model_config = ConfigDict(extra="forbid")

    custom_instructions: Instructions = ""
    agent_custom_instructions: Instructions = ""
    includes: Topic = ""
    excludes: Topic = ""
    categories: list[CategoryModel] = Field([], max_length=MOST_CATEGORIES)

    @classmethod
    def of(cls, settings: ExtractionSettings) -> ExtractionSettingsModel:
        """As it is stored."""
        return cls.model_validate(asdict(settings))

    def settings(self) -> ExtractionSettings:
        """As it is to be stored."""
        return checked_settings(
            ExtractionSettings(
                **{name: getattr(self, name) for name in PLAIN},
                categories=tuple(CustomCategory(**c.model_dump()) for c in self.categories),
            )
        )


class Mem0Wishes(BaseModel):
    """The same as mem0's clients say it, along with what they add or for the project."""

    model_config = ConfigDict(extra="ignore")

    custom_instructions: Instructions | None = None
    agent_custom_instructions: Instructions | None = None
    includes: Topic | None = None
    excludes: Topic | None = None
    custom_categories: list[Any] | dict[str, Any] | None = Field(None, max_length=MOST_CATEGORIES)

    def over(self, before: ExtractionSettings) -> ExtractionSettings:
        """``before`` with what this names changed.

        Raises:
            BadInput: ``custom_categories``.
        """
        given = {name: v for name in PLAIN if (v := getattr(self, name)) is not None}
        after = replace(before, **given)
        if self.custom_categories is not None:
            after = replace(after, categories=categories_from_mem0(self.custom_categories))
        return checked_settings(after)


def categories_from_mem0(given: Sequence[Any] | Mapping[str, Any]) -> tuple[CustomCategory, ...]:
    """mem0's categories: ``[{"travel": "Journeys"}]``, ``{"travel": "Journeys"}`` or names.

    Raises:
        BadInput: ``custom_categories``.
    """
    found: list[CustomCategory] = []
    for each in [given] if isinstance(given, Mapping) else given:
        pairs = each.items() if isinstance(each, Mapping) else [(each, "")]
        if isinstance(each, Mapping) and {"name"} <= each.keys() <= {"name", "description"}:
            pairs = [(each["name"], each.get("description", ""))]
        for name, description in pairs:
            if not isinstance(name, str) or not isinstance(description, str):
                raise BadInput(code="custom_categories", limit=NAME)
            found.append(CustomCategory(name, description))
    return tuple(found)


def categories_to_mem0(categories: Sequence[CustomCategory]) -> list[dict[str, str]]:
    """As mem0 says them: ``[{"travel": "Journeys"}]``."""
    return [{category.name: category.description} for category in categories]
