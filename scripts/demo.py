"""Load or remove the demo story: ``python -m scripts.demo load|remove``."""

from __future__ import annotations

import sys

from components import runtime
from memory.config import load_settings
from memory.container import build
from memory.errors import NiannianError
from memory.transfer.demo import load_demo, remove_demo


def main(action: str) -> None:
    """Do what ``action`` says on the configured data folder."""
    try:
        container = build(load_settings(runtime.secrets()))
        try:
            if action == "load":
                load_demo(container)
                print("The demo story is loaded. Start the app with: make run")
            else:
                remove_demo(container)
                print("The demo story is removed.")
        finally:
            container.close()
    except NiannianError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"load", "remove"}:
        sys.exit("usage: python -m scripts.demo load|remove")
    main(sys.argv[1])
