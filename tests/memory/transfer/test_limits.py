"""Files that are made to hurt: bounded memory, and one sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory.container import Container
from memory.errors import BadInput, WorkTimeout, WorkTooLarge
from memory.system.worker_process import WorkerProcess
from memory.transfer.import_service import limits_for
from memory.transfer.importers.detect import read

MEGABYTE = 1024**2
SIZE = 15 * MEGABYTE
NOW = datetime(2025, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerProcess]:
    made = WorkerProcess(most=1)
    yield made
    made.close()


def of_lists() -> bytes:
    return b"[" + b"[]," * (SIZE // 3) + b"[]]"


def of_brackets() -> bytes:
    return b"[]" * (SIZE // 2)


def of_nested_lists() -> bytes:
    return b"[" + b"[[],[[]]]," * (SIZE // 10) + b"[]]"


def of_depth() -> bytes:
    return b"[" * SIZE


def of_lines() -> bytes:
    return b"{}\n" * (SIZE // 3)


def of_one_string() -> bytes:
    return b'["' + b"a" * SIZE + b'"]'


def of_one_message() -> bytes:
    return b'[{"role": "user", "content": "' + b"a" * SIZE + b'"}]'


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (of_lists, "import_too_many"),
        (of_brackets, "import_json"),
        (of_nested_lists, "import_too_many"),
        (of_depth, "import_json"),
        (of_lines, "import_too_many"),
        (of_one_string, "import_unknown"),
        (of_one_message, None),
    ],
)
def test_reading_needs_bounded_memory(
    worker: WorkerProcess, make: Callable[[], bytes], code: str | None
) -> None:
    data = make()
    if code is None:
        parsed = worker.run(read, data, "log.json", now=NOW, limits=limits_for(len(data)))
        assert [wrong.code for wrong in parsed.wrong] == ["import_message_long"]
    else:
        with pytest.raises(BadInput) as caught:
            worker.run(read, data, "log.json", now=NOW, limits=limits_for(len(data)))
        assert caught.value.code == code
    (pid,) = worker.pids
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 320 * 1024, f"{peak // 1024} MB"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_one_value_of_millions_of_lists_is_stopped_by_the_limit(worker: WorkerProcess) -> None:
    data = b'{"a": [' + b"[]," * (SIZE // 3) + b"[]]}"
    with pytest.raises(WorkTooLarge):
        worker.run(read, data, "log.json", now=NOW, limits=limits_for(len(data)))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WorkTooLarge(), "import_too_heavy"),
        (WorkTimeout(seconds=20), "import_too_slow"),
        (MemoryError(), "import_too_heavy"),
    ],
)
def test_what_is_too_much_is_said_in_one_sentence(
    container: Container, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def gives_up(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(container.worker, "run", gives_up)
    with pytest.raises(BadInput) as caught:
        container.importer.read(b"[1]", "log.json")
    assert caught.value.code == code


def test_what_is_told_after_many_other_rows_is_read(worker: WorkerProcess) -> None:
    """The first thousand rows say nothing; none of them is lost from the numbering."""
    rows: list[Any] = [[] for _ in range(2500)]
    rows[2345] = {"memory": "用户对花生过敏"}
    data = json.dumps(rows, ensure_ascii=False).encode()
    parsed = worker.run(read, data, "log.json", now=NOW)
    assert [(found.row, found.memory.text) for found in parsed.memories] == [
        (2346, "用户对花生过敏")
    ]
    assert len(parsed.wrong) == 2499
    assert parsed.wrong[0].row == 1


@pytest.mark.parametrize(
    ("text", "texts", "cut"),
    [
        ('[{"memory": "住在杭州"}, {"memory": "喜欢猫"}]', 2, False),
        ('[{"memory": "住在杭州"}, {"memory": "喜', 1, True),
        ('[{"memory": "住在杭州"}, ]', 1, True),
        ('[, {"memory": "住在杭州"}]', 1, True),
        ('[{"memory": "住在杭州"} {"memory": "喜欢猫"}]', 2, True),
        ('[{"memory": "住在杭州"}] and more', 1, True),
        ('  [{"memory": "住在杭州"}]\n\n', 1, False),
    ],
)
def test_a_list_is_read_item_by_item_as_far_as_it_goes(text: str, texts: int, cut: bool) -> None:
    parsed = read(text.encode(), "log.json", now=NOW)
    assert len(parsed.memories) == texts
    assert [wrong.code for wrong in parsed.wrong] == (["import_cut"] if cut else [])
