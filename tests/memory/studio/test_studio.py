"""Prompts and personas in versions: checked, in use at once, brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.chat.personas import leading_note, parse_persona, persona_text, persona_toml
from memory.container import Container
from memory.db import Database, resolve_database_url
from memory.errors import BadInput, NotFound
from memory.llm.prompts import load_prompt, prompt_text
from memory.studio import PersonaRegistry, Studio
from tests.memory.db_fakes import StandingClock

GOOD = (
    '## system\n只记食物，最多{max_memories}条，回答 {"memories": [{"text": "…"}]}\n'
    "## user\n{known}\n{messages}\n"
)
CHAT = "## system\n你是{persona}。\n{context}\n## user\n{message}\n"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), StandingClock())
    yield opened
    opened.close()


@pytest.fixture
def studio(db: Database) -> Studio:
    return Studio(db)


def test_a_saved_prompt_is_in_use_at_once_and_everywhere(db: Database, studio: Studio) -> None:
    other = Studio(db)
    assert studio.loaded("extract", "zh") == load_prompt("extract", "zh")
    studio.save("extract", "zh", GOOD, "只要食物")
    assert "只记食物" in studio.loaded("extract", "zh").system
    assert studio.loaded("extract", "en") == load_prompt("extract", "en")
    assert "只记食物" in other.prompt("extract", "zh")
    assert "只记食物" in other.loaded("extract", "zh").system


def test_what_another_process_saved_is_seen_at_its_next_turn(
    db: Database, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.studio.studio.FRESH_SECONDS", 0.0)
    other = Studio(db)
    assert other.loaded("chat", "zh") == load_prompt("chat", "zh")
    studio.save("chat", "zh", CHAT)
    assert other.loaded("chat", "zh").system.startswith("你是{persona}。")


def test_versions_can_be_brought_back_and_so_can_the_shipped_text(studio: Studio) -> None:
    first = studio.save("extract", "zh", GOOD, "一")
    studio.save("extract", "zh", GOOD.replace("食物", "宠物"), "二")
    assert [v.note for v in studio.versions("extract", "zh")] == ["二", "一"]
    studio.restore("extract", "zh", first.id)
    assert "食物" in studio.loaded("extract", "zh").system
    studio.restore("extract", "zh")
    assert studio.loaded("extract", "zh") == load_prompt("extract", "zh")
    assert not any(v.active for v in studio.versions("extract", "zh"))
    with pytest.raises(NotFound):
        studio.restore("chat", "zh", first.id)


def test_what_is_no_change_is_no_version(studio: Studio) -> None:
    with pytest.raises(BadInput) as caught:
        studio.save("extract", "zh", prompt_text("extract", "zh") + "\n\n")
    assert caught.value.code == "studio_unchanged"
    assert studio.versions("extract", "zh") == []


BROKEN = [
    (GOOD.replace("{known}", "{knwon}"), "prompt_unknown", ["knwon"]),
    (GOOD.replace("{known}", "{ known }"), "prompt_missing", ["known"]),
    (GOOD.replace("只记", "{Persona}"), "prompt_unknown", ["Persona"]),
    (GOOD.replace("只记", "{message1}"), "prompt_unknown", ["message1"]),
    (GOOD.replace("{messages}", ""), "prompt_missing", ["messages"]),
    (GOOD.replace("只记", "{persona 只记"), "prompt_unclosed", ["persona"]),
    (GOOD.replace("## user", "## 用户"), "prompt_part", ["user"]),
    (GOOD + "\n## user\n再来", "prompt_part_twice", ["user"]),
    (GOOD.replace('"memories"', '"facts"'), "prompt_contract", ["memories"]),
    (GOOD.replace('"text"', '"fact"'), "prompt_contract", ["text"]),
    (GOOD.replace('{"memories": [', "memories: ["), "prompt_contract", ["memories"]),
    (GOOD.replace("只记", "只记" * 15_000), "prompt_too_long", None),
]


@pytest.mark.parametrize(("body", "code", "names"), BROKEN, ids=[code for _, code, _ in BROKEN])
def test_a_broken_prompt_is_refused_with_what_is_wrong(
    studio: Studio, body: str, code: str, names: list[str] | None
) -> None:
    with pytest.raises(BadInput) as caught:
        studio.save("extract", "zh", body)
    assert caught.value.code == code
    assert caught.value.params.get("names") == names
    assert studio.versions("extract", "zh") == []
    assert studio.loaded("extract", "zh") == load_prompt("extract", "zh")


def test_a_chat_prompt_needs_no_json_but_its_own_placeholders(studio: Studio) -> None:
    studio.save("chat", "en", CHAT)
    with pytest.raises(BadInput) as caught:
        studio.save("chat", "en", CHAT.replace("{context}", ""))
    assert (caught.value.code, caught.value.params["names"]) == ("prompt_missing", ["context"])
    with pytest.raises(NotFound):
        studio.save("chat", "fr", CHAT)


SHIPPED = persona_text("niannian") or ""
PERSONAS = [
    (SHIPPED.replace('name = "念念"', "name = 念念"), "persona_syntax", {"line": 5}),
    (SHIPPED + '\n[zh2]\nname = "x', "persona_syntax", {"line": SHIPPED.count("\n") + 3}),
    (SHIPPED.replace("[en]", "[fr]"), "persona_missing", {"field": "en"}),
    (SHIPPED.replace("tagline", "tag"), "persona_missing", {"field": "zh.tagline"}),
    (
        SHIPPED.replace('name = "念念"', "name = 1"),
        "persona_type",
        {"field": "zh.name", "wanted": "text"},
    ),
    (
        SHIPPED.replace("opening_lines = [", 'opening_lines = "你好"\nrest = [', 1),
        "persona_type",
        {"field": "zh.opening_lines", "wanted": "lines"},
    ),
    (
        SHIPPED.replace('"你来啦。今天过得怎么样？"', '" "'),
        "persona_line_empty",
        {"field": "zh.opening_lines", "number": 1},
    ),
    (SHIPPED.replace('"念念"', '"  "', 1), "persona_empty", {"field": "zh.name"}),
    (
        SHIPPED.replace('"念念"', f'"{"念" * 41}"', 1),
        "persona_too_long",
        {"field": "zh.name", "given": 41, "limit": 40},
    ),
    (SHIPPED.replace("[en]", 'mood = "好"\n[en]'), "persona_unknown", {"field": "zh.mood"}),
    (SHIPPED.replace("niannian.svg", "../user"), "persona_avatar", {"field": "avatar"}),
]


@pytest.mark.parametrize(("body", "code", "params"), PERSONAS)
def test_a_broken_persona_is_refused_with_its_place(
    studio: Studio, body: str, code: str, params: dict[str, object]
) -> None:
    assert body != SHIPPED
    with pytest.raises(BadInput) as caught:
        studio.save("persona", "niannian", body)
    assert caught.value.code == code
    assert params.items() <= caught.value.params.items()


@pytest.mark.parametrize("name", ["niannian", "qing", "shenyan"])
def test_a_persona_written_anew_is_the_same_file(name: str) -> None:
    text = persona_text(name)
    assert text is not None
    assert persona_toml(parse_persona(name, text), leading_note(text)) == text


def test_a_new_persona_is_a_copy_that_can_be_changed_and_archived(
    db: Database, studio: Studio
) -> None:
    cast = PersonaRegistry(studio)
    studio.add_persona("mimi", "niannian", {"zh": "咪咪", "en": "Mimi"}, "试试")
    assert list(cast) == ["niannian", "qing", "shenyan", "mimi"]
    assert cast["mimi"].text("zh").name == "咪咪"
    assert "念念" not in cast["mimi"].text("zh").backstory
    assert cast["niannian"].text("zh").name == "念念"

    body = studio.text("persona", "mimi").replace("慢慢说，我听着呢", "喵")
    version = studio.save("persona", "mimi", body)
    assert cast["mimi"].text("zh").tagline == "喵"

    studio.archive_persona("mimi")
    assert "mimi" not in cast
    assert list(cast) == ["niannian", "qing", "shenyan"]
    assert cast["mimi"].text("zh").tagline == "喵", "its conversations stay readable"
    assert list(studio.retired()) == ["mimi"]
    with pytest.raises(BadInput) as caught:
        studio.add_persona("mimi", "qing", {})
    assert caught.value.code == "persona_id_taken"
    studio.restore("persona", "mimi", version.id)
    assert "mimi" in cast
    assert studio.retired() == {}


@pytest.mark.parametrize("bad", ["", "a", "Mimi", "咪咪", "1mimi", "mi mi", "../mimi", "m" * 41])
def test_an_id_is_short_and_plain(studio: Studio, bad: str) -> None:
    with pytest.raises(BadInput) as caught:
        studio.add_persona(bad, "niannian", {})
    assert caught.value.code == "persona_id"


def test_shipped_personas_always_remain(studio: Studio) -> None:
    with pytest.raises(BadInput) as caught:
        studio.archive_persona("qing")
    assert caught.value.code == "persona_shipped"
    with pytest.raises(NotFound):
        studio.archive_persona("nobody")
    with pytest.raises(KeyError):
        PersonaRegistry(studio)["nobody"]


def test_a_stored_text_that_this_program_cannot_use_leaves_the_shipped_one(
    db: Database, studio: Studio
) -> None:
    db.studio_texts.add("extract", "zh", "nothing of a prompt")
    db.studio_texts.add("persona", "niannian", "= = =")
    studio = Studio(db)
    assert studio.loaded("extract", "zh") == load_prompt("extract", "zh")
    assert studio.personas()["niannian"].text("zh").name == "念念"


def test_the_running_parts_use_what_was_saved(container: Container) -> None:
    container.studio.add_persona("mimi", "niannian", {"zh": "咪咪", "en": "Mimi"})
    assert container.personas["mimi"].text("en").name == "Mimi"
    assert "mimi" in container.personas
