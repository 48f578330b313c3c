"""Instruction writing: from what a program is for to what its memory should keep."""

from __future__ import annotations

import json
from dataclasses import dataclass

from memory.errors import UnreadableReply
from memory.extraction.parsing.text import clean, without_thinking
from memory.llm.endpoint import Endpoint
from memory.llm.prompts import load_prompt
from memory.memories.extraction_settings import INSTRUCTIONS
from memory.nlp.language import detect

TEST_MESSAGE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class WrittenInstructions:
    """Custom instructions, and a sentence to try them with."""

    text: str
    test_message: str


class EndpointInstructions:
    """Writes them by a language model behind an endpoint."""

    def __init__(self, endpoint: Endpoint, model: str) -> None:
        self._endpoint = endpoint
        self._model = model

    def write(self, use_case: str) -> WrittenInstructions:
        """Instructions for one use.

        Args:
            use_case: What the program is for, in a few sentences.

        Raises:
            ModelError: the endpoint failed, or answered something else.
        """
        asked = load_prompt("instructions", detect(use_case)).messages(use_case=use_case)
        answer = self._endpoint.complete(asked, model=self._model, json_mode=True)
        written = _read(answer.text)
        if written is None:
            raise UnreadableReply("no instructions", endpoint=self._endpoint.host)
        return written


def _read(reply: str) -> WrittenInstructions | None:
    text, _ = without_thinking(clean(reply)[0])
    try:
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (ValueError, RecursionError):
        return None
    words, sentence = found.get("custom_instructions"), found.get("test_message")
    if not isinstance(words, str) or not isinstance(sentence, str) or not words.strip():
        return None
    return WrittenInstructions(
        words.strip()[:INSTRUCTIONS], " ".join(sentence.split())[:TEST_MESSAGE_LENGTH]
    )
