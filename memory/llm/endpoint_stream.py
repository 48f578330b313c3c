"""Streamed reply: its pieces as they come over the wire, read by the events they are sent in."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from threading import Event
from typing import Any

from memory.errors import ModelBusy, ModelError, ModelFiltered, ModelUnreachable, ReplyCut
from memory.llm.endpoint import Delta
from memory.llm.event_stream import EventReader, NoDataError
from memory.llm.failures import EndpointFailures
from memory.llm.learned import EndpointHabits
from memory.llm.refusals import refusal_in
from memory.llm.reply_parts import (
    REFUSAL,
    ReplyPart,
    TextJoiner,
    complaint_in,
    reply_part,
    single_events,
)
from memory.llm.requests import NO_THINKING
from memory.llm.text_growth import TextGrowth
from memory.llm.thoughts import ThoughtFilter

PATIENCE = 3
"""Events that say nothing are waited for this many times the timeout."""
LONGEST = 50_000
"""Characters of a reply, and pieces of it: a model that goes on has lost its way."""
CUT = frozenset(
    {"length", "max_tokens", "model_length", "max_output_tokens", "max_length", "token_limit"}
)
FILTERED = frozenset(
    {
        *("content_filter", "safety", "sensitive", "prohibited_content", "recitation", REFUSAL),
        *("blocklist", "spii", "guardrail_intervened", "content_filtered", "content_moderation"),
    }
)
OVERLOADED = frozenset({"insufficient_system_resource", "network_error", "error", "abort"})


class EndpointStream:
    """Pieces of a reply as they come over the wire, without thoughts.

    ``began`` says whether anything of a reply has come yet; ``arguments`` is what the model
    handed to a function that nobody offered it, which may be what it was asked for.
    """

    def __init__(
        self,
        opened: Any,
        failures: EndpointFailures,
        known: EndpointHabits,
        thoughts: ThoughtFilter,
    ) -> None:
        self._opened = opened
        self._failures = failures
        self._known = known
        self._thoughts = thoughts
        self._joiner = TextJoiner()
        self._growth = TextGrowth(cumulative=known.cumulative)
        self._closed = Event()
        self._finish = ""
        self._said = self._thought = False
        self._length = self._pieces = 0
        self._index: Any = None
        self.began = False
        self.arguments = ""

    def __iter__(self) -> Iterator[Delta]:
        patience = self._failures.timeout * PATIENCE
        reader = EventReader(self._opened.iter_bytes(), patience)
        heard = time.monotonic()
        try:
            for event in single_events(reader):
                if not self._is_part(event):
                    # Pings and news of the provider's own: not for ever.
                    if time.monotonic() - heard > patience:
                        raise NoDataError
                    continue
                heard = time.monotonic()
                yield from self._deltas(event)
                self._pieces += 1
                if max(self._length, self._pieces) > LONGEST:
                    self._finish = self._finish or "length"
                    break
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - the transport's errors are the library's own
            if self._closed.is_set():
                return
            if not self._finish:
                self._failures.fail(error)
            # The reply had ended; how the line ended doesn't matter.
            yield from self._ended(done=True)
        else:
            if not self._closed.is_set():
                yield from self._ended(done=reader.done)
        finally:
            self.close()

    def _is_part(self, event: Any) -> bool:
        """Whether an event belongs to a reply. Raises what it refuses."""
        refusal = refusal_in(event) or refusal_in(complaint_in(event))
        if refusal is not None:
            self._failures.refuse(refusal)
        return isinstance(event, Mapping) and ("choices" in event or bool(event.get("usage")))

    def _deltas(self, event: Mapping[str, Any]) -> Iterator[Delta]:
        choices = event.get("choices")
        for choice in choices[:1] if isinstance(choices, list) else ():
            if self._is_another(choice):
                continue
            part = reply_part(choice)
            if part.repeats:
                new = self._growth.further(part.text)
            else:
                new = self._growth.feed(part.text, last=bool(part.finish))
            self._known.cumulative = self._known.cumulative or self._growth.cumulative
            self.began = self.began or bool(part.text)
            self._length += len(new) + len(part.arguments)
            part = replace(part, text=new)
            if self._finish != REFUSAL:  # "stop" may come after it
                self._finish = part.finish or self._finish
            self.arguments += part.arguments
            yield from self._shown(part)
        usage = event.get("usage")
        if isinstance(usage, Mapping):
            tokens = (usage.get("prompt_tokens"), usage.get("completion_tokens"))
            if all(isinstance(number, int) for number in tokens):
                yield Delta("", *tokens)

    def _is_another(self, choice: Any) -> bool:
        """Whether it belongs to another reply than the first, where several come at once."""
        index = choice.get("index") if isinstance(choice, Mapping) else None
        if self._index is None:
            self._index = index
        return index is not None and index != self._index

    def _shown(self, part: ReplyPart) -> Iterator[Delta]:
        text = self._joiner.feed(part.text)
        self._thought = self._thought or part.thought
        self.began = self.began or part.thought
        shown = self._thoughts.feed(text) if text else ""
        if self._thoughts.retracted:
            self._thoughts.retracted = False
            self._known.bare_closing = True
            yield Delta(retract=True)
        if shown:
            self._said = True
            yield Delta(shown)
        elif part.text or part.thought:
            yield Delta(thinking=True)

    def _ended(self, *, done: bool) -> Iterator[Delta]:
        finish, host = self._finish, self._failures.host
        kept = self._growth.end()
        if kept:
            yield from self._shown(ReplyPart(kept))
        left = self._thoughts.end(cut=finish in CUT or not (finish or done))
        if left:
            self._said = True
            yield Delta(left)
        self._known.bare_closing = self._known.bare_closing or self._thoughts.bare_closing
        about = self._failures.about
        if not finish and not done:
            raise ModelUnreachable(f"{host} broke off in the middle", **about)
        if finish in OVERLOADED:
            raise ModelBusy(f"{host} ran out of resources", **about)
        if finish in FILTERED:
            if self._said:
                raise ReplyCut("a filter cut the reply", code="reply_filtered", endpoint=host)
            raise ModelFiltered(f"{host} filtered the reply", endpoint=host)
        if finish in CUT:
            thought = self._thought or self._thoughts.thought
            code = "reply_cut" if self._said or not thought else "thought_only"
            raise ReplyCut("the reply was cut at its limit", code=code, endpoint=host)
        if self._thought and not self._said and not self.arguments:
            # It was told not to think, or is taken to have done nothing else.
            self._known.refused.add(NO_THINKING)

    def close(self) -> None:
        """Hang up, so that the endpoint stops working for nothing."""
        if self._closed.is_set():
            return
        self._closed.set()
        # Closing a socket doesn't wake a thread that waits in it; shutting it down does.
        stream = self._opened.http_response.extensions.get("network_stream")
        raw = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(raw, socket.socket):
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
        self._opened.close()
