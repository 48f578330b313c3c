"""A third language: files are added, no code is changed, and people talk in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.openai_server import FakeOpenAI

PROJECT = Path(__file__).parents[2]

FILES = {
    "locales/nl/errors.toml": """
[error]
user_name_empty = "Een naam is nodig."
""",
    "memory/llm/prompt_files/chat.nl.md": """
## system
Je bent {persona}. {temperament} {backstory} Vandaag: {now}.
{context}

## user
{message}
""",
    "memory/llm/prompt_files/extract.nl.md": """
## system
Wat moet {persona} onthouden? Hoogstens {max_memories}.

## user
Bekend: {known}
{messages}
Antwoord: {"memories": [{"text": "…"}]}
""",
    "memory/chat/personas/niannian.nl.toml": """
[nl]
name = "Niannian"
tagline = "Een vriendin die luistert"
temperament = "Rustig en nieuwsgierig."
speaking_style = "Kort."
backstory = "Ze woont boven een fietsenmaker."
opening_lines = ["Fijn dat je er bent."]
boundaries = ["Ze zegt dat ze een AI is."]
mood_lines = ["Ze is opgewekt."]
""",
}

TALK = """
import json, sys
from pathlib import Path
from memory.config import load_settings
from memory.container import build
from memory.errors import BadInput
from memory.i18n import error_text, languages
from memory.types import EVERYTHING, Owner

settings = load_settings(openai_base_url=sys.argv[1], chat_model="fake-chat", data_dir=Path(sys.argv[2]))
running = build(settings)
running.extraction_worker.stop()
owner = Owner(running.db.users.create("Joris", language="nl").id, "niannian")
session = running.session_opener.open(owner, "nl")
opened = [message.text for message in running.db.messages.of(owner, session.id)]
reply = "".join(running.companion.reply(owner, session.id, "Ik heb een hond gekocht", language="nl"))
batch = running.db.batches.make(owner, session.id, ended=True)
running.extractor.run(running.db.leases.claim("test", running.clock()))
danger = running.companion.reply(owner, session.id, "我不想活了", language="nl")
list(danger)
print(json.dumps({
    "languages": languages(),
    "opened": opened,
    "reply": reply,
    "remembered": [[m.text, m.language] for m in running.store.reads.matching(owner, EVERYTHING)],
    "own": error_text("nl", BadInput(code="user_name_empty")),
    "missing": error_text("nl", BadInput(code="message_empty")) == error_text("en", BadInput(code="message_empty")),
    "help": danger.help is not None,
}))
running.close()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, to which the files of a language are added."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("memory", "locales"):
        # With what was compiled: to compile all of it takes longer than the talk.
        shutil.copytree(PROJECT / name, folder / name)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    return folder


def test_people_talk_in_it_through_a_model(project: Path, tmp_path: Path) -> None:
    known = {"memories": [{"action": "add", "text": "De gebruiker heeft een hond gekocht"}]}
    with FakeOpenAI() as server:
        server.say("Wat leuk! Hoe heet hij?", json.dumps(known), "Ik ben bij je.")
        done = subprocess.run(
            [sys.executable, "-c", TALK, server.url, str(tmp_path / "data")],
            cwd=project,
            env={**os.environ, "NIANNIAN_EMBEDDER": "builtin"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        prompts = [recorded.prompt for recorded in server.chats()]
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert said["languages"] == ["zh", "en", "nl"]
    assert "Fijn dat je er bent." in said["opened"][0]
    assert said["reply"] == "Wat leuk! Hoe heet hij?"
    assert "Je bent Niannian. Rustig en nieuwsgierig. Ze woont boven" in prompts[0]
    assert "Wat moet Niannian onthouden?" in prompts[1]
    assert said["remembered"] == [["De gebruiker heeft een hond gekocht", "nl"]]
    assert (said["own"], said["missing"]) == ("Een naam is nodig.", True)
    assert said["help"]
