"""A memory as it is said to the person it is about; who designs sees the stored sentence too."""

from __future__ import annotations

from components.identity import Identity
from memory.nlp.rephrase import retell
from memory.types import Memory, Subject


def spoken(me: Identity, memory: Memory) -> str:
    """What is remembered of the user in the second person; of the persona as it is."""
    said = retell(memory, me.persona) if memory.subject is Subject.USER else memory.text
    # It stands by itself here, as a sentence.
    return said[:1].upper() + said[1:]


def stored(me: Identity, memory: Memory) -> str | None:
    """The stored sentence, for designers, where another one is shown."""
    said = spoken(me, memory)
    return memory.text if me.designer and said.casefold() != memory.text.casefold() else None
