"""The studio page: edit, save, restore, try, extract anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from components.text import catalogue
from memory.container import Container
from memory.llm.prompts import load_prompt, prompt_text
from memory.types import Kind, MemoryDraft, MemoryFilter, Owner, Source, Status, Subject
from tests.fakes.openai_server import FakeOpenAI

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]
TALK = "2025-10-18\n我：我喜欢吃火锅。\n念念：真好。\n我：我的密码是 hunter2!"


@pytest.fixture
def open_tab(open_page_named: Callable[[str], AppTest]) -> Callable[[str], AppTest]:
    def open_it(name: str) -> AppTest:
        app = open_page_named("studio")
        app.session_state["studio_tabs"] = ZH[f"studio.tab_{name}"]
        return app.run()

    return open_it


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.success, app.warning, app.toast)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def the_text(app: AppTest, holding: str = "## system") -> object:
    return next(area for area in app.text_area if holding in (area.value or ""))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "fake-chat")
        runtime.reload()
        yield server


def test_a_prompt_is_edited_saved_and_restored(open_tab: OpenApp, running: Container) -> None:
    app = open_tab("prompts")
    assert not app.exception
    shipped = prompt_text("extract", "zh")
    area = the_text(app)
    assert area.value == shipped
    area.set_value(shipped.replace("你为 AI 伴侣", "你专为 AI 伴侣")).run()
    assert not app.error
    assert "<ins>专</ins>" in html(app)
    app.button(key="studio_save_button_extract").click().run()
    assert not app.exception
    assert ZH["studio.saved"] in said(app)
    assert "你专为" in running.studio.loaded("extract", "zh").system
    assert "你专为" in the_text(app).value
    app.button(key="studio_restore_extract_shipped").click().run()
    assert running.studio.loaded("extract", "zh") == load_prompt("extract", "zh")
    assert the_text(app).value == shipped
    (version,) = running.studio.versions("extract", "zh")
    app.button(key=f"studio_restore_extract_{version.id}").click().run()
    assert "你专为" in running.studio.loaded("extract", "zh").system


def test_looking_at_a_persona_in_fields_changes_nothing(open_tab: OpenApp) -> None:
    app = open_tab("personas")
    assert not app.exception
    examples = [area for area in app.text_area if "=>" in (area.value or "")]
    assert len(examples) == 2
    assert app.button(key="studio_discard_persona").disabled


def test_a_broken_prompt_is_refused_in_words(open_tab: OpenApp, running: Container) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh").replace("{known}", "{knwon}")).run()
    (error,) = [e.value for e in app.error]
    assert "knwon" in error
    assert "known" in error
    assert "[" not in error
    assert app.button(key="studio_save_button_extract").disabled
    app.button(key="studio_discard_extract").click().run()
    assert not app.error
    assert the_text(app).value == prompt_text("extract", "zh")
    assert running.studio.versions("extract", "zh") == []


def test_edits_outlive_a_look_at_another_tab(open_tab: OpenApp) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多一行").run()
    app.session_state["studio_tabs"] = ZH["studio.tab_personas"]
    app.run()
    assert not [a for a in app.text_area if "## system" in (a.value or "")]
    app.session_state["studio_tabs"] = ZH["studio.tab_prompts"]
    app.run()
    assert the_text(app).value.endswith("多一行")


def test_edits_survive_a_click_on_another_tab_that_ends_the_typing(open_tab: OpenApp) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多一行")
    app.session_state["studio_tabs"] = ZH["studio.tab_personas"]
    app.run()
    field = next(a for a in app.text_input if a.value == "慢慢说，我听着呢")
    field.set_value("我在听")
    app.session_state["studio_tabs"] = ZH["studio.tab_prompts"]
    app.run()
    assert the_text(app).value.endswith("多一行")
    app.session_state["studio_tabs"] = ZH["studio.tab_personas"]
    app.run()
    assert not app.exception
    assert "我在听" in [a.value for a in app.text_input]
    assert not app.button(key="studio_save_button_persona").disabled


def test_edits_survive_a_click_on_another_page_that_ends_the_typing(open_tab: OpenApp) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多一行")
    app.switch_page("pages/chat.py").run()
    app.switch_page("pages/studio.py").run()
    assert not app.exception
    assert the_text(app).value.endswith("多一行")


def test_a_persona_survives_a_click_on_another_page_that_ends_the_typing(
    open_tab: OpenApp,
) -> None:
    app = open_tab("personas")
    next(a for a in app.text_input if a.value == "慢慢说，我听着呢").set_value("我在听")
    app.switch_page("pages/chat.py").run()
    app.switch_page("pages/studio.py").run()
    app.session_state["studio_tabs"] = ZH["studio.tab_personas"]
    app.run()
    assert not app.exception
    assert "我在听" in [a.value for a in app.text_input]
    assert not app.button(key="studio_save_button_persona").disabled


def test_edits_survive_a_click_on_another_prompt_that_ends_the_typing(open_tab: OpenApp) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多一行")
    app.segmented_control(key="studio_language").set_value("en").run()
    assert the_text(app).value == prompt_text("extract", "en")
    app.segmented_control(key="studio_language").set_value("zh").run()
    assert the_text(app).value.endswith("多一行")


def test_a_field_that_cannot_be_used_yet_is_still_there_after_another_tab(
    open_tab: OpenApp,
) -> None:
    app = open_tab("personas")
    next(a for a in app.text_input if a.value == "慢慢说，我听着呢").set_value(" ")
    app.session_state["studio_tabs"] = ZH["studio.tab_prompts"]
    app.run()
    app.session_state["studio_tabs"] = ZH["studio.tab_personas"]
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert " " in [a.value for a in app.text_input]


def test_saving_takes_what_was_typed_last(open_tab: OpenApp, running: Container) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多一行").run()
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多两行")
    app.button(key="studio_save_button_extract").click().run()
    assert not app.exception
    assert running.studio.text("extract", "zh").strip().endswith("多两行")


def test_discarding_wins_over_the_typing_it_ended(open_tab: OpenApp) -> None:
    app = open_tab("prompts")
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多一行").run()
    the_text(app).set_value(prompt_text("extract", "zh") + "\n多两行")
    app.button(key="studio_discard_extract").click().run()
    assert the_text(app).value == prompt_text("extract", "zh")


def test_a_persona_is_changed_in_fields(open_tab: OpenApp, running: Container) -> None:
    app = open_tab("personas")
    assert not app.exception
    field = next(a for a in app.text_input if a.value == "慢慢说，我听着呢")
    field.set_value("我在听").run()
    assert not app.error
    app.button(key="studio_save_button_persona").click().run()
    assert not app.exception
    assert running.personas["niannian"].text("zh").tagline == "我在听"
    assert "我在听" in said(app)

    field = next(a for a in app.text_input if a.value == "我在听")
    field.set_value(" ").run()
    (error,) = [e.value for e in app.error]
    assert ZH["studio.field_tagline"] in error
    assert app.button(key="studio_save_button_persona").disabled


def test_fields_and_file_of_a_persona_show_the_same_edits(open_tab: OpenApp) -> None:
    app = open_tab("personas")
    next(a for a in app.text_input if a.value == "慢慢说，我听着呢").set_value("我在听").run()
    app.segmented_control(key="studio_way").set_value("file").run()
    area = the_text(app, "[zh]")
    assert 'tagline = "我在听"' in area.value
    area.set_value(area.value.replace("我在听", "还在听")).run()
    app.segmented_control(key="studio_way").set_value("fields").run()
    assert not app.exception
    assert "还在听" in [a.value for a in app.text_input]
    app.segmented_control(key="studio_way").set_value("file").run()
    the_text(app, "[zh]").set_value("= = =").run()
    (error,) = [e.value for e in app.error]
    assert error.startswith("第 1 行")
    assert app.button(key="studio_save_button_persona").disabled


def test_a_persona_is_added_and_archived(open_tab: OpenApp, running: Container) -> None:
    app = open_tab("personas")
    assert "studio_archive_persona" not in [b.key for b in app.button]
    running.studio.add_persona("mimi", "niannian", {"zh": "咪咪", "en": "Mimi"})
    app.run()
    app.selectbox(key="studio_persona").set_value("mimi").run()
    app.button(key="studio_archive_persona").click().run()
    assert not app.exception
    assert "mimi" not in running.personas
    assert ZH["studio.persona_archived"] in said(app)
    (version,) = running.studio.versions("persona", "mimi")
    app.button(key=f"studio_restore_persona_{version.id}").click().run()
    assert "mimi" in running.personas


def test_without_an_endpoint_rules_extract_and_the_page_says_so(
    open_tab: OpenApp, running: Container, owner: Owner
) -> None:
    app = open_tab("playground")
    assert ZH["studio.only_rules"] in said(app)
    assert app.selectbox(key="studio_b_none").disabled
    app.text_area(key="studio_pasted").set_value(TALK).run()
    app.button(key="studio_try").click().run()
    assert not app.exception
    assert "用户喜欢吃火锅" in html(app)
    assert running.store.reads.count(owner) == 0
    app.button(key="studio_keep_0").click().run()
    assert not app.exception
    assert running.store.reads.count(owner) > 0
    app.button(key="studio_undo_last").click().run()
    assert running.store.reads.count(owner) == 0


def test_two_prompts_are_compared(
    server: FakeOpenAI, open_tab: OpenApp, running: Container, owner: Owner
) -> None:
    running.studio.save("extract", "zh", prompt_text("extract", "zh").replace("你为", "你专为"))

    def answer(body: object) -> str:
        edited = "你专为" in json.dumps(body, ensure_ascii=False)
        text = "用户最喜欢吃火锅" if edited else "用户喜欢吃火锅"
        items = [
            {"action": "ADD", "text": text, "subject": "user", "kind": "constant", "source": [1]},
            {"action": "ADD", "text": "用户的密码是 hunter2!", "subject": "user", "source": [3]},
        ]
        return "```json\n" + json.dumps({"memories": items}, ensure_ascii=False) + "\n```"

    server.answer = answer
    app = open_tab("playground")
    app.text_area(key="studio_pasted").set_value(TALK).run()
    app.button(key="studio_try").click().run()
    assert not app.exception
    table = html(app)
    assert 'class="changed"' in table
    assert ZH["studio.changed"] in table
    shown = said(app)
    assert ZH["word.refusal.secret"] in shown
    assert ZH["word.repair.fence"] in shown
    assert [c.value for c in app.code if "hunter2" in c.value]
    assert running.store.reads.count(owner) == 0
    app.button(key="studio_keep_1").click().run()
    (memory,) = running.store.reads.matching(owner, MemoryFilter())
    assert memory.source == Source()


def test_a_session_is_extracted_anew_and_only_what_is_ticked_is_applied(
    open_tab: OpenApp, running: Container, owner: Owner
) -> None:
    running.extraction_worker.stop()
    session = running.db.sessions.create(owner, "零食")
    message = running.db.messages.add(owner, session.id, "user", "我喜欢吃火锅。")
    running.db.messages.add(owner, session.id, "assistant", "嗯", reply_to=message.id)
    running.db.batches.make(owner, session.id)
    batch = running.db.leases.claim("test", running.clock())
    assert batch is not None
    running.extractor.run(batch)
    (memory,) = running.store.reads.matching(owner, MemoryFilter())
    running.memory_service.delete(owner, [memory.id])
    running.memory_service.add(
        owner,
        MemoryDraft(
            "用户去了月球", Subject.USER, Kind.CONSTANT, source=Source(session.id, (message.id,))
        ),
    )
    app = open_tab("reextract")
    app.button(key="studio_reextract").click().run()
    assert not app.exception
    ticks = {box.label: box.value for box in app.checkbox}
    assert ticks == {"用户喜欢吃火锅": True, "用户去了月球": False}
    assert [m.text for m in running.store.reads.matching(owner, MemoryFilter())] == ["用户去了月球"]
    app.button(key="studio_apply").click().run()
    assert not app.exception
    active = {m.text for m in running.store.reads.matching(owner, MemoryFilter())}
    assert active == {"用户去了月球", "用户喜欢吃火锅"}
    app.button(key="studio_undo_last").click().run()
    everything = running.store.reads.matching(owner, MemoryFilter(statuses=frozenset(Status)))
    assert [m.text for m in everything] == ["用户去了月球"]


def test_there_is_a_tab_for_recall(open_tab: OpenApp) -> None:
    app = open_tab("recall")
    assert not app.exception
    assert ZH["recall.about"] in said(app)


def care_set(app: AppTest, lines: list[dict[str, object]]) -> AppTest:
    """The playground with a care set chosen."""
    app.segmented_control(key="studio_source").set_value("care_set").run()
    body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    uploader = app.file_uploader(key="studio_care_file")
    return uploader.upload("set.jsonl", body.encode(), "application/json").run()


DANGER_CASE: dict[str, object] = {
    "id": "1", "lang": "zh", "kind": "plan", "expect": "help",
    "messages": ["我打算今晚从天台跳下去", "外面在下雨"],
}  # fmt: skip
SOUP_CASE: dict[str, object] = {
    "lang": "en",
    "kind": "daily",
    "expect": "none",
    "messages": ["Leek soup again"],
}


def test_a_care_set_is_said_to_the_builtin_companion(open_tab: OpenApp, running: Container) -> None:
    app = care_set(open_tab("playground"), [DANGER_CASE, SOUP_CASE])
    assert ZH["studio.care_read"].format(
        cases=2, messages=3, model=ZH["studio.care_builtin"]
    ) in said(app)
    app.button(key="studio_care_run").click().run()
    assert not app.exception
    assert ZH["studio.care_summary_help"].format(answers=2, helped=2, cheered=0) in said(app)
    assert ZH["studio.care_summary_none"].format(answers=1, helped=0, cheered=0) in said(app)
    figures, answers = (frame.value for frame in app.dataframe)
    assert figures[ZH["studio.care_kind"]].tolist() == ["plan", "daily"]
    assert answers[ZH["studio.care_said"]].tolist() == [
        "我打算今晚从天台跳下去",
        "外面在下雨",
        "Leek soup again",
    ]
    assert all(answers[ZH["studio.care_reply"]])
    # Nothing of it is stored.
    assert running.db.sessions.of(Owner("care-set", "niannian"), limit=5) == []


def test_a_care_set_is_said_to_the_configured_model(open_tab: OpenApp, server: FakeOpenAI) -> None:
    for _ in range(2):
        server.say("加油，祝你顺利！")
    app = care_set(open_tab("playground"), [DANGER_CASE])
    assert "fake-chat" in said(app)
    app.button(key="studio_care_run").click().run()
    assert not app.exception
    assert ZH["studio.care_summary_help"].format(answers=2, helped=2, cheered=2) in said(app)


def test_a_care_set_that_cannot_be_read_names_the_line(open_tab: OpenApp) -> None:
    app = care_set(open_tab("playground"), [SOUP_CASE, {"lang": "en"}])
    assert ZH["error.care_set_line"].format(line=2) in said(app)
    assert app.button(key="studio_care_run").disabled


def test_an_example_is_taught_tried_and_forgotten(open_tab: OpenApp, running: Container) -> None:
    app = open_tab("examples")
    app.text_input(key="studio_example_sentence").set_value("麻薯把沙发拆了")
    app.selectbox(key="studio_example_means").set_value("pet")
    app = next(b for b in app.button if b.label == ZH["studio.example_teach"]).click().run()
    assert not app.exception
    assert [one.meaning for one in running.taught()] == ["pet"]
    app = app.text_input(key="studio_example_try").set_value("麻薯把沙发拆了！").run()
    assert ZH["studio.example_as_taught"].partition("{")[0] in said(app)
    app = app.button(key="studio_example_forget_0").click().run()
    assert not running.taught()
