"""The ledger: users, sessions, messages, traces, batches and the journal in SQL."""

from __future__ import annotations

from memory.ledger.batches import Batches
from memory.ledger.care_states import CareStates
from memory.ledger.changelog import Block, ChangeFilter, Changelog
from memory.ledger.claims import MOST_CRASHES, SET_ASIDE, Claims
from memory.ledger.conversations import Conversations
from memory.ledger.db import NO_SPACE, Clock, ledger_url, utc_now
from memory.ledger.deleting import Deleting, title_of
from memory.ledger.erase import Erase
from memory.ledger.figures import Figures, MoodPoint, Slot
from memory.ledger.holdings import Held, Holdings
from memory.ledger.imports import Imports, Incoming
from memory.ledger.inbox import Settled
from memory.ledger.journal import Journal
from memory.ledger.logins import Logins
from memory.ledger.looks import Looks
from memory.ledger.lookup import Lookup
from memory.ledger.memory_json import from_dict, to_dict
from memory.ledger.moving import Moving
from memory.ledger.operators import Operators
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
    Holdings,
    Settled,
    Erase,
    StudioTexts,
    Changelog,
    Deleting,
    Imports,
    Figures,
    Operators,
    CareStates,
    Moving,
):
    """Everything that is kept beside the memories themselves, and what is owed.

    Safe from many threads; on PostgreSQL from many processes too.
    """


__all__ = [
    "MOST_CRASHES",
    "NO_SPACE",
    "SET_ASIDE",
    "Block",
    "ChangeFilter",
    "Clock",
    "Held",
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
