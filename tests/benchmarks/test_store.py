"""The store benchmark's report."""

from __future__ import annotations

from benchmarks.store import shortfalls, table

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
