"""Request adaptation: the same request in another way where an endpoint refuses it.

It is made again without a parameter that the endpoint refuses or with one it insists on,
with the messages in another shape, at the address it was moved to, once where the endpoint
is busy for a moment, and after a connection dropped before any answer. What to do after
other failures is decided by the callers.
"""

from __future__ import annotations

import time
from typing import Any

from memory.llm.failures import DroppedLineError, EndpointFailures, RefusedRequestError
from memory.llm.learned import EndpointHabits
from memory.llm.refusals import CERTAIN, EndpointRefusal, refusal_in
from memory.llm.requests import JSON_SCHEMA, NO_THINKING, EndpointRequest
from memory.llm.transport import EndpointTransport

QUICK_SECONDS = 3.0
"""Longest wait before the one quick retry of a busy endpoint while somebody waits."""
REFUSED = (400, 422)
"""Statuses with which endpoints refuse a parameter that they don't know."""
MOVED = (301, 302, 303, 307, 308)
REPLY_LIMIT = 4096
"""Tokens of a reply that are asked for where an endpoint insists on a limit."""

# How complaints name an option, besides its own name.
_NAMES = {
    "response_format": ("json_schema", "json_object", "schema", "json mode", "grammar"),
    "stream_options": ("include_usage",),
    "dimensions": ("dimension",),
    NO_THINKING: ("thinking", "reasoning", "chat_template_kwargs"),
}


class AdaptedRequest:
    """Makes a request, and again in another way where the endpoint refuses it.

    What then worked is remembered in the record of the endpoint, so that it costs its
    requests once in the life of the process.

    Args:
        transport: Makes it.
        failures: Raise what can't be mended.
        known: The record of the endpoint.
        request: What is asked.
        longest_wait: Seconds that a busy endpoint is waited for; 0 not at all.
    """

    def __init__(
        self,
        transport: EndpointTransport,
        failures: EndpointFailures,
        known: EndpointHabits,
        request: EndpointRequest,
        longest_wait: float = QUICK_SECONDS,
    ) -> None:
        self._transport = transport
        self._failures = failures
        self._known = known
        self._request = request
        self._longest_wait = longest_wait
        self._dropped: list[str] = []
        self._guessed = ""
        self._suspected: list[str] = []
        self._shapes: list[str] = []
        self._needed: dict[str, Any] = {}
        self._turned = self._dropped_line = self._waited = self._bare = False

    def answer(self) -> Any:
        """The answer, once the endpoint takes the request.

        Raises:
            ModelError: it doesn't.
        """
        request = self._request
        request.options = {k: v for k, v in request.options.items() if k not in self._known.refused}
        while True:
            try:
                answer = request.send()
            except RefusedRequestError as error:
                if not self._mended(error):
                    self._failures.refuse(error.refusal, request.model, error.retry_after)
            except DroppedLineError as error:
                # An idle connection that the endpoint had closed: worth one new one.
                if self._dropped_line:
                    self._failures.fail(error)
                self._dropped_line = True
            except (ValueError, OSError, ImportError) as error:
                self._failures.fail(error)
            else:
                self._remember()
                if not request.streams and (refusal := refusal_in(answer)) is not None:
                    self._failures.refuse(refusal, request.model)
                return answer

    def _mended(self, error: RefusedRequestError) -> bool:
        """Whether the request was changed so that it is worth another try."""
        refusal, request = error.refusal, self._request
        if refusal.status in MOVED:
            return self._transport.move(error.location, request.operation)
        if refusal.cause == "busy":
            return self._wait(error.retry_after)
        if refusal.cause == "address" and self._transport.lacks_version:
            return self._transport.rebase(f"{self._transport.base}/v1")
        if refusal.status == 500 and refusal.is_about_roles and self._reshape(refusal.said):
            return True
        if refusal.status == 500 and request.options and not self._bare:
            # Old servers fail at what they don't know instead of refusing it.
            self._bare = True
            self._suspected = list(request.options)
            request.options.clear()
            return True
        return refusal.status in REFUSED and self._adapted(refusal)

    def _adapted(self, refusal: EndpointRefusal) -> bool:
        options = self._request.options
        named = next((name for name in options if _is_named(name, options[name], refusal)), None)
        if named:
            self._drop(named, refusal)
            return True
        if self._wants_limit(refusal):
            self._needed = {"max_tokens": REPLY_LIMIT}
            options.update(self._needed)
            return True
        if self._request.streams and not self._turned and _is_about_streaming(refusal):
            self._turned = True
            self._request.whole = not self._request.whole
            return True
        if refusal.cause in CERTAIN:
            return False
        if refusal.is_about_roles and self._reshape(refusal.said):
            return True
        if options:
            self._drop(list(options)[-1], refusal, guess=True)
            return True
        return self._reshape(refusal.said)

    def _wants_limit(self, refusal: EndpointRefusal) -> bool:
        text = f"{refusal.param} {refusal.said}".lower()
        missing = any(word in text for word in ("required", "missing"))
        return self._request.streams and not self._needed and "max_tokens" in text and missing

    def _drop(self, name: str, refusal: EndpointRefusal, *, guess: bool = False) -> None:
        value = self._request.options[name]
        if name == "response_format" and value["type"] == JSON_SCHEMA:
            # Less than a schema is still more than nothing.
            self._request.options[name] = {"type": "json_object"}
            name = JSON_SCHEMA
        else:
            del self._request.options[name]
        if guess:
            # Of those that were left out in vain the next request has them again.
            self._guessed = name
        elif not refusal.is_passing:
            self._dropped.append(name)

    def _reshape(self, said: str) -> bool:
        shape = self._request.next_shape(said)
        if shape is None:
            return False
        self._request.shapes.add(shape)
        self._shapes.append(shape)
        return True

    def _wait(self, wait: float | None) -> bool:
        if self._waited or (wait or 0) > self._longest_wait or self._longest_wait <= 0:
            return False
        self._waited = self._longest_wait <= QUICK_SECONDS
        self._longest_wait -= max(wait or 1.0, 0.5)
        time.sleep(max(wait if wait is not None else 1.0, 0.2))
        return True

    def _remember(self) -> None:
        known = self._known
        known.refused.update(self._dropped)
        if self._guessed and not self._shapes:
            known.refused.add(self._guessed)
        known.refused.update(known.suspected.intersection(self._suspected))
        known.suspected.update(self._suspected)
        known.shapes.update(self._shapes)
        known.needed.update(self._needed)
        if self._turned:
            known.whole_only, known.stream_only = self._request.whole, not self._request.whole


def _is_named(name: str, value: Any, refusal: EndpointRefusal) -> bool:
    """Whether a complaint names an option."""
    own = list(value) if name == NO_THINKING else [name]
    text = refusal.said.lower()
    words = (*own, *_NAMES.get(name, ()))
    return refusal.param in own or any(word in text for word in words)


def _is_about_streaming(refusal: EndpointRefusal) -> bool:
    text = refusal.said.lower()
    return refusal.param == "stream" or ("stream" in text and "stream_options" not in text)
