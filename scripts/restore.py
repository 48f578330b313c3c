"""Restore a backup: ``python -m scripts.restore BACKUP [--folder FOLDER]``.

FOLDER is the data folder of the settings if not given; it has to be empty or missing. With
DATABASE_URL and without FOLDER, the database goes to that server, which has to be empty
too. The memories are rebuilt at the next start, or by ``python -m scripts.repair`` where
they are on a Qdrant server. Exit code 0: restored; 1: the backup is damaged;
2: it couldn't be restored.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from memory.errors import NiannianError
from memory.transfer.data_folder import restore
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
    settings = console.settings()
    folder = options.folder or settings.data_dir
    try:
        found = restore(settings, options.backup, options.folder)
    except NiannianError as error:
        console.fail(error)
    console.say("backup.restored", users=found.users, memories=found.memories, folder=folder)


if __name__ == "__main__":
    main()
