"""Which files of the engine's log are synced, while the engine renames them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from memory.vector_store.edge import log as edge_log
from memory.vector_store.edge.log import EdgeLog


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    real = edge_log.sync_file

    def sync(path: Path) -> None:
        real(path)
        names.append(path.name)

    monkeypatch.setattr(edge_log, "sync_file", sync)
    return names


def written(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(name)


def test_only_what_may_have_changed_is_synced_again(tmp_path: Path, synced: list[str]) -> None:
    written(tmp_path, "first-index", "closed-0", "open-2", "open-10")
    log = EdgeLog(tmp_path)
    log.sync()
    assert sorted(synced) == ["closed-0", "first-index", "open-2"]
    synced.clear()
    log.sync()
    assert synced == ["open-2"]


def became_full(folder: Path) -> None:
    (folder / "open-2").rename(folder / "closed-40")
    written(folder, "open-3")


def compacted(folder: Path) -> None:
    written(folder, "fresh")
    (folder / "fresh").replace(folder / "closed-0")


@pytest.mark.parametrize(
    ("happens", "expected"),
    [(became_full, ["closed-40", "open-3"]), (compacted, ["closed-0", "open-2"])],
)
def test_another_file_is_synced_whatever_it_is_called(
    tmp_path: Path, synced: list[str], happens: Callable[[Path], None], expected: list[str]
) -> None:
    written(tmp_path, "closed-0", "open-2")
    log = EdgeLog(tmp_path)
    log.sync()
    synced.clear()
    happens(tmp_path)
    log.sync()
    assert sorted(synced) == expected


def test_a_file_that_is_renamed_meanwhile_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "tmp-open-3", "open-2")
    real, seen = edge_log.sync_file, []

    def renaming(path: Path) -> None:
        if (tmp_path / "tmp-open-3").exists():
            (tmp_path / "tmp-open-3").rename(tmp_path / "open-3")
            (tmp_path / "open-2").rename(tmp_path / "closed-7")
        real(path)
        seen.append(path.name)

    monkeypatch.setattr(edge_log, "sync_file", renaming)
    EdgeLog(tmp_path).sync()
    assert sorted(seen) == ["closed-7", "open-3"]


def test_a_log_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        EdgeLog(tmp_path / "nowhere").sync()
