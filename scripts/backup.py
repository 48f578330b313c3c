"""Back up the data folder: ``python -m scripts.backup [PLACE] [--keep N] [--as-folder]``.

The app may run and write meanwhile. PLACE is a folder, or a file that ends in .tar.gz;
without it the backup goes into the folder ``backups`` of the data folder. Exit code 0: it
was made; 1: the data is damaged; 2: it couldn't be made. With DATABASE_URL, what is on that
server goes into the same file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from memory.errors import NiannianError
from memory.transfer.data_folder import back_up
from scripts import console


def main() -> None:
    """Make a backup, and say where it is."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("place", nargs="?", type=Path, help="a folder, or a file *.tar.gz")
    parser.add_argument(
        "--keep", type=_number, default=0, metavar="N", help="remove all but the newest N backups"
    )
    parser.add_argument("--as-folder", action="store_true", help="a folder instead of one file")
    options = parser.parse_args()
    settings = console.settings()
    try:
        made = back_up(settings, options.place, archive=not options.as_folder, keep=options.keep)
    except NiannianError as error:
        console.fail(error)
    console.say("backup.done", users=made.users, memories=made.memories)
    print(made.path)


def _number(given: str) -> int:
    number = int(given)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    main()
