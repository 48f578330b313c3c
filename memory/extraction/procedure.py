"""Procedural memory: how an agent did something, as one record.

A language model sums the steps up; without one they are kept word for word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory.errors import UnreadableReply
from memory.llm.endpoint import Endpoint
from memory.llm.prompts import load_prompt
from memory.memories.edits import TEXT_LENGTH
from memory.nlp.language import detect

MEMORY_TYPE = "procedural_memory"
"""What mem0's programs call it; kept in ``metadata.memory_type``."""
_HEAD = TEXT_LENGTH * 2 // 3
_TAIL = TEXT_LENGTH - _HEAD - len("\n…\n")


@dataclass(frozen=True, slots=True)
class AgentStep:
    """One message of the agent's run: who, and what was said or came back."""

    role: str
    text: str


def numbered(steps: Sequence[AgentStep]) -> str:
    """``1. assistant: opened the page``, a line each."""
    return "\n".join(f"{n}. {step.role}: {step.text}" for n, step in enumerate(steps, 1))


def fitting(record: str) -> tuple[str, str | None]:
    """The text of a memory, and the whole record where that is longer than a memory may be."""
    if len(record) <= TEXT_LENGTH:
        return record, None
    return f"{record[:_HEAD].rstrip()}\n…\n{record[-_TAIL:].lstrip()}", record


class EndpointProcedure:
    """Writes the record by a language model behind an endpoint."""

    def __init__(self, endpoint: Endpoint, model: str) -> None:
        self._endpoint = endpoint
        self._model = model

    def record(self, steps: Sequence[AgentStep], wishes: str = "") -> str:
        """One record of all steps.

        Args:
            steps: In their order.
            wishes: Further instructions of whoever asks for it.

        Raises:
            ModelError: the endpoint failed, or answered nothing.
        """
        text = numbered(steps)
        system, user = load_prompt("procedure", detect(text)).messages(steps=text)
        if wishes.strip():
            system = {**system, "content": f"{system['content']}\n\n{wishes.strip()}"}
        answer = self._endpoint.complete([system, user], model=self._model, json_mode=False)
        found = answer.text.strip()
        if found.startswith("```") and found.endswith("```"):
            found = found.partition("\n")[2].removesuffix("```").strip()
        if not found:
            raise UnreadableReply("an empty record", endpoint=self._endpoint.host)
        return found
