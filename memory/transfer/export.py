"""Export: everything about one person as JSON, CSV and a Markdown diary.

The JSON holds all that the project keeps and can be read back whole with
:func:`read_json`. CSV and Markdown are for people.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from memory.errors import BadInput
from memory.i18n import translate, word
from memory.nlp.dates.names import MONTHS
from memory.types import (
    DEFAULT_CATEGORIES,
    Batch,
    Change,
    Kind,
    Language,
    Memory,
    Message,
    Persona,
    Session,
    SettledFinding,
    Subject,
    Trace,
    User,
)

FORMAT: Literal["niannian-export"] = "niannian-export"
VERSION: Literal[1] = 1

CSV_COLUMNS: tuple[str, ...] = (
    "text",
    "subject",
    "kind",
    "category",
    "event_date",
    "importance",
    "pinned",
    "status",
    "language",
    "safety",
    "persona",
    "created_at",
    "updated_at",
    "id",
    "metadata",
    "app_id",
    "run_id",
    "expiration_date",
    "immutable",
)

# A spreadsheet runs a cell that begins with one of these as a formula (OWASP, "CSV
# Injection"). Compatible forms (full width, small, raised) count in East Asian locales.
_FORMULA_STARTS = frozenset("=+-@−")
# What a spreadsheet may drop from the beginning of a cell, or take for a cell's end.
_BREAKS = frozenset("\t\r\n\v\f\x85\u2028\u2029")
_QUOTES = frozenset("\"'`´")
# Letters and a symbol that show nothing.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")

_MARKDOWN_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>#|~$"})


@dataclass(frozen=True, slots=True)
class SessionExport:
    """A session with all its messages, oldest first."""

    session: Session
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """Everything about one person. ``changes`` is the journal, oldest first.

    ``batches`` say which messages were extracted and what came of it, ``traces`` what
    each reply was made from, ``settled`` what of the inbox is right as it is. ``files``
    are the files that messages name, by SHA-256, in base64.
    """

    user: User
    exported_at: datetime
    memories: tuple[Memory, ...] = ()
    sessions: tuple[SessionExport, ...] = ()
    changes: tuple[Change, ...] = ()
    batches: tuple[Batch, ...] = ()
    traces: tuple[Trace, ...] = ()
    settled: tuple[SettledFinding, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    format: Literal["niannian-export"] = FORMAT
    version: Literal[1] = VERSION


@dataclass(frozen=True, slots=True)
class DiaryWords:
    """The words of the Markdown diary in one language; see :func:`diary_words`.

    ``categories`` and ``personas`` map ids to names; an unknown id stands for itself.
    """

    title: str
    about_user: str
    about_ai: str
    profile: str
    diary: str
    undated: str
    categories: Mapping[str, str] = field(default_factory=dict)
    personas: Mapping[str, str] = field(default_factory=dict)


def diary_words(language: Language, user: User, personas: Mapping[str, Persona]) -> DiaryWords:
    """The words of a user's diary; ``personas`` by their ids."""
    return DiaryWords(
        title=translate(language, "settings.diary_title", name=user.name),
        about_user=translate(language, "settings.diary_about", name=user.name),
        about_ai=translate(language, "settings.diary_about", name="{name}"),
        profile=translate(language, "memories.view_profile"),
        diary=translate(language, "memories.view_diary"),
        undated=translate(language, "memories.no_date"),
        categories={value: word(language, "category", value) for value in DEFAULT_CATEGORIES},
        personas={id: persona.text(language).name for id, persona in personas.items()},
    )


_EXPORT: TypeAdapter[Export] = TypeAdapter(Export)


def to_json(export: Export) -> str:
    """The whole export as indented JSON (UTF-8 text, no ASCII escapes)."""
    return _EXPORT.dump_json(export, indent=2).decode("utf-8")


def read_json(raw: str | bytes) -> Export:
    """What :func:`to_json` wrote.

    Raises:
        BadInput: (``export_unreadable``) not such a file, or a later version of it.
    """
    try:
        return _EXPORT.validate_json(raw)
    except ValidationError as error:
        # Pydantic's own message quotes the input: people's memories. Say only where.
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise BadInput(
            "this is not a readable export", code="export_unreadable", where=where
        ) from None


def to_csv(memories: Iterable[Memory]) -> str:
    """One line a memory, for spreadsheets; begins with a byte order mark for Excel.

    Texts that a spreadsheet would run as a formula are preceded by an apostrophe.
    Times are ISO 8601 in UTC.
    """
    return rows_to_csv(CSV_COLUMNS, (_csv_row(memory) for memory in memories))


