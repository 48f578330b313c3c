"""The demo story: two people's three months, so that every page has something to show.

Written by hand in ``memory/transfer/demo/story/``; days are relative, so it never ages.
Its users are marked ``demo`` and have fixed ids: loading twice changes nothing,
and removing erases exactly them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from memory.chat.personas import load_personas
from memory.db import Database
from memory.transfer.demo.seeder import DemoSeeder, DemoServices
from memory.types import Owner, User

STORY_FOLDER = Path(__file__).parent / "story"


@cache
def story_users() -> tuple[str, ...]:
    """The fixed ids of the story's users; the stories are read once for them."""
    return tuple(story["user"]["id"] for story in _stories())


def is_loaded(db: Database) -> bool:
    """Whether any of the story's users is there."""
    ours = set(story_users())
    return any(user.id in ours for user in db.users.all())


def load_demo(house: DemoServices) -> list[User]:
    """Load the story as of now; users that are already there are left as they are.

    A load that was cut short is removed and done again.

    Returns:
        The story's users, in the order of the files.
    """
    db = house.db
    known = {user.id for user in db.users.all()}
    for story in _stories():
        user_id = story["user"]["id"]
        if user_id in known and db.engine.get_meta(_meta(user_id)) == "loaded":
            continue
        if user_id in known:
            house.erase_user(user_id)
        with house.extraction_worker.resting():
            _load(house, story)
        db.engine.set_meta(_meta(user_id), "loaded")
    return [user for user in db.users.all() if user.id in story_users()]


def remove_demo(house: DemoServices) -> int:
    """Erase the story's users and everything of theirs; nobody else is touched.

    Returns:
        How many users were removed.
    """
    ours = set(story_users())
    found = [user.id for user in house.db.users.all() if user.demo and user.id in ours]
    for user_id in found:
        house.erase_user(user_id)
        house.db.engine.set_meta(_meta(user_id), None)
    return len(found)


def _meta(user_id: str) -> str:
    return f"demo:{user_id}"


def _stories() -> list[Mapping[str, Any]]:
    paths = sorted(STORY_FOLDER.glob("*.toml"))
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]


def _load(house: DemoServices, story: Mapping[str, Any]) -> None:
    user = story["user"]
    house.db.users.create(
        user["name"],
        id=user["id"],
        language=user["language"],
        timezone=user["timezone"],
        region=user["region"],
        demo=True,
    )
    personas = load_personas()
    for part in story["part"]:
        owner = Owner(user["id"], part["persona"])
        teller = DemoSeeder(house, owner, user, personas[owner.persona_id])
        teller.tell(part)


__all__ = ["DemoServices", "is_loaded", "load_demo", "remove_demo", "story_users"]
