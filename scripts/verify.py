"""Check a data folder or a backup: ``python -m scripts.verify [BACKUP]``.

Without BACKUP every memory of the data folder is compared with the history, for each
user and persona by number and digest; stop the app first. Nothing is repaired. Exit code
0: all is well; 1: something differs or is damaged; 2: it can't be checked.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from memory.errors import NiannianError
from memory.memories.integrity import Comparison, StoreTotals
from memory.transfer import backup
from scripts import console
from scripts.offline import verify


def main() -> None:
    """Check, and say what differs."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.verify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("backup", nargs="?", type=Path, help="what scripts.backup made")
    options = parser.parse_args()
    try:
        if options.backup is not None:
            found = backup.verify(options.backup)
            console.say("backup.whole", users=found.users, memories=found.memories)
            return
        compared = verify(console.settings())
    except NiannianError as error:
        console.fail(error)
    _table(compared)
    if compared:
        console.say("backup.differs", count=compared.differing)
        sys.exit(console.DIFFERS)
    console.say("backup.check_fine", count=sum(t.count for t in compared.store.values()))


def _table(compared: Comparison) -> None:
    owners = sorted({*compared.store, *compared.history}, key=lambda o: (o.user_id, o.persona_id))
    for owner in owners:
        here, told = (side.get(owner, StoreTotals()) for side in (compared.store, compared.history))
        print(
            f"{owner.user_id} {owner.persona_id}: {here.count} {here.digest:016x}"
            f" / {told.count} {told.digest:016x}{'' if here == told else '  !'}"
        )


if __name__ == "__main__":
    main()
