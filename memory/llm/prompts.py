"""Prompt files: ``memory/llm/prompt_files``, with ``{placeholders}`` and two parts.

A file has a ``## system`` and a ``## user`` part; what stands above the first
heading is a note to whoever edits it and goes nowhere. Single words in braces
are placeholders, so JSON examples need no escaping. Values are put in once:
braces inside a value stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from memory.errors import BadInput
from memory.types import FALLBACK, Language

PROMPT_FOLDER = Path(__file__).parent / "prompt_files"

# What each prompt may use; an edited prompt with another word is refused by name.
PLACEHOLDERS: dict[str, frozenset[str]] = {
    "extract": frozenset(
        {
            "persona",
            "user_name",
            "categories",
            "max_memories",
            "known",
            "messages",
            "timezone",
            "before",
        }
    ),
    "chat": frozenset(
        {
            "persona",
            "tagline",
            "temperament",
            "speaking_style",
            "backstory",
            "boundaries",
            "user_name",
            "now",
            "context",
            "notes",
            "message",
            "examples",
            "mood",
        }
    ),
    "summary": frozenset({"persona", "user_name", "summary", "messages"}),
    "procedure": frozenset({"steps"}),
    "instructions": frozenset({"use_case"}),
}
REQUIRED: dict[str, frozenset[str]] = {
    "extract": frozenset({"messages", "known", "max_memories"}),
    "chat": frozenset({"persona", "context", "message"}),
    "summary": frozenset({"summary", "messages"}),
    "procedure": frozenset({"steps"}),
    "instructions": frozenset({"use_case"}),
}

# What an extraction prompt must tell the model to answer (docs/extraction.md). Without the
# first two nothing can be read; the others are found out or guessed where they lack.
CONTRACT_WORDS = ("memories", "text")
CONTRACT_FIELDS = (
    *("action", "subject", "kind", "category", "event_date", "importance", "source", "mood"),
)
LONGEST_PROMPT = 20_000
"""Characters of a prompt file; it goes along with every request."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ALMOST = re.compile(r"\{\s*([A-Za-z_]\w*(?: \w+)?)\s*\}")
_JSON_LIST = re.compile(r"\{\s*\"memories\"\s*:\s*\[")
_HEADING = re.compile(r"^##[ \t]+(system|user)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with its placeholders still open."""

    name: str
    system: str
    user: str

    def messages(self, **values: str) -> list[dict[str, str]]:
        """The two messages with ``values`` filled in.

        Raises:
            BadInput: ``prompt_value`` if a placeholder has no value.
        """
        return [
            {"role": "system", "content": _fill(self.system, values)},
            {"role": "user", "content": _fill(self.user, values)},
        ]


def parse_prompt(name: str, text: str) -> Prompt:
    """A prompt from the text of its file.

    Args:
        name: ``extract`` or ``chat``: what it is for, and so what it may use.
        text: The file's text.

    Raises:
        BadInput: ``prompt_part`` (a part is missing or empty), ``prompt_unknown``
            (a placeholder that nothing fills) or ``prompt_missing`` (one that
            the prompt can't do without); ``names`` lists them.
    """
    parts: dict[str, str] = {}
    headings = list(_HEADING.finditer(text))
    for number, heading in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        parts[heading[1]] = text[heading.end() : end].strip()
    empty = [part for part in ("system", "user") if not parts.get(part)]
    if empty:
        raise BadInput(
            f"prompt {name}: no part {', '.join(empty)}", code="prompt_part", names=empty
        )
    used = set(_PLACEHOLDER.findall(parts["system"] + parts["user"]))
    _refuse(name, "prompt_unknown", used - PLACEHOLDERS[name])
    _refuse(name, "prompt_missing", REQUIRED[name] - used)
    return Prompt(name, parts["system"], parts["user"])


def check_prompt(name: str, text: str) -> Prompt:
    """Check an edited prompt for everything that would break it; stricter than parsing.

    Args:
        name: ``extract`` or ``chat``.
        text: The text of the file.

    Raises:
        BadInput: as :func:`parse_prompt`; or ``prompt_too_long``, ``prompt_part_twice``,
            ``prompt_unclosed`` (a placeholder's brace stays open), ``prompt_unknown``
            also for ``{ Messages }``, or ``prompt_contract`` (an extraction prompt that
            doesn't say which JSON to answer).
    """
    if len(text) > LONGEST_PROMPT:
        raise BadInput(code="prompt_too_long", given=len(text), limit=LONGEST_PROMPT)
    found = _HEADING.findall(text)
    if twice := sorted({part for part in found if found.count(part) > 1}):
        raise BadInput(f"prompt {name}: twice {twice}", code="prompt_part_twice", names=twice)
    prompt = parse_prompt(name, text)
    both = f"{prompt.system}\n{prompt.user}"
    written = _ALMOST.findall(both)
    odd = {word for word in written if f"{{{word}}}" not in both}
    _refuse(name, "prompt_unknown", odd | (set(written) - PLACEHOLDERS[name]))
    known = "|".join(sorted(PLACEHOLDERS[name], key=len, reverse=True))
    unclosed = re.findall(rf"\{{({known})(?![a-z_}}])", both)
    _refuse(name, "prompt_unclosed", unclosed)
    if name == "extract":
        lacking = [word for word in CONTRACT_WORDS if not _names(both, word)]
        if lacking or not _JSON_LIST.search(both):
            raise BadInput(
                "an extraction prompt without the JSON to answer",
                code="prompt_contract",
                names=lacking or [CONTRACT_WORDS[0]],
            )
    return prompt


def fields_not_asked_for(prompt: Prompt) -> list[str]:
    """Fields of the contract that an extraction prompt leaves out; they get guessed."""
    both = f"{prompt.system}\n{prompt.user}"
    return [field for field in CONTRACT_FIELDS if not _names(both, field)]


@lru_cache(maxsize=32)
def load_prompt(name: str, language: Language, folder: Path = PROMPT_FOLDER) -> Prompt:
    """The prompt ``name`` in ``language`` as shipped, read once per process.

    Raises:
        BadInput: as :func:`parse_prompt`.
    """
    return parse_prompt(name, prompt_text(name, language, folder))


def prompt_text(name: str, language: Language, folder: Path = PROMPT_FOLDER) -> str:
    """The text of a shipped prompt's file; the English one if there is none of the language."""
    path = folder / f"{name}.{language}.md"
    if not path.is_file():
        path = folder / f"{name}.{FALLBACK}.md"
    return path.read_text(encoding="utf-8")


Prompts: TypeAlias = Callable[[str, Language], Prompt]
"""Where models get their prompt at each request: :func:`load_prompt`, or what is edited."""


def _names(text: str, word: str) -> bool:
    return re.search(rf"(?<![a-z_]){word}(?![a-z_])", text) is not None


def _refuse(name: str, code: str, words: Iterable[str]) -> None:
    found = sorted(words)
    if found:
        allowed = sorted(PLACEHOLDERS[name])
        raise BadInput(
            f"prompt {name}: {code}: {', '.join(found)}", code=code, names=found, allowed=allowed
        )


def _fill(text: str, values: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise BadInput(f"no value for {{{match[1]}}}", code="prompt_value", names=[match[1]])
        return values[match[1]]

    return _PLACEHOLDER.sub(value, text)
