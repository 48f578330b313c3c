"""Private files: the data folder is its owner's, also where it was there before."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.config import load_settings, save_settings
from memory.container import build
from memory.system.files import atomic_write, make_private
from memory.types import Kind, MemoryDraft, Owner, Subject


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """What others may read, write or enter, the folder itself included."""
    return [
        f"{path.relative_to(folder)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in (folder, *folder.rglob("*"))
        if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and not path.is_symlink()
    ]


def use(folder: Path) -> None:
    """Everything that writes: settings, ledger, engine, mem0's history."""
    save_settings(folder, {"openai_api_key": "sk-1", "batch_turns": 9})
    running = build(load_settings())
    user = running.db.users.create("小雨")
    owner = Owner(user.id, "niannian")
    memory = running.memory_service.add(owner, MemoryDraft("怕高", Subject.USER, Kind.CONSTANT))
    running.memory_service.edit(owner, memory.id, text="不怕高了")
    running.close()


def test_a_new_folder_is_the_owner_s_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(folder))
    use(folder)
    assert {path.name for path in folder.iterdir()} >= {"memories", "ledger.db", "settings.json"}
    assert open_to_others(folder) == []


def test_a_folder_that_was_open_is_closed_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(folder))
    use(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    os.umask(0o022)
    running = build(load_settings())
    found = open_to_others(folder)
    running.close()
    assert found == []


def test_what_isnt_ours_stays_as_it_is(tmp_path: Path) -> None:
    other, ours, outside = tmp_path / "notes.txt", tmp_path / "ledger.db", tmp_path / "outside"
    for path in (other, ours, outside):
        path.write_text("")
        path.chmod(0o644)
    (tmp_path / "memories").symlink_to(outside)
    tmp_path.chmod(0o755)
    make_private(tmp_path)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (other, ours, outside, tmp_path)]
    assert modes == [0o644, 0o600, 0o644, 0o700]


def test_a_folder_for_everybody_isnt_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    make_private(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_a_private_file_is_swapped_in(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("old")
    path.chmod(0o644)
    atomic_write(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [path]
