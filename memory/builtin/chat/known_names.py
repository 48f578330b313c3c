"""Known names: whom the names in a message stand for, from the user's memories and words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.types import ReplyRequest, Subject

_PETS_ZH = "猫|狗|犬|龟|鸟|兔|仓鼠|鹦鹉"
_PETS_EN = "tortoise|turtle|hamster|bird|pony|horse|whippet|greyhound|terrier|spaniel|retriever"
_NAMED = (
    re.compile(
        rf"(?P<who>{KIN_ZH}|{_PETS_ZH})[^，。叫]{{0,6}}叫(?:做)?"
        # "孩子叫啥" gives no name.
        r"(?!什么|啥|谁)(?P<name>[\u4e00-\u9fffA-Za-z]{1,8}?)(?=的|，|,|。|\s|$)"
    ),
    re.compile(
        rf"叫(?:做)?(?P<name>[\u4e00-\u9fffA-Za-z]{{1,8}}?)的[^，。]{{0,4}}?(?P<who>{KIN_ZH}|{_PETS_ZH})"
    ),
    re.compile(
        rf"\b(?P<who>{KIN_EN}|{_PETS_EN})(?: is| was)?(?: called| named)? (?P<name>[A-Z][a-z]+)\b"
    ),
)


def known_names(request: ReplyRequest) -> dict[str, str]:
    """Whom the names stand for that memories or the user introduce: ``{"Pickle": "my cat"}``."""
    items = request.context.items
    told = [item.memory.text for item in items if item.memory.subject is Subject.USER]
    told += [message.text for message in request.history if message.role == "user"]
    return dict(_names_in(tuple(told)))


@lru_cache(maxsize=4)
def _names_in(told: tuple[str, ...]) -> Mapping[str, str]:
    """The same for texts; a reply asks for it several times."""
    found: dict[str, str] = {}
    for text in told:
        for pattern in _NAMED:
            match = pattern.search(text)
            if match:
                mine = "my " if match["who"].isascii() else "我的"
                found.setdefault(match["name"], mine + match["who"])
    return found


def introduced(text: str, known: dict[str, str]) -> str:
    """``text`` with whom each known name stands for.

    Example:
        >>> introduced("Pickle broke a vase", {"Pickle": "my cat"})
        'my cat broke a vase'
    """
    for name, who in known.items():
        plain = re.escape(name)
        pattern = rf"(?<!\w){plain}(?!\w)" if name.isascii() else plain
        text = re.sub(pattern, who, text, flags=re.IGNORECASE)
    return text
