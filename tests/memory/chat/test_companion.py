from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from memory.chat.companion import MAX_MESSAGE, Companion
from memory.chat.generation import Speakers
from memory.container import Container
from memory.errors import BadInput, ModelTimeout, NotFound, ReplyCut
from memory.types import (
    Kind,
    MemoryDraft,
    MemoryFilter,
    MessageState,
    Owner,
    Reason,
    ReplyRequest,
    Subject,
    Usage,
)
from tests.memory.conftest import Clock
from tests.verbs import say


class ScriptedStream:
    def __init__(self, pieces: Callable[[], Iterator[str]]) -> None:
        self._pieces = pieces
        self.usage = Usage(prompt_tokens=7, reply_tokens=3, estimated=False)
        self.closed = False

    def __iter__(self) -> Iterator[str]:
        yield from self._pieces()

    def close(self) -> None:
        self.closed = True


class ScriptedModel:
    """Answers with queued pieces; an exception among them is raised where it stands."""

    name = "scripted"
    is_builtin = False

    def __init__(self, *replies: list[str | Exception]) -> None:
        self.replies = list(replies)
        self.requests: list[ReplyRequest] = []
        self.streams: list[ScriptedStream] = []

    def reply(self, request: ReplyRequest) -> ScriptedStream:
        self.requests.append(request)
        script = self.replies.pop(0)

        def pieces() -> Iterator[str]:
            for piece in script:
                if isinstance(piece, Exception):
                    raise piece
                yield piece

        self.streams.append(ScriptedStream(pieces))
        return self.streams[-1]


def companion(
    container: Container, model: ScriptedModel, ended: list[tuple[Owner, str]] | None = None
) -> Companion:
    return Companion(
        settings=container.settings,
        db=container.db,
        contexts=container.contexts,
        speakers=Speakers(model),
        watch=container.safety_watch,
        personas=container.personas,
        clock=container.clock,
        turn_ended=lambda owner, session: (ended if ended is not None else []).append(
            (owner, session)
        ),
    )


def test_a_turn_is_stored_with_its_trace(container: Container, owner: Owner) -> None:
    container.memory_service.add(
        owner, MemoryDraft("用户对花生过敏", Subject.USER, Kind.CONSTANT, "health")
    )
    ended: list[tuple[Owner, str]] = []
    model = ScriptedModel(["记", "得。"])
    talker = companion(container, model, ended)
    session = container.db.sessions.create(owner)
    turn = talker.reply(owner, session.id, "我能吃花生酱吗？")
    assert list(turn) == ["记", "得。"]
    user, reply = container.db.messages.of(owner, session.id)
    assert (user.role, user.text) == ("user", "我能吃花生酱吗？")
    assert (reply.text, reply.state, reply.reply_to) == ("记得。", MessageState.DONE, user.id)
    trace = container.db.traces.get(owner, reply.id)
    assert trace is not None
    assert [item.text for item in trace.items] == ["用户对花生过敏"]
    assert trace.items[0].reason in set(Reason)
    assert (trace.prompt_tokens, trace.reply_tokens, trace.model) == (7, 3, "scripted")
    assert trace.first_token_ms > 0
    assert ended == [(owner, session.id)]
    assert model.streams[0].closed
    assert "用户对花生过敏" in model.requests[0].context.text


def test_the_first_message_names_the_session(container: Container, owner: Owner) -> None:
    talker = companion(container, ScriptedModel(["好"]))
    session = container.db.sessions.create(owner)
    list(talker.reply(owner, session.id, "今天在公司遇到一件特别特别特别特别好笑的事情想说给你听"))
    title = container.db.sessions.get(owner, session.id).title
    assert title.startswith("今天在公司")
    assert len(title) <= 24


def test_stopping_keeps_what_was_said(container: Container, owner: Owner) -> None:
    talker = companion(container, ScriptedModel(["一", "二", "三"]))
    session = container.db.sessions.create(owner)
    turn = talker.reply(owner, session.id, "数数")
    pieces = iter(turn)
    assert [next(pieces), next(pieces)] == ["一", "二"]
    turn.close()
    turn.close()
    reply = container.db.messages.of(owner, session.id)[-1]
    assert (reply.text, reply.state) == ("一二", MessageState.STOPPED)


