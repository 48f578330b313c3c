"""The store benchmark's report."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.store import shortfalls, slowly, table

RESULTS = {
    1000: {
        "niannian": {"reached": 1000.0, "import_per_second": 900.0, "reopen_ms": 50.0},
        "mem0": {
            "reached": 400.0,
            "added_by_one": 300.0,
            "import_per_second": 90.0,
            "reopen_ms": 200.0,
        },
    },
    10: {"niannian": {"reached": 10.0}, "mem0": {"reached": 10.0, "added_by_one": 10.0}},
}


def test_how_far_stock_got_is_said_where_it_fell_short() -> None:
    [sentence] = shortfalls(RESULTS, 300)
    assert sentence.startswith("mem0 reached 400 of 1,000 in 300 s: 300 by its own add")


def test_factors_are_above_one_where_ours_is_better() -> None:
    rows = {row.split(" | ")[0].strip("| "): row for row in table(RESULTS).splitlines()}
    assert rows["bulk import, memories a second"].startswith(
        "| bulk import, memories a second | 900 | 90 | 10.0 |"
    )
    assert rows["reopen"].startswith("| reopen | 50 | 200 | 4.0 |")


def test_slower_syncs_are_asked_for_in_microseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert slowly(["python"], 0) == ["python"]
    slowed = slowly(["python"], 2.5)
    assert slowed[0] == "strace"
    assert slowed[-1] == "python"
    assert any("fdatasync" in part and part.endswith(":delay_exit=2500") for part in slowed)


def test_slower_syncs_without_strace_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="strace"):
        slowly(["python"], 1)
