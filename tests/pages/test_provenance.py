"""From memories to messages and back; messages that are taken back; plans of the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.chat import messages as chat_messages
from components.text import catalogue
from memory.attachments.intake import GivenFile
from memory.container import Container
from memory.types import (
    Actor,
    Kind,
    Memory,
    Message,
    MessageState,
    Owner,
    Reason,
    Session,
    Source,
    Status,
    Subject,
    Trace,
    TraceItem,
)
from tests import verbs
from tests.fakes.photos import photo

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]
Turn = tuple[Message, Message]


@pytest.fixture
def session(running: Container, owner: Owner) -> Session:
    return running.db.sessions.create(owner, "闲聊")


@pytest.fixture
def turn(running: Container, owner: Owner, session: Session) -> Callable[..., Turn]:
    """A turn that was extracted already, so that nothing new comes of it."""

    def play(text: str, answer: str = "嗯", **more: Any) -> Turn:
        asked = running.db.messages.add(owner, session.id, "user", text, remember=False)
        said = running.db.messages.add(
            owner, session.id, "assistant", answer, remember=False, reply_to=asked.id, **more
        )
        return asked, said

    return play


@pytest.fixture
def remember(running: Container, owner: Owner) -> Callable[..., Memory]:
    def add(text: str, *sources: Message, **fields: Any) -> Memory:
        if sources:
            ids = tuple(message.id for message in sources)
            fields["source"] = Source(sources[0].session_id, ids, None)
        return verbs.remember(running, owner, text, actor=Actor.EXTRACTION, **fields)

    return add


@pytest.fixture
def open_chat(open_app: OpenApp, owner: Owner, session: Session) -> Callable[..., AppTest]:
    def open_it(**query: str) -> AppTest:
        return open_app(user=owner.user_id, session=session.id, **query)

    return open_it


@pytest.fixture
def open_memories(open_app: OpenApp, owner: Owner) -> Callable[..., AppTest]:
    def open_it(**query: str) -> AppTest:
        app = open_app(user=owner.user_id)
        app.switch_page("pages/memories.py")
        for name, value in {"user": owner.user_id, **query}.items():
            app.query_params[name] = value
        return app.run()

    return open_it


def words(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.text, app.header)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def choose(app: AppTest, message: Message, what: str) -> AppTest:
    """Take something from a message's menu."""
    return app.menu_button(key=f"more_{message.id}").click(what).run()


