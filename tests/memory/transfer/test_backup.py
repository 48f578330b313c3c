"""Backups: made while somebody writes, compared, restored, bounded."""

from __future__ import annotations

import hashlib
import json
import tarfile
import threading
from pathlib import Path

import pytest

from memory.config import Settings, load_settings, save_settings
from memory.container import Container, build
from memory.errors import BadInput, FolderDamaged
from memory.system import saved_keys
from memory.transfer import backup, data_folder
from memory.types import MemoryFilter, Owner
from scripts import offline
from tests.postgres import fresh_schema
from tests.programs import run_script
from tests.verbs import remember_all

EVERY = MemoryFilter(statuses=frozenset())


def other(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"data_dir": folder})


def test_a_backup_of_a_running_app_restores_everything(
    container: Container, owner: Owner, tmp_path: Path
) -> None:
    remember_all(container, owner, "用户收藏邮票", "用户怕打雷")
    (container.settings.data_dir / "settings.json").write_text("{}")
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            remember_all(container, owner, f"用户的第{number}枚邮票")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = data_folder.back_up(container.settings, tmp_path / "kept")
    finally:
        stop.set()
        writer.join()
    assert made.path.parent == tmp_path / "kept"
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert set(made.files) == {"ledger.db", "mem0/history.db", "settings.json"}
    assert backup.verify(made.path) == made
    last = data_folder.last_backup(container.settings.data_dir)
    assert last is not None
    assert last.place == str(made.path)
    folder = tmp_path / "again"
    assert backup.restore(made.path, folder).memories == made.memories
    again = build(other(container.settings, folder))
    found = {memory.text for memory in again.store.reads.matching(owner, EVERY)}
    assert len(found) == made.memories
    assert {"用户收藏邮票", "用户怕打雷"} <= found
    assert not again.integrity.check()
    again.close()


def test_only_an_empty_folder_is_restored_into(
    container: Container, owner: Owner, tmp_path: Path
) -> None:
    made = data_folder.back_up(container.settings, tmp_path / "one.tar.gz")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    with pytest.raises(BadInput) as caught:
        backup.restore(made.path, tmp_path / "full")
    assert caught.value.code == "restore_not_empty"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["note.txt"]
    (tmp_path / "empty").mkdir()
    backup.restore(made.path, tmp_path / "empty")
    assert (tmp_path / "empty" / "ledger.db").exists()


def test_the_newest_stay(container: Container, owner: Owner, tmp_path: Path) -> None:
    made = [data_folder.back_up(container.settings, tmp_path / "b", keep=2) for _ in range(4)]
    assert backup.listed(tmp_path / "b") == [made[3].path, made[2].path]
    with pytest.raises(BadInput) as caught:
        backup.make(container.settings.data_dir, tmp_path / "b", name=made[3].path.name[:-7])
    assert caught.value.code == "backup_there"


@pytest.mark.parametrize("archive", [True, False])
def test_a_damaged_backup_is_named_and_not_restored(
    container: Container, owner: Owner, tmp_path: Path, archive: bool
) -> None:
    remember_all(container, owner, *(f"用户的第{n}枚邮票" for n in range(50)))
    made = data_folder.back_up(container.settings, tmp_path / "b", archive=archive)
    file = made.path if archive else made.path / "ledger.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    for tried in (backup.verify, lambda path: backup.restore(path, tmp_path / "again")):
        with pytest.raises((FolderDamaged, BadInput)) as caught:
            tried(made.path)
        assert caught.value.code in ("backup_damaged", "backup_unreadable")
    assert not (tmp_path / "again").exists()


def test_what_is_no_backup_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(b"no archive")
    (tmp_path / "b").mkdir()
    newer = tmp_path / "c"
    newer.mkdir()
    (newer / "manifest.json").write_text(json.dumps({"format": 99}))
    codes = []
    for path in (tmp_path / "a.tar.gz", tmp_path / "b", tmp_path / "none", newer):
        with pytest.raises(BadInput) as caught:
            backup.describe(path)
        codes.append(caught.value.code)
    assert codes == ["backup_unreadable"] * 3 + ["backup_newer"]


