"""The ledger: users, sessions, messages, traces, batches and the journal in SQL."""

from __future__ import annotations

from memory.ledger.batches import Batches
from memory.ledger.care_states import CareStates
from memory.ledger.changelog import Block, ChangeFilter, Changelog
from memory.ledger.claims import Claims
from memory.ledger.conversations import Conversations
from memory.ledger.db import Clock, ledger_url, utc_now
from memory.ledger.deleting import Deleting, title_of
from memory.ledger.erase import Erase
from memory.ledger.figures import Figures, MoodPoint, Slot
from memory.ledger.imports import Imports, Incoming
from memory.ledger.inbox import Settled
from memory.ledger.journal import Journal
from memory.ledger.logins import Logins
from memory.ledger.looks import Looks
from memory.ledger.lookup import Lookup
from memory.ledger.memory_json import from_dict, to_dict
from memory.ledger.moving import Moving
from memory.ledger.studio import StudioTexts
from memory.ledger.tokens import Tokens
from memory.ledger.traces import Traces


class Ledger(
    Logins,
    Tokens,
    Looks,
    Lookup,
    Conversations,
    Traces,
    Batches,
    Claims,
    Journal,
    Settled,
    Erase,
    StudioTexts,
    Changelog,
    Deleting,
    Imports,
    Figures,
    CareStates,
    Moving,
):
    """Everything that is kept beside the memories themselves, and what is owed.

    Safe from many threads; on PostgreSQL from many processes too.
    """


__all__ = [
    "Block",
    "ChangeFilter",
    "Clock",
    "Incoming",
    "Ledger",
    "MoodPoint",
    "Slot",
    "from_dict",
    "ledger_url",
    "title_of",
    "to_dict",
    "utc_now",
]
