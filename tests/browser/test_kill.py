"""``kill -9`` in the middle: after the next start nothing is lost and nothing is doubled."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from memory.types import BatchState, ChangeAction, MessageState
from tests.browser import actions, house
from tests.browser.app_process import ROOT, WITHOUT_ENCODER, AppProcess
from tests.browser.endpoint import Script, environment, serve

LONG = "从前有一座山，山上有一棵很老的银杏树，树下住着一只不爱说话的猫，它每天数叶子。" * 2
FACTS = (("我对花生过敏。", "用户对花生过敏"), ("我住在杭州。", "用户住在杭州"))


def reopened(app: AppProcess, page: Page) -> None:
    """Start again after a kill and look at the chat."""
    app.start()
    page.goto(app.url)
    expect(page.locator(".st-key-chat_head")).to_be_visible(timeout=60_000)
    actions.settled(page)


def test_during_a_reply(tmp_path: Path, page: Page) -> None:
    with serve(Script(replies=[LONG, "重新讲：山上有一只猫。"]), delay=0.25) as server:
        app = AppProcess(tmp_path / "data", **environment(server))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            actions.send(page, "给我讲个故事。")
            last = page.get_by_test_id("stChatMessage").last
            # Further than what one second brings: what was said is written down each second.
            expect(last).to_contain_text(LONG[:24], timeout=actions.SETTLED)
            app.kill()
            with house.opened(app.data_dir) as found:
                opening, asked, cut = found.messages()
                assert opening.opening
                assert (asked.text, asked.state) == ("给我讲个故事。", MessageState.DONE)
                assert cut.state is MessageState.STREAMING
                assert LONG.startswith(cut.text)
                assert len(cut.text) >= 9

            reopened(app, page)
            expect(page.get_by_test_id("stChatMessage")).to_have_count(3)
            expect(last).to_contain_text("没有说完")
            expect(last).to_contain_text(cut.text)
            actions.expect_said(page, ["给我讲个故事。"])
            last.get_by_role("button", name="再试一次").click()
            expect(last).to_contain_text("重新讲：山上有一只猫。", timeout=actions.SETTLED)
            expect(last.get_by_role("button", name="换个回答")).to_be_visible()
        finally:
            app.stop()
    with house.opened(app.data_dir) as found:
        messages = found.messages()
        assert [m.state for m in messages] == [
            *(MessageState.DONE, MessageState.DONE),
            *(MessageState.REPLACED, MessageState.DONE),
        ]
        assert messages[2].text == cut.text, "what was said before is set aside, not erased"
        assert found.db.batches.unbatched_turns(found.owner, messages[0].session_id) == 1


def facts(body: Mapping[str, Any]) -> str:
    """Both facts as memories."""
    memories = [
        {"action": "ADD", "text": text, "subject": "user", "kind": "constant", "category": "other"}
        for _, text in FACTS
    ]
    return json.dumps({"memories": memories}, ensure_ascii=False)


# While the endpoint thinks, and at moments around the writing of what it answered.
@pytest.mark.parametrize("after_answer", [None, pytest.param(0.02, marks=pytest.mark.exhaustive)])
def test_during_an_extraction(tmp_path: Path, page: Page, after_answer: float | None) -> None:
    script = Script(extraction=facts)
    with serve(script) as server:
        app = AppProcess(tmp_path / "data", **environment(server, NIANNIAN_BATCH_TURNS="2"))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            for said, _ in FACTS:
                actions.say(page, said)
            assert script.extracting.wait(30)
            if after_answer is not None:
                script.may_extract.set()
                # Not a wait for something: the moment of the kill is what varies.
                time.sleep(after_answer)
            app.kill()
            script.may_extract.set()
            if after_answer is None:
                with house.opened(app.data_dir) as found:
                    assert [b.state for b in found.batches()] == [BatchState.WORKING]
                    assert found.memories() == []

            reopened(app, page)
            actions.expect_said(page, [said for said, _ in FACTS])
            actions.open_page(page, "memories")
            look_until_remembered(page)
            assert set(actions.table(page, count=2)) == {text for _, text in FACTS}
            before = script.extractions
            app.stop()
            reopened(app, page)
            assert script.extractions == before, "a batch that is done isn't taken up again"
        finally:
            app.stop()
    with house.opened(app.data_dir) as found:
        assert sorted(m.text for m in found.memories()) == sorted(text for _, text in FACTS)
        assert [b.state for b in found.batches()] == [BatchState.DONE]
        changes = found.db.history.of(found.owner, limit=None)
        assert [c.action for c in changes] == [ChangeAction.ADD] * 2
        assert found.db.history.owed() == []
        assert found.db.batches.unbatched_turns(found.owner, found.messages()[0].session_id) == 0


def look_until_remembered(page: Page) -> None:
    """A batch that is being taken up shows on this page once somebody looks again."""
    table, either = (
        "[data-testid='stDataFrame']",
        ".st-key-nothing_yet, [data-testid='stDataFrame']",
    )
    for _ in range(30):
        expect(page.locator(either).first).to_be_visible(timeout=actions.SETTLED)
        if page.locator(table).count():
            return
        page.wait_for_timeout(300)
        page.reload()


@pytest.mark.exhaustive  # a minute; test_while_many_edits_go_on kills edits as well
def test_during_an_edit(tmp_path: Path, page: Page) -> None:
    app = AppProcess(tmp_path / "data", **WITHOUT_ENCODER)
    app.start()
    now, edits = "用户对花生过敏", 0
    try:
        actions.create_profile(page, app.url, "小雨")
        actions.say(page, "我对花生过敏。")
        actions.remember_now(page)
        for number, seen in enumerate((False, False, True)):
            wanted = f"用户对花生和{'腰果榛子核桃'[2 * number : 2 * number + 2]}过敏"
            actions.open_page(page, "memories")
            actions.view(page, "画像")
            actions.rewrite(page, actions.open_memory(page, now), wanted)
            if seen:
                expect(actions.notice(page)).to_contain_text("已修改 1 条")
            app.kill()
            reopened(app, page)
            actions.open_page(page, "memories")
            (shown,) = actions.table(page, count=1)
            assert shown in ({wanted} if seen else {now, wanted})
            edits += shown == wanted
            now = shown
            actions.open_page(page, "chat")
    finally:
        app.stop()
    with house.opened(app.data_dir) as found:
        assert [m.text for m in found.memories()] == [now]
        changes = found.db.history.of(found.owner, limit=None)
        done = [c.action for c in changes]
        assert sorted(done) == sorted([ChangeAction.ADD] + [ChangeAction.EDIT] * edits)
        assert found.db.history.owed() == []


MANY_EDITS = """
import itertools, sys
from pathlib import Path
from memory.config import load_settings
from memory.container import build
from memory.types import Actor, Kind, MemoryDraft, Owner, Subject

