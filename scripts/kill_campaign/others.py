"""The person who chats, the one who is erased, and the one who only watches."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from scripts.kill_campaign.api import Api, Report
from scripts.kill_campaign.person import Person

ENDED = {"done", "interrupted", "replaced", "failed", "stopped"}


class Chatter(Person):
    """Chats, brings old chats along, and has memories made of them."""

    def __init__(self, user_id: str, api: Api, report: Report, rng: random.Random) -> None:
        super().__init__(user_id, api, report, rng)
        # What was said, with the whole reply where it was seen.
        self.said: dict[str, str | None] = {}
        self._facts: list[str] = []
        self._sessions: list[str] = []
        self._pending: tuple[str, list[str]] | None = None

    def step(self) -> None:
        """Say something, mostly."""
        weights = {self._chat: 6, self._stream: 2, self._import: 2, self._process: 2}
        act = self.rng.choices(list(weights), list(weights.values()))[0]
        act()

    def _chat(self) -> None:
        text, body = self._message()
        status, answer = self.ask("chat", "POST", "/api/chat/message", body)
        if status == 200:
            self._keep(text, answer["response"])
            self._sessions = list(dict.fromkeys([*self._sessions, answer["session_id"]]))[-4:]
        self._pending = None

    def _stream(self) -> None:
        text, body = self._message()
        status, answer = self.ask("stream", "POST", "/api/chat/message", {**body, "stream": True})
        if status == 200 and "event: done" in str(answer):
            self._keep(text, None)
        self._pending = None

    def _message(self) -> tuple[str, dict[str, Any]]:
        fact = self.rng.random() < 0.7
        text = f"我喜欢收集{self.word()}。" if fact else f"今天天气不错{self.word()}。"
        body: dict[str, Any] = {"user_id": self.id, "message": text}
        if self._sessions and self.rng.random() < 0.8:
            body["session_id"] = self.rng.choice(self._sessions)
        self._pending = ("message", [text])
        return text, body

    def _keep(self, text: str, reply: str | None) -> None:
        self.said[text] = reply
        if "喜欢" in text:
            self._facts.append(text)

    def _import(self) -> None:
        lines = [f"我喜欢收集{self.word()}。" for _ in range(self.rng.choice([2, 25]))]
        word = self.word()
        talk = "\n".join(f"我：{line}\n念念：嗯{word}。" for line in lines)
        self._pending = ("import chats", lines)
        body = {"user_id": self.id, "name": f"{word}.txt", "content": f"2024-10-18\n{talk}"}
        status, _ = self.ask("import chats", "POST", "/api/memory/import", body)
        if status == 200:
            self.said |= dict.fromkeys(lines)
        self._pending = None

    def _process(self) -> None:
        if self.exists:
            self.ask("extract", "POST", f"/api/memory/process/{self.id}?timeout=20")

    def verify(self) -> None:
        """Each message once and whole; each reply that was seen as it was seen."""
        pending, self._pending = self._pending, None
        under_way, self.under_way = self.under_way, None
        if self.memories() is None:
            if self.exists:
                self.report.fault("user_lost", user=self.id)
            return
        exported = self.export()
        messages = [m for session in exported["sessions"] for m in session["messages"]]
        said = Counter(m["text"] for m in messages if m["role"] == "user")
        replies = {m["reply_to"]: m["text"] for m in messages if m["role"] == "assistant"}
        for message in messages:
            if message["state"] not in ENDED:
                self.report.fault("message_not_ended", text=message["text"], state=message["state"])
            seen = self.said.get(message["text"]) if message["role"] == "user" else None
            reply = replies.get(message["id"])
            if seen is not None and reply != seen:
                self.report.fault("reply_differs", said=message["text"], have=reply, want=seen)
        for text in self.said:
            if said[text] != 1:
                kind = "message_doubled" if said[text] else "message_lost"
                self.report.fault(kind, user=self.id, text=text, count=said[text])
        if pending is not None:
            kind, lines = pending
            found = sum(said[line] > 0 for line in lines)
            if found not in (0, len(lines)) or any(said[line] > 1 for line in lines):
                self.report.fault("half_done", under_way=kind, have=found, want=len(lines))
            if found == len(lines):
                self.said |= dict.fromkeys(lines)
            self.report.cut_off(under_way or kind, found == len(lines))
        elif under_way is not None:
            self.report.cut_off(under_way, False)
        for session in exported["sessions"]:
            numbers = [message["number"] for message in session["messages"]]
            if len(set(numbers)) != len(numbers):
                self.report.fault("message_numbers_doubled", session=session["id"])
        texts = Counter(m["text"] for m in exported["memories"] if m["status"] == "active")
        for text, count in texts.items():
            if count > 1:
                self.report.fault("memory_doubled", user=self.id, text=text, count=count)

    def settle(self) -> None:
        """All batches are done, and each fact that was told was remembered once."""
        if not self.exists:
            return
        status, answer = self.api.call("POST", f"/api/memory/process/{self.id}?timeout=100", None)
        if status != 200 or not answer["data"]["done"]:
            self.report.fault("batches_left", user=self.id, status=status, answer=answer)
            return
        exported = self.export()
        # What goes on in the background may still be at it while the history is read.
        self.check_history(exported, self.memories() or {})
        learnt = Counter(
            change["after"]["text"]
            for change in exported["changes"]
            if change["action"] == "add" and change["actor"] == "extraction" and change["after"]
        )
        for text, count in learnt.items():
            if count > 1:
                self.report.fault("extracted_twice", user=self.id, text=text, count=count)
        told = [(change["after"] or {}).get("text", "") for change in exported["changes"]]
        for fact in self._facts:
            wanted = f"用户{fact[1:].rstrip('。')}"
            if not any(wanted in text for text in told):
                self.report.fault("fact_never_remembered", user=self.id, text=fact)


class Erased(Person):
    """Makes one user after the other and erases them."""

    def __init__(
        self, user_id: str, api: Api, report: Report, rng: random.Random, folder: Path
    ) -> None:
        super().__init__(user_id, api, report, rng)
        self._folder = folder
        self._secret = ""
        self.gone: list[tuple[str, str]] = []

    def step(self) -> None:
        """A new user with a secret, told in memories and in a message, then erased."""
        word = self.word()
        self.id, self._secret = f"z{word}", f"SECRETOF{word}"
        for number in "甲乙丙":
            body = {"user_id": self.id, "text": f"用户的暗号是{self._secret}{number}"}
            self.ask("add", "POST", "/api/memory/add", body)
        body = {"user_id": self.id, "message": f"我的暗号是{self._secret}。"}
        self.ask("chat", "POST", "/api/chat/message", body)
        status, _ = self.ask("erase", "DELETE", f"/api/users/{self.id}")
        if status == 200:
            self.gone.append((self.id, self._secret))
        time.sleep(self.rng.uniform(0, 0.5))

    def verify(self) -> None:
        """Whoever was erased is nowhere; one who was being erased is there whole or gone."""
        under_way, self.under_way = self.under_way, None
        if under_way == "erase":
            listed = self.memories()
            if listed is None:
                self.gone.append((self.id, self._secret))
            elif sum(self._secret in memory["text"] for memory in listed.values()) < 3:
                self.report.fault("half_erased", user=self.id, left=len(listed))
            self.report.cut_off("erase", listed is None)
        elif under_way is not None:
            self.report.cut_off(under_way, False)
        for user_id, _ in self.gone:
            status, _ = self.api.call("GET", f"/api/memory/user/{user_id}")
            if status != 404:
                self.report.fault("back_from_the_dead", user=user_id, status=status)
        for path, secret in self._left():
            self.report.fault("erased_text_left", file=path, secret=secret)

    def _left(self) -> list[tuple[str, str]]:
        secrets = [secret for _, secret in self.gone]
        found = []
        for path in self._folder.rglob("*"):
            try:
                raw = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:  # a file of the engine that is no longer needed
                continue
            found += [(path.name, secret) for secret in secrets if secret.encode() in raw]
        return found


class Bystander(Person):
    """Has memories and a conversation from the beginning; nobody ever touches them."""

    def __init__(self, user_id: str, api: Api, report: Report, rng: random.Random) -> None:
        super().__init__(user_id, api, report, rng)
        self._first: Any = None

    def step(self) -> None:
        """Nothing, for a while."""
        time.sleep(0.2)

    def settle_in(self) -> None:
        """What they have; to be called once on a new folder."""
        memories = [{"text": f"用户珍藏着{self.word()}"} for _ in range(30)]
        body = {"user_id": self.id, "memories": memories}
        self.ask("add many", "POST", "/api/memory/batch-add", body)
        for _ in range(3):
            said = {
                "user_id": self.id,
                "message": f"今天天气不错{self.word()}。",
                "remember": False,
            }
            self.ask("chat", "POST", "/api/chat/message", said)
        self._first = self._now()

    def verify(self) -> None:
        """Everything is as it was."""
        now = self._now()
        if now != self._first:
            self.report.fault("bystander_changed", before=self._first, now=now)

    def _now(self) -> Any:
        exported = self.export()
        fields = ("id", "text", "importance", "status", "created_at", "updated_at")
        return (
            sorted(tuple(m[field] for field in fields) for m in exported["memories"]),
            [
                (m["id"], m["text"], m["state"], m["number"])
                for session in exported["sessions"]
                for m in session["messages"]
            ],
        )
