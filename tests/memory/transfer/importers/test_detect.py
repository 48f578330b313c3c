"""Every format as other programs write it, and as it arrives when something went wrong."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.errors import BadInput
from memory.transfer import Format, ParsedFile, read
from memory.transfer.export import Export, to_csv, to_json
from memory.transfer.timestamps import clock_time, moment
from memory.types import Kind, Memory, Owner, Status, Subject, User

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
MEM0 = {
    "results": [
        {
            "id": "7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4c",
            "memory": "Name is Alex. Enjoys basketball.",
            "hash": "x",
            "metadata": None,
            "created_at": "2025-06-20T10:22:23.000-07:00",
            "updated_at": None,
            "user_id": "alex",
        },
        {
            "id": "not a uuid",
            "memory": "用户10月18日去滑雪",
            "metadata": {
                "category": "event",
                "event_date": "2024-10-18",
                "importance": 4,
                "pinned": True,
                "status": "archived",
            },
            "created_at": "2024-10-19T00:00:00Z",
            "user_id": "alex",
            "agent_id": "qing",
            "run_id": "s1",
        },
    ]
}
CHATGPT = {
    "title": "Trip to Leeds",
    "create_time": 1718000000.5,
    "current_node": "c",
    "mapping": {
        "root": {"id": "root", "message": None, "parent": None, "children": ["s"]},
        "s": {
            "message": {
                "author": {"role": "system"},
                "content": {"content_type": "text", "parts": [""]},
                "metadata": {"is_visually_hidden_from_conversation": True},
            },
            "parent": "root",
        },
        "a": {
            "message": {
                "author": {"role": "user"},
                "create_time": 1718000001,
                "content": {
                    "content_type": "multimodal_text",
                    "parts": [{"content_type": "image_asset_pointer"}, "I moved to Leeds."],
                },
            },
            "parent": "s",
        },
        "b": {
            "message": {
                "author": {"role": "assistant"},
                "create_time": 1718000002,
                "content": {"content_type": "text", "parts": ["An answer that was replaced."]},
            },
            "parent": "a",
        },
        "t": {
            "message": {
                "author": {"role": "tool", "name": "browser"},
                "content": {"content_type": "tether_quote", "text": "…"},
            },
            "parent": "a",
        },
        "c": {
            "message": {
                "author": {"role": "assistant"},
                "create_time": None,
                "content": {"content_type": "text", "parts": ["How nice!"]},
            },
            "parent": "t",
        },
    },
}
SILLY = "\n".join(
    json.dumps(line, ensure_ascii=False)
    for line in (
        {
            "user_name": "You",
            "character_name": "念念",
            "create_date": "2023-6-19 @14h 20m 23s 123ms",
            "chat_metadata": {},
        },
        {
            "name": "念念",
            "is_user": False,
            "mes": "早安",
            "send_date": "June 19, 2023 2:20pm",
            "swipes": ["早安", "嗨"],
            "swipe_id": 0,
        },
        {"name": "You", "is_user": True, "mes": "我住在杭州", "send_date": 1687184500000},
        {"name": "System", "is_user": False, "is_system": True, "mes": "note"},
        {"name": "念念", "is_user": False, "mes": "好", "send_date": "2023-06-19T14:30:00.000Z"},
    )
)


def raw(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def said(parsed: ParsedFile) -> list[tuple[str | None, str]]:
    return [(line.role, line.text) for talk in parsed.talks for line in talk.lines]


def refused(data: bytes, name: str = "") -> str:
    with pytest.raises(BadInput) as caught:
        read(data, name)
    return caught.value.code


# --- mem0 ---------------------------------------------------------------------


@pytest.mark.parametrize("value", [MEM0, MEM0["results"], {"memories": MEM0["results"]}])
def test_mem0(value: Any) -> None:
    parsed = read(raw(value), now=NOW)
    assert parsed.format is Format.MEM0
    assert parsed.users == ("alex",)
    alex, ski = (found.memory for found in parsed.memories)
    assert alex.text == "Name is Alex. Enjoys basketball."
    assert (alex.id, alex.language) == (MEM0["results"][0]["id"], "en")
    assert alex.created_at == datetime(2025, 6, 20, 17, 22, 23, tzinfo=UTC) == alex.updated_at
    assert (alex.kind, alex.category, alex.importance) == (Kind.CONSTANT, "other", 3)
    assert (ski.id, ski.owner) == ("", Owner("alex", "qing"))
    assert (ski.kind, ski.event_date, ski.category) == (Kind.TEMPORAL, "2024-10-18", "event")
    assert (ski.importance, ski.pinned, ski.status) == (4, True, Status.ARCHIVED)
    assert ski.source.session_id == "s1"


def test_what_our_own_store_tells_a_mem0_client_comes_back() -> None:
    row = {
        "id": "7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4c",
        "memory": "念念喜欢下雨",
        "role": "assistant",
        "metadata": {
            "subject": "ai",
            "kind": "constant",
            "language": "zh",
            "category": "preference",
        },
    }
    (found,) = read(raw([row])).memories
    assert (found.memory.subject, found.memory.category) == (Subject.AI, "preference")
    row["metadata"] = None
    (found,) = read(raw([row])).memories
    assert found.memory.subject is Subject.AI


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (5, "import_row_type"),
        (None, "import_row_type"),
        ({"id": "x"}, "import_text"),
        ({"memory": 7}, "import_text"),
        ({"memory": "  \x00 "}, "memory_text_empty"),
        ({"memory": "长" * 2001}, "memory_text_long"),
        ({"memory": "x", "metadata": {"importance": 9}}, "memory_importance"),
        ({"memory": "x", "metadata": {"importance": "high"}}, "memory_importance"),
        ({"memory": "x", "metadata": {"event_date": "tomorrow"}}, "memory_event_date"),
        ({"memory": "x", "metadata": {"event_date": 20240101}}, "memory_event_date"),
        ({"memory": "x", "metadata": {"subject": "dog"}}, "memory_subject"),
        ({"memory": "x", "metadata": {"kind": ["x"]}}, "memory_kind"),
        ({"memory": "x", "metadata": {"status": "lost"}}, "memory_status"),
        ({"memory": "x", "metadata": {"pinned": "maybe"}}, "memory_pinned"),
    ],
)
def test_a_wrong_row_is_named_and_the_rest_is_read(row: Any, code: str) -> None:
    parsed = read(raw([{"memory": "first"}, row, {"memory": "third"}]))
    assert [(found.row, found.memory.text) for found in parsed.memories] == [
        (1, "first"),
        (3, "third"),
    ]
    assert [(wrong.row, wrong.code) for wrong in parsed.wrong] == [(2, code)]


def test_strange_values_around_a_good_text_do_no_harm() -> None:
    row = {
        "memory": "half an emoji \ud83d and a bell \x07",
        "id": 5,
        "user_id": {"a": 1},
        "agent_id": "x" * 5000,
        "created_at": "9999-99-99",
        "metadata": {"category": ["x"], "source": {"message_ids": [1, "m"]}, "language": 3},
    }
    (found,) = read(json.dumps([row]).encode(), now=NOW).memories
    assert found.memory.text == "half an emoji  and a bell"
    assert (found.memory.owner, found.memory.created_at) == (Owner("", ""), NOW)
    assert found.memory.source.message_ids == ("m",)


# --- our own --------------------------------------------------------------------


def own(count: int = 3) -> Export:
    memories = tuple(
        Memory(
            id=f"00000000-0000-4000-8000-{n:012}",
            owner=Owner("u", "niannian"),
            text=f"用户有{n}只猫",
            subject=Subject.USER,
            kind=Kind.CONSTANT,
            category="钓鱼",
            created_at=NOW,
            updated_at=NOW,
        )
        for n in range(1, count + 1)
    )
    return Export(User("u", "小雨", NOW), NOW, memories)


def test_our_export_keeps_every_field() -> None:
    parsed = read(to_json(own()).encode())
    assert parsed.format is Format.NIANNIAN
    assert tuple(found.memory for found in parsed.memories) == own().memories
    assert not parsed.wrong


def test_our_export_row_by_row() -> None:
    value = json.loads(to_json(own()))
    value["memories"][1]["kind"] = "secret kind"
    value["sessions"] = [{"session": None}, 3]
    value["changes"] = {"not": "a list"}
    value["traces"] = ["x"]
    parsed = read(raw(value))
    assert [found.row for found in parsed.memories] == [1, 3]
    wrong = {(one.part, one.row, one.code) for one in parsed.wrong}
    assert wrong == {
        ("memory", 2, "import_field"),
        ("session", 1, "import_row_type"),
        ("session", 2, "import_row_type"),
        ("change", 0, "import_row_type"),
        ("trace", 1, "import_row_type"),
    }
    assert dict(parsed.wrong[0].params) == {"where": "kind"}, "the field, never its value"


def test_no_file_makes_somebody_a_designer() -> None:
    value = json.loads(to_json(own()))
    value["user"] |= {"role": "designer", "login": "issuer|me", "timezone": "Mars/Base"}
    parsed = read(raw(value))
    assert parsed.backup is not None
    assert parsed.backup.user == User("u", "小雨", NOW)


def test_a_later_version_is_refused_and_a_cut_one_read_as_far_as_it_goes() -> None:
    value = json.loads(to_json(own()))
    assert refused(raw(value | {"version": 2})) == "import_newer"
    text = to_json(own())
    cut = read(text[: text.index("用户有3只猫")].encode())
    assert [found.row for found in cut.memories] == [1, 2]
    assert [(w.row, w.code, w.part) for w in cut.wrong] == [(3, "import_cut", "file")]


def test_our_csv_and_what_spreadsheets_make_of_it() -> None:
    memories = (*own().memories, *own(1).memories)
    (*_, formula) = memories
    text = to_csv([*memories[:3], Memory(**{**_fields(formula), "text": "=1+1"})])
    parsed = read(text.encode())
    assert parsed.format is Format.CSV
    assert [found.memory.text for found in parsed.memories][-1] == "=1+1"
    assert parsed.memories[0].memory.id == memories[0].id
    assert parsed.memories[0].memory.owner.persona_id == "niannian"
    semicolons = "text;event_date;pinned\r\n用户去滑雪;2024-10-18;是\r\n;;\r\nx;18.10.2024;\r\n"
    parsed = read(semicolons.encode("gb18030"))
    (found,) = parsed.memories
    assert (found.row, found.memory.event_date, found.memory.pinned) == (2, "2024-10-18", True)
    assert [(w.row, w.code) for w in parsed.wrong] == [(4, "memory_event_date")]


def _fields(memory: Memory) -> dict[str, Any]:
    return {name: getattr(memory, name) for name in memory.__dataclass_fields__}


# --- chat logs --------------------------------------------------------------------


@pytest.mark.parametrize("form", ["list", "one", "zip", "parts"])
def test_chatgpt_follows_the_branch_that_was_shown(form: str) -> None:
    data = (
        {
            "list": raw([CHATGPT]),
            "one": raw(CHATGPT),
            "zip": zipped(**{"export/conversations.json": raw([CHATGPT]), "chat.html": b"<p>"}),
            "parts": zipped(
                **{"conversations-000.json": raw([CHATGPT]), "conversations-001.json": raw([])}
            ),
        }[form]
        if form != "parts"
        else zipped(**{"conversations-000.json": raw([CHATGPT])})
    )
    parsed = read(data)
    assert parsed.format is Format.CHATGPT
    assert said(parsed) == [("user", "I moved to Leeds."), ("assistant", "How nice!")]
    (talk,) = parsed.talks
    assert (talk.title, talk.at) == ("Trip to Leeds", moment(1718000000.5))
    assert talk.lines[0].at == datetime(2024, 6, 10, 6, 13, 21, tzinfo=UTC)


def test_chatgpt_without_a_current_node_takes_the_latest_leaf() -> None:
    assert said(read(raw([CHATGPT | {"current_node": "gone"}])))[-1] == (
        "assistant",
        "An answer that was replaced.",
    )


def test_chatgpt_conversations_that_are_broken() -> None:
    loop = {"mapping": {"a": {"parent": "b"}, "b": {"parent": "a"}}, "current_node": "a"}
    odd = {"mapping": {"a": {"message": "text", "parent": None}}, "current_node": "a"}
    parsed = read(raw([CHATGPT, 5, {"mapping": []}, loop, odd]))
    assert len(parsed.talks) == 1
    assert [(w.row, w.code) for w in parsed.wrong] == [
        (2, "import_row_type"),
        (3, "import_conversation"),
        (4, "import_conversation_empty"),
        (5, "import_message"),
        (5, "import_conversation_empty"),
    ]


def test_sillytavern() -> None:
    parsed = read(SILLY.encode(), "chat.jsonl")
    assert parsed.format is Format.SILLYTAVERN
    assert said(parsed) == [("assistant", "早安"), ("user", "我住在杭州"), ("assistant", "好")]
    (talk,) = parsed.talks
    assert talk.title == "念念"
    assert [line.row for line in talk.lines] == [2, 3, 5]
    assert talk.lines[0].at == datetime(2023, 6, 19, 14, 20)
    assert talk.lines[1].at == datetime(2023, 6, 19, 14, 21, 40, tzinfo=UTC)


def test_sillytavern_with_broken_lines() -> None:
    lines = SILLY.split("\n")
    lines[2:2] = ["{half", "[]", '{"mes": 3, "is_user": true}', '{"mes": " ", "is_user": true}']
    parsed = read("\n".join(lines).encode())
    assert len(said(parsed)) == 3
    assert [(w.row, w.code) for w in parsed.wrong] == [
        (3, "import_row_json"),
        (4, "import_row_type"),
        (5, "import_message"),
        (6, "import_message_empty"),
    ]


DIALOGUE = """前言