running = build(load_settings())
user = running.db.users.create("小雨")
owner = Owner(user.id, "niannian")
draft = lambda n: MemoryDraft(f"用户记下的第{n}件事", Subject.USER, Kind.CONSTANT)
ids = [memory.id for memory in running.memory_service.add_many(owner, [draft(n) for n in range(20)])]
for round in itertools.count(1):
    print("begin", round, flush=True)
    running.memory_service.edit_many(owner, ids, importance=round % 5 + 1, actor=Actor.HAND)
    print("done", round, flush=True)
"""


@pytest.mark.parametrize("rounds", [3, pytest.param(8, marks=pytest.mark.exhaustive)])
def test_while_many_edits_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """What was reported as done is there, all of it; what was under way is all or nothing."""
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    process = subprocess.Popen(
        [sys.executable, "-c", MANY_EDITS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.split())
        if lines[-1] == ["begin", str(rounds)]:
            break
    time.sleep(0.004 * rounds)
    process.send_signal(signal.SIGKILL)
    lines += [line.split() for line in process.stdout if re.fullmatch(r"(begin|done) \d+\n", line)]
    assert process.wait() == -signal.SIGKILL

    done = max(int(number) for word, number in lines if word == "done")
    with house.opened(tmp_path) as found:
        memory_service = found.memory_service()
        memory_service.history_first.recover()
        importances = {memory.importance for memory in found.memories()}
        assert importances in ({done % 5 + 1}, {(done + 1) % 5 + 1})
        assert len(found.memories()) == 20
        journal = found.db.history.of(found.owner, limit=None)
        finished = done + (importances == {(done + 1) % 5 + 1})
        assert len(journal) == 20 + 20 * finished
        assert found.db.history.owed() == []
