"""The chat page: what a person does on it, and what the database holds afterwards."""

from __future__ import annotations

import threading

import pytest

from components import runtime
from components.chat import composer as chat_composer
from components.chat import messages as chat_messages
from components.text import catalogue
from memory.chat.companion import MAX_MESSAGE, Companion
from memory.container import Container
from memory.errors import FolderUnusable, WorkerDied
from memory.types import MemoryFilter, MessageState, Owner, SessionSummary, User
from tests.pages.chat_page import ZH, OpenApp, button, said, say, session_id, stored


def test_the_first_visit_asks_who_it_is_and_then_opens(
    running: Container, open_app: OpenApp
) -> None:
    app = open_app()
    assert not app.chat_input
    app.text_input[0].set_value("小雨")
    app.button[0].click().run()
    assert not app.exception
    (user,) = running.db.users.all()
    assert user.name == "小雨"
    assert len(app.chat_message) == 1
    (opening,) = stored(running, Owner(user.id, "niannian"), app)
    assert opening.opening


def test_a_message_is_answered_and_kept(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "我对花生过敏")
    assert not app.exception
    _, question, answer = stored(running, owner, app)
    assert (question.text, answer.state) == ("我对花生过敏", MessageState.DONE)
    assert [m.avatar is not None for m in app.chat_message] == [True, True, True]
    assert question.text in [t.value for t in app.text]
    assert answer.text in [m.value for m in app.markdown]
    assert running.db.traces.get(owner, answer.id) is not None


