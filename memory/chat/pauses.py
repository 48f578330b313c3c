"""Break suggestion: a persona's word after a long talk in one go."""

from __future__ import annotations

from datetime import datetime

from memory.chat import safety
from memory.chat.service_notices import APART, break_after
from memory.config import Settings
from memory.db import Database
from memory.types import Language, Persona, User


def pause_line(
    db: Database,
    settings: Settings,
    user: User,
    persona: Persona,
    language: Language,
    now: datetime,
) -> str | None:
    """A suggestion to rest after two hours in one go (one for minors), once in that time.

    Served to others it isn't the persona's to say: see :mod:`memory.chat.service_notices`.
    """
    if settings.served_to_others:
        return None
    after = break_after(minor=bool(user.minor))
    key = f"pause:{user.id}"
    suggested = db.engine.get_meta(key)
    if suggested and now - datetime.fromisoformat(suggested) < after:
        return None
    earliest = now - after
    if not db.messages.times(user.id, since=earliest - APART, until=earliest):
        # Nothing was said then, so what is going on began later.
        return None
    start = now
    for time in reversed(db.messages.times(user.id, since=earliest - APART)):
        if start - time > APART:
            break
        start = time
    if now - start < after:
        return None
    db.engine.set_meta(key, now.isoformat())
    return safety.suggest_pause(language, persona, after=after)
