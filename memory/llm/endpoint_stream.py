"""Streamed reply: its pieces as they come over the wire, read by the events they are sent in."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any

from memory.errors import ModelBusy, ModelError, ModelFiltered, ModelUnreachable, ReplyCut
from memory.llm.endpoint import Delta
from memory.llm.event_stream import EventReader
from memory.llm.learned import EndpointHabits
from memory.llm.refusals import refusal_in
from memory.llm.thoughts import ThoughtFilter

if TYPE_CHECKING:
    from memory.llm.openai_client import OpenAIEndpoint

PATIENCE = 3
"""Comments without data are waited for this many times the timeout."""
CUT = frozenset({"length", "max_tokens", "model_length"})
FILTERED = frozenset({"content_filter", "safety", "sensitive", "prohibited_content", "recitation"})
OVERLOADED = frozenset({"insufficient_system_resource", "network_error", "error", "abort"})


class EndpointStream:
    """Pieces of a reply as they come over the wire, without thoughts.

    ``began`` says whether anything of a reply has come yet.
    """

    def __init__(
        self, opened: Any, endpoint: OpenAIEndpoint, known: EndpointHabits, thoughts: ThoughtFilter
    ) -> None:
        self._opened = opened
        self._endpoint = endpoint
        self._known = known
        self._thoughts = thoughts
        self._closed = Event()
        self._finish: str | None = None
        self._said = self._thought = False
        self.began = False

    def __iter__(self) -> Iterator[Delta]:
        timeout = self._endpoint.timeout
        reader = EventReader(self._opened.iter_bytes(), timeout * PATIENCE)
        try:
            for event in reader:
                yield from self._deltas(event)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - the transport's errors are the library's own
            if self._closed.is_set():
                return
            self._endpoint.fail(error)
        else:
            if not self._closed.is_set():
                yield from self._ended(done=reader.done)
        finally:
            self.close()

    def _deltas(self, event: Any) -> Iterator[Delta]:
        refusal = refusal_in(event)
        if refusal is not None:
            self._endpoint.refuse(refusal)
        if not isinstance(event, Mapping):
            raise ValueError("an event that is no object")
        usage = event.get("usage")
        choices = event.get("choices")
        if choices is None and not usage:
            raise ValueError("an event that is no part of a reply")
        for choice in (choices or ())[:1]:
            part = choice.get("delta") or choice.get("message") or {}
            self._finish = choice.get("finish_reason") or self._finish
            text, thought = _text_of(part)
            self._thought = self._thought or thought
            self.began = self.began or bool(text) or thought
            shown = self._thoughts.feed(text) if text else ""
            if self._thoughts.retracted:
                self._thoughts.retracted = False
                self._known.bare_closing = True
                yield Delta(retract=True)
            if shown:
                self._said = True
                yield Delta(shown)
            elif text or thought:
                yield Delta(thinking=True)
        if isinstance(usage, Mapping):
            tokens = (usage.get("prompt_tokens"), usage.get("completion_tokens"))
            if all(isinstance(number, int) for number in tokens):
                yield Delta("", *tokens)

    def _ended(self, *, done: bool) -> Iterator[Delta]:
        finish, host = (self._finish or "").lower(), self._endpoint.host
        left = self._thoughts.end(cut=finish in CUT or not (finish or done))
        if left:
            self._said = True
            yield Delta(left)
        self._known.bare_closing = self._known.bare_closing or self._thoughts.bare_closing
        about = self._endpoint.about()
        if not finish and not done:
            raise ModelUnreachable(f"{host} broke off in the middle", endpoint=host, **about)
        if finish in OVERLOADED:
            raise ModelBusy(f"{host} ran out of resources", endpoint=host, **about)
        if finish in FILTERED:
            if self._said:
                raise ReplyCut("a filter cut the reply", code="reply_filtered", endpoint=host)
            raise ModelFiltered(f"{host} filtered the reply", endpoint=host)
        if finish in CUT:
            thought = self._thought or self._thoughts.thought
            code = "reply_cut" if self._said or not thought else "thought_only"
            raise ReplyCut("the reply was cut at its limit", code=code, endpoint=host)

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


def _text_of(part: Mapping[str, Any]) -> tuple[str, bool]:
    """The text of a message or of a part of one, and whether there is a thought in it."""
    thought = any(part.get(name) for name in ("reasoning_content", "reasoning", "thinking"))
    content = part.get("content")
    if isinstance(content, str):
        return content, thought
    texts: list[str] = []
    for item in content if isinstance(content, list) else ():
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, Mapping):
            if item.get("type") in ("text", "output_text", None) and isinstance(
                item.get("text"), str
            ):
                texts.append(item["text"])
            else:
                thought = True
    return "".join(texts), thought
