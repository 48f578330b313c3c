"""Reader of server-sent events (WHATWG HTML, 9.2), tolerant of what endpoints make of them.

The library's own reader ends with an exception at a block that holds only ``retry:`` or
``id:``, and waits for ever where a server sends comments to keep the line open.
"""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

DONE = "[DONE]"
_FIELDS = ("event:", "id:", "retry:", ":")


class NoDataError(Exception):
    """Nothing but comments or blank lines came for too long."""


class EventReader:
    """Reads the events of one answer; or the one JSON document that came in their place.

    Args:
        chunks: Bytes as they come over the wire.
        patience: Seconds for which comments may go on without any data.
    """

    def __init__(self, chunks: Iterable[bytes], patience: float) -> None:
        self._chunks = chunks
        self._patience = patience
        self.done = False
        self.other = ""

    def __iter__(self) -> Iterator[Any]:
        """The JSON of each event.

        Raises:
            NoDataError: see above.
            ValueError: an event isn't JSON, or nothing came that is.
        """
        seen, data = False, ""
        other: list[str] = []
        for line in self._lines():
            if line.startswith("data:"):
                text = line[5:].strip()
                if text == DONE:
                    self.done = True
                    continue
                data += text
                try:
                    value = json.loads(data)
                except ValueError:
                    continue  # a document over several lines
                data, seen = "", True
                yield value
            elif not line.strip():
                if data:
                    raise ValueError("an event that isn't JSON")
            elif not line.startswith(_FIELDS):
                other.append(line)
        # Half an event at the end is a connection that broke: the caller sees no end.
        self.other = "\n".join(other)
        if other and not seen and not self.done:
            document = json.loads(self.other)
            self.done = True  # a document that can be read is whole, whatever it leaves out
            yield document

    def _lines(self) -> Iterator[str]:
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        rest, last = "", time.monotonic()
        for chunk in self._chunks:
            rest += decode(chunk)
            # A carriage return at the end may be half of a line's end.
            *lines, rest = rest.replace("\r\n", "\n").split("\n")
            now = time.monotonic()
            for line in lines:
                if line.strip() and not line.startswith(":"):
                    last = now
                yield line.rstrip("\r")
            if now - last > self._patience:
                raise NoDataError
        yield rest + decode(b"", final=True)