我：你好
念念：你好呀
今天过得好吗？

注意：这不是第三个人
2024-10-18
我：昨天去爬山了
14:30 念念：真好 https://example.org
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_dialogue_in_every_encoding(encoding: str) -> None:
    parsed = read(DIALOGUE.encode(encoding), "talk.txt")
    assert parsed.format is Format.DIALOGUE
    (talk,) = parsed.talks
    assert (talk.title, parsed.speakers) == ("talk", ("念念",))
    assert [line.text for line in talk.lines] == [
        "你好",
        "你好呀\n今天过得好吗？\n\n注意：这不是第三个人",
        "昨天去爬山了",
        "真好 https://example.org",
    ]
    assert [line.role for line in talk.lines] == ["user", None, "user", None]
    assert [line.at for line in talk.lines] == [
        None,
        None,
        datetime(2024, 10, 18, 12),
        datetime(2024, 10, 18, 14, 30),
    ]
    assert [(w.row, w.code) for w in parsed.wrong] == [(1, "import_no_speaker")]


@pytest.mark.parametrize(
    "text",
    [
        "小雨 2024-10-18 12:30:05\n你好\n\n阿青 2024-10-18 12:31\n在的",
        "[2024/10/18, 12:30:05] 小雨: 你好\n[2024/10/18, 12:31:00] 阿青: 在的",
        "2024-10-18 12:30:05 小雨：你好\n2024-10-18 12:31 阿青：在的",
        "【2024年10月18日 12:30:05】小雨：你好\n【2024年10月18日 12:31】阿青：在的",
    ],
)
def test_dialogue_as_messengers_copy_it(text: str) -> None:
    (talk,) = read(text.encode()).talks
    assert [(line.speaker, line.text) for line in talk.lines] == [
        ("小雨", "你好"),
        ("阿青", "在的"),
    ]
    assert talk.lines[0].at == datetime(2024, 10, 18, 12, 30, 5)
    assert talk.lines[1].at == datetime(2024, 10, 18, 12, 31)


