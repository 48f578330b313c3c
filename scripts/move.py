"""Move everything to servers or back: ``python -m scripts.move to-servers|to-folder``.

Stop the app first. ``QDRANT_URL`` and ``DATABASE_URL`` name the servers; see
docs/deployment.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from components import runtime
from memory.config import load_settings
from memory.errors import NiannianError
from memory.transfer.server_migration import move


def main() -> None:
    """Move, and say what arrived."""
    parser = argparse.ArgumentParser(prog="python -m scripts.move", description=__doc__)
    parser.add_argument("way", choices=["to-servers", "to-folder"])
    parser.add_argument(
        "--folder", type=Path, help="for to-folder: another one than the data folder"
    )
    options = parser.parse_args()
    try:
        settings = load_settings(runtime.secrets())
        moved = move(settings, options.way, options.folder, told=_say)
    except NiannianError as error:
        sys.exit(f"\n{error}")
    print("\r\033[K", end="")
    for name, count in moved.counts.items():
        print(f"{name:<20} {count:>9}  {moved.digests.get(name, '')[:16]}")
    print("Everything arrived, and was compared. The place it came from was left as it is.")


def _say(what: str, count: int) -> None:
    print(f"\r\033[K{what} {count}", end="", flush=True)


if __name__ == "__main__":
    main()
