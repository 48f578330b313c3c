"""The campaign: folders, kills of every kind, and what is looked at after each."""

from __future__ import annotations

import importlib.util
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scripts.kill_campaign.api import Gone, Report
from scripts.kill_campaign.editor import Editor
from scripts.kill_campaign.old_folder import LEDGER, make_old, version_of
from scripts.kill_campaign.others import Bystander, Chatter, Erased
from scripts.kill_campaign.person import Person
from scripts.kill_campaign.server import ROOT, FailedStart, Server

AIMED = {
    "erase": ("erase",),
    "import of memories": ("import memories",),
    "import of chats": ("import chats",),
    "extraction": ("extract",),
    "change of one": ("add", "edit", "delete"),
    "change of many": ("add many", "edit many", "delete many"),
    "undo": ("undo",),
    "reply": ("chat", "stream"),
}
"""Kinds of kills a few milliseconds after one of these operations began."""

ROUND = [
    *("under load", "start-up", "migration", "backup", "under load", "start-up"),
    *AIMED,
]
"""Every kind in turn, in an order shuffled each time."""

MILLISECONDS = (0, 1, 2, 4, 10, 20, 50, 100)
AIM_SECONDS = 20.0


class Campaign:
    """Kills ``kills`` times, on a new folder after every ``per_folder``.

    Args:
        folder: Where data folders and logs go; a data folder without faults is removed.
        port: Of the servers, one after the other.
        kills: How many.
        per_folder: Kills on one folder.
        seed: Of all chance but the scheduler's.
        kinds: Only these; all by default.
        minutes: It ends after so long, however many kills there were.
        told: Called after each kill.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        kills: int,
        per_folder: int = 15,
        seed: int = 1,
        kinds: list[str] | None = None,
        minutes: float = float("inf"),
        told: Callable[[Report], object] = lambda report: None,
    ) -> None:
        self.report = Report()
        self._told, self._until = told, time.monotonic() + minutes * 60
        self._folder, self._port = folder, port
        self._kills, self._per_folder = kills, per_folder
        self._rng = random.Random(seed)
        self._kinds = [kind for kind in ROUND if kinds is None or kind in kinds]
        self._due: list[str] = []
        if importlib.util.find_spec("scripts.backup") is None and "backup" in self._kinds:
            self._kinds = [kind for kind in self._kinds if kind != "backup"]
            self.report.skipped["backup"] = "there is no scripts.backup"

    @property
    def done(self) -> int:
        """Kills so far."""
        return sum(self.report.kills.values())

    def run(self) -> Report:
        """All of it."""
        number = 0
        while self._goes_on():
            number += 1
            scene = Scene(self._folder / f"data{number:03d}", self._port, self.report, self._rng)
            faults, before = len(self.report.faults), self.done
            try:
                scene.open()
                while self._goes_on() and self.done < before + self._per_folder:
                    kind = self._next()
                    scene.kill(kind)
                    print(
                        f"kill {self.done}/{self._kills}  {kind}: {scene.said}; "
                        f"{self.report.starts[-1]:.1f} s to healthy, "
                        f"{len(self.report.faults)} faults",
                        flush=True,
                    )
                    self._told(self.report)
                scene.close()
            except FailedStart as error:
                self.report.fault("failed_start", why=str(error), folder=str(scene.folder))
                if self.done == before:
                    break  # not even a new folder can be opened
            finally:
                scene.server.kill()
            if len(self.report.faults) == faults:
                shutil.rmtree(scene.folder)
        return self.report

    def _goes_on(self) -> bool:
        return self.done < self._kills and time.monotonic() < self._until

    def _next(self) -> str:
        if not self._due:
            self._due = self._rng.sample(self._kinds, len(self._kinds))
        return self._due.pop()


class Scene:
    """One data folder with its people, from the first start to the last look."""

    def __init__(self, folder: Path, port: int, report: Report, rng: random.Random) -> None:
        self.folder = folder
        self.server = Server(folder, port)
        self.said = ""
        self._report, self._rng = report, rng
        api = self.server.api

        def chance() -> random.Random:
            return random.Random(rng.random())

        self._bystander = Bystander("bystander", api, report, chance())
        self._chatter = Chatter("chatter", api, report, chance())
        self._people: list[Person] = [
            Editor("editor", api, report, chance()),
            self._chatter,
            Erased("erased", api, report, chance(), folder),
            self._bystander,
        ]

    def open(self) -> None:
        """The first start."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._start()
        self._bystander.settle_in()

    def kill(self, kind: str) -> None:
        """One kill of a kind, then a start, then a look at everything."""
        if kind == "migration":
            self._kill_migration()
        elif kind == "backup":
            self._kill_backup()
        else:
            with self._busy():
                if kind in AIMED:
                    self._aim(AIMED[kind])
                else:
                    time.sleep(self._rng.uniform(0.1, 5))
                self._end(kind if kind != "start-up" else "under load")
            if kind == "start-up":
                self.server.spawn()
                time.sleep(self._rng.uniform(0.1, 4))
                self._end("start-up")
        self._start()
        self._look()
        if self._rng.random() < 0.3:
            self._chatter.settle()

    def close(self) -> None:
        """Everything owed is done; after a stop as after a kill all is there."""
        self._chatter.settle()
        if not self.server.stop():
            self._report.fault("stop_took_too_long")
        with closing(sqlite3.connect(f"file:{self.folder / LEDGER}?mode=ro", uri=True)) as db:
            sound = db.execute("PRAGMA integrity_check").fetchone()[0]
            foreign = db.execute("PRAGMA foreign_key_check").fetchall()
            owed = db.execute("SELECT count(*) FROM journal WHERE applied = 0").fetchone()[0]
        if sound != "ok" or foreign or owed:
            self._report.fault("ledger_damaged", check=sound, foreign=len(foreign), owed=owed)
        self._start()
        self._look()
        self.server.stop()

    def _kill_migration(self) -> None:
        """Killed while an older folder is brought up, at any moment of it."""
        with self._busy():
            time.sleep(self._rng.uniform(0.5, 2))
        # After all requests are answered, so that nothing is under way.
        self.server.stop()
        make_old(self.folder)
        before = version_of(self.folder)
        self.server.spawn()
        if self._rng.random() < 0.5:
            self._wait_for_writing()
            time.sleep(self._rng.choice(MILLISECONDS) / 1000)
        else:
            time.sleep(self._rng.uniform(0.5, 5))
        self._end("migration")
        self.said = f"schema {before}, then {version_of(self.folder)}"

    def _wait_for_writing(self) -> None:
        """Until the database is written to for the first time."""
        log, until = Path(f"{self.folder / LEDGER}-wal"), time.monotonic() + AIM_SECONDS
        while time.monotonic() < until:
            try:
                if log.stat().st_size:
                    return
            except FileNotFoundError:
                pass
            time.sleep(0.0005)

    def _kill_backup(self) -> None:
        """Killed while a backup is made; a second one must then work."""
        to = self.folder.with_name(f"{self.folder.name}-backup")
        shutil.rmtree(to, ignore_errors=True)
        with self._busy():
            time.sleep(0.5)
            backup = self._backup(to)
            time.sleep(self._rng.uniform(0.1, 4))
            self._end("backup")
        backup.kill()
        backup.wait()
        self._start()
        shutil.rmtree(to, ignore_errors=True)
        again = self._backup(to)
        if again.wait(120) != 0:
            self._report.fault("backup_failed", status=again.returncode)
        self.server.kill()
        shutil.rmtree(to, ignore_errors=True)

    def _backup(self, to: Path) -> subprocess.Popen[bytes]:
        with self.server.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "scripts.backup", str(to)],
                cwd=ROOT,
                env=self.server.env,
                stdout=log,
                stderr=log,
            )

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Everybody at work; they end with the request that they are in."""
        stop = threading.Event()
        threads = [
            threading.Thread(target=person.go_on, args=(stop,), daemon=True)
            for person in self._people
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(150)

    def _aim(self, operations: tuple[str, ...]) -> None:
        until = time.monotonic() + AIM_SECONDS
        while time.monotonic() < until and not any(
            person.under_way in operations for person in self._people
        ):
            time.sleep(0.0005)
        time.sleep(self._rng.choice(MILLISECONDS) / 1000)

    def _end(self, kind: str) -> None:
        self.server.kill()
        self._report.kills[kind] += 1
        self.said = ", ".join(person.under_way for person in self._people if person.under_way)

    def _start(self) -> None:
        self._report.starts.append(self.server.start())

    def _look(self) -> None:
        for person in self._people:
            try:
                person.verify()
            except Gone as error:
                self._report.fault("gone_while_looking", why=str(error))
