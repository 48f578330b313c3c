"""Opening a data folder in a process of its own: damaged files may end or block it."""

from __future__ import annotations

import multiprocessing
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from memory.config import load_settings
from memory.container import build
from memory.errors import NiannianError
from memory.i18n import error_text
from memory.types import MemoryFilter

SECONDS = 100.0

# A clean process to fork from, with everything imported.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["memory.container", "tests.memory.memories.integrity.warm"])


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of it. ``refused`` is the error's code, ``died`` how the process ended."""

    refused: str = ""
    sentence: str = ""
    died: str = ""
    texts: frozenset[str] = frozenset()
    found: int = 0
    users: int = 0
    notices: tuple[str, ...] = ()


def open_folder(folder: Path, query: str = "咖啡") -> Opened:
    """Build the app on a folder, read everything, close it."""
    here, there = _context.Pipe(duplex=False)
    child = _context.Process(target=_child, args=(there, str(folder), query))
    child.start()
    there.close()
    try:
        if not here.poll(SECONDS):
            return Opened(died="hangs")
        with suppress(EOFError):
            opened: Opened = here.recv()
            return opened
        child.join()
        return Opened(died=f"exit code {child.exitcode}")
    finally:
        child.kill()
        child.join()
        here.close()


def _child(say: Connection, folder: str, query: str) -> None:
    os.environ["NIANNIAN_DATA_DIR"] = folder
    os.environ["NIANNIAN_TIMEZONE"] = "Asia/Shanghai"
    try:
        running = build(load_settings())
    except NiannianError as error:
        say.send(Opened(refused=error.code, sentence=error_text("en", error)))
        return
    running.integrity.wait()
    every = MemoryFilter(statuses=frozenset())
    owners = running.store.reads.owners()
    today = date(2025, 1, 1)
    hits = [hit for who in owners for hit in running.store.reads.search(who, query, today=today)]
    said = Opened(
        texts=frozenset(m.text for who in owners for m in running.store.reads.matching(who, every)),
        found=len(hits),
        users=len(running.db.users.all()),
        notices=tuple(notice.code for notice in running.integrity.notices),
    )
    running.close()
    say.send(said)