def test_roles_and_contents() -> None:
    turns = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "I like tea."},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": [{"type": "text"}]},
    ]
    for data in (raw(turns), raw({"messages": turns}), "\n".join(map(json.dumps, turns)).encode()):
        parsed = read(data)
        assert said(parsed) == [("user", "I like tea."), ("assistant", "Noted.")]
        assert [(w.row, w.code) for w in parsed.wrong] == [(4, "import_message")]


TELEGRAM = {
    "name": "Anna",
    "type": "personal_chat",
    "id": 1,
    "messages": [
        {"id": 1, "type": "service", "actor": "Anna", "action": "phone_call", "text": ""},
        {
            "id": 2,
            "type": "message",
            "date": "2024-05-01T10:00:00",
            "from": "Anna",
            "from_id": "user1",
            "text": "I live in Rome",
        },
        {
            "id": 3,
            "type": "message",
            "date": "2024-05-01T10:01:00",
            "date_unixtime": "1714550460",
            "from": "小雨",
            "text": ["look: ", {"type": "link", "text": "example.org"}, "!"],
        },
        {"id": 4, "type": "message", "from": "Anna", "photo": "a.jpg", "text": ""},
        {"id": 5, "type": "message", "from": None, "from_id": "user1", "text": "bye"},
        {"id": 6, "type": "message", "from": "Anna", "text": [{"type": "link"}]},
    ],
}


