"""Response parser: reads what an extraction model really answered.

The contract asks for one JSON object (``{"memories": [...]}``). Models answer
with fences, thoughts, prose, Chinese values, half replies and worse; whatever
whole items such a reply holds are found, and nothing is added to them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from memory.extraction.parsing import fields
from memory.extraction.parsing.lenient_json import ParsedJson, parse
from memory.extraction.parsing.mood import lift_mood, take_mood
from memory.extraction.parsing.records import records
from memory.extraction.parsing.relations import relations_of
from memory.extraction.parsing.shape import candidates, is_item, strict
from memory.extraction.parsing.text import (
    bullets,
    clean,
    has_fence,
    is_html,
    is_order,
    is_refusal,
    unescaped,
    without_thinking,
)
from memory.types import DEFAULT_CATEGORIES, Action, Mood, Operation, Subject

_BRACKETS = str.maketrans("｛｝［］", "{}[]")
MAX_ITEMS = 1000
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]")
_CANNOT = re.compile(r"无法|不能|can['’]?t\b|cannot|unable|won['’]t", re.IGNORECASE)
_LABEL = re.compile(r"^(用户|user|ai|assistant|助手|角色)\s*[:：]\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was found in a reply.

    ``repairs`` names, in order, what had to be done. ``readable`` is false
    where the reply holds no answer at all: then the model is to be asked again.
    ``{"memories": []}`` is readable and empty. ``cut`` says that the reply
    ended in the middle; the items before the cut are there. ``mood`` is the
    user's, if the reply says anything usable of it.
    """

    operations: tuple[Operation, ...]
    repairs: tuple[str, ...] = ()
    readable: bool = True
    cut: bool = False
    mood: Mood | None = None


def read_reply(
    raw: str,
    *,
    known: int | None = None,
    categories: Sequence[str] = DEFAULT_CATEGORIES,
    today: date | None = None,
) -> ReadResult:
    """Read the reply of an extraction model. Never raises for any text.

    Args:
        raw: The reply as it came.
        known: How many existing memories the prompt showed; ids beyond it are
            inventions (an UPDATE becomes an ADD, a DELETE is dropped).
        categories: The allowed categories; others become ``None``.
        today: The day of the batch, for dates that lack a year.
    """
    text, repairs = clean(raw)
    whole = strict(text)
    mood: Mood | None = None
    if whole is not None:
        parsed = ParsedJson([whole])
        if text.startswith('"'):
            repairs.append("double_encoded")
    else:
        text, thought = without_thinking(text)
        if thought:
            repairs.append("thinking")
        if not text.strip() or is_html(text):
            return ReadResult((), tuple(repairs), readable=False)
        if has_fence(text):
            repairs.append("fence")
        mood, bare = lift_mood(text)
        parsed = _tolerant(bare, repairs)
    reading = _ReplyParser(known, tuple(categories), today, repairs)
    beside, values = take_mood(parsed.values)
    mood = mood or beside
    answered, operations = reading.operations(values)
    if not operations and not parsed.cut and whole is None and not _has_object(parsed.values):
        # What is no JSON may hold brackets; they aren't an empty answer.
        items = records(text)
        if items:
            repairs.append("records")
            answered, operations = reading.operations([items])
    if not answered and not parsed.cut and whole is None:
        lines = bullets(text)
        if lines:
            repairs.append("bullets")
            answered, operations = reading.operations([lines])
    if parsed.cut:
        repairs.append("cut_off")
    readable = answered and not (parsed.cut and not operations)
    return ReadResult(operations, tuple(dict.fromkeys(repairs)), readable, parsed.cut, mood)


def _tolerant(text: str, repairs: list[str]) -> ParsedJson:
    if "{" not in text and "｛" in text:
        text = text.translate(_BRACKETS)
        repairs.append("brackets")
    parsed = parse(text, is_item)
    if not _has_items(parsed):
        for name, decode in _DECODERS:
            plain = decode(text)
            decoded = parse(plain, is_item) if plain != text else parsed
            if plain != text and _has_items(decoded):
                repairs.append(name)
                parsed = decoded
                break
    if parsed.prose and "fence" not in repairs:
        repairs.append("prose")
    repairs.extend(parsed.repairs)
    if parsed.values and not repairs:
        repairs.append("syntax")
    return parsed


def _has_items(parsed: ParsedJson) -> bool:
    """Whether anything in it could be a memory."""
    found = (item for value in parsed.values for item in candidates(value) or ())
    return any(
        isinstance(item, str) or (isinstance(item, dict) and is_item(item)) for item in found
    )


_DECODERS = (
    ("double_encoded", unescaped),
    ("double_encoded", lambda text: text.replace("\\r", "").replace("\\n", "\n")),
    ("entities", lambda text: html.unescape(_BREAK.sub("\n", text))),
)