def rows_to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Any table as CSV that no spreadsheet runs as formulas; numbers stay numbers."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(column) for column in columns])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def to_markdown_diary(memories: Sequence[Memory], words: DiaryWords, language: Language) -> str:
    """The memories as two readable texts per persona: profile and diary.

    The profile lists constant memories by category, the diary temporal ones by
    date, oldest first; both first about the user, then about the persona.
    """
    lines = [f"# {_plain(words.title)}"]
    owners = sorted({memory.owner.persona_id for memory in memories})
    for persona_id in owners:
        name = words.personas.get(persona_id, persona_id)
        mine = [memory for memory in memories if memory.owner.persona_id == persona_id]
        lines += ["", f"## {_plain(name)}"]
        for subject, heading in (
            (Subject.USER, words.about_user),
            (Subject.AI, words.about_ai.format(name=name)),
        ):
            about = [memory for memory in mine if memory.subject is subject]
            if about:
                lines += ["", f"### {_plain(heading)}"]
                lines += _profile([m for m in about if m.kind is Kind.CONSTANT], words)
                lines += _diary([m for m in about if m.kind is Kind.TEMPORAL], words, language)
    return "\n".join(lines) + "\n"


def _profile(memories: list[Memory], words: DiaryWords) -> list[str]:
    if not memories:
        return []
    order = list(words.categories)
    lines = ["", f"#### {_plain(words.profile)}"]
    present = {memory.category for memory in memories}
    for category in sorted(
        present, key=lambda c: (order.index(c) if c in order else len(order), c)
    ):
        lines += ["", f"**{_plain(words.categories.get(category, category))}**", ""]
        chosen = [memory for memory in memories if memory.category == category]
        chosen.sort(key=lambda memory: (-memory.importance, memory.created_at))
        lines += [f"- {_plain(memory.text)}" for memory in chosen]
    return lines


def _diary(memories: list[Memory], words: DiaryWords, language: Language) -> list[str]:
    if not memories:
        return []
    lines = ["", f"#### {_plain(words.diary)}"]
    dated = sorted(
        (memory for memory in memories if memory.event_date),
        key=lambda memory: (memory.event_date or "", memory.created_at),
    )
    heading = ""
    for memory in dated:
        event_date = memory.event_date or ""
        if _month(event_date, language) != heading:
            heading = _month(event_date, language)
            lines += ["", f"**{_plain(heading)}**", ""]
        lines.append(f"- {_day(event_date, language)}{_plain(memory.text)}")
    undated = [memory for memory in memories if not memory.event_date]
    if undated:
        lines += ["", f"**{_plain(words.undated)}**", ""]
        lines += [f"- {_plain(memory.text)}" for memory in undated]
    return lines


def _month(event_date: str, language: Language) -> str:
    year, _, rest = event_date.partition("-")
    month = rest[:2]
    if not month.isdigit():
        return f"{year}年" if language == "zh" and year.isdigit() else year
    if language == "zh":
        return f"{year}年{int(month)}月"
    return f"{MONTHS[int(month) - 1]} {year}"


def _day(event_date: str, language: Language) -> str:
    day = event_date[8:10]
    if not day.isdigit():
        return ""
    return (
        f"{int(day)}日："
        if language == "zh"
        else f"{MONTHS[int(event_date[5:7]) - 1]} {int(day)}: "
    )


def _plain(text: str) -> str:
    """One line of Markdown that shows ``text`` as it is."""
    return " ".join(text.split()).translate(_MARKDOWN_SPECIAL)


def _csv_row(memory: Memory) -> tuple[Any, ...]:
    return (
        memory.text,
        memory.subject.value,
        memory.kind.value,
        memory.category,
        memory.event_date or "",
        memory.importance,
        "yes" if memory.pinned else "no",
        memory.status.value,
        memory.language,
        memory.safety or "",
        memory.owner.persona_id,
        memory.created_at.isoformat(),
        memory.updated_at.isoformat(),
        memory.id,
        json.dumps(dict(memory.metadata), ensure_ascii=False) if memory.metadata else "",
        memory.app_id or "",
        memory.run_id or "",
        memory.expiration_date or "",
        "yes" if memory.immutable else "",
    )


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run ``text``: whatever is unseen or a quote before it."""
    for char in text:
        if char in _BREAKS or unicodedata.normalize("NFKC", char) in _FORMULA_STARTS:
            return True
        if not (
            # Spaces, controls and marks; opening and closing quotes.
            unicodedata.category(char)[0] in "ZCM"
            or unicodedata.category(char) in ("Pi", "Pf")
            or unicodedata.normalize("NFKC", char) in _QUOTES
            or char in _BLANKS
        ):
            return False
    return False


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and looks_like_formula(cell) else cell
