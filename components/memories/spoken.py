"""A memory as it is said to the person it is about; who designs sees the stored sentence too."""

from __future__ import annotations

from components.identity import Identity
from memory.nlp.rephrase import retell
from memory.types import Memory, Subject


def spoken(me: Identity, memory: Memory) -> str:
    """What is remembered of the user in the second person; of the persona as it is."""
    return retell(memory, me.persona) if memory.subject is Subject.USER else memory.text


def stored(me: Identity, memory: Memory) -> str | None:
    """The stored sentence, for designers, where another one is shown."""
    return memory.text if me.designer and spoken(me, memory) != memory.text else None
