"""A user of the API during a campaign, and what they remember of what was acknowledged."""

from __future__ import annotations

import random
import threading
from abc import ABC, abstractmethod
from typing import Any

from scripts.kill_campaign.api import Api, Gone, Report

STATUSES = ("active", "superseded", "archived", "closed")


class Person(ABC):
    """One request at a time; ``under_way`` names it, as long as there is no answer."""

    def __init__(self, user_id: str, api: Api, report: Report, rng: random.Random) -> None:
        self.id = user_id
        self.api = api
        self.report = report
        self.rng = rng
        self.under_way: str | None = None
        self.exists = False

    @abstractmethod
    def step(self) -> None:
        """Do one thing.

        Raises:
            Gone: the server went away.
        """

    @abstractmethod
    def verify(self) -> None:
        """Compare what the server has with what it had acknowledged; takes over the former."""

    def go_on(self, stop: threading.Event) -> None:
        """Do one thing after the other until the server is gone."""
        while not stop.is_set():
            try:
                self.step()
            except Gone:
                return

    def ask(self, operation: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A request that changes something; what isn't answered with 200 is a fault."""
        self.under_way = operation
        status, answer = self.api.call(method, path, body)
        self.under_way = None
        if status == 200:
            self.exists = True
            self.report.answered(operation)
        else:
            self.report.fault(
                "refused", user=self.id, operation=operation, status=status, answer=answer
            )
        return status, answer

    def word(self) -> str:
        """A word that nobody used before. Letters only: figures are read as dates."""
        return "".join(
            self.rng.choice("bcdfghjklmnpqrtvwxz") + self.rng.choice("aeou") for _ in range(6)
        )

    def memories(self) -> dict[str, dict[str, Any]] | None:
        """All memories by id, whatever their status; ``None``: no such user."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            path = f"/api/memory/user/{self.id}?limit=200"
            path += "".join(f"&status={status}" for status in STATUSES)
            status, answer = self.api.call("GET", path + (f"&cursor={cursor}" if cursor else ""))
            if status == 404:
                return None
            if status != 200:
                self.report.fault("listing_failed", user=self.id, status=status, answer=answer)
                return found
            for memory in answer["data"]["memories"]:
                if memory["id"] in found:
                    self.report.fault("listed_twice", user=self.id, id=memory["id"])
                found[memory["id"]] = memory
            cursor = answer["data"]["next_cursor"]
            if not cursor:
                return found

    def export(self) -> dict[str, Any]:
        """Everything about the user."""
        status, answer = self.api.call("GET", f"/api/memory/export/{self.id}")
        if status != 200:
            self.report.fault("export_failed", user=self.id, status=status, answer=answer)
            return {"memories": [], "sessions": [], "changes": [], "batches": []}
        exported: dict[str, Any] = answer
        return exported

    def check_history(self, exported: dict[str, Any], have: dict[str, Any]) -> None:
        """The last line of each memory's history says what the store says."""
        newest = {change["memory_id"]: change for change in exported["changes"]}
        for memory_id, change in newest.items():
            after, memory = change["after"], have.get(memory_id)
            same = (after is None) == (memory is None) and (
                after is None
                or memory is None
                or all(after[field] == memory[field] for field in ("text", "importance", "status"))
            )
            if not same:
                self.report.fault(
                    "history_and_store_differ",
                    user=self.id,
                    id=memory_id,
                    history=after and after["text"],
                    store=memory and memory["text"],
                )
        for memory_id in have.keys() - newest.keys():
            self.report.fault("memory_without_history", user=self.id, id=memory_id)