def test_history_is_there_after_a_reload(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    first = say(open_app(), "我养了一只猫")
    again = open_app(user=owner.user_id, persona="niannian", session=session_id(first))
    assert "我养了一只猫" in [t.value for t in again.text]


def test_html_and_markdown_of_a_person_are_shown_as_typed(user: User, open_app: OpenApp) -> None:
    text = "<script>alert(1)</script> **粗** ![x](http://127.0.0.1:9/x.png) $5"
    app = say(open_app(), text)
    assert text in [t.value for t in app.text]
    assert not [m.value for m in app.markdown if "![" in m.value or "<script" in m.value]


def test_an_emoji_is_a_message_and_nothing_is_not(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "   ")
    assert len(stored(running, owner, app)) == 1
    app = say(app, "😀😀")
    assert not app.exception
    assert [m.text for m in stored(running, owner, app)][1] == "😀😀"


def test_a_message_too_long_is_given_back(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    text = "哈" * (MAX_MESSAGE + 1)
    app = say(open_app(), text)
    assert len(stored(running, owner, app)) == 1
    assert str(MAX_MESSAGE) in app.warning[0].value
    assert app.chat_input[0].proto.value == text


def test_danger_is_answered_with_help_lines_before_the_reply(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "我真的不想活了")
    _, question, answer = stored(running, owner, app)
    assert question.care == "suicide"
    shown = [m.value for m in app.markdown]
    (line,) = [i for i, value in enumerate(shown) if "12356" in value]
    assert line < shown.index(answer.text)
    # A phone's screen holds four; none is further away than one click.
    assert sum("24 小时" in value for value in shown) >= 4
    assert any(one.label.startswith("还有") for one in app.expander)


def test_who_said_it_is_not_told_that_they_may_say_it(user: User, open_app: OpenApp) -> None:
    gentle = catalogue("zh")["care.who_listens"]
    app = say(open_app(), "最近真的撑得好累，什么都提不起劲")
    assert gentle in [one.label for one in app.expander]
    app = say(app, "我今晚就想结束自己的生命")
    app = say(app, "最近真的撑得好累，什么都提不起劲")
    assert gentle not in [one.label for one in app.expander]


def test_sadness_alone_is_no_alarm(user: User, open_app: OpenApp) -> None:
    app = say(open_app(), "今天有点难过")
    assert not [m for m in app.markdown if "12356" in m.value]


def test_a_reply_of_another_tab_is_followed_until_it_is_stopped(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = open_app()
    turn = running.companion.reply(owner, session_id(app), "你好呀", language="zh")
    run = running.replies.start(turn, pace=0.4)
    pieces, _ = run.read(0, 10)
    timer = threading.Timer(0.6, run.stop)
    timer.start()
    app.run()
    assert not app.exception
    answer = stored(running, owner, app)[-1]
    assert answer.state is MessageState.STOPPED
    assert answer.text.startswith("".join(pieces))
    assert said(app).count(answer.text) == 1
    assert "stop_reply" not in [b.key for b in app.button]


def test_who_speaks_meanwhile_ends_the_reply(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = open_app()
    turn = running.companion.reply(owner, session_id(app), "你好呀", language="zh")
    running.replies.start(turn, pace=0.4).read(0, 10)
    say(app, "等等，我想换个话题")
    app.run()
    messages = stored(running, owner, app)
    mine = [m.text for m in messages if m.role == "user"]
    assert mine == ["你好呀", "等等，我想换个话题"]
    assert [m.state for m in messages if m.reply_to] == [MessageState.STOPPED, MessageState.DONE]


def test_what_must_not_be_remembered_is_marked(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = open_app()
    app.toggle(key=chat_composer.DONT_REMEMBER).set_value(True)
    app = say(app, "我住在杭州")
    assert [m.remember for m in stored(running, owner, app)][1:] == [False, False]


def test_remember_now_shows_chips_that_can_be_undone(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "我对花生过敏")
    app.button(key="remember_now").click().run()
    assert running.extraction_worker.wait_idle()
    app.run()
    memories = running.store.reads.matching(owner, MemoryFilter())
    assert [m for m in memories if "花生" in m.text]
    assert [b for b in app.button if "花生" in b.label]
    app.button(key="undo_news").click().run()
    assert not [m for m in running.store.reads.matching(owner, MemoryFilter()) if "花生" in m.text]
    assert any(ZH["chat.news_undone"] in c.value for c in app.caption)


def test_what_was_set_aside_is_said_and_tried_again_by_hand(
    running: Container, owner: Owner, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> object:
        raise WorkerDied(exit=-9)

    monkeypatch.setattr(running.worker, "run", dies)
    app = say(open_app(), "我对花生过敏")
    session = session_id(app)
    sentence = ZH["error.set_aside"]
    for _ in range(3):
        assert not any(sentence in c.value for c in app.caption)
        running.extraction_worker.run_now(owner, session)
        assert running.extraction_worker.wait_idle()
        app.run()
    assert any(sentence in c.value for c in app.caption)
    assert not [b for b in app.button if b.key == "remember_now"], "that would not run it"
    monkeypatch.undo()
    app.button(key="try_set_aside").click().run()
    assert running.extraction_worker.wait_idle()
    app.run()
    assert not any(sentence in c.value for c in app.caption)
    assert [m for m in running.store.reads.matching(owner, MemoryFilter()) if "花生" in m.text]


def test_a_second_answer_takes_the_place_of_the_first(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "你喜欢什么？")
    first = stored(running, owner, app)[-1]
    button(app, "again_").click().run()  # type: ignore[attr-defined]
    now = stored(running, owner, app)
    assert len(now) == 3
    assert now[-1].id != first.id
    assert running.db.messages.get(owner, first.id).state is MessageState.REPLACED
    assert len(app.chat_message) == 3


def test_the_trace_shows_what_was_used_and_lets_it_be_forgotten(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "我对花生过敏")
    app.button(key="remember_now").click().run()
    assert running.extraction_worker.wait_idle()
    app = say(app, "你还记得我对什么过敏吗？")
    button(app, f"why_{stored(running, owner, app)[-1].id}").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    assert [t for t in app.text if "花生" in t.value]
    forget = next(b for b in app.button if (b.key or "").endswith("_forget"))
    forget.click().run()
    assert not [m for m in running.store.reads.matching(owner, MemoryFilter()) if "花生" in m.text]


def test_a_long_chat_shows_its_end_first(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    session = running.db.sessions.create(owner, "很长")
    for number in range(100):
        role = "user" if number % 2 == 0 else "assistant"
        running.db.messages.add(owner, session.id, role, f"第{number}句", state=MessageState.DONE)
    app = open_app(user=owner.user_id, session=session.id)
    assert len(app.chat_message) == chat_messages.FIRST_SHOWN
    app.button(key="earlier").click().run()
    assert len(app.chat_message) == chat_messages.FIRST_SHOWN + chat_messages.MORE


def test_a_dead_endpoint_is_one_sentence_and_a_way_to_retry(
    monkeypatch: pytest.MonkeyPatch, open_app: OpenApp
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    runtime.reload()
    running = runtime.container()
    user = running.db.users.create("小雨", language="zh")
    app = say(open_app(), "在吗")
    owner = Owner(user.id, "niannian")
    assert stored(running, owner, app)[-1].state is MessageState.FAILED
    assert stored(running, owner, app)[1].text == "在吗"
    assert any(ZH["error.model_unreachable"] in c.value for c in app.caption)
    assert [b for b in app.button if b.label == ZH["chat.retry"]]


def test_without_a_language_model_the_page_says_so(user: User, open_app: OpenApp) -> None:
    app = open_app()
    assert any("没有接入语言模型" in c.value for c in app.caption)


def test_each_user_has_the_language_they_chose(running: Container, open_app: OpenApp) -> None:
    user = running.db.users.create("Mia", language="en")
    app = open_app(user=user.id)
    assert app.chat_input[0].placeholder == catalogue("en")["chat.placeholder"].format(
        name="Niannian"
    )


def test_with_several_users_nobody_is_shown_anothers_chat(
    running: Container, user: User, open_app: OpenApp
) -> None:
    other = running.db.users.create("阿明")
    app = open_app()
    assert not app.chat_input
    app.button(key=f"be_{other.id}").click().run()
    assert app.query_params["user"] == other.id
    assert app.chat_input


def test_a_wrong_setting_stops_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, open_app: OpenApp
) -> None:
    monkeypatch.setenv("NIANNIAN_BATCH_TURNS", "many")
    app = open_app()
    assert not app.exception
    assert "NIANNIAN_BATCH_TURNS" in app.error[0].value
    assert "many" in app.error[0].value


@pytest.mark.parametrize("state", [MessageState.INTERRUPTED, MessageState.STOPPED])
def test_half_a_reply_is_kept_with_a_word_about_it(
    running: Container, owner: Owner, open_app: OpenApp, state: MessageState
) -> None:
    session = running.db.sessions.create(owner, "说到一半")
    asked = running.db.messages.add(owner, session.id, "user", "讲个故事", state=MessageState.DONE)
    running.db.messages.add(
        owner, session.id, "assistant", "从前有座山", state=state, reply_to=asked.id
    )
    app = open_app(user=owner.user_id, session=session.id)
    assert "从前有座山" in [m.value for m in app.markdown]
    assert any(ZH[f"chat.{state}"] in c.value for c in app.caption)
    assert [b for b in app.button if b.label == ZH["chat.retry"]]


def test_a_message_that_cannot_be_stored_is_given_back(
    user: User, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise FolderUnusable(folder="data", why="disk full")

    app = open_app()
    monkeypatch.setattr(Companion, "reply", full)
    app = say(app, "别弄丢这句")
    assert not app.exception
    assert "磁盘满了" in app.warning[0].value
    assert app.chat_input[0].proto.value == "别弄丢这句"


def test_any_sentence_is_found_and_jumped_to(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    old = running.db.sessions.create(owner, "旅行")
    asked = running.db.messages.add(owner, old.id, "user", "龙井村的茶山真安静")
    running.db.messages.add(owner, old.id, "assistant", "下次再去", reply_to=asked.id)
    app = say(open_app(), "早上好")
    app.text_input(key="session_query").set_value("茶山").run()
    app.button(key=f"go_hit_{asked.id}").click().run()
    assert not app.exception
    assert (session_id(app), app.query_params["message"]) == (old.id, asked.id)
    assert "龙井村的茶山真安静" in [t.value for t in app.text]


def test_what_is_quoted_is_answered_to(running: Container, owner: Owner, open_app: OpenApp) -> None:
    app = say(open_app(), "早上好")
    answer = stored(running, owner, app)[-1]
    app.menu_button(key=f"more_{answer.id}").click("quote").run()
    assert app.chat_input[0].proto.value.startswith(f"> {answer.text[:4]}")
    app = say(app, "> 我养了一只叫半盏的猫\n\n真可爱")
    assert not app.exception
    assert "真可爱" in [t.value for t in app.text]
    assert "> 我养了一只叫半盏的猫" in [c.value for c in app.caption]


def test_a_stranger_is_greeted_as_one_and_can_begin_with_a_tap(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = open_app()
    (opening,) = stored(running, owner, app)
    assert "第一次见面" in opening.text
    assert "又" not in opening.text
    app.button(key="choose_qing").click().run()
    qing = Owner(owner.user_id, "qing")
    assert "我是阿晴" in stored(running, qing, app)[0].text
    app.button(key="opener_you").click().run()
    assert not app.exception
    assert [m.text for m in stored(running, qing, app)][1] == ZH["first_visit.you"]
    keys = [b.key or "" for b in app.button]
    assert not [key for key in keys if key.startswith(("opener_", "choose_"))]
    # Who was here before is no stranger any more.
    app.button(key="new_session").click().run()
    assert "第一次见面" not in stored(running, qing, app)[0].text


def test_a_summary_is_read_and_edited_above_the_chat(
    monkeypatch: pytest.MonkeyPatch, user: User, owner: Owner, open_app: OpenApp
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    runtime.reload()
    running = runtime.container()
    session = running.db.sessions.create(owner, "旅行")
    running.db.messages.add(owner, session.id, "user", "很早的一句")
    running.db.sessions.summarise(
        owner, session.id, SessionSummary("用户说起西湖。", 1, running.clock(), prompt_tokens=1200)
    )
    app = open_app(user=user.id, session=session.id)
    assert "用户说起西湖。" in said(app)
    assert any("1,200" in text for text in said(app))
    button(app, "summary_edit").click().run()  # type: ignore[attr-defined]
    app.text_area[0].set_value("用户说起断桥。").run()
    button(app, "summary_save").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    kept = running.db.sessions.get(owner, session.id).summary
    assert kept is not None
    assert (kept.text, kept.edited, kept.upto) == ("用户说起断桥。", True, 1)
    assert "用户说起断桥。" in said(app)
    button(app, "summary_rewrite").click().run()  # type: ignore[attr-defined]
    assert running.db.sessions.get(owner, session.id).summary is None
