"""Import preview: what an import would do, row by row, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from memory.transfer.parsed import ParsedFile, Part, Wrong
from memory.types import Memory, Owner


class RowVerdict(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who imports decides.

    ``speaker`` is the user's name in a dialogue, ``whose`` the only user of a mem0
    export to take, ``day`` that of a chat log without dates. Without ``extract``
    conversations are kept and nothing is remembered from them. ``talks`` are the rows
    of the conversations to take, all if ``None``.
    """

    speaker: str | None = None
    whose: str | None = None
    day: date | None = None
    extract: bool = True
    talks: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file, or one memory that would be made from it (``learnt``).

    ``count`` is the number of messages of a conversation. ``code`` and ``params`` say
    what is wrong, in the codes of :mod:`memory.errors`.
    """

    row: int
    verdict: RowVerdict
    part: Part
    text: str = ""
    memory: Memory | None = None
    count: int = 0
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    learnt: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be added, what is there already, what is wrong.

    ``more_learnt`` says that only the beginning of the conversations was tried, or
    that it can't be told before a language model is asked.
    """

    owner: Owner
    parsed: ParsedFile
    options: Options
    rows: tuple[PreviewRow, ...]
    more_learnt: bool = False

    @property
    def format(self) -> str:
        """What kind of file it is."""
        return self.parsed.format

    @property
    def counts(self) -> Counter[str]:
        """Rows by ``<part>_<verdict>``, wrong ones as ``wrong``; messages; ``learnt``."""
        counted: Counter[str] = Counter()
        for row in self.rows:
            if row.learnt:
                counted["learnt"] += 1
            elif row.verdict is RowVerdict.WRONG:
                counted["wrong"] += 1
            else:
                counted[f"{row.part}_{row.verdict}"] += 1
                if row.verdict is RowVerdict.ADDED:
                    counted["message_added"] += row.count
        return counted

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to add."""
        return not (self.counts["memory_added"] or self.counts["session_added"])


def wrong_row(wrong: Wrong) -> PreviewRow:
    """The row of something that can't be used."""
    return PreviewRow(wrong.row, RowVerdict.WRONG, wrong.part, code=wrong.code, params=wrong.params)
