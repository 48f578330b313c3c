"""Files to import, and what a preview makes of them."""

from __future__ import annotations

import json
from typing import Any

from memory.container import Container
from memory.transfer import Options, Preview, RowVerdict, everything, owners_of
from memory.transfer.export import Export
from memory.types import Kind, MemoryDraft, MemoryFilter, Owner, Status, Subject

ANY = MemoryFilter(statuses=frozenset(Status))
TALK = "我：我叫小雨，我在杭州做老师。\n念念：你好小雨。\n我：昨天我去爬了灵隐寺。\n念念：真好。\n"


def draft(text: str, **fields: Any) -> MemoryDraft:
    return MemoryDraft(text, Subject.USER, Kind.CONSTANT, **fields)


def mem0(*texts: str, **fields: Any) -> bytes:
    rows = [{"memory": text, "user_id": "alex", **fields} for text in texts]
    return json.dumps({"results": rows}).encode()


def look(container: Container, owner: Owner, data: bytes, **options: Any) -> Preview:
    return container.importer.preview(owner, container.importer.read(data), Options(**options))


def rows(preview: Preview, verdict: RowVerdict) -> list[tuple[int, str]]:
    return [(row.row, row.text) for row in preview.rows if row.verdict is verdict]


def exported(container: Container, user_id: str) -> Export:
    user = container.db.users.get(user_id)
    owners = owners_of(container.store, user_id, container.personas)
    return everything(container.db, container.store, user, owners, container.clock())
