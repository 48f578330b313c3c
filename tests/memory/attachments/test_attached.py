"""Attachments through the whole: kept, quoted, learnt from, exported, backed up, erased."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.attachments.files import FOLDER
from memory.attachments.intake import GivenFile
from memory.config import load_settings
from memory.container import Container, build
from memory.errors import BadInput, NotFound
from memory.extraction.document_learning import learn_document
from memory.system.worker_process import InProcess
from memory.transfer import backup, export
from memory.transfer.collect import everything
from memory.types import MemoryFilter, Message, Owner
from tests.fakes.documents import pages_of, pdf
from tests.fakes.openai_server import FakeOpenAI

DIARY = pdf("我对花生过敏。", "我在杭州做小学老师。")


def files_in(container: Container) -> list[Path]:
    return [path for path in container.settings.data_dir.glob(f"{FOLDER}/*/*") if path.is_file()]


def send(
    container: Container, owner: Owner, data: bytes = DIARY, text: str = "帮我看看"
) -> Message:
    """Say ``text`` with a file, in a new session."""
    session = container.db.sessions.create(owner)
    given = container.attachment_intake.take(owner.user_id, GivenFile("日记.pdf", data))
    turn = container.companion.reply(owner, session.id, text, attachments=[given])
    list(turn)
    return container.db.messages.get(owner, turn.user_message.id)


def test_a_message_keeps_what_was_given_with_it(container: Container, owner: Owner) -> None:
    message = send(container, owner)
    assert message.text == "[文件：日记.pdf，2 页]\n帮我看看"
    assert message.typed == "帮我看看"
    (given,) = message.attachments
    assert given.page_texts == ("我对花生过敏。", "我在杭州做小学老师。")
    (path,) = files_in(container)
    assert path.stat().st_mode & 0o777 == 0o600
    assert container.attachment_files.get(owner.user_id, str(given.sha256)) == DIARY
    with pytest.raises(NotFound):
        container.attachment_files.get("somebody else", str(given.sha256))


def test_a_file_may_come_without_words(container: Container, owner: Owner) -> None:
    message = send(container, owner, text="")
    assert message.typed == ""
    assert container.db.sessions.get(owner, message.session_id).title == "[文件：日记.pdf，2 页]"
    with pytest.raises(BadInput):
        container.companion.reply(owner, message.session_id, " ")


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def connected(
    fake: FakeOpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Container]:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "connected"))
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
    monkeypatch.setenv("NIANNIAN_DOCUMENT_TOKENS", "400")
    container = build(load_settings(), worker=InProcess())
    yield container
    container.close()


def test_the_model_is_given_the_document_and_may_be_asked_on(
    connected: Container, fake: FakeOpenAI
) -> None:
    owner = Owner(connected.db.users.create("小雨").id, "niannian")
    message = send(connected, owner)
    asked = fake.chats()[-1].body["messages"][-1]["content"]
    assert '第 1 页："我对花生过敏。"' in asked
    assert asked.endswith("[文件：日记.pdf，2 页]\n帮我看看")
    list(connected.companion.reply(owner, message.session_id, "第二页写了什么？"))
    assert '第 2 页："我在杭州做小学老师。"' in fake.chats()[-1].prompt


def test_of_two_hundred_pages_the_model_gets_what_fits(
    connected: Container, fake: FakeOpenAI
) -> None:
    owner = Owner(connected.db.users.create("Wren").id, "niannian")
    send(connected, owner, pdf(*pages_of(200)), "What is it about?")
    asked = fake.chats()[-1].prompt
    assert "keeper 1." in asked
    assert "keeper 200." not in asked
    assert "There is more, which doesn't fit" in asked


def test_a_document_is_learnt_from_page_by_page(container: Container, owner: Owner) -> None:
    message = send(container, owner)
    session = learn_document(container.db, container.extraction_worker, owner, message.id, 0, "zh")
    assert container.extraction_worker.wait_idle(30)
    found = container.store.reads.matching(owner, MemoryFilter(session_id=session.id))
    pages = {memory.text: memory.metadata for memory in found}
    assert pages["用户对花生过敏"] == {"document": "日记.pdf", "page": 1}
    assert {"document": "日记.pdf", "page": 2} in pages.values()
    with pytest.raises(BadInput) as raised:
        learn_document(container.db, container.extraction_worker, owner, message.id, 0, "zh")
    assert raised.value.code == "document_learnt"
    with pytest.raises(NotFound):
        learn_document(
            *(container.db, container.extraction_worker, Owner("other", "niannian")),
            *(message.id, 0, "zh"),
        )


def test_files_go_with_the_last_message_that_names_them(container: Container, owner: Owner) -> None:
    first, second = send(container, owner), send(container, owner)
    assert len(files_in(container)) == 1
    container.db.deletion.delete_messages(owner, [first.id])
    assert len(files_in(container)) == 1
    container.db.sessions.delete(owner, second.session_id)
    assert files_in(container) == []


def test_erasing_takes_the_files_of_one_and_no_other(container: Container, owner: Owner) -> None:
    other = Owner(container.db.users.create("阿青").id, "niannian")
    send(container, owner)
    send(container, Owner(owner.user_id, "qing"))
    send(container, other)
    container.erase_owner(owner)
    assert len(files_in(container)) == 2
    container.erase_user(owner.user_id)
    (left,) = files_in(container)
    assert container.attachment_files.has(other.user_id, left.name)


def test_what_a_crash_left_is_swept_at_the_next_start(container: Container, owner: Owner) -> None:
    message = send(container, owner)
    settings = container.settings
    lost = settings.data_dir / FOLDER / ("0" * 32)
    lost.mkdir()
    (lost / ("a" * 64)).write_bytes(b"left behind")
    container.attachment_files.put(owner.user_id, b"read, and then the power went")
    container.close()
    again = build(settings, worker=InProcess())
    try:
        assert [path.name for path in files_in(again)] == [message.attachments[0].sha256]
    finally:
        again.close()


def test_an_export_brings_the_files_back(container: Container, owner: Owner) -> None:
    send(container, owner)
    user = container.db.users.get(owner.user_id)
    whole = everything(
        container.db, container.store, user, [owner], container.clock(), container.attachment_files
    )
    raw = export.to_json(whole).encode()
    container.erase_user(owner.user_id)
    assert files_in(container) == []
    container.importer.restore(container.importer.read(raw, "export.json"))
    (session,) = container.db.sessions.of(owner)
    message = container.db.messages.of(owner, session.id)[0]
    assert message.typed == "帮我看看"
    sha256 = message.attachments[0].sha256
    assert container.attachment_files.get(owner.user_id, str(sha256)) == DIARY


def test_an_export_with_other_bytes_keeps_no_file(container: Container, owner: Owner) -> None:
    send(container, owner)
    user = container.db.users.get(owner.user_id)
    files = container.attachment_files
    told = json.loads(
        export.to_json(
            everything(container.db, container.store, user, [owner], container.clock(), files)
        )
    )
    told["files"] = {name: base64.b64encode(b"<svg>").decode() for name in told["files"]}
    container.erase_user(owner.user_id)
    parsed = container.importer.read(json.dumps(told).encode(), "export.json")
    assert [wrong.params["where"] for wrong in parsed.wrong] == ["files"]
    container.importer.restore(parsed)
    assert files_in(container) == []
    (session,) = container.db.sessions.of(owner)
    assert container.db.messages.of(owner, session.id)[0].attachments[0].sha256 is None


def test_a_backup_holds_the_files(container: Container, owner: Owner, tmp_path: Path) -> None:
    message = send(container, owner)
    made = backup.make(container.settings.data_dir, tmp_path / "backups")
    restored = tmp_path / "restored"
    backup.restore(made.path, restored)
    (path,) = restored.glob(f"{FOLDER}/*/*")
    assert path.name == message.attachments[0].sha256
    assert path.read_bytes() == DIARY


def test_said_differently_a_message_keeps_what_was_given_with_it(
    container: Container, owner: Owner
) -> None:
    message = send(container, owner)
    turn = container.companion.reply(owner, message.session_id, "再看一遍", instead_of=message.id)
    list(turn)
    now = container.db.messages.get(owner, turn.user_message.id)
    assert now.typed == "再看一遍"
    assert [one.name for one in now.attachments] == ["日记.pdf"]
    assert container.db.sessions.get(owner, message.session_id).title == "再看一遍"
