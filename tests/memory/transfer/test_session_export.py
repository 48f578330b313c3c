"""Session export: to read, and to bring in again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from memory.container import Container
from memory.transfer.export import read_json
from memory.transfer.session_export import session_json, session_markdown
from memory.types import Owner


def test_one_conversation_as_markdown_and_json(container: Container) -> None:
    user = container.db.users.create("小雨")
    owner = Owner(user.id, "niannian")
    session = container.db.sessions.create(owner, "旅行")
    container.db.sessions.file(owner, session.id, "出门")
    other = container.db.sessions.create(owner, "工作")
    asked = container.db.messages.add(owner, session.id, "user", "龙井村真安静")
    container.db.messages.add(owner, session.id, "assistant", "下次再去", reply_to=asked.id)
    container.db.messages.add(owner, other.id, "user", "加班")
    said = container.db.messages.of(owner, session.id, limit=None)
    text = session_markdown(said, "旅行", lambda m: m.role, ZoneInfo("Asia/Shanghai"))
    assert text.startswith("# 旅行\n\n## ")
    assert text.index("龙井村真安静") < text.index("下次再去")
    kept = container.db.sessions.get(owner, session.id)
    raw = session_json(container.db, container.attachment_files, user, kept, container.clock())
    found = read_json(raw)
    assert [one.session.folder for one in found.sessions] == ["出门"]
    assert [m.text for m in found.sessions[0].messages] == ["龙井村真安静", "下次再去"]
    assert found.memories == ()
