"""Second-person display: a memory as told to its user; designers see the stored text too."""

from __future__ import annotations

from components.identity import Identity
from memory.nlp.rephrase import retell
from memory.types import Memory, Subject


def spoken(me: Identity, memory: Memory) -> str:
    """What is remembered of the user in the second person; of the persona as it is."""
    told = memory.subject is Subject.USER
    return sentence(retell(memory, me.persona)) if told else memory.text


def sentence(text: str) -> str:
    """What stands by itself begins with a capital letter."""
    return text[:1].upper() + text[1:]


def stored(me: Identity, memory: Memory) -> str | None:
    """The stored sentence, for designers, where another one is shown."""
    said = spoken(me, memory)
    return memory.text if me.designer and said.casefold() != memory.text.casefold() else None
