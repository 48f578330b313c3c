"""Record reader: memories that a model wrote as YAML, a table, tags or lines instead of JSON.

Only what names its fields is read: ``text: …``, a column "text", ``<text>…</text>``,
``ADD: …``. Sentences alone are no memories; they may be an explanation.
"""

from __future__ import annotations

import csv
import html
import re
from typing import Any

from memory.extraction.parsing import fields
from memory.extraction.parsing.mood import MOOD_KEYS

_FIELDS: dict[str, str] = {
    key.lower(): keys[0]
    for keys in (
        fields.ACTION_KEYS,
        fields.SUBJECT_KEYS,
        fields.KIND_KEYS,
        fields.CATEGORY_KEYS,
        fields.DATE_KEYS,
        fields.IMPORTANCE_KEYS,
        fields.SOURCE_KEYS,
        fields.ID_KEYS,
        fields.TEXT_KEYS,
    )
    for key in keys
}
_QUOTES = "\"'“”`"
_NOTHING = frozenset({"", "null", "none", "~", "-", "n/a", "无", "nil"})
# "  - **Text**: …", "text = …"; a number before the name is that of the record.
_LINE = re.compile(
    r"^[ \t]{0,12}(?:[-*•][ \t]+)?[*_\"'`]{0,2}(?P<key>[^\W\d][\w ]{0,30}?)[*_\"'`]{0,2}"
    r"[ \t]{0,4}[:：=][*_]{0,2}[ \t]*(?P<value>.{0,2000})$"
)
_ACTION_LINE = re.compile(
    r"^[ \t]{0,8}(?:[-*•][ \t]+|\d{1,3}[.、)][ \t]*)?[*_\[【(]{0,3}(?P<action>[^\W\d_]{2,8})"
    r"(?:[ \t]*[#\[(（]?(?P<id>\d{1,5})[\])）]?)?[*_\]】)]{0,3}[ \t]*(?:[:：→]|->|=>|(?<=[\]】)]))"
    r"[*_]{0,2}[ \t]*(?P<text>\S.{0,2000})$"
)
_NOTE = re.compile(r"[(（](?P<note>[^()（）]{1,100})[)）]$")
_LEAF = re.compile(
    r"<(?P<name>\w{1,30})(?P<given>[^<>]{0,300})>(?P<text>[^<>]{0,2000})</(?P=name)>"
)
_GIVEN = re.compile(
    r"(\w{1,30})\s?=\s?(?:\"([^\"\n]{0,2000})\"|'([^'\n]{0,2000})'|([^\s,\"'()]{1,60}))"
)
_CALL = re.compile(r"^\s{0,20}[\w.]{2,40}\((?P<given>.+)")
_RULE = re.compile(r"^[\s|:+-]+$")


def records(text: str) -> list[dict[str, Any]]:
    """The memories in a reply without JSON, as raw items; none where it names no fields.

    Example:
        >>> records("- action: ADD\\n  text: The user has a cat")
        [{'action': 'ADD', 'text': 'The user has a cat'}]
    """
    for read in (_tagged, _table, _calls, _lines, _actions):
        found = [item for item in read(text) if fields.text_of(item)]
        if found:
            return found
    return []


class _Records:
    """Fields as they come: one that was there already begins the next record."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = [{}]

    def take(self, name: str, value: str) -> None:
        if name in self.found[-1]:
            self.found.append({})
        bare = value.strip().rstrip(",").strip().strip(_QUOTES)
        if bare.lower() not in _NOTHING:
            self.found[-1][name] = bare


def _field(name: str) -> str | None:
    return _FIELDS.get(name.strip().strip("*_").lower())


def _tagged(text: str) -> list[dict[str, Any]]:
    """``<memory><text>…</text></memory>``, ``<memory subject="user">…</memory>``."""
    taken = _Records()
    for leaf in _LEAF.finditer(text):
        given = _given(leaf["given"])
        if given:
            taken.found.append({**given, "text": html.unescape(leaf["text"]).strip()})
        elif (name := _field(leaf["name"])) is not None:
            taken.take(name, html.unescape(leaf["text"]))
    return taken.found


def _given(text: str) -> dict[str, Any]:
    found = {}
    for name, *values in _GIVEN.findall(text):
        known = _field(name)
        value = "".join(values)
        if known is not None and value.lower() not in _NOTHING:
            found[known] = value
    return found


def _table(text: str) -> list[dict[str, Any]]:
    """A Markdown table, or comma-separated values, with the names of fields at its head."""
    found: list[dict[str, Any]] = []
    head: list[str | None] = []
    for line in text.splitlines():
        cells = _cells(line)
        names = [_field(cell) for cell in cells]
        if len(cells) > 1 and "text" in names and sum(name is not None for name in names) > 1:
            head = names
        elif head and len(cells) == len(head) and not _RULE.match(line):
            row = zip(head, cells, strict=True)
            found.append({n: c for n, c in row if n and c.lower() not in _NOTHING})
        elif not _RULE.match(line):
            head = []
    return found


def _cells(line: str) -> list[str]:
    bare = line.strip()
    if bare.startswith("|"):
        cells = bare.strip("|").split("|")
    else:
        cells = next(csv.reader([bare[:4000]], skipinitialspace=True), [])
    return [cell.strip().strip("*`").strip() for cell in cells]


def _calls(text: str) -> list[dict[str, Any]]:
    """``add_memory(text="…", subject="user")``, one on a line."""
    calls = (_CALL.match(line[:4000]) for line in text.splitlines())
    return [_given(call["given"]) for call in calls if call]


def _lines(text: str) -> list[dict[str, Any]]:
    """``text: …`` with one field on each line, as YAML, TOML and headed lists have it."""
    taken = _Records()
    beside = False
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name = _field(match["key"])
        if match["key"].strip().lower() in MOOD_KEYS:
            beside = True  # its fields are no memory's
        elif name in ("action", "text"):
            beside = False
        if name is not None and not beside:
            taken.take(name, match["value"])
    return taken.found


def _actions(text: str) -> list[dict[str, Any]]:
    """``ADD: …``, ``[UPDATE 3] …``, with what is said about it in brackets behind."""
    found = []
    for line in text.splitlines():
        match = _ACTION_LINE.match(line)
        named = fields.action(match["action"]) if match else None
        if match is None or named is None or named == "none":
            continue
        said = match["text"].strip()
        item: dict[str, Any] = {"action": str(match["action"])}
        if note := _NOTE.search(said):
            about = _about(note["note"])
            said = said[: note.start()] if about else said
            item |= about
        if match["id"]:
            item["id"] = int(match["id"])
        found.append({**item, "text": said.strip().strip(_QUOTES)})
    return found


def _about(note: str) -> dict[str, Any]:
    """``category: plan, kind: temporal``."""
    pairs = (part.partition(":") for part in re.split(r"[,，;；]", note.replace("：", ":")))
    return {name: value.strip() for key, _, value in pairs if value and (name := _field(key))}
