"""Webhook delivery: one thread that tells addresses what changed, in order, until they know.

Signed as Standard Webhooks says (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``).
What is still to be told stands in the history, so a crash or a receiver that is down loses
nothing; a receiver may hear the same change twice and knows it by ``webhook-id``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from memory.db import Database
from memory.errors import BadInput, NotFound, StoreError
from memory.system.outbound import checked_address, post
from memory.types import Change, Status, Webhook

log = logging.getLogger(__name__)

EVENT_TYPES = ("memory_add", "memory_update", "memory_delete")
LOOK_EVERY_SECONDS = 2.0
PAUSES = (10, 60, 600, 3600, 21600)
"""Seconds until an address that failed is tried again; the last one from then on."""

TIMEOUT_SECONDS = 10.0
_AT_ONCE = 100
_EVENTS = {"memory_add": "ADD", "memory_update": "UPDATE", "memory_delete": "DELETE"}
_SECRET_PREFIX = "whsec_"


class WebhookDelivery:
    """Tells webhooks of changes.

    Args:
        db: Webhooks and the history.
        clock: Aware UTC.
        private_allowed: Whether addresses of this machine and of private networks are told.
    """

    def __init__(
        self, db: Database, clock: Callable[[], datetime], *, private_allowed: bool = False
    ) -> None:
        self._db = db
        self._clock = clock
        self._private_allowed = private_allowed
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="niannian-webhooks", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """End it; a request that is under way is not waited for longer than ``timeout``."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def run_once(self) -> int:
        """Tell what is due now.

        Returns:
            How many changes were told.
        """
        told = 0
        for webhook in self._db.webhooks.due(self._clock()):
            # Only one process tells a webhook, or it would hear everything from each.
            with self._db.engine.alone(f"webhook:{webhook.id}"):
                told += self._tell(webhook.id)
        return told

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            try:
                self.run_once()
            except StoreError as error:
                log.warning("webhooks wait: %s", error.code)
            except Exception as error:  # noqa: BLE001 (the thread outlives a full disk)
                log.error("webhooks wait: %s", type(error).__name__)

    def _tell(self, id: int) -> int:
        told = 0
        try:
            webhook = self._db.webhooks.get(id)
            for position, change in self._db.webhooks.untold(webhook, _AT_ONCE):
                if self._stopping.is_set():
                    break
                kind = change and event_type(change)
                if change is not None and kind in webhook.event_types:
                    if not self._sent(webhook, change, kind):
                        break
                    told += 1
                self._db.webhooks.told(id, position)
        except NotFound:
            pass  # it was deleted meanwhile
        return told

    def _sent(self, webhook: Webhook, change: Change, kind: str) -> bool:
        body = json.dumps(payload(change, kind), ensure_ascii=False).encode()
        now = self._clock()
        try:
            answer = post(
                checked_address(webhook.url),
                body,
                signed_headers(webhook.secret, change.id, now, body),
                timeout=TIMEOUT_SECONDS,
                private_allowed=self._private_allowed,
            )
            error = None if answer.is_success else f"http_{answer.status_code}"
        except BadInput as refused:
            error = refused.code
        except (OSError, httpx.HTTPError) as failed:
            error = type(failed).__name__
        if error is None:
            return True
        pause = PAUSES[min(webhook.failures, len(PAUSES) - 1)]
        self._db.webhooks.failed(webhook.id, error, now + timedelta(seconds=pause))
        log.warning("webhook %d failed (%s), again in %d s", webhook.id, error, pause)
        return False


def event_type(change: Change) -> str:
    """One of ``EVENT_TYPES``; what is no longer in force is gone."""
    if change.after is None or change.after.status is not Status.ACTIVE:
        return "memory_delete"
    was = change.before
    return "memory_add" if was is None or was.status is not Status.ACTIVE else "memory_update"


def payload(change: Change, kind: str) -> dict[str, Any]:
    """What is sent, in the shape of mem0's webhooks."""
    memory = change.after or change.before
    return {
        "event_details": {
            "id": change.memory_id,
            "data": {"memory": memory.text if memory else ""},
            "event": _EVENTS[kind],
            "user_id": change.owner.user_id,
            "agent_id": change.owner.persona_id,
            "categories": [memory.category] if memory else [],
            "metadata": dict(memory.metadata) if memory else {},
            "created_at": change.at.isoformat(),
        }
    }


def signed_headers(secret: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows who sent a body, and that it is whole."""
    sent_at = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX))
    digest = hmac.new(key, f"{id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": sent_at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
