"""Evaluation of the configured models: what they remember, and how they talk.

    python -m benchmarks.model_eval [--json FILE] [--show]

Forty short dialogues go through the extraction as it is used (prompt, reader, validation,
reconciliation), thirty situations through the chat prompt. Nothing is stored. It prints, for
the extraction model, how many expected memories were found, how many carried a category and
their subject, how many were invented and how many outdated ones stayed in force; for the chat
model, in how many replies each rule of style was kept; and the tokens of both.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from memory.chat.llm_reply import OpenAIChat
from memory.chat.personas import load_personas
from memory.config import Settings, load_settings
from memory.errors import ModelError
from memory.extraction.openai_extraction import OpenAIExtraction
from memory.extraction.reconcile import decide
from memory.extraction.validation import guard
from memory.nlp.language import detect
from memory.types import (
    Context,
    ExtractionRequest,
    Hit,
    Kind,
    Language,
    Memory,
    Message,
    Owner,
    ReplyRequest,
    Role,
    Status,
    Subject,
)

FOLDER = Path(__file__).parent / "evaluation"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
OWNER = Owner("evaluation", "niannian")
ZONE = "Asia/Shanghai"
LONGEST_REPLY: Mapping[Language, int] = {"zh": 120, "en": 320}
"""Characters of a reply to one short line."""

STYLE = {
    "no stage directions": re.compile(r"[（(*][^）)*]{1,30}[）)*]"),
    "no lists or headings": re.compile(r"^\s*(?:[-*•#]|\d+[.、)])", re.MULTILINE),
    "no bold": re.compile(r"\*\*"),
    "no third person": re.compile(r"用户|\bthe user\b", re.IGNORECASE),
}


@dataclass(slots=True)
class EvaluationResult:
    """Figures of one run; ``style`` counts the replies that kept each rule."""

    expected: int = 0
    found: int = 0
    labelled: int = 0
    made: int = 0
    invented: int = 0
    outdated: int = 0
    stale: int = 0
    failed: int = 0
    replies: int = 0
    style: dict[str, int] = field(default_factory=dict)
    extraction_tokens: int = 0
    chat_tokens: int = 0
    notes: list[str] = field(default_factory=list)


def run(settings: Settings) -> EvaluationResult:
    """Ask the configured models about every dialogue and every situation."""
    result = EvaluationResult()
    extraction, chat = OpenAIExtraction(settings), OpenAIChat(settings)
    dialogues = tomllib.loads((FOLDER / "dialogues.toml").read_text(encoding="utf-8"))
    situations = tomllib.loads((FOLDER / "situations.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        for dialogue in dialogues[language]:
            _remember(extraction, dialogue, language, result)
        for situation in situations[language]:
            _talk(chat, situation, language, result)
    return result


def _remember(
    model: OpenAIExtraction, dialogue: Mapping[str, Any], language: Language, to: EvaluationResult
) -> None:
    messages = tuple(_message(n, line) for n, line in enumerate(dialogue["said"], 1))
    known = tuple(_memory(f"k{n}", text) for n, text in enumerate(dialogue.get("known", ()), 1))
    request = ExtractionRequest(
        OWNER, load_personas()[OWNER.persona_id], language, messages, known, ZONE, "Robin"
    )
    wanted: Sequence[Sequence[str]] = dialogue.get("found", ())
    gone: Sequence[str] = dialogue.get("gone", ())
    to.expected += len(wanted)
    to.outdated += len(gone)
    try:
        reply = model.extract(request)
    except ModelError as error:
        to.failed += 1
        to.stale += len(gone)
        to.notes.append(f"{dialogue['said'][0]}: {error.code}")
        return
    to.extraction_tokens += reply.usage.prompt_tokens + reply.usage.reply_tokens
    kept = guard(reply.operations, request).kept

    def nearest(text: str, subject: Subject) -> Sequence[Hit]:
        return [Hit(memory, 1.0) for memory in known if memory.subject is subject]

    decision = decide(kept, request, nearest, NOW, "evaluation")
    now = {memory.id: memory for memory in known}
    now |= {change.after.id: change.after for change in decision.changes if change.after}
    active = [memory for memory in now.values() if memory.status is Status.ACTIVE]
    new = [memory for memory in active if memory not in known]
    to.made += len(new)
    for words in wanted:
        hit = next((m for m in new if all(re.search(w, m.text, re.I) for w in words)), None)
        to.found += hit is not None
        to.labelled += hit is not None and hit.category != "other"
        if hit is None:
            to.notes.append(f"missed {words}: {[memory.text for memory in new]}")
    never: Sequence[str] = dialogue.get("never", ())
    for memory in new:
        if any(word.lower() in memory.text.lower() for word in never):
            to.invented += 1
            to.notes.append(f"invented: {memory.text}")
    for words_gone in gone:
        if any(words_gone.lower() in memory.text.lower() for memory in active):
            to.stale += 1
            to.notes.append(f"stale: {words_gone}")


def _talk(
    model: OpenAIChat, situation: Mapping[str, Any], language: Language, to: EvaluationResult
) -> None:
    lines = "\n".join(f"- {text}" for text in situation["memories"])
    context = Context((), f"<memories>\n{lines}\n</memories>" if lines else "", 0, 1500, True)
    request = ReplyRequest(
        owner=OWNER,
        persona=load_personas()[OWNER.persona_id],
        language=language,
        message=situation["said"],
        history=(),
        context=context,
        now=NOW,
        timezone=ZONE,
        user_name="Robin",
    )
    stream = model.reply(request)
    try:
        text = "".join(piece for piece in stream)
    except ModelError as error:
        to.failed += 1
        to.notes.append(f"{situation['said']}: {error.code}")
        return
    to.replies += 1
    to.chat_tokens += stream.usage.prompt_tokens + stream.usage.reply_tokens
    kept = {name: not pattern.search(text) for name, pattern in STYLE.items()}
    kept["short"] = len(text) <= LONGEST_REPLY[language]
    kept["its language"] = detect(text, default=language) == language
    kept["no question at the end"] = not text.rstrip().endswith(("?", "？"))
    low = text.lower()
    uses, never = situation.get("uses", ()), situation.get("never", ())
    kept["says what it remembers"] = not uses or any(word.lower() in low for word in uses)
    kept["says nothing it shouldn't"] = not any(word.lower() in low for word in never)
    for name, ok in kept.items():
        to.style[name] = to.style.get(name, 0) + ok


def _message(number: int, line: str) -> Message:
    role: Role = "assistant" if line.startswith("> ") else "user"
    said = NOW + timedelta(seconds=number)
    return Message(f"m{number}", "s", OWNER, number, role, line.removeprefix("> "), said)


def _memory(id: str, text: str) -> Memory:
    then = NOW - timedelta(days=60)
    return Memory(
        id=id,
        owner=OWNER,
        text=text,
        subject=Subject.USER,
        kind=Kind.CONSTANT,
        category="other",
        created_at=then,
        updated_at=then,
        language=detect(text),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 if no language model is configured or nothing was answered."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--show", action="store_true", help="name what was missed or invented")
    options = parser.parse_args(argv)
    settings = load_settings()
    if not settings.has_language_model:
        print("no language model is configured: see docs/configuration.md", file=sys.stderr)
        return 1
    result = run(settings)
    print(f"extraction  {settings.extraction_model or settings.chat_model}")
    print(f"  found     {result.found} of {result.expected}, {result.labelled} labelled")
    print(f"  invented  {result.invented} of {result.made} memories")
    print(f"  stale     {result.stale} of {result.outdated}")
    print(f"  tokens    {result.extraction_tokens}")
    print(f"chat        {settings.chat_model}")
    for name, kept in result.style.items():
        print(f"  {kept:>3} of {result.replies}  {name}")
    print(f"  tokens    {result.chat_tokens}")
    if result.failed:
        print(f"failed      {result.failed}")
    if options.show:
        print("\n".join(result.notes))
    if options.json:
        options.json.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1))
    return 0 if result.replies else 1


if __name__ == "__main__":
    sys.exit(main())