def has(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


# --- from a memory to the replies it shaped, and to a message --------------------------


def test_a_memory_lists_the_replies_it_was_used_in(
    running: Container,
    owner: Owner,
    turn: Callable[..., Turn],
    remember: Callable[..., Memory],
    open_memories: OpenApp,
) -> None:
    asked, answer = turn("我能吃花生酱吗", "不行呀，你对花生过敏")
    memory = remember("用户对花生过敏", asked)
    unused = remember("用户住在上海")
    item = TraceItem.of(memory, Reason.RECALL, 0.61)
    running.db.traces.save(
        owner, Trace(message_id=answer.id, items=(item,), created_at=running.clock())
    )
    said = words(open_memories(memory=memory.id))
    assert "不行呀，你对花生过敏" in said
    assert "回想 · 相关 0.61" in said
    assert "我能吃花生酱吗" in said, "the source is shown in place"
    assert ZH["used.never"] in words(open_memories(memory=unused.id))


def test_a_memory_shows_the_photo_that_it_comes_from(
    running: Container,
    owner: Owner,
    session: Session,
    remember: Callable[..., Memory],
    open_memories: OpenApp,
    open_chat: Callable[..., AppTest],
) -> None:
    given = running.attachment_intake.take(owner.user_id, GivenFile("猫.jpg", photo()))
    asked = running.db.messages.add(
        owner, session.id, "user", "这是我家的猫", remember=False, attachments=[given]
    )
    answer = running.db.messages.add(
        owner, session.id, "assistant", "你养了一只猫呀，真胖", remember=False, reply_to=asked.id
    )
    memory = remember("用户养了一只猫", asked)
    item = TraceItem.of(memory, Reason.RECALL, 0.61)
    running.db.traces.save(
        owner, Trace(message_id=answer.id, items=(item,), created_at=running.clock())
    )
    assert len(open_memories(memory=memory.id).get("image")) == 1
    chat = open_chat()
    before = len(chat.get("image"))
    assert len(press(chat, f"why_{answer.id}").get("image")) == before + 1


def test_coming_to_a_message_shows_it_whatever_its_age(
    turn: Callable[..., Turn], open_chat: OpenApp
) -> None:
    first, _ = turn("很久以前的第一句")
    for number in range(chat_messages.FIRST_SHOWN):
        turn(f"后来的第{number}句")
    assert "很久以前的第一句" not in words(open_chat())
    app = open_chat(message=first.id)
    assert not app.exception
    assert "很久以前的第一句" in words(app)
    assert len(app.chat_message) == 2 * chat_messages.FIRST_SHOWN + 2
    assert app.html, "the script that scrolls"


def test_a_message_of_long_ago_comes_with_its_surroundings_only(
    turn: Callable[..., Turn], open_chat: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_messages, "MOST_AFTER", 10)
    monkeypatch.setattr(chat_messages, "AROUND", 3)
    found, _ = turn("很久以前的第一句")
    for number in range(20):
        turn(f"后来的第{number}句")
    app = open_chat(message=found.id)
    assert len(app.chat_message) == 1 + 3
    assert not [b for b in app.button if (b.key or "").startswith("again_")]
    press(app, "to_the_end")
    assert "后来的第19句" in words(app)
    assert "message" not in app.query_params


def test_an_address_without_its_session_or_message(
    running: Container, owner: Owner, turn: Callable[..., Turn], open_app: OpenApp
) -> None:
    asked, answer = turn("我能吃花生酱吗", state=MessageState.REPLACED)
    running.db.messages.add(
        owner, asked.session_id, "assistant", "不行", remember=False, reply_to=asked.id
    )
    app = open_app(user=owner.user_id, message=asked.id)
    assert "我能吃花生酱吗" in words(app)
    # An answer that was given anew leads to the one that stands.
    assert "不行" in words(open_app(user=owner.user_id, message=answer.id))
    gone = open_app(user=owner.user_id, message="gone")
    assert ZH["arrival.gone"] in [toast.value for toast in gone.toast]
    assert "message" not in gone.query_params


def test_sending_leaves_the_message_behind(turn: Callable[..., Turn], open_chat: OpenApp) -> None:
    asked, _ = turn("我能吃花生酱吗")
    app = open_chat(message=asked.id)
    app.chat_input[0].set_value("那腰果呢").run()
    assert "message" not in app.query_params
    assert not app.exception


# --- messages that are taken back ----------------------------------------------------


def test_deleting_a_message_offers_to_forget_what_came_only_from_it(
    running: Container,
    owner: Owner,
    turn: Callable[..., Turn],
    remember: Callable[..., Memory],
    open_chat: OpenApp,
) -> None:
    first, second = turn("我对花生过敏")[0], turn("我住在上海，对花生过敏")[0]
    alone = remember("用户对花生过敏", first)
    both = remember("用户怕花生", first, second)
    app = open_chat()
    choose(app, first, "delete")
    assert ZH["unsay.learnt"].format(count=1) in words(app)
    assert ZH["unsay.also"].format(count=1) in words(app)
    press(app, "unsay_yes")
    assert [m.text for m in running.db.messages.of(owner, first.session_id)] == [
        "我住在上海，对花生过敏",
        "嗯",
    ]
    assert running.store.reads.get_many(owner, [alone.id]) == []
    assert running.store.reads.get(owner, both.id).source.message_ids == (second.id,)
    assert ZH["unsay.done_forgotten"].format(count=1) in words(app)
    press(app, "chat_undo_last")
    assert running.store.reads.get(owner, alone.id).text == alone.text


def test_memories_can_be_kept_when_a_message_goes(
    running: Container,
    owner: Owner,
    turn: Callable[..., Turn],
    remember: Callable[..., Memory],
    open_chat: OpenApp,
) -> None:
    asked, _ = turn("我对花生过敏")
    memory = remember("用户对花生过敏", asked)
    app = open_chat()
    choose(app, asked, "delete")
    press(app, "unsay_keep")
    assert running.store.reads.get(owner, memory.id) == memory
    assert running.db.messages.of(owner, asked.session_id) == []
    assert ZH["unsay.done"] in words(app)


def test_cancelling_deletes_nothing_and_a_plain_message_asks_plainly(
    running: Container, owner: Owner, turn: Callable[..., Turn], open_chat: OpenApp
) -> None:
    asked, _ = turn("你好")
    app = open_chat()
    choose(app, asked, "delete")
    assert not has(app, "unsay_keep")
    press(app, "unsay_no")
    assert len(running.db.messages.of(owner, asked.session_id)) == 2


def test_a_message_without_its_answer_can_be_answered(
    running: Container, owner: Owner, turn: Callable[..., Turn], open_chat: OpenApp
) -> None:
    asked, answer = turn("你好")
    app = open_chat()
    choose(app, answer, "delete")
    press(app, "unsay_yes")
    assert [m.id for m in running.db.messages.of(owner, asked.session_id)] == [asked.id]
    press(app, f"again_{asked.id}")
    _, anew = running.db.messages.of(owner, asked.session_id)
    assert (anew.reply_to, anew.state) == (asked.id, MessageState.DONE)


def test_answering_again_forgets_what_the_answer_said_until_it_is_chosen_again(
    running: Container,
    owner: Owner,
    turn: Callable[..., Turn],
    remember: Callable[..., Memory],
    open_chat: OpenApp,
) -> None:
    _, answer = turn("你今天做了什么", "我煮了一壶茶")
    own = remember("念念煮了一壶茶", answer, subject=Subject.AI)
    app = open_chat()
    press(app, f"again_{answer.id}")
    _, new = running.db.messages.of(owner, answer.session_id)
    assert new.text != answer.text
    assert running.store.reads.get_many(owner, [own.id]) == []
    assert ZH["unsay.forgotten"].format(count=1) in words(app)
    assert "2/2" in words(app)
    press(app, f"version_earlier_{new.id}")
    assert [m.text for m in running.db.messages.of(owner, answer.session_id)][1] == "我煮了一壶茶"
    assert running.store.reads.get(owner, own.id).text == own.text
    press(app, f"version_later_{answer.id}")
    press(app, "chat_undo_last")
    assert running.store.reads.get(owner, own.id).text == own.text


def test_what_was_said_is_edited_sent_again_and_brought_back(
    running: Container,
    owner: Owner,
    turn: Callable[..., Turn],
    remember: Callable[..., Memory],
    open_chat: OpenApp,
) -> None:
    asked, answer = turn("我养了一只猫", "真好")
    cat = remember("用户养了一只猫", asked)
    turn("它叫花花", "好名字")
    app = open_chat()
    choose(app, asked, "edit")
    app.text_area(key=f"edit_text_{asked.id}").set_value("我养了一只狗")
    press(app, "edit_save")
    texts = [m.text for m in running.db.messages.of(owner, asked.session_id)]
    assert (texts[0], len(texts)) == ("我养了一只狗", 2)
    assert running.store.reads.get_many(owner, [cat.id]) == []
    standing = running.db.messages.of(owner, asked.session_id)[0]
    press(app, f"version_earlier_{standing.id}")
    texts = [m.text for m in running.db.messages.of(owner, asked.session_id)]
    assert texts == ["我养了一只猫", "真好", "它叫花花", "好名字"]
    assert running.store.reads.get(owner, cat.id).text == cat.text
    assert not app.exception
    # The persona's line is put right where it stands.
    choose(app, answer, "correct")
    app.text_area(key=f"edit_text_{answer.id}").set_value("太好了")
    press(app, "edit_save")
    assert running.db.messages.get(owner, answer.id).original == "真好"
    assert "太好了" in words(app)
    choose(app, answer, "up")
    assert running.db.messages.get(owner, answer.id).rating == "up"
    choose(app, answer, "up")
    assert running.db.messages.get(owner, answer.id).rating is None


def test_answering_again_asks_nothing_where_nothing_was_learnt(
    running: Container, owner: Owner, turn: Callable[..., Turn], open_chat: OpenApp
) -> None:
    _, answer = turn("你好")
    app = open_chat()
    press(app, f"again_{answer.id}")
    assert running.db.messages.get(owner, answer.id).state is MessageState.REPLACED
    assert not app.exception


def test_two_notices_on_one_page_get_along_and_go_with_the_next_message(
    plan: Memory, turn: Callable[..., Turn], remember: Callable[..., Memory], open_chat: OpenApp
) -> None:
    asked, _ = turn("我对花生过敏")
    remember("用户对花生过敏", asked)
    app = open_chat()
    choose(app, asked, "delete")
    press(app, "unsay_yes")
    press(app, f"plan_{plan.id}_happened")
    app.run()
    assert not app.exception
    assert has(app, "chat_undo_last")
    assert has(app, "chat_plans_undo_last")
    app.chat_input[0].set_value("你好").run()
    assert not has(app, "chat_undo_last")
    assert not has(app, "chat_plans_undo_last")


# --- 曾经 → 现在 ------------------------------------------------------------------------


@pytest.fixture
def moved(
    running: Container, remember: Callable[..., Memory], turn: Callable[..., Turn]
) -> tuple[Memory, Memory]:
    """Where the user lived, and where they live now."""
    asked, _ = turn("我搬到上海了")
    old, new = remember("用户住在北京"), remember("用户住在上海", asked)
    new = replace(new, supersedes=old.id)
    old = replace(old, status=Status.SUPERSEDED, superseded_by=new.id)
    running.store.writes.put([old, new])
    return old, new


def test_before_and_now_are_shown_and_swapped(
    running: Container, owner: Owner, moved: tuple[Memory, Memory], open_memories: OpenApp
) -> None:
    old, new = moved
    app = open_memories(memory=new.id)
    assert "曾经] 用户住在北京" in words(app)
    press(app, "open_before")
    assert app.query_params["memory"] == [old.id] or app.query_params["memory"] == old.id
    press(app, "swap_back")
    assert running.store.reads.get(owner, old.id).status is Status.ACTIVE
    assert running.store.reads.get(owner, new.id).status is Status.SUPERSEDED
    assert ZH["before_now.swapped"] in words(app)
    press(app, "undo_last")
    assert running.store.reads.get(owner, new.id).status is Status.ACTIVE


def test_both_can_be_kept(
    running: Container, owner: Owner, moved: tuple[Memory, Memory], open_memories: OpenApp
) -> None:
    old, new = moved
    app = open_memories(memory=old.id)
    assert app.button(key="restore_memory").label == ZH["before_now.keep_both"]
    press(app, "restore_memory")
    statuses = {m.status for m in running.store.reads.get_many(owner, [old.id, new.id])}
    assert statuses == {Status.ACTIVE}
    assert "曾经" not in words(open_memories(memory=new.id)), "it is no longer the past"


def test_the_profile_and_the_chips_tell_what_was(
    moved: tuple[Memory, Memory], open_memories: OpenApp, open_chat: OpenApp
) -> None:
    _, new = moved
    app = open_memories()
    app.segmented_control(key="memories_view").set_value("profile").run()
    assert "曾经：你住在北京" in app.button(key=f"line_{new.id}").label
    chip = open_chat().button(key=f"chip_{new.id}")
    assert chip.label == "住在北京 :material/arrow_forward: 住在上海"


# --- plans of the past -----------------------------------------------------------------


@pytest.fixture
def plan(running: Container, remember: Callable[..., Memory]) -> Memory:
    day = (running.clock() - timedelta(days=3)).date()
    return remember(
        f"用户计划{day.month}月{day.day}日去滑雪",
        kind=Kind.TEMPORAL,
        category="plan",
        event_date=day.isoformat(),
    )


@pytest.mark.parametrize("place", ["chat", "memories"])
def test_a_plan_that_happened_becomes_an_event(
    running: Container,
    owner: Owner,
    plan: Memory,
    open_chat: OpenApp,
    open_memories: OpenApp,
    place: str,
) -> None:
    app = open_chat() if place == "chat" else open_memories()
    assert ZH["plans.question"] in words(app)
    press(app, f"plan_{plan.id}_happened")
    now = running.store.reads.get(owner, plan.id)
    assert (now.category, now.text) == ("event", plan.text.replace("计划", "") + "了")
    assert not has(app, f"plan_{plan.id}_happened")
    assert ZH["plans.said_happened"] in words(app)
    press(app, "chat_plans_undo_last" if place == "chat" else "undo_last")
    assert running.store.reads.get(owner, plan.id).text == plan.text


def test_a_plan_is_moved_or_dropped(
    running: Container, owner: Owner, plan: Memory, open_memories: OpenApp
) -> None:
    app = open_memories()
    day = running.clock().date() + timedelta(days=10)
    app.date_input(key=f"plan_{plan.id}_day").set_value(day).run()
    press(app, f"plan_{plan.id}_moved")
    now = running.store.reads.get(owner, plan.id)
    assert now.event_date == day.isoformat()
    assert f"{day.month}月{day.day}日" in now.text
    press(app, "undo_last")
    press(app, f"plan_{plan.id}_dropped")
    assert running.store.reads.get(owner, plan.id).status is Status.CLOSED
    assert ZH["plans.question"] not in words(app)


def test_the_card_in_the_chat_can_be_waved_away(plan: Memory, open_chat: OpenApp) -> None:
    app = open_chat()
    press(app, "chat_plan_later")
    assert ZH["plans.question"] not in words(app)
    app.run()
    assert not has(app, f"plan_{plan.id}_happened")


def test_many_plans_are_capped(
    running: Container, remember: Callable[..., Memory], open_memories: OpenApp
) -> None:
    for days in range(2, 8):
        day = (running.clock() - timedelta(days=days)).date()
        remember(
            f"用户计划{day.month}月{day.day}日做第{days}件事",
            kind=Kind.TEMPORAL,
            category="plan",
            event_date=day.isoformat(),
        )
    app = open_memories()

    def asked() -> int:
        return len([b for b in app.button if (b.key or "").endswith("_happened")])

    assert asked() == 3
    press(app, "passed_plans_more")
    assert asked() == 6
    press(app, "passed_plans_more")
    assert asked() == 3
