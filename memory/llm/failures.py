"""Endpoint failures: what went wrong with a request, as an error in our words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from memory.errors import (
    ModelAuth,
    ModelError,
    ModelTimeout,
    ModelTls,
    ModelUnreachable,
    UnreadableReply,
)
from memory.llm.event_stream import NoDataError
from memory.llm.refusals import ERRORS, EndpointRefusal

_TRANSPORTS = frozenset({"httpx2", "httpx", "httpcore", "httpcore2"})


class RefusedRequestError(Exception):
    """The endpoint answered with an error status.

    Attributes:
        refusal: What it said.
        retry_after: Seconds after which it wants to be asked again, if it says so.
        location: Where it has moved to; empty if it didn't.
    """

    def __init__(
        self, refusal: EndpointRefusal, retry_after: float | None = None, location: str = ""
    ) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal
        self.retry_after = retry_after
        self.location = location


class DroppedLineError(OSError):
    """The connection ended before any answer; it may have been idle for too long."""


@dataclass(slots=True)
class EndpointFailures:
    """Raises an endpoint's failures with its host, without its key and what was said to it.

    Attributes:
        host: Named in the errors.
        timeout: Seconds, named where it took too long.
        part: ``embedding`` for an endpoint that makes vectors; else empty.
        secrets: Taken out of what the endpoint says.
        complaint: What it said at its last refusal.
    """

    host: str
    timeout: float
    part: str = ""
    secrets: tuple[str, ...] = ()
    complaint: str = ""

    @property
    def about(self) -> dict[str, Any]:
        """What every error says: the endpoint, and the part that failed."""
        return {"endpoint": self.host, **({"part": self.part} if self.part else {})}

    def check_sendable(self, *, address: bool, key: bool) -> None:
        """Refuse an address or a key with which no request can be made.

        Raises:
            ModelUnreachable, ModelAuth: see above.
        """
        if not address:
            raise ModelUnreachable(f"{self.host} is no address", **self.about)
        if not key:
            raise ModelAuth("a key with other than ASCII characters", **self.about)

    def refuse(
        self, refusal: EndpointRefusal, model: str = "", wait: float | None = None
    ) -> NoReturn:
        """Raise what an endpoint refused.

        Args:
            refusal: What it said.
            model: Named where it has no such model.
            wait: Seconds after which it wants to be asked again, if known.
        """
        self.complaint = refusal.shown(*self.secrets)
        where: dict[str, Any] = {**self.about, "said": self.complaint}
        if refusal.status >= 300:
            where["status"] = refusal.status
        cause = refusal.cause
        if cause == "timeout":
            where["seconds"] = self.timeout
        if cause == "busy" and wait is not None:
            where["retry_after"] = wait
        if cause == "unknown":
            where["model"] = model
        raise ERRORS.get(cause, ModelError)(
            f"{self.host} refused: {cause} ({refusal.status})", **where
        ) from None

    def fail(self, error: Exception) -> NoReturn:
        """Raise what kept a request from being made, or its answer from being read."""
        where = self.about
        if isinstance(error, RefusedRequestError):
            self.refuse(error.refusal, wait=error.retry_after)
        if isinstance(error, TimeoutError | NoDataError) or _timed_out(error):
            raise ModelTimeout(
                f"{self.host} didn't answer in {self.timeout:g} s", seconds=self.timeout, **where
            ) from None
        if _speaks_plainly(error):
            raise ModelTls(f"{self.host} doesn't speak TLS", code="model_no_tls", **where) from None
        if _is_tls(error):
            raise ModelTls(f"{self.host}: its certificate isn't trusted", **where) from None
        if isinstance(error, ValueError):
            raise UnreadableReply(f"{self.host} sent no readable answer", **where) from None
        if isinstance(error, OSError) or is_transport(error):
            raise ModelUnreachable(f"no connection to {self.host}", **where) from None
        if isinstance(error, ImportError):
            raise ModelUnreachable(f"{self.host}: the proxy needs a package", **where) from None
        raise ModelError(f"{self.host} failed: {type(error).__name__}", **where) from None


def is_transport(error: BaseException) -> bool:
    """Whether it is the HTTP library's: the line, not what came over it."""
    return type(error).__module__.split(".")[0] in _TRANSPORTS


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_tls(error: BaseException) -> bool:
    return any(
        isinstance(cause, ssl.SSLError) or "CERTIFICATE_VERIFY" in str(cause)
        for cause in _causes(error)
    )


def _speaks_plainly(error: BaseException) -> bool:
    """Whether an address that begins with https is that of a server without TLS."""
    signs = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
    return any(sign in str(cause) for cause in _causes(error) for sign in signs)


def _timed_out(error: BaseException) -> bool:
    return any("Timeout" in type(cause).__name__ for cause in _causes(error))