def test_dropping_the_iterator_keeps_what_was_said(container: Container, owner: Owner) -> None:
    talker = companion(container, ScriptedModel(["一", "二"]))
    session = container.db.sessions.create(owner)
    pieces = iter(talker.reply(owner, session.id, "数数"))
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    reply = container.db.messages.of(owner, session.id)[-1]
    assert (reply.text, reply.state) == ("一", MessageState.STOPPED)


def test_a_failing_model_keeps_the_message_and_can_be_asked_again(
    container: Container, owner: Owner
) -> None:
    ended: list[tuple[Owner, str]] = []
    talker = companion(container, ScriptedModel(["一半", ModelTimeout(seconds=1)], ["好了"]), ended)
    session = container.db.sessions.create(owner)
    with pytest.raises(ModelTimeout):
        list(talker.reply(owner, session.id, "在吗"))
    reply = container.db.messages.of(owner, session.id)[-1]
    assert (reply.text, reply.state) == ("一半", MessageState.FAILED)
    assert ended == []
    assert list(talker.regenerate(owner, session.id)) == ["好了"]
    texts = [m.text for m in container.db.messages.of(owner, session.id)]
    assert texts == ["在吗", "好了"]


def test_regenerating_sets_the_earlier_answer_aside(container: Container, owner: Owner) -> None:
    model = ScriptedModel(["甲"], ["乙"])
    talker = companion(container, model)
    session = container.db.sessions.create(owner)
    list(talker.reply(owner, session.id, "说一个字"))
    list(talker.regenerate(owner, session.id))
    assert [m.text for m in container.db.messages.of(owner, session.id)] == ["说一个字", "乙"]
    everything = container.db.messages.of(owner, session.id, include_replaced=True)
    assert [m.text for m in everything] == ["说一个字", "甲", "乙"]
    assert all(m.text != "甲" for m in model.requests[1].history)


def test_a_message_said_differently_takes_the_place_of_the_first(
    container: Container, owner: Owner
) -> None:
    model = ScriptedModel(["甲"], ["乙"], ["丙"])
    talker = companion(container, model)
    session = container.db.sessions.create(owner)
    first = talker.reply(owner, session.id, "我养了一只猫")
    list(first)
    list(talker.reply(owner, session.id, "它叫花花"))
    list(talker.reply(owner, session.id, "我养了一只狗", instead_of=first.user_message.id))
    texts = [m.text for m in container.db.messages.of(owner, session.id)]
    assert texts == ["我养了一只狗", "丙"]
    assert model.requests[2].history == ()
    assert container.db.sessions.get(owner, session.id).title == "我养了一只狗"
    with pytest.raises(NotFound):
        talker.reply(owner, session.id, "x", instead_of="unknown")


def test_memories_follow_the_branch_in_force(container: Container, owner: Owner) -> None:
    session = container.db.sessions.create(owner)
    first = container.companion.reply(owner, session.id, "我养了一只猫")
    list(first)
    container.extraction_worker.run_now(owner, session.id)
    assert container.extraction_worker.wait_idle()
    assert any("猫" in m.text for m in container.store.reads.matching(owner, MemoryFilter()))
    again = container.companion.reply(
        owner, session.id, "我养了一只狗", instead_of=first.user_message.id
    )
    list(again)
    assert not [m for m in container.store.reads.matching(owner, MemoryFilter()) if "猫" in m.text]
    container.memory_service.branches.choose(owner, first.user_message.id)
    assert any("猫" in m.text for m in container.store.reads.matching(owner, MemoryFilter()))


def test_the_builtin_companion_answers_differently_each_time(
    container: Container, owner: Owner
) -> None:
    for text in ("我今天升职了！", "晚上好", "今天有点累", "我养了一只猫，叫花花"):
        session = container.db.sessions.create(owner)
        list(container.companion.reply(owner, session.id, text))
        for _ in range(3):
            list(container.companion.regenerate(owner, session.id))
        answers = [
            m.text
            for m in container.db.messages.of(owner, session.id, include_replaced=True)
            if m.reply_to
        ]
        assert len(set(answers)) == len(answers) == 4, answers


