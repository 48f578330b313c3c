"""Data folders that earlier versions left (tests/fixtures), and those of later ones."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from memory.config import Settings, load_settings
from memory.container import build
from memory.db.migrations import SCHEMA_VERSION
from memory.errors import FolderNewer
from memory.i18n import error_text
from memory.transfer import backup
from memory.types import ChangeAction, MemoryFilter, Owner
from memory.vector_store.edge import folder as edge_folder

FIXTURES = Path(__file__).parents[3] / "fixtures"
LAN = Owner("lan", "niannian")
EVERY = MemoryFilter(statuses=frozenset())
TEXTS = {
    "用户在第一家店喝过咖啡",
    "用户养了一只猫叫芝麻",
    "The user plays the cello",
    # By a stock mem0 client, and not known to the history then.
    "I adopted a parrot",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    return load_settings()


def unpack(schema: int, folder: Path) -> None:
    with tarfile.open(FIXTURES / f"data-folder-schema-{schema}.tar.xz") as opened:
        opened.extractall(folder, filter="data")


def stamp(folder: Path, table: str, column: str, value: str, where: str = "1") -> None:
    with closing(sqlite3.connect(folder / "ledger.db")) as db:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))
        db.commit()


@pytest.mark.parametrize("schema", [1, 2])
def test_a_folder_of_an_earlier_version_opens_whole(settings: Settings, schema: int) -> None:
    unpack(schema, settings.data_dir)
    running = build(settings)
    assert {memory.text for memory in running.store.reads.matching(LAN, EVERY)} == TEXTS
    assert running.integrity.notices == []
    assert [user.name for user in running.db.users.all()] == ["岚"]
    running.close()
    kept = backup.listed(settings.data_dir / backup.UPGRADES)
    assert [backup.describe(path).schema for path in kept] == [schema]
    assert kept[0].name.endswith(f"-schema{schema}.tar.gz")


@pytest.mark.parametrize("schema", [1, 2])
def test_what_another_client_wrote_is_rebuilt_too(settings: Settings, schema: int) -> None:
    unpack(schema, settings.data_dir)
    build(settings).close()
    shutil.rmtree(settings.data_dir / "memories")
    running = build(settings)
    found = running.store.reads.matching(LAN, EVERY)
    assert {memory.text for memory in found} == TEXTS
    assert [notice.code for notice in running.integrity.notices] == ["rebuilt"]
    parrot = next(memory for memory in found if "parrot" in memory.text)
    line = running.memory_service.history(LAN, parrot.id)[0]
    assert (line.action, line.applied) == (ChangeAction.ADD, True)
    stock = running.store.stock_memory().get(parrot.id)
    assert stock["metadata"]["mood"] == "calm"
    running.close()


def test_the_backups_before_upgrades_are_bounded(settings: Settings) -> None:
    for _ in range(backup.KEEP_UPGRADES + 2):
        shutil.rmtree(settings.data_dir / "memories", ignore_errors=True)
        (settings.data_dir / "ledger.mark").unlink(missing_ok=True)
        unpack(1, settings.data_dir)
        build(settings).close()
    kept = backup.listed(settings.data_dir / backup.UPGRADES)
    assert len(kept) == backup.KEEP_UPGRADES


def test_a_backup_from_before_an_upgrade_can_be_restored(
    settings: Settings, tmp_path: Path
) -> None:
    unpack(1, settings.data_dir)
    build(settings).close()
    kept = backup.listed(settings.data_dir / backup.UPGRADES)
    again = settings.model_copy(update={"data_dir": tmp_path / "again"})
    backup.restore(kept[0], again.data_dir)
    running = build(again)
    # What the other client wrote was never in the database of that time.
    assert {m.text for m in running.store.reads.matching(LAN, EVERY)} == TEXTS - {
        "I adopted a parrot"
    }
    running.close()


@pytest.mark.parametrize(
    ("table", "column", "value", "where"),
    [
        ("alembic_version", "version_num", f"{SCHEMA_VERSION + 2:04d}", "1"),
        ("meta", "value", str(SCHEMA_VERSION + 1), "key = 'schema_version'"),
    ],
)
def test_a_newer_database_is_refused_in_one_sentence(
    settings: Settings, table: str, column: str, value: str, where: str
) -> None:
    build(settings).close()
    stamp(settings.data_dir, table, column, value, where)
    before = (settings.data_dir / "ledger.db").read_bytes()
    with pytest.raises(FolderNewer) as caught:
        build(settings)
    assert "newer version" in error_text("en", caught.value)
    assert "更新版本" in error_text("zh", caught.value)
    assert (settings.data_dir / "ledger.db").read_bytes() == before


def test_memories_of_a_newer_engine_are_refused_and_left_alone(settings: Settings) -> None:
    build(settings).close()
    record = settings.data_dir / "memories" / "niannian" / "collection.json"
    written = json.loads(record.read_text())
    assert written["engine"] == edge_folder.ENGINE
    record.write_text(json.dumps({**written, "engine": "99.0.0"}))
    with pytest.raises(FolderNewer) as caught:
        build(settings)
    assert "update" in error_text("en", caught.value)
    assert json.loads(record.read_text())["engine"] == "99.0.0"


def test_the_three_sentences_differ(settings: Settings) -> None:
    error = FolderNewer(folder="data", what="shard", why="")
    for language in ("zh", "en"):
        said = {
            error_text(language, replaced)
            for code in ("folder_damaged", "folder_incomplete", "folder_newer")
            for replaced in [FolderNewer(code=code, **error.params)]
        }
        assert len(said) == 3
        assert not any("{" in sentence for sentence in said)
