"""Entry point of the server: the page and the REST API in one process, over one data folder.

Run it with ``make run`` or ``make serve``, or ``python server.py --port 8501``.
``streamlit run app.py`` starts the same, and reloads pages when they are saved.
"""

from __future__ import annotations

import argparse
import os
import sys

# Before numpy is imported: each request computes in one thread, for many wait at once, and
# threads of the linear algebra library that wait for each other only burn time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from components import runtime
from memory.auth.binding import check_binding
from memory.config import load_settings
from memory.errors import NiannianError

try:
    settings = load_settings(runtime.secrets())
except NiannianError as error:
    sys.exit(str(error))

from app import app

__all__ = ["app"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Niannian: page and API in one process")
    parser.add_argument("--port", type=int, default=settings.port)
    parser.add_argument("--host", default="localhost")
    options = parser.parse_args()
    try:
        check_binding(options.host, settings)
    except NiannianError as error:
        sys.exit(str(error))
    # uvicorn would believe X-Forwarded-For from whatever runs on this machine; which
    # proxies are believed is a setting (memory/api/proxies.py).
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    app.run(
        config={
            "server.port": options.port,
            "server.address": options.host,
            # An update on disk must not put two versions of a class into one process.
            "server.fileWatcherType": "none",
        }
    )
