"""Damage to any single file ends in a rebuilt store or in one sentence, never in silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from memory.errors import FolderUnusable
from memory.vector_store.edge.folder import check_unchanged
from tests.memory.memories.integrity.conftest import TEXTS, Folders
from tests.memory.memories.integrity.damage import WAYS, copy, delete, empty, kinds
from tests.memory.memories.integrity.opening import Opened, open_folder

# Where a wrong value loses memories, and the engine doesn't always notice.
CRUCIAL = r"mutable_id_tracker|payload_storage/(page|tracker)|vectors/chunk|wal/open-1"
# Nothing is lost with these: they are made from the others.
DERIVED = {"parts.json", "closed.json", "ledger.mark", "config.json", "ledger.db-shm"}


def sound(opened: Opened) -> bool:
    """Everything is there again, and found."""
    return opened.texts == TEXTS and opened.found > 0 and opened.users == 1


def told(opened: Opened) -> bool:
    """Either a sentence without a gap in it, or a notice."""
    refused = bool(opened.refused) and opened.sentence.endswith(".") and "{" not in opened.sentence
    return refused or bool(opened.notices)


def test_the_folders_are_as_the_tests_want_them(folders: Folders, tmp_path: Path) -> None:
    assert len(kinds(folders.closed / "memories")) > 30
    for name, folder in (("closed", folders.closed), ("killed", folders.killed)):
        opened = open_folder(copy(folder, tmp_path / name))
        assert sound(opened)
        assert opened.notices == ()


def test_every_file_of_the_store_is_held_against_its_checksum(
    folders: Folders, tmp_path: Path
) -> None:
    store = copy(folders.closed, tmp_path / "data") / "memories" / "niannian"
    assert check_unchanged(store)
    for path in kinds(store).values():
        if path.rpartition("/")[2] in DERIVED - {"config.json"}:
            continue
        for way in WAYS:
            file = store / path
            before = file.read_bytes() if file.stat().st_size < 1 << 17 else None
            kept = copy(file, tmp_path / "kept") if before is None else None
            way(file)
            with pytest.raises(FolderUnusable) as caught:
                check_unchanged(store)
            assert caught.value.params["what"] == path
            if before is not None:
                file.write_bytes(before)
            elif kept is not None:
                kept.replace(file)
    assert check_unchanged(store)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_damaged_file_of_a_closed_store_is_rebuilt(
    folders: Folders, tmp_path: Path, way: Callable[[Path], None]
) -> None:
    folder = copy(folders.closed, tmp_path / "data")
    way(next((folder / "memories").rglob("payload_storage/page_0.dat")))
    opened = open_folder(folder)
    assert sound(opened)
    assert opened.notices == ("rebuilt",)
    assert open_folder(folder).notices == (), "it is done, and nothing is left of it"


def test_a_lost_store_is_rebuilt(folders: Folders, tmp_path: Path) -> None:
    folder = copy(folders.closed, tmp_path / "data")
    (folder / "memories").rename(tmp_path / "lost")
    opened = open_folder(folder)
    assert sound(opened)
    assert opened.notices == ("rebuilt",)


@pytest.mark.timeout(600)
def test_after_a_kill_every_kind_of_file_may_be_damaged(
    folders: Folders, tmp_path: Path, exhaustive: bool
) -> None:
    """Where much depends on a file one way in turn; exhaustively: every way, and every kind."""
    silent, lost = [], []
    for number, (kind, path) in enumerate(sorted(kinds(folders.killed / "memories").items())):
        crucial = bool(re.search(CRUCIAL, kind))
        if not crucial and not exhaustive and number % 4:
            continue
        ways = WAYS if crucial and exhaustive else (WAYS[number % len(WAYS)],)
        for way in ways:
            folder = copy(folders.killed, tmp_path / "data")
            way(folder / "memories" / path)
            opened = open_folder(folder)
            name = f"{kind} {way.__name__}: {opened}"
            if not sound(opened) and not told(opened):
                silent.append(name)
            if not sound(opened) and not opened.refused:
                lost.append(name)
            folder.rename(tmp_path / f"done-{len(list(tmp_path.iterdir()))}")
    assert silent == []
    assert lost == []


@pytest.mark.parametrize(
    ("name", "way", "code"),
    [
        *(("ledger.db", way, "ledger_missing") for way in (empty, delete)),
        ("ledger.db", WAYS[1], "ledger_damaged"),
    ],
)
def test_a_damaged_database_is_named(
    folders: Folders, tmp_path: Path, name: str, way: Callable[[Path], None], code: str
) -> None:
    folder = copy(folders.closed, tmp_path / "data")
    way(folder / name)
    for _ in range(2):  # the second start knows it as well
        opened = open_folder(folder)
        assert opened.refused == code
        assert "ledger.db" in opened.sentence
        assert "scripts.restore" in opened.sentence


def test_a_changed_byte_of_a_closed_database_is_told(folders: Folders, tmp_path: Path) -> None:
    folder = copy(folders.closed, tmp_path / "data")
    database = folder / "ledger.db"
    content = database.read_bytes()
    at = content.rindex("座位号".encode())
    database.write_bytes(content[:at] + "坐".encode() + content[at + 3 :])
    opened = open_folder(folder)
    assert sound(opened), "the store is right, and isn't made like the history"
    assert opened.notices == ("ledger_changed",)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_damaged_log_of_the_database_is_noticed(
    folders: Folders, tmp_path: Path, way: Callable[[Path], None]
) -> None:
    folder = copy(folders.killed, tmp_path / "data")
    assert (folder / "ledger.db-wal").stat().st_size > 0
    way(folder / "ledger.db-wal")
    opened = open_folder(folder)
    assert opened.refused in ("ledger_behind", "ledger_missing")
    assert "ledger.db" in opened.sentence


@pytest.mark.parametrize("way", WAYS[1:], ids=lambda way: way.__name__)
def test_a_damaged_history_of_mem0_is_made_again(
    folders: Folders, tmp_path: Path, way: Callable[[Path], None]
) -> None:
    folder = copy(folders.closed, tmp_path / "data")
    way(folder / "mem0" / "history.db")
    opened = open_folder(folder)
    assert sound(opened)
    assert opened.notices == ("history_renewed",)


@pytest.mark.parametrize("name", ["memories/niannian/closed.json", "ledger.mark"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_only_makes_the_start_quicker_may_be_damaged(
    folders: Folders, tmp_path: Path, name: str, way: Callable[[Path], None]
) -> None:
    folder = copy(folders.closed, tmp_path / "data")
    way(folder / name)
    opened = open_folder(folder)
    assert sound(opened)
    assert opened.notices == ()
