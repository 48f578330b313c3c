"""The person who writes, imports, edits, deletes and brings back memories."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scripts.kill_campaign.api import Api, Report
from scripts.kill_campaign.person import Person


@dataclass(frozen=True, slots=True)
class Held:
    """What is compared of a memory."""

    text: str
    importance: int

    @classmethod
    def of(cls, memory: Mapping[str, Any]) -> Held:
        """Of one as the API tells it."""
        return cls(memory["text"], memory["importance"])


@dataclass(frozen=True, slots=True)
class Pending:
    """What holds if the request under way was done: known memories, and texts of new ones."""

    operation: str
    after: dict[str, Held]
    texts: tuple[str, ...] = ()


class Editor(Person):
    """Nothing but this person's own requests changes their memories, so all of it is exact."""

    def __init__(self, user_id: str, api: Api, report: Report, rng: random.Random) -> None:
        super().__init__(user_id, api, report, rng)
        self.known: dict[str, Held] = {}
        self.gone: dict[str, Held] = {}
        # Texts that were acknowledged without ids: imports.
        self._unlisted: list[str] = []
        # Groups that can be undone: whether they added, and what.
        self._groups: list[tuple[str, bool, list[str]]] = []
        self._pending: Pending | None = None

    def step(self) -> None:
        """One of the changes, at random."""
        weights = {
            self._add: 4,
            self.add_many: 3,
            self._import: 2,
            self._edit: 4,
            self._edit_many: 2,
            self._delete: 3,
            self._delete_many: 2,
            self._undo: 4,
        }
        change = self.rng.choices(list(weights), list(weights.values()))[0]
        change()

    def _add(self) -> None:
        text = f"用户收藏了邮票{self.word()}"
        self._pending = Pending("add", self.known, (text,))
        status, answer = self.ask(
            "add", "POST", "/api/memory/add", {"user_id": self.id, "text": text}
        )
        self._added(status, answer)

    def add_many(self) -> None:
        """Add several memories in one request."""
        texts = [f"用户记下了暗语{self.word()}" for _ in range(self.rng.choice([2, 20, 150]))]
        self._pending = Pending("add many", self.known, tuple(texts))
        body = {"user_id": self.id, "memories": [{"text": text} for text in texts]}
        status, answer = self.ask("add many", "POST", "/api/memory/batch-add", body)
        self._added(status, answer)

    def _added(self, status: int, answer: Any) -> None:
        self._pending = None
        if status == 200:
            made = answer["data"]["memories"]
            self.known |= {memory["id"]: Held.of(memory) for memory in made}
            self._groups.append((answer["data"]["group_id"], True, [m["id"] for m in made]))

    def _import(self) -> None:
        texts = [f"用户带来了书签{self.word()}" for _ in range(self.rng.choice([5, 60, 300]))]
        self._pending = Pending("import memories", self.known, tuple(texts))
        content = [{"memory": text} for text in texts]
        body = {"user_id": self.id, "name": "memories.json", "content": content}
        status, _ = self.ask("import memories", "POST", "/api/memory/import", body)
        self._pending = None
        if status == 200:
            self._unlisted += texts

    def _edit(self) -> None:
        for memory_id in self._some(1):
            old = self.known[memory_id]
            new = replace(old, text=f"用户改记了{self.word()}")
            body: dict[str, Any] = {"memory_id": memory_id, "text": new.text}
            if self.rng.random() < 0.4:
                new = replace(old, importance=self.rng.randint(1, 5))
                body = {"memory_id": memory_id, "importance": new.importance}
            self._pending = Pending("edit", {**self.known, memory_id: new})
            self._done(self.ask("edit", "PUT", "/api/memory/update", body)[0])

    def _edit_many(self) -> None:
        ids, importance = self._some(40), self.rng.randint(1, 5)
        if not ids:
            return
        changed = {i: replace(self.known[i], importance=importance) for i in ids}
        self._pending = Pending("edit many", {**self.known, **changed})
        body = {"user_id": self.id, "memory_ids": ids, "importance": importance}
        self._done(self.ask("edit many", "POST", "/api/memory/batch-update", body)[0])

    def _delete(self) -> None:
        for memory_id in self._some(1):
            self._pending = Pending("delete", self._without([memory_id]))
            status, answer = self.ask("delete", "DELETE", f"/api/memory/memory/{memory_id}")
            self._deleted(status, answer, [memory_id])

    def _delete_many(self) -> None:
        ids = self._some(self.rng.choice([3, 40]))
        if not ids:
            return
        self._pending = Pending("delete many", self._without(ids))
        body = {"user_id": self.id, "memory_ids": ids}
        status, answer = self.ask("delete many", "POST", "/api/memory/batch-delete", body)
        self._deleted(status, answer, ids)

    def _deleted(self, status: int, answer: Any, ids: list[str]) -> None:
        before = self.known
        self._done(status)
        if status == 200:
            self.gone |= {i: before[i] for i in ids}
            data = answer["data"]
            self._groups.append((data["group_id"] or data["change_ids"][0], False, ids))

    def _undo(self) -> None:
        while self._groups:
            group, added, ids = self._groups.pop()
            there = self.known if added else self.gone
            if not group or any(i not in there for i in ids):
                continue  # edited or deleted since
            back = {} if added else {i: self.gone[i] for i in ids}
            after = {**self._without(ids if added else []), **back}
            self._pending = Pending("undo", after)
            self.under_way = "undo"
            status, answer = self.api.call("POST", f"/api/memory/undo/{group}")
            self.under_way = None
            if status == 200:
                self.report.answered("undo")
                if added:
                    self.gone |= {i: self.known[i] for i in ids}
                for i in back:
                    self.gone.pop(i)
            elif status != 409:  # changed since: undoing is refused, as it should be
                self.report.fault("undo_refused", status=status, answer=answer)
            self._done(status)
            return

    def verify(self) -> None:
        """All that was acknowledged, exactly; the request under way whole or not at all."""
        pending, self._pending, self.under_way = self._pending, None, None
        listed = self.memories()
        if listed is None:
            if self.exists:
                self.report.fault("user_lost", user=self.id)
            return
        have = {i: Held.of(memory) for i, memory in listed.items()}
        before = _matches(have, self.known, self._unlisted)
        after = pending is not None and _matches(
            have, pending.after, [*self._unlisted, *pending.texts]
        )
        if pending is not None:
            self.report.cut_off(pending.operation, after and not before)
        if not before and not after:
            self._explain(have, pending)
        exported = self.export()
        self.check_history(exported, listed)
        if {m["id"]: m["text"] for m in exported["memories"]} != {
            i: memory["text"] for i, memory in listed.items()
        }:
            self.report.fault("export_and_listing_differ", user=self.id)
        self._find_some(listed)
        self.gone = {
            **{i: held for i, held in self.gone.items() if i not in have},
            **{i: held for i, held in self.known.items() if i not in have},
        }
        self.known, self._unlisted = have, []

    def _explain(self, have: dict[str, Held], pending: Pending | None) -> None:
        """Name what is wrong."""
        also = pending.after if pending else self.known
        told = {"user": self.id, "under_way": pending and pending.operation}
        before = len(self.report.faults)
        for i, held in self.known.items():
            if i not in have and i in also:
                self.report.fault("memory_lost", id=i, text=held.text, **told)
            elif i in have and have[i] not in (held, also.get(i)):
                self.report.fault("edit_lost", id=i, want=str(held), have=str(have[i]), **told)
        for i in self.gone.keys() & have.keys() - also.keys():
            self.report.fault("back_from_the_dead", id=i, text=have[i].text, **told)
        texts = Counter(held.text for held in have.values())
        for text, count in texts.items():
            if count > 1:
                self.report.fault("memory_doubled", text=text, count=count, **told)
        missing = [text for text in self._unlisted if text not in texts]
        if missing:
            self.report.fault("import_lost", count=len(missing), text=missing[0], **told)
        if len(self.report.faults) == before:
            new = sum(text in texts for text in pending.texts) if pending else 0
            self.report.fault("half_done", new=new, have=len(have), known=len(self.known), **told)

    def _find_some(self, listed: dict[str, dict[str, Any]]) -> None:
        """Search finds what is there."""
        active = [memory for memory in listed.values() if memory["status"] == "active"]
        for memory in self.rng.sample(active, min(3, len(active))):
            body = {"user_id": self.id, "query": memory["text"], "limit": 10}
            status, answer = self.api.call("POST", "/api/memory/search", body)
            found = [m["id"] for m in answer["data"]["memories"]] if status == 200 else []
            if memory["id"] not in found:
                self.report.fault(
                    "not_found_by_search", user=self.id, text=memory["text"], status=status
                )

    def _some(self, count: int) -> list[str]:
        return self.rng.sample(sorted(self.known), min(count, len(self.known)))

    def _without(self, ids: list[str]) -> dict[str, Held]:
        return {i: held for i, held in self.known.items() if i not in ids}

    def _done(self, status: int) -> None:
        if status == 200 and self._pending is not None:
            self.known = self._pending.after
        self._pending = None


def _matches(have: dict[str, Held], known: dict[str, Held], texts: list[str]) -> bool:
    """Whether ``have`` is what is known, and one memory for each of the texts."""
    new = Counter(held.text for i, held in have.items() if i not in known)
    return all(have.get(i) == held for i, held in known.items()) and new == Counter(texts)
