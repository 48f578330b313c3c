"""HTTP client of one server, and what a campaign adds up."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


class Gone(Exception):
    """The server went away before it had answered."""


@dataclass(frozen=True, slots=True)
class Api:
    """The REST API at a port of this machine."""

    port: int

    def call(
        self, method: str, path: str, body: Any = None, timeout: float = 120.0
    ) -> tuple[int, Any]:
        """Status, and the answer as JSON (else as text).

        Raises:
            Gone: there was no whole answer.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, path, sent, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Gone(f"{method} {path}: {error!r}") from None
        finally:
            connection.close()
        try:
            return answer.status, json.loads(raw)
        except ValueError:
            return answer.status, raw.decode("utf-8", "replace")


@dataclass
class Report:
    """What happened in a campaign. Safe to share between threads."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    under_way: Counter[str] = field(default_factory=Counter)
    landed: Counter[str] = field(default_factory=Counter)
    starts: list[float] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, kind: str, **what: Any) -> None:
        """Note that something is wrong, and say so at once."""
        with self._changing:
            self.faults.append({"kind": kind, **what})
        print(f"  FAULT {kind}: {json.dumps(what, ensure_ascii=False, default=str)[:800]}")

    def answered(self, operation: str) -> None:
        """Note an operation that the server acknowledged."""
        with self._changing:
            self.acknowledged[operation] += 1

    def cut_off(self, operation: str, landed: bool) -> None:
        """Note one that a kill met, and whether it was done all the same."""
        with self._changing:
            self.under_way[operation] += 1
            self.landed[operation] += landed

    def figures(self) -> dict[str, Any]:
        """Everything as JSON values."""
        starts = sorted(self.starts)
        return {
            "kills": sum(self.kills.values()),
            "by_kind": dict(self.kills),
            "skipped": self.skipped,
            "acknowledged": dict(self.acknowledged),
            "under_way": dict(self.under_way),
            "of_these_done": dict(self.landed),
            "starts": len(starts),
            "healthy_s_median": starts[len(starts) // 2] if starts else None,
            "healthy_s_max": starts[-1] if starts else None,
            "faults": self.faults,
        }

    def table(self) -> str:
        """The same to read."""
        figures = self.figures()
        lines = [f"{'kills':<28}{figures['kills']:>8}"]
        lines += [f"  {kind:<26}{count:>8}" for kind, count in sorted(self.kills.items())]
        lines += [f"  {kind:<26}{'skipped':>8}  {why}" for kind, why in self.skipped.items()]
        lines.append(f"{'operations acknowledged':<28}{sum(self.acknowledged.values()):>8}")
        lines += [f"  {name:<26}{count:>8}" for name, count in sorted(self.acknowledged.items())]
        lines.append(
            f"{'cut off by a kill':<28}{sum(self.under_way.values()):>8}"
            f"  of these done: {sum(self.landed.values())}"
        )
        lines.append(
            f"{'starts':<28}{figures['starts']:>8}  seconds to healthy: median "
            f"{figures['healthy_s_median']}, longest {figures['healthy_s_max']}"
        )
        kinds = Counter(fault["kind"] for fault in self.faults)
        lines.append(f"{'faults':<28}{len(self.faults):>8}  {dict(kinds) or ''}")
        return "\n".join(lines)
