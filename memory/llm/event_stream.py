"""Reader of server-sent events (WHATWG HTML, 9.2), tolerant of what endpoints make of them.

The library's own reader ends with an exception at a block that holds only ``retry:`` or
``id:``, and waits for ever where a server sends comments to keep the line open.
"""

from __future__ import annotations

import codecs
import json
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

DONE = ("[DONE]", "DONE")
_FIELDS = ("event:", "id:", "retry:", ":")
_PREFIX = re.compile(r"\s*data:\s*", re.IGNORECASE)
# How a JSON document begins; "[ERROR] …" is a complaint.
_BEGINS = re.compile(r"""[{"]|\[\s*(?:[\[{"\d\]-]|null|true|false|$)""")

_DECODER = json.JSONDecoder(strict=False)


class NoDataError(Exception):
    """Nothing but comments or blank lines came for too long."""


class EventReader:
    """Reads the events of one answer; or the JSON that came in their place.

    ``done`` says that the answer said it was whole.

    Args:
        chunks: Bytes as they come over the wire.
        patience: Seconds for which comments may go on without any data.
    """

    def __init__(self, chunks: Iterable[bytes], patience: float) -> None:
        self._chunks = chunks
        self._patience = patience
        self.done = False

    def __iter__(self) -> Iterator[Any]:
        """The JSON of each event; ``{"error": …}`` for words in its place.

        Raises:
            NoDataError: see above.
            ValueError: an event isn't JSON, or nothing came that is.
        """
        data, event, words = "", "", ""
        documents, events = 0, 0
        other: list[str] = []
        for line in self._lines():
            if prefix := _PREFIX.match(line):
                text = line[prefix.end() :].strip()
                while prefix := _PREFIX.match(text):  # wrapped once more on its way
                    text = text[prefix.end() :]
                if text.upper() in DONE:
                    # Some servers keep the line open after it, or cut it too early.
                    self.done = True
                    return
                if not data and text in ("", "null"):
                    continue
                if not data and not _BEGINS.match(text):
                    words = text  # a complaint, or a word that keeps the line open
                    if event == "error":
                        yield {"error": {"message": text}}
                    continue
                data += text
                values = _documents(data)
                if values:
                    data, events = "", events + 1
                    yield from values
            elif line.startswith("event:"):
                event = line[6:].strip()
            elif not line.strip():
                event = ""
                if data:
                    raise ValueError("an event that isn't JSON")
            elif not line.startswith(_FIELDS):
                # A document in place of a stream, or one on each line.
                values = _documents(line) if not other and line.startswith("{") else []
                if not values:
                    other.append(line)
                documents += len(values)
                yield from values
        # Half an event at the end is a connection that broke: the caller sees no end.
        if other and not events and not documents:
            documents = 1
            yield json.loads("\n".join(other), strict=False)
        # A document that can be read is whole, whatever it leaves out.
        self.done = documents == 1 and not events
        if words and not events and not documents:
            yield {"error": {"message": words}}
        elif not (events or documents or data):
            raise ValueError("an empty answer")

    def _lines(self) -> Iterator[str]:
        decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        rest, last = "", time.monotonic()
        for chunk in self._chunks:
            rest += decode(chunk)
            # A carriage return at the end may be half of a line's end.
            whole = rest.removesuffix("\r")
            held = rest[len(whole) :]
            *lines, rest = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            rest += held
            now = time.monotonic()
            for line in lines:
                if line.strip() and not line.startswith(":"):
                    last = now
                yield line
            if now - last > self._patience:
                raise NoDataError
        yield (rest + decode(b"", final=True)).rstrip("\r")


def _documents(text: str) -> list[Any]:
    """The JSON documents that ``text`` is made of; none where it goes on in the next line."""
    try:
        return [json.loads(text, strict=False)]
    except ValueError:
        pass
    found: list[Any] = []
    while text:
        try:
            value, end = _DECODER.raw_decode(text)
        except ValueError:
            return []
        found.append(value)
        text = text[end:].lstrip()
    return found
