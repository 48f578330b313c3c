"""``POST /api/memory/import``: a file, previewed or imported; all of it or nothing."""

from __future__ import annotations

import json

from fastapi import APIRouter

from memory.api.dependencies import ForMemory
from memory.api.json_route import JsonRoute
from memory.api.requests import ImportRequest
from memory.api.responses.envelope import Answer
from memory.api.responses.users import ImportedData
from memory.errors import BadInput
from memory.i18n import code_text
from memory.transfer import Preview, RowVerdict

router = APIRouter(prefix="/api/memory", tags=["memory"], route_class=JsonRoute)
WRONG_SHOWN = 100


@router.post("/import", summary="Take in a file: ours, mem0, chats of other programs, plain text")
def import_file(ask: ForMemory, request: ImportRequest) -> Answer[ImportedData]:
    """Atomic: a failed import leaves nothing behind. With `dry_run: true` it only says, row
    by row, what is new, what is there already and what can't be used. Memories that are
    there already are not added again."""
    owner = ask.owner_or_new(request.user_id, request.persona_id)
    user = ask.user(owner.user_id)
    importer = ask.running.importer
    parsed = importer.read(_bytes(request), request.name, user=user)
    preview = importer.preview(owner, parsed, user=user if ask.is_new(owner) else None)
    if request.dry_run:
        data = _data(ask, preview, dict(preview.counts), None, dry_run=True)
        return ask.answer("would_import", data, count=_added(data))
    if ask.is_new(owner) and preview.is_empty and parsed.backup is None:
        # Not one row can be used: there is nothing for which to make a profile.
        data = _data(ask, preview, dict(preview.counts), None, dry_run=False)
        return ask.answer("imported", data, count=0)
    ask.settle_in(owner)
    applied = importer.apply(owner, preview)
    data = _data(ask, preview, dict(applied.counts), applied.group_id, dry_run=False)
    return ask.answer("imported", data, count=_added(data))


def _bytes(request: ImportRequest) -> bytes:
    content = request.content
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(code="export_unreadable", where="content") from None


def _data(
    ask: ForMemory,
    preview: Preview,
    counts: dict[str, int],
    group_id: str | None,
    *,
    dry_run: bool,
) -> ImportedData:
    wrong = [row for row in preview.rows if row.verdict is RowVerdict.WRONG][:WRONG_SHOWN]
    return ImportedData(
        dry_run=dry_run,
        format=str(preview.format),
        counts=counts,
        group_id=group_id,
        wrong=[
            {"row": row.row, "reason": row.code, "message": code_text(ask.language, row.code)}
            for row in wrong
        ],
    )


def _added(data: ImportedData) -> int:
    return sum(data.counts.get(name, 0) for name in ("memory_added", "session_added"))
