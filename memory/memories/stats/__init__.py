"""Memories and conversations as tables: what the insights page draws and offers as CSV.

Pure functions from one table (:func:`frame`), or from the database's figures, to small
tables; nothing in here knows the store or the screen. Days begin at midnight in the
user's time zone.
"""

from memory.memories.stats.compare import Side, Take, compare, largest_gap, within
from memory.memories.stats.flow import (
    Stretch,
    busiest,
    by_hour,
    categories_over_time,
    moods_over_time,
    replies_over_time,
)
from memory.memories.stats.memory_frame import (
    COLUMNS,
    DATE_FIELDS,
    UNITS,
    DateField,
    MemoryTotals,
    Unit,
    by_category,
    by_date,
    by_kind,
    by_subject,
    calendar,
    frame,
    growth,
    left_out,
    span,
    totals,
)
from memory.memories.stats.usage import most_used, said_by, usage, used_by_category

__all__ = [
    "COLUMNS",
    "DATE_FIELDS",
    "UNITS",
    "DateField",
    "MemoryTotals",
    "Side",
    "Stretch",
    "Take",
    "Unit",
    "busiest",
    "by_category",
    "by_date",
    "by_hour",
    "by_kind",
    "by_subject",
    "calendar",
    "categories_over_time",
    "compare",
    "frame",
    "growth",
    "largest_gap",
    "left_out",
    "moods_over_time",
    "most_used",
    "replies_over_time",
    "said_by",
    "span",
    "totals",
    "usage",
    "used_by_category",
    "within",
]