def test_no_path_leads_out_of_a_restored_folder(tmp_path: Path) -> None:
    told = {
        "format": 1,
        "made_at": "2025-01-01T00:00:00+00:00",
        "schema": 2,
        "users": 0,
        "memories": 0,
        "files": {"../../evil": [1, "00"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    (tmp_path / "evil").write_text("x")
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as opened:
        opened.add(tmp_path / "manifest.json", "manifest.json")
        opened.add(tmp_path / "evil", "../../evil")
    with pytest.raises(FolderDamaged):
        backup.restore(tmp_path / "bad.tar.gz", tmp_path / "deep" / "data")
    assert not (tmp_path / "deep" / "data").exists()


def test_no_link_is_restored(tmp_path: Path) -> None:
    told = {
        "format": 1,
        "made_at": "2025-01-01T00:00:00+00:00",
        "schema": 2,
        "users": 0,
        "memories": 0,
        "files": {"ledger.db": [2, hashlib.sha256(b"{}").hexdigest()]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "ledger.db").symlink_to("settings.json")
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as opened:
        for name in ("manifest.json", "settings.json", "ledger.db"):
            opened.add(tmp_path / name, name)
    with pytest.raises(FolderDamaged):
        backup.restore(tmp_path / "bad.tar.gz", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_backup_keeps_the_address_of_a_key_and_is_the_owner_s_alone(
    container: Container, tmp_path: Path
) -> None:
    folder = container.settings.data_dir
    given = {"openai_api_key": "sk-9", "openai_base_url": "https://one.example/v1"}
    save_settings(folder, given, current=container.settings.model_copy(update={"keyring": "off"}))
    made = data_folder.back_up(container.settings, tmp_path / "b", archive=False)
    assert {path.stat().st_mode & 0o777 for path in made.path.rglob("*") if path.is_file()} == {
        0o600
    }
    backup.restore(made.path, tmp_path / "again")
    assert saved_keys.read_records(tmp_path / "again") == saved_keys.read_records(folder)


def test_whoever_is_erased_is_in_no_backup_that_was_cut_short(
    container: Container, owner: Owner
) -> None:
    folder = container.settings.data_dir
    left = [folder / ".download-x1", folder / backup.UPGRADES / ".backup-x2"]
    for path in left:
        path.mkdir(parents=True)
        (path / "ledger.db").write_bytes(b"what was said")
    asked_for = data_folder.back_up(container.settings).path
    container.erase_user(owner.user_id)
    assert [path.exists() for path in left] == [False, False]
    assert asked_for.exists()


def test_a_lost_database_is_gone_on_without_if_that_is_asked_for(
    container: Container, owner: Owner
) -> None:
    remember_all(container, owner, "用户收藏邮票", "用户怕打雷")
    settings = container.settings
    container.close()
    (settings.data_dir / "ledger.db").unlink()
    found = offline.repair(settings, accept_loss=True)
    assert len(found.unknown) == 2
    again = build(settings)
    assert {m.text for m in again.store.reads.matching(owner, EVERY)} == {
        "用户收藏邮票",
        "用户怕打雷",
    }
    assert [user.id for user in again.db.users.all()] == [owner.user_id]
    assert not again.integrity.check()
    again.close()


def test_the_scripts_say_one_sentence_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NIANNIAN_LANGUAGE", "en")

    def run(script: str, *arguments: str) -> tuple[int, str]:
        code, said, errors = run_script(script, *arguments)
        return code, said + errors

    assert run("backup", str(tmp_path / "b")) == (
        2,
        f"There is nothing to back up in {tmp_path / 'data'}.\n",
    )
    running = build(load_settings())
    owner = Owner(running.db.users.create("小满").id, "niannian")
    remember_all(running, owner, "用户收藏邮票")
    code, said = run("backup", str(tmp_path / "one.tar.gz"))
    assert (code, said.splitlines()[0]) == (0, "Backed up (users: 1, memories: 1).")
    running.close()
    assert run("verify", str(tmp_path / "one.tar.gz"))[0] == 0
    assert run("restore", str(tmp_path / "one.tar.gz"))[0] == 2


def test_a_database_server_is_backed_up_while_it_is_written_to_and_filled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIANNIAN_DATA_DIR")
    with fresh_schema() as here, fresh_schema() as there:
        running = build(load_settings(data_dir=tmp_path / "one", database_url=here))
        owner = Owner(running.db.users.create("阿正").id, "niannian")
        remember_all(running, owner, "用户收藏邮票", "用户怕打雷")
        made = data_folder.back_up(running.settings, tmp_path / "kept")
        remember_all(running, owner, "用户后来又收藏火柴盒")
        running.close()
        assert (made.users, made.memories) == (1, 2)
        assert backup.verify(made.path) == made
        assert not list((tmp_path / "one").glob(".download-*"))

        target = load_settings(data_dir=tmp_path / "two", database_url=there)
        data_folder.restore(target, made.path)
        assert not list((tmp_path / "two").glob("ledger*"))
        again = build(target)
        assert {m.text for m in again.store.reads.matching(owner, EVERY)} == {
            "用户收藏邮票",
            "用户怕打雷",
        }
        assert again.db.users.get(owner.user_id) is not None
        again.close()
        with pytest.raises(BadInput, match="isn't empty"):
            data_folder.restore(other(target, tmp_path / "three"), made.path)
        assert not (tmp_path / "three").exists()
        # From a server into a folder.
        folder = load_settings(data_dir=tmp_path / "four")
        data_folder.restore(folder, made.path)
        alone = build(folder)
        assert len(alone.store.reads.matching(owner, EVERY)) == 2
        alone.close()
