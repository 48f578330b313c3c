"""The least service on stock mem0: FastAPI, four calls, mem0's own store.

Written for :mod:`benchmarks.load`, to have something to compare throughput with. The
embedder is ours, so that neither side waits for the network, and ``add`` asks no model.
Qdrant's local mode isn't made for several threads, so one call at a time gets at it.
"""

from __future__ import annotations

import argparse
import threading
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.store_engines import Stock


class Said(BaseModel):
    """A memory to add."""

    user_id: str
    text: str


class Asked(BaseModel):
    """A search."""

    user_id: str
    query: str
    limit: int = 10


def service(stock: Stock) -> FastAPI:
    """The app, over mem0 with its store."""
    app = FastAPI()
    memory: Any = stock.memory
    alone = threading.Lock()

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/add")
    def add(said: Said) -> Any:
        with alone:
            return memory.add(said.text, user_id=said.user_id, infer=False)

    @app.post("/search")
    def search(asked: Asked) -> Any:
        with alone:
            return memory.search(asked.query, filters={"user_id": asked.user_id}, top_k=asked.limit)

    @app.get("/list/{user_id}")
    def list_all(user_id: str, limit: int) -> Any:
        with alone:
            return memory.get_all(filters={"user_id": user_id}, top_k=limit)

    @app.delete("/memory/{memory_id}")
    def delete(memory_id: str) -> Any:
        with alone:
            return memory.delete(memory_id)

    return app


def main() -> None:
    """Fill the folder and serve on the loopback."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--memories", type=int, required=True)
    options = parser.parse_args()
    stock = Stock(options.folder)
    filled = stock.fill(options.memories, seconds=600.0, by_one_seconds=1.0)
    if filled["reached"] < options.memories:
        raise SystemExit(f"mem0 got no further than {filled['reached']:.0f} memories")
    uvicorn.run(service(stock), host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