def test_telegram() -> None:
    parsed = read(raw(TELEGRAM), "result.json")
    assert (parsed.format, parsed.memories) == (Format.DIALOGUE, ())
    (talk,) = parsed.talks
    assert talk.title == "Anna"
    assert [(line.row, line.role, line.speaker, line.text, line.at) for line in talk.lines] == [
        (2, None, "Anna", "I live in Rome", datetime(2024, 5, 1, 10)),
        (3, None, "小雨", "look: example.org!", datetime(2024, 5, 1, 8, 1, tzinfo=UTC)),
        (5, None, "user1", "bye", None),
    ]
    assert [(w.row, w.code) for w in parsed.wrong] == [(6, "import_message")]


@pytest.mark.parametrize("who", ["from", "sender", "author", "role"])
def test_what_somebody_said_is_no_memory(who: str) -> None:
    rows = [{who: "Bob", "text": "my name is Bob"}, {who: "小雨", "text": "hi"}]
    for data in (raw(rows), raw({"messages": rows}), "\n".join(map(json.dumps, rows)).encode()):
        parsed = read(data)
        assert parsed.memories == ()
        assert [line.speaker for line in parsed.talks[0].lines] == ["Bob", "小雨"]
    assert refused(raw({"data": rows})) == "import_unknown"


