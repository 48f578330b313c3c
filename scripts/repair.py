"""Repair a data folder: ``python -m scripts.repair [--accept-loss]``; stop the app first.

What differs from the history is rebuilt from it, a store that can't be opened included.
With --accept-loss a database that is missing or has lost changes is gone on without
them; back up the folder before. Exit code 0: all is well now; 1: something is damaged
beyond that; 2: it couldn't be done.
"""

from __future__ import annotations

import argparse
import sys

from memory.errors import NiannianError
from memory.memories.integrity import Progress
from scripts import console
from scripts.offline import repair


def main() -> None:
    """Repair, and say what was done."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.repair",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--accept-loss", action="store_true", help="go on without what the database has lost"
    )
    options = parser.parse_args()
    try:
        found = repair(console.settings(), _say, accept_loss=options.accept_loss)
    except NiannianError as error:
        console.fail(error)
    if found:
        console.say("backup.check_mended", count=found.differing)
    else:
        console.say("backup.check_fine", count=sum(t.count for t in found.store.values()))


def _say(progress: Progress) -> None:
    end = "\n" if progress.done == progress.total else ""
    print(f"\r\033[K{progress.done} / {progress.total}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
