"""Times as other programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from memory.transfer.timestamps import clock_time, moment


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("June 19, 2023 2:20pm", datetime(2023, 6, 19, 14, 20)),
        ("Jun 19, 2023 12:05am", datetime(2023, 6, 19, 0, 5)),
        ("2023-6-19 @14h 20m 23s 123ms", datetime(2023, 6, 19, 14, 20, 23)),
        ("2023-06-19@14h20m23s", datetime(2023, 6, 19, 14, 20, 23)),
        ("2024年5月1日 下午3:20", datetime(2024, 5, 1, 15, 20)),
        ("2024年5月1日 中午12:20", datetime(2024, 5, 1, 12, 20)),
        ("2024/10/18 周五", datetime(2024, 10, 18)),
        ("Friday, October 18, 2024", datetime(2024, 10, 18)),
        ("18 October 2024", datetime(2024, 10, 18)),
        ("1718000000", datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC)),
        (1718000000000, datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC)),
        ("2024-02-30", None),
        ("13 Smarch 2024", None),
        ("2024-10-18 25:00", None),
        (float("inf"), None),
        (10**30, None),
        (True, None),
        ([], None),
        ("0001-01-01T00:00:00-23:00", None),
    ],
)
def test_times_as_programs_write_them(value: Any, expected: datetime | None) -> None:
    assert moment(value) == expected


def test_a_time_of_day() -> None:
    day = date(2024, 1, 2)
    assert clock_time("下午2:20", day) == datetime(2024, 1, 2, 14, 20)
    assert clock_time("2:20 pm", day) == datetime(2024, 1, 2, 14, 20)
    assert clock_time("26:20", day) is None