def test_a_message_among_memories_is_named() -> None:
    rows = {"results": [{"memory": "likes tea"}, {"from": "Bob", "text": "my name is Bob"}]}
    parsed = read(raw(rows))
    assert [found.memory.text for found in parsed.memories] == ["likes tea"]
    assert [(w.row, w.code) for w in parsed.wrong] == [(2, "import_row_type")]


def test_a_payload_of_mem0_with_a_role_is_a_memory() -> None:
    parsed = read(raw([{"data": "likes tea", "role": "user"}, {"memory": "x", "role": "user"}]))
    assert [found.memory.text for found in parsed.memories] == ["likes tea", "x"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024-10-18\n23:58 我：睡不着\n00:05 我：昨天去爬山了\n00:06 念念：好", [18, 19, 19]),
        ("2024-10-18 23:58 我：睡不着\n念念：嗯\n00:05 我：还是", [18, 18, 19]),
        ("2024-10-18\n14:30 我：一\n09:00 念念：二\n14:31 我：三", [18, 18, 18]),
        ("2024-10-18\n23:00 我：一\n2024-10-20\n08:00 念念：二\n23:59 我：三", [18, 20, 20]),
        ("2024-10-18\n23:00 我：一\n07:00 念念：二\n23:00 我：三\n0:10 我：四", [18, 19, 19, 20]),
        ("2024-10-18\n小雨 23:58\n睡不着\n念念 00:05\n昨天呢", [18, 19]),
    ],
    ids=["midnight", "dated", "out of order", "next date", "two nights", "headed"],
)
def test_a_log_over_midnight(text: str, days: list[int]) -> None:
    (talk,) = read(text.encode(), names=["小雨", "念念"]).talks
    assert [line.at and line.at.day for line in talk.lines] == days


