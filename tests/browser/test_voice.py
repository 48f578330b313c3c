"""Speaking, showing and reading in a real browser, with a microphone that plays a file."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from memory.llm.speech import silence
from tests.browser import actions
from tests.browser.app_process import WITHOUT_ENCODER, AppProcess
from tests.browser.chromium import CAMERA, another, microphone
from tests.fakes.documents import pages_of, pdf, scanned_pdf
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.photos import photo

SPEECH = """
window.said = [];
const heard = { speaking: false, cancel() {}, speak(words) {
  window.said.push(words.text);
  setTimeout(() => words.onend && words.onend({}), 20);
} };
Object.defineProperty(window, "speechSynthesis", { value: heard });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
"""Chromium has the browser's speech, and here no voice: one that notes what it is given."""


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def app(tmp_path: Path, fake: FakeOpenAI) -> Iterator[AppProcess]:
    process = AppProcess(
        tmp_path / "data",
        **WITHOUT_ENCODER,
        NIANNIAN_SPEECH_BASE_URL=fake.url,
        NIANNIAN_TRANSCRIPTION_MODEL="fake-ear",
        NIANNIAN_ALWAYS_READ="niannian",
    )
    process.start()
    yield process
    process.stop()


@pytest.fixture
def page(tmp_path: Path, browser: Browser) -> Iterator[Page]:
    said = tmp_path / "said.wav"
    said.write_bytes(silence(3.0).data)
    with another(browser, *microphone(str(said))) as hearing:
        context = hearing.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["microphone"]
        )
        context.set_default_timeout(30_000)
        context.add_init_script(SPEECH)
        yield context.new_page()
        context.close()


def record(page: Page, seconds: float = 2.5) -> None:
    page.get_by_test_id("stChatInputMicButton").click()
    page.wait_for_timeout(seconds * 1000)
    page.get_by_test_id("stChatInputApproveButton").click()


def attach(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.locator("[data-testid='stChatInput'] input[type=file]").set_input_files(path)
    page.get_by_test_id("stChatInput").get_by_text(path.name).wait_for()


def send_with_files(page: Page, text: str) -> None:
    """Say something to what was attached, once that is uploaded."""
    actions.box(page).fill(text)
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()
    actions.box(page).press("Enter")


def test_what_is_spoken_is_put_right_and_sent(
    app: AppProcess, page: Page, fake: FakeOpenAI
) -> None:
    actions.create_profile(page, app.url, "小雨")
    record(page)
    expect(actions.box(page)).to_have_value("我对花生过敏。")
    expect(page.get_by_text("听写好了")).to_be_visible()
    sent = fake.requests[0].body["file"]
    with wave.open(str(_written(app, sent))) as heard:
        assert heard.getframerate() == 16_000
    actions.box(page).fill("我对花生和腰果过敏。")
    actions.box(page).press("Enter")
    actions.expect_said(page, ["我对花生和腰果过敏。"])
    expect(page.get_by_text("说了")).to_be_visible()
    # Read as it came, each sentence once.
    page.wait_for_function("window.said.length > 0")
    reply = page.locator("[data-testid='stChatMessage']").last.locator("p").first.inner_text()
    page.wait_for_function("text => window.said.join('') === text", arg=reply.replace("\n", ""))
    # Nobody speaks: nothing is sent, and one sentence says so.
    fake.heard = ""
    record(page)
    expect(page.get_by_text("没有听到说话")).to_be_visible()
    fake.fail(401)
    record(page)
    expect(page.get_by_text("语音接口的密钥没有被接受")).to_be_visible()
    # The browser reads, and says that it does.
    button = page.get_by_role("button", name="朗读").last
    expect(button).to_have_attribute("title", "由浏览器朗读；有的浏览器会把文字交给它的厂商。")


def test_a_photo_and_a_document_without_a_model(
    app: AppProcess, page: Page, tmp_path: Path
) -> None:
    actions.create_profile(page, app.url, "小雨")
    attach(page, tmp_path / "晚霞.jpg", photo())
    send_with_files(page, "你看")
    expect(page.get_by_text("照片收好了；内置规则看不了")).to_be_visible()
    expect(
        page.locator("[data-testid='stChatMessage'] [data-testid='stImage'] img")
    ).to_be_visible()
    attach(page, tmp_path / "合同.pdf", pdf(*pages_of(200)))
    send_with_files(page, "合同")
    expect(page.get_by_text("合同.pdf · 200 页")).to_be_visible()
    attach(page, tmp_path / "扫描.pdf", scanned_pdf())
    send_with_files(page, "扫描件")
    expect(page.get_by_text("“扫描.pdf”里没有文字，像是扫描件")).to_be_visible()
    expect(actions.box(page)).to_have_value("扫描件")


@pytest.fixture
def seeing(browser: Browser) -> Iterator[Page]:
    with another(browser, *CAMERA) as with_camera:
        context = with_camera.new_context(locale="zh-CN", permissions=["camera"])
        context.set_default_timeout(30_000)
        yield context.new_page()
        context.close()


def test_a_photo_is_taken_and_sent_with_or_without_a_word(app: AppProcess, seeing: Page) -> None:
    page = seeing
    actions.create_profile(page, app.url, "小雨")
    pictures = page.locator("[data-testid='stChatMessage'] [data-testid='stImage'] img")
    for number, send in enumerate((_with_a_word, _without_a_word), start=1):
        page.get_by_role("button", name="拍照").click()
        page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.5")
        page.locator("[data-testid='stCameraInputButton']").last.click()
        page.get_by_role("button", name="用这张").click()
        expect(page.get_by_text("1 个文件会和下一句话一起发出去")).to_be_visible()
        send(page)
        expect(pictures).to_have_count(number)
        expect(page.get_by_text("1 个文件会和下一句话一起发出去")).to_have_count(0)


def _with_a_word(page: Page) -> None:
    actions.box(page).fill("看我的新帽子")
    actions.box(page).press("Enter")
    expect(page.locator("[data-testid='stChatMessage']", has_text="看我的新帽子")).to_have_count(1)


def _without_a_word(page: Page) -> None:
    page.get_by_role("button", name="现在就发").click()


@pytest.mark.exhaustive
def test_an_endpoint_reads_in_the_voice_of_the_persona(
    tmp_path: Path, page: Page, fake: FakeOpenAI
) -> None:
    process = AppProcess(
        tmp_path / "spoken",
        **WITHOUT_ENCODER,
        NIANNIAN_SPEECH_BASE_URL=fake.url,
        NIANNIAN_SPEECH_MODEL="fake-voice",
        NIANNIAN_VOICES='{"niannian": "nova"}',
    )
    process.start()
    try:
        actions.create_profile(page, process.url, "小雨")
        page.get_by_role("button", name="朗读").click()
        expect(page.locator("[data-testid='stAudio']")).to_have_count(1)
        assert [request.body["voice"] for request in fake.requests] == ["nova"]
        page.get_by_role("button", name="停").click()
        expect(page.locator("[data-testid='stAudio']")).to_have_count(0)
        fake.fail(500)
        page.get_by_role("button", name="朗读").click()
        expect(page.get_by_text("语音接口没能完成")).to_be_visible()
    finally:
        process.stop()


def _written(app: AppProcess, data: bytes) -> Path:
    path = app.data_dir.parent / "heard.wav"
    path.write_bytes(data)
    return path
