"""Messages that are taken back, and the memories that came from them alone."""

from __future__ import annotations

from collections.abc import Callable

from memory.container import Container
from memory.types import Memory, MessageState, Owner, Subject
from tests.pages.provenance.presses import ZH, OpenApp, Turn, choose, has, press, words


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