class _ReplyParser:
    """Turns raw items into operations, noting what was put right."""

    def __init__(
        self,
        known: int | None,
        categories: tuple[str, ...],
        today: date | None,
        repairs: list[str],
    ) -> None:
        self.known = known
        self.categories = categories
        self.today = today
        self.repairs = repairs

    def operations(self, values: Sequence[Any]) -> tuple[bool, tuple[Operation, ...]]:
        """Whether anything was an answer, and the operations in it."""
        answers = [(value, found) for value in values if (found := candidates(value)) is not None]
        # A list of mere strings in the prose counts only where nothing better is.
        better = [(v, f) for v, f in answers if isinstance(v, dict) or _has_object(f)]
        answers = better or answers
        items = [item for _, found in answers for item in found]
        operations: list[Operation] = []
        seen: set[tuple[str, object]] = set()
        ignored = 0
        for item in items[:MAX_ITEMS]:
            operation = self._operation(item)
            if operation is None:
                ignored += item not in (None, "", {}) and not isinstance(item, int | float)
                continue
            key = ("delete", operation.id) if not operation.text else ("text", _same(operation))
            if key in seen:
                self.repairs.append("duplicates")
                continue
            seen.add(key)
            operations.append(operation)
        if len(operations) == 1 and _declines(items, operations[0].text):
            return False, ()
        deliberate = {"order", "unchanged", "unknown_id"} & set(self.repairs)
        answered = bool(answers) and (bool(operations) or not items or bool(deliberate))
        if ignored or (items and not operations):
            self.repairs.append("junk_items")
        return answered, tuple(operations)

    def _operation(self, item: Any) -> Operation | None:
        if isinstance(item, str):
            item = {"text": _LABEL.sub("", item), **_labelled(item)}
            self.repairs.append("strings")
        if not isinstance(item, dict):
            return None
        text = _sentence(fields.text_of(item) or "")
        named = fields.action(fields.first(item, fields.ACTION_KEYS))
        number = fields.small_id(fields.first(item, fields.ID_KEYS))
        if number is not None and self.known is not None and number > self.known:
            number = None
        if named == "none":
            self.repairs.append("unchanged")
            return None
        if named is Action.DELETE:
            if number is None:
                self.repairs.append("unknown_id")
                return None
            return Operation(Action.DELETE, id=number, source=self._source(item))
        if len(_WORDS.findall(text[:50])) < 2:
            return None
        if is_order(text):
            self.repairs.append("order")
            return None
        if named is None and number is not None and self.known is not None:
            named = Action.UPDATE
        if named is Action.UPDATE and number is None:
            self.repairs.append("unknown_id")
            named = Action.ADD
        update = named is Action.UPDATE
        return Operation(
            Action.UPDATE if update else Action.ADD,
            text,
            number if update else None,
            self._checked("subject", fields.subject, item, fields.SUBJECT_KEYS),
            self._checked("kind", fields.kind, item, fields.KIND_KEYS),
            fields.category(fields.first(item, fields.CATEGORY_KEYS), self.categories),
            fields.event_date(fields.first(item, fields.DATE_KEYS), self.today),
            fields.importance(fields.first(item, fields.IMPORTANCE_KEYS)),
            self._source(item),
            relations_of(item),
        )

    def _checked(self, name: str, read: Any, item: dict[str, Any], keys: Sequence[str]) -> Any:
        given = fields.first(item, keys)
        value = read(given)
        if value is None or value.value != given:
            self.repairs.append(f"missing_{name}" if given is None else f"odd_{name}")
        return value

    def _source(self, item: dict[str, Any]) -> tuple[int, ...]:
        return fields.numbers(fields.first(item, fields.SOURCE_KEYS))


def _labelled(text: str) -> dict[str, str]:
    match = _LABEL.match(text)
    if match is None:
        return {}
    about = fields.subject(match[1])
    return {"subject": (about or Subject.USER).value}


def _has_object(items: Sequence[Any]) -> bool:
    return any(isinstance(item, dict) for item in items)


def _sentence(text: str) -> str:
    lines = re.split(r"[\r\n]+", text.strip())
    return " ".join(line.strip(" \t") for line in lines).strip()


def _same(operation: Operation) -> str:
    return operation.text.lower().rstrip("。.!！ ")


def _declines(items: Sequence[Any], text: str) -> bool:
    """Whether the only item is a refusal put into a field. A user may be sorry, too."""
    bare = all(not isinstance(item, dict) or len(item) == 1 for item in items)
    return bare and is_refusal(text) and _CANNOT.search(text) is not None


__all__ = ["ReadResult", "read_reply"]
