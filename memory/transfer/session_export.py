"""Session export: one conversation, to read (Markdown) or to import again (JSON)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from memory.attachments.files import AttachmentFiles
from memory.db import Database
from memory.transfer.collect import files_of
from memory.transfer.export import Export, SessionExport, to_json
from memory.types import Message, Session, User


def session_json(
    db: Database, files: AttachmentFiles, user: User, session: Session, now: datetime
) -> str:
    """A session with all its versions and files, in the format of the whole export.

    Raises:
        NotFound: the session is gone.
    """
    said = db.messages.of(session.owner, session.id, limit=None, include_replaced=True)
    kept = (SessionExport(session, tuple(said)),)
    return to_json(
        Export(
            # Whoever gets a conversation needs neither the login nor whom to call.
            user=replace(user, login=None, emergency_contact=None),
            exported_at=now,
            sessions=kept,
            traces=tuple(db.traces.of(session.owner, [message.id for message in said]).values()),
            files=files_of(files, user.id, kept),
        )
    )


def session_markdown(
    messages: Sequence[Message],
    title: str,
    name_of: Callable[[Message], str],
    zone: ZoneInfo,
) -> str:
    """A conversation as one reads it: a heading for each day, then who said what when."""
    lines = [f"# {' '.join(title.split())}"]
    day = ""
    for message in messages:
        if not message.text:
            continue
        at = message.created_at.astimezone(zone)
        if f"{at:%Y-%m-%d}" != day:
            day = f"{at:%Y-%m-%d}"
            lines += ["", f"## {day}"]
        lines += ["", f"**{name_of(message)}** {at:%H:%M}", "", message.text]
    return "\n".join(lines) + "\n"
