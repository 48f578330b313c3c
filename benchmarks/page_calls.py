"""Fills a data folder and counts what each page asks of store and database, in one process.

    NIANNIAN_DATA_DIR=FOLDER python -m benchmarks.page_calls SIZE

Prints one line of JSON. :mod:`benchmarks.pages` runs it before it starts the app on
the same folder.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from benchmarks.page_data import fill
from components import menu, runtime
from memory.container import Container

APP = Path(__file__).resolve().parents[1] / "app.py"
METHODS = ("query_points", "query_batch_points", "scroll", "count", "facet", "retrieve")


class Counts:
    """Calls and milliseconds since the last :meth:`start`."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Count from zero."""
        self.calls: Counter[str] = Counter()
        self.sql = 0
        self.store_ms = self.sql_ms = 0.0

    def figures(self) -> dict[str, Any]:
        """What was counted."""
        return {
            "store": sum(self.calls.values()),
            "store_ms": round(self.store_ms, 1),
            "sql": self.sql,
            "sql_ms": round(self.sql_ms, 1),
            "calls": dict(self.calls.most_common()),
        }


@contextmanager
def watched(container: Container, counts: Counts) -> Iterator[None]:
    """Count what goes to the engine and to the database."""
    client = container.store.client
    begun: list[float] = []

    def wrap(name: str) -> Callable[..., Any]:
        inner = getattr(client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            started = perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                counts.calls[name] += 1
                counts.store_ms += (perf_counter() - started) * 1000

        return call

    def before(*_: Any) -> None:
        begun.append(perf_counter())

    def after(*_: Any) -> None:
        counts.sql += 1
        counts.sql_ms += (perf_counter() - begun.pop()) * 1000

    for name in METHODS:
        setattr(client, name, wrap(name))
    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        for name in METHODS:
            delattr(client, name)
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


def count_pages() -> dict[str, dict[str, Any]]:
    """The counts of one run of every page, after one that isn't counted."""
    counts = Counts()
    found: dict[str, dict[str, Any]] = {}
    with watched(runtime.container(), counts):
        for name in menu.names():
            for _ in range(2):
                app = AppTest.from_file(str(APP), default_timeout=120)
                app.query_params["user"] = "bench-0"
                app.query_params["persona"] = "niannian"
                app.run()
                if name != "chat":
                    app.switch_page(f"pages/{name}.py")
                counts.start()
                app.query_params["user"] = "bench-0"
                started = perf_counter()
                app.run()
                milliseconds = (perf_counter() - started) * 1000
                if app.exception:
                    raise SystemExit(f"{name}: {app.exception[0].value}")
            found[name] = {**counts.figures(), "script_ms": round(milliseconds)}
    return found


def main() -> None:
    """Fill, count, print."""
    fill(runtime.container(), int(sys.argv[1]))
    found = count_pages()
    runtime.reload()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
