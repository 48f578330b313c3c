"""Persona registry: all personas as one mapping that is always up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memory.studio.studio import Studio
from memory.types import Persona


class PersonaRegistry(Mapping[str, Persona]):
    """The personas in use, by id.

    An archived one isn't listed and isn't ``in`` it, but is still found by its id:
    conversations and pending batches that name it must stay readable.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def __getitem__(self, persona_id: str) -> Persona:
        found = self._studio.personas().get(persona_id)
        return found if found is not None else self._studio.retired()[persona_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._studio.personas())

    def __len__(self) -> int:
        return len(self._studio.personas())

    def __contains__(self, persona_id: object) -> bool:
        return persona_id in self._studio.personas()