def test_a_cut_reply_goes_on_where_it_stopped(container: Container, owner: Owner) -> None:
    model = ScriptedModel(
        ["从前有座", ReplyCut("cut")], [ModelTimeout(seconds=3)], ["山，", "山里有座庙。"]
    )
    talker = companion(container, model)
    session = container.db.sessions.create(owner)
    with pytest.raises(ReplyCut):
        list(talker.reply(owner, session.id, "讲个故事"))
    # The endpoint is down for a moment: what was said stays, and can still go on.
    with pytest.raises(ModelTimeout):
        list(talker.resume(owner, session.id))
    cut = container.db.messages.of(owner, session.id)[-1]
    assert (cut.text, cut.state) == ("从前有座", MessageState.INTERRUPTED)
    assert list(talker.resume(owner, session.id)) == ["从前有座", "山，", "山里有座庙。"]
    [_, reply] = container.db.messages.of(owner, session.id)
    assert (reply.id, reply.text) == (cut.id, "从前有座山，山里有座庙。")
    assert reply.state is MessageState.DONE
    assert model.requests[2].history[-1].text == "从前有座"
    with pytest.raises(BadInput) as caught:
        talker.resume(owner, session.id)
    assert caught.value.code == "nothing_to_resume"


def test_nothing_to_regenerate(container: Container, owner: Owner) -> None:
    talker = companion(container, ScriptedModel())
    session = container.session_opener.open(owner, "zh")
    with pytest.raises(BadInput) as caught:
        talker.regenerate(owner, session.id)
    assert caught.value.code == "nothing_to_regenerate"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "message_empty"), ("  \n\x00 ", "message_empty"), ("长" * 20_000, "message_too_long")],
)
def test_bad_messages_are_refused_and_nothing_is_stored(
    container: Container, owner: Owner, text: str, code: str
) -> None:
    talker = companion(container, ScriptedModel())
    session = container.db.sessions.create(owner)
    with pytest.raises(BadInput) as caught:
        talker.reply(owner, session.id, text)
    assert caught.value.code == code
    assert container.db.messages.of(owner, session.id) == []


@pytest.mark.parametrize("text", ["😀🎉", "<b>hi</b><script>alert(1)</script>", "长" * MAX_MESSAGE])
def test_odd_messages_are_answered(container: Container, owner: Owner, text: str) -> None:
    session = container.db.sessions.create(owner)
    reply = say(container, owner, session.id, text)
    assert reply.strip()
    assert container.db.messages.of(owner, session.id)[0].text == text


def test_somebody_elses_session_is_not_found(container: Container, owner: Owner) -> None:
    other = Owner(container.db.users.create("别人").id, "niannian")
    session = container.db.sessions.create(other)
    with pytest.raises(NotFound):
        container.companion.reply(owner, session.id, "你好")
    assert container.db.messages.of(other, session.id) == []


def test_a_message_of_danger_is_marked(container: Container, owner: Owner) -> None:
    session = container.db.sessions.create(owner)
    turn = container.companion.reply(owner, session.id, "我不想活了")
    assert turn.care == "suicide"
    assert "".join(turn).strip()
    assert container.db.messages.of(owner, session.id)[0].care == "suicide"


def test_turns_that_are_not_remembered_say_so(container: Container, owner: Owner) -> None:
    ended: list[tuple[Owner, str]] = []
    talker = companion(container, ScriptedModel(["好"]), ended)
    session = container.db.sessions.create(owner)
    list(talker.reply(owner, session.id, "别记这个", remember=False))
    assert [m.remember for m in container.db.messages.of(owner, session.id)] == [False, False]
    assert ended == []


def test_a_pause_is_suggested_once_after_two_hours(
    container: Container, owner: Owner, clock: Clock
) -> None:
    replies = [["好"] for _ in range(12)]
    talker = companion(container, ScriptedModel(*replies))
    session = container.db.sessions.create(owner)
    said = []
    for _ in range(9):
        said.append("".join(talker.reply(owner, session.id, "接着聊")))
        clock.forward(minutes=20)
    with_pause = [text for text in said if text != "好"]
    assert len(with_pause) == 1
    assert said.index(with_pause[0]) == 6
    clock.forward(hours=1)
    assert "".join(talker.reply(owner, session.id, "我回来了")) == "好"


def test_the_chat_goes_on_when_the_store_cannot_be_read(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from memory.errors import FolderUnusable

    def broken(*_: object, **__: object) -> None:
        raise FolderUnusable(folder="data", why="disk full")

    monkeypatch.setattr(container.contexts, "build", broken)
    talker = companion(container, ScriptedModel(["还在"]))
    session = container.db.sessions.create(owner)
    assert list(talker.reply(owner, session.id, "在吗")) == ["还在"]
