"""Restore a backup: ``python -m scripts.restore BACKUP [--folder FOLDER]``.

FOLDER is the data folder of the settings if not given; it has to be empty or missing. The
memories are rebuilt at the next start. Exit code 0: restored; 1: the backup is damaged;
2: it couldn't be restored.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from memory.errors import NiannianError
from memory.transfer import backup
from scripts import console


def main() -> None:
    """Restore, and say what there is."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.restore",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("backup", type=Path, help="what scripts.backup made")
    parser.add_argument("--folder", type=Path, help="another one than the data folder")
    options = parser.parse_args()
    folder = options.folder or console.settings().data_dir
    try:
        found = backup.restore(options.backup, folder)
    except NiannianError as error:
        console.fail(error)
    console.say("backup.restored", users=found.users, memories=found.memories, folder=folder)


if __name__ == "__main__":
    main()
