"""Photos: only their pixels stay; a model that sees is shown them, another isn't."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from memory.attachments.images import MOST_BYTES, photo_tokens, read_photo
from memory.attachments.intake import GivenFile
from memory.config import load_settings
from memory.container import Container, build
from memory.errors import BadInput
from memory.llm import learned
from memory.system.worker_process import InProcess
from memory.types import Message, Owner
from tests.fakes.documents import zipped
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.photos import bomb_png, photo

CAPTION = "一只橘猫在窗台上"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_nothing_but_pixels_stays(kind: str) -> None:
    found = read_photo(photo(kind=kind), "a.jpg")
    with Image.open(io.BytesIO(found.data)) as kept:
        assert dict(kept.getexif()) == {}
        assert kept.info.get("comment") is None
        assert kept.size == (found.width, found.height)
    assert b"Secret" not in found.data
    assert b"taken at home" not in found.data


def test_a_photo_is_upright_and_not_too_large() -> None:
    found = read_photo(photo(4000, 3000), "a.jpg")
    assert (found.width, found.height) == (1536, 2048)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xd8\xff" + b"x" * MOST_BYTES, "photo_too_big"),
        (bomb_png(), "photo_too_large"),
        (bomb_png(7000), "photo_too_large"),
        (bomb_png(5000), "photo_broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "photo_type"),
        (b"<?xml version='1.0'?><!DOCTYPE svg><svg/>", "photo_type"),
        (photo() + zipped({"a.js": b"x"}), "photo_mixed"),
        (photo() + b"<html><script>alert(1)</script>", "photo_mixed"),
        (b"GIF89a/*<script>*/", "photo_mixed"),
        (photo()[:300], "photo_broken"),
        (b"BM" + b"\x00" * 60, "photo_type"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_photo(data, "a.jpg")
    assert raised.value.code == code


def test_tokens_grow_with_the_photo() -> None:
    assert photo_tokens(0, 0) == 0
    assert photo_tokens(512, 512) == 255
    assert photo_tokens(2048, 2048) == photo_tokens(4000, 4000) == 85 + 4 * 170


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    learned.forget()
    with FakeOpenAI() as server:
        yield server
    learned.forget()


@pytest.fixture
def connect(
    fake: FakeOpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Container]]:
    with ExitStack() as opened:

        def start(model: str = "fake-vision", **settings: str) -> Container:
            monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / model))
            monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
            monkeypatch.setenv("NIANNIAN_CHAT_MODEL", model)
            for name, value in settings.items():
                monkeypatch.setenv(f"NIANNIAN_{name.upper()}", value)
            container = build(load_settings(), worker=InProcess())
            opened.callback(container.close)
            return container

        yield start


def show(container: Container, text: str = "看看我家猫") -> tuple[Owner, Message]:
    """Say ``text`` with a photo, in a new session."""
    owner = Owner(container.db.users.create("小雨").id, "niannian")
    session = container.db.sessions.create(owner)
    taken = container.attachment_intake.take(owner.user_id, GivenFile("IMG_1.jpg", photo()))
    turn = container.companion.reply(owner, session.id, text, attachments=[taken])
    list(turn)
    return owner, container.db.messages.get(owner, turn.user_message.id)


def pictures(body: Any) -> list[str]:
    content = body["messages"][-1]["content"]
    parts = content if isinstance(content, list) else []
    return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]


def test_a_model_that_sees_is_shown_the_photo(
    connect: Callable[..., Container], fake: FakeOpenAI
) -> None:
    container = connect()
    fake.say("好可爱！", CAPTION + "。", '{"memories": []}')
    owner, message = show(container)
    (url,) = pictures(fake.chats()[0].body)
    sent = base64.b64decode(url.removeprefix("data:image/jpeg;base64,"))
    assert sent == container.attachment_files.get(
        owner.user_id, message.attachments[0].sha256 or ""
    )
    assert message.text == "[照片：IMG_1.jpg]\n看看我家猫"
    reply = container.db.messages.of(owner, message.session_id)[-1]
    trace = container.db.traces.get(owner, reply.id)
    assert trace is not None
    assert trace.picture_tokens == 255
    # What is in it becomes part of the message once it is learnt from.
    container.extraction_worker.run_now(owner, message.session_id)
    assert container.extraction_worker.wait_idle(30)
    now = container.db.messages.get(owner, message.id)
    assert now.text == f"[照片：{CAPTION}]\n看看我家猫"
    assert now.typed == "看看我家猫"
    assert CAPTION in fake.chats()[-1].prompt


def test_one_may_ask_on_about_a_photo(connect: Callable[..., Container], fake: FakeOpenAI) -> None:
    container = connect()
    owner, message = show(container)
    list(container.companion.reply(owner, message.session_id, "它是什么颜色的？"))
    assert len(pictures(fake.chats()[-1].body)) == 1


def test_a_model_that_does_not_see_gets_the_words_alone(
    connect: Callable[..., Container], fake: FakeOpenAI
) -> None:
    container = connect("fake-chat")
    owner, message = show(container)
    assert pictures(fake.chats()[0].body) == []
    assert "[照片：IMG_1.jpg]" in fake.chats()[0].prompt
    assert container.attachment_files.has(owner.user_id, message.attachments[0].sha256 or "")


def test_an_endpoint_that_refuses_photos_is_believed(
    connect: Callable[..., Container], fake: FakeOpenAI
) -> None:
    fake.sees = False
    container = connect(vision="auto")
    owner, message = show(container)
    reply = container.db.messages.of(owner, message.session_id)[-1]
    assert reply.text
    assert [len(pictures(chat.body)) for chat in fake.chats()] == [1, 0]
    show(container)
    assert pictures(fake.chats()[-1].body) == []
    assert len(fake.chats()) == 3


def test_a_photo_that_is_not_to_be_kept_is_shown_once_and_gone(
    connect: Callable[..., Container], fake: FakeOpenAI
) -> None:
    container = connect(keep_attachments="false")
    owner, message = show(container)
    assert len(pictures(fake.chats()[0].body)) == 1
    assert not container.attachment_files.has(owner.user_id, message.attachments[0].sha256 or "")
    assert not (container.settings.data_dir / "attachments").exists()
    container.erase_user(owner.user_id)
    assert message.attachments[0].sha256
