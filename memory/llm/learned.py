"""Learned endpoint capabilities, for the life of the process.

One record for each address and model, shared by everything that talks to it: chat,
extraction and the connection test. Values are only ever added, so no lock is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any


@dataclass(slots=True)
class EndpointHabits:
    """Habits of one model behind one address.

    Attributes:
        refused: Optional parameters that it refused and did without.
        suspected: Those without which it did once, after an error that said nothing.
        shapes: Changes of the messages that it needs (:mod:`memory.llm.message_shape`).
        needed: Parameters that it insists on.
        whole_only: It doesn't stream.
        stream_only: It does nothing but stream.
        bare_closing: It ends its thoughts with a mark that it never opened.
        cumulative: Each piece of its streams holds the whole text so far.
    """

    refused: set[str] = field(default_factory=set)
    suspected: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    needed: dict[str, Any] = field(default_factory=dict)
    whole_only: bool = False
    stream_only: bool = False
    bare_closing: bool = False
    cumulative: bool = False


_records: dict[tuple[str, str], EndpointHabits] = {}
_making = Lock()


def learned(url: str, model: str) -> EndpointHabits:
    """The record for a model behind an address; empty at first."""
    with _making:
        return _records.setdefault((url, model), EndpointHabits())


def forget() -> None:
    """Drop every record, as a new process would."""
    with _making:
        _records.clear()