# --- what is none of it -------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import_empty"),
        (b" \n\x00", "import_empty"),
        (b"just some words, no more", "import_unknown"),
        (raw({"a": 1}), "import_unknown"),
        (raw([1, 2]), "import_unknown"),
        (b"{", "import_json"),
        (b"[" * 100_000, "import_json"),
        (b'{"a": ' * 50_000, "import_json"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "import_encoding"),
        (b"PK\x03\x04 not really", "import_archive"),
        (zipped(**{"photo.png": b"x"}), "import_archive"),
        (b"9" * 5000, "import_unknown"),
    ],
)
def test_what_cannot_be_used_is_one_clear_refusal(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_an_archive_that_unpacks_to_far_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.transfer.text.MOST_BYTES", 10_000)
    assert refused(zipped(**{"conversations.json": b" " * 20_000})) == "import_too_big"
    assert refused(b" x" * 10_000) == "import_too_big"


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.transfer.importers.detect.MOST_ROWS", 2)
    assert refused(to_json(own(3)).encode()) == "import_too_many"


SAMPLES = [raw(MEM0), raw([CHATGPT]), SILLY.encode(), DIALOGUE.encode(), to_json(own()).encode(),
           to_csv(own().memories).encode(), zipped(**{"conversations.json": raw([CHATGPT])})]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _read_or_refuse(data)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SAMPLES), st.data())
def test_any_damage_is_read_or_refused(sample: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 40)))
    _read_or_refuse(sample[:start] + data.draw(st.binary(max_size=10)) + sample[end:])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([MEM0, [CHATGPT], json.loads(to_json(own())), json.loads(SILLY.split("\n")[2])]),
       VALUES, st.randoms())  # fmt: skip
def test_any_value_in_any_place_is_read_or_refused(sample: Any, value: Any, random: Any) -> None:
    _read_or_refuse(json.dumps(_swapped(sample, value, random)).encode())


def _swapped(node: Any, value: Any, random: Any) -> Any:
    if isinstance(node, dict) and node and random.random() > 0.1:
        key = random.choice(list(node))
        return {**node, key: _swapped(node[key], value, random)}
    if isinstance(node, list) and node and random.random() > 0.1:
        place = random.randrange(len(node))
        return [*node[:place], _swapped(node[place], value, random), *node[place + 1 :]]
    return value


def _read_or_refuse(data: bytes) -> None:
    with suppress(BadInput):
        parsed = read(data, "file")
        assert isinstance(parsed, ParsedFile)
        for found in parsed.memories:
            found.memory.text.encode()


# --- times ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("June 19, 2023 2:20pm", datetime(2023, 6, 19, 14, 20)),
        ("Jun 19, 2023 12:05am", datetime(2023, 6, 19, 0, 5)),
        ("2023-6-19 @14h 20m 23s 123ms", datetime(2023, 6, 19, 14, 20, 23)),
        ("2023-06-19@14h20m23s", datetime(2023, 6, 19, 14, 20, 23)),
        ("2024年5月1日 下午3:20", datetime(2024, 5, 1, 15, 20)),
        ("2024年5月1日 中午12:20", datetime(2024, 5, 1, 12, 20)),
        ("2024/10/18 周五", datetime(2024, 10, 18)),
        ("Friday, October 18, 2024", datetime(2024, 10, 18)),
        ("18 October 2024", datetime(2024, 10, 18)),
        ("1718000000", datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC)),
        (1718000000000, datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC)),
        ("2024-02-30", None),
        ("13 Smarch 2024", None),
        ("2024-10-18 25:00", None),
        (float("inf"), None),
        (10**30, None),
        (True, None),
        ([], None),
        ("0001-01-01T00:00:00-23:00", None),
    ],
)
def test_times_as_programs_write_them(value: Any, expected: datetime | None) -> None:
    assert moment(value) == expected


def test_a_time_of_day() -> None:
    day = date(2024, 1, 2)
    assert clock_time("下午2:20", day) == datetime(2024, 1, 2, 14, 20)
    assert clock_time("2:20 pm", day) == datetime(2024, 1, 2, 14, 20)
    assert clock_time("26:20", day) is None
