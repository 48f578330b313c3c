"""What the fake endpoint answers by itself: memories from first-person sentences.

A handful of rules, no more than a realistic reply needs; they know nothing of
the project's own rules, so that tests of the whole path can't agree by accident.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

PERSONA = {"zh": "念念", "en": "Niannian"}
_MESSAGE = re.compile(
    r'^\[?(\d+)\]? (user|ai) (\d{4}-\d\d-\d\d) \S+ (?:\d\d:\d\d )?(".*")$', re.MULTILINE
)
_SENTENCE = re.compile(r"[^。！!？?.；;\n]+[。！!？?.；;]?")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_DAYS = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2}
_DAYS_EN = {"yesterday": -1, "today": 0, "tomorrow": 1}
_ENGLISH = (
    (r"^I['’]m\b|^I am\b", "{who} is"),
    (r"^I['’]ve\b|^I have\b", "{who} has"),
    (r"^I was\b", "{who} was"),
    (r"^My\b", "{who}'s"),
    (r"^I (like|love|hate|live|work|want|enjoy|own|play)\b", r"{who} \1s"),
    (r"^I\b", "{who}"),
)


def answer(body: Mapping[str, Any]) -> str:
    """The reply to a chat request, judged by its prompt."""
    messages = body.get("messages", [])
    system = next((str(m["content"]) for m in messages if m["role"] == "system"), "")
    user = next((str(m["content"]) for m in reversed(messages) if m["role"] == "user"), "")
    if '"memories"' in system:
        return json.dumps({"memories": _memories(user)}, ensure_ascii=False)
    if '"memory"' in system:
        return json.dumps({"memory": _stock_memories(user)}, ensure_ascii=False)
    if _CJK.search(user):
        return f"嗯，我听到了：{user.strip()[-40:]}"
    return f"I hear you: {user.strip()[-80:]}"


def embedding(text: str, dims: int) -> list[float]:
    """A deterministic unit vector in which shared letter pairs show."""
    vector = [0.0] * dims
    for start in range(max(1, len(text) - 1)):
        digest = hashlib.blake2b(text[start : start + 2].encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        vector[number % dims] += 1.0 if number >> 32 & 1 else -1.0
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def _memories(prompt: str) -> list[dict[str, Any]]:
    found = []
    for number, who, day, quoted in _MESSAGE.findall(prompt):
        for sentence in _SENTENCE.findall(json.loads(quoted)):
            memory = _memory(sentence.strip(), who, date.fromisoformat(day))
            if memory:
                found.append({**memory, "source": [int(number)]})
    return found[:8]


def _memory(sentence: str, who: str, said_on: date) -> dict[str, Any] | None:
    text = _third_person(sentence, who)
    if text is None:
        return None
    offset = next((n for word, n in {**_DAYS, **_DAYS_EN}.items() if word in sentence), None)
    for word in (*_DAYS, *(f" {word}" for word in _DAYS_EN)):
        text = text.replace(word, "")
    temporal = offset is not None
    return {
        "action": "ADD",
        "text": text.strip(),
        "subject": who,
        "kind": "temporal" if temporal else "constant",
        "category": _category(sentence, temporal, offset or 0),
        "event_date": (said_on + timedelta(days=offset)).isoformat()
        if offset is not None
        else None,
        "importance": 5 if "过敏" in sentence or "allergic" in sentence else 3,
    }


def _third_person(sentence: str, who: str) -> str | None:
    if sentence.endswith(("?", "？")) or len(sentence) < 4:
        return None
    bare = sentence.rstrip("。！!.；;")
    if _CJK.search(bare):
        name = "用户" if who == "user" else PERSONA["zh"]
        match = re.match(r"^(?:(昨天|今天|前天|明天|后天))?我(?!们|觉得|在呢|听)(.*)$", bare)
        if match is None:
            return None
        return f"{name}{match[1] or ''}{match[2].replace('我', name)}"
    name = "The user" if who == "user" else PERSONA["en"]
    for pattern, replacement in _ENGLISH:
        changed, count = re.subn(pattern, replacement.replace("{who}", name), bare)
        if count:
            return changed
    return None


def _category(sentence: str, temporal: bool, offset: int) -> str:
    if temporal:
        return "plan" if offset > 0 else "event"
    for words, category in (
        ("过敏|生病|allergic|sick", "health"),
        ("喜欢|讨厌|爱吃|like|love|hate", "preference"),
        ("工作|上班|老师|学|work|job|teach", "work_study"),
        (
            "妈|爸|姐|妹|哥|弟|朋友|猫|狗|mother|father|sister|brother|friend|cat|dog",
            "relationship",
        ),
        ("每天|总是|every|usually", "habit"),
        ("叫|岁|住|name|years old|live", "identity"),
    ):
        if re.search(words, sentence):
            return category
    return "other"


def _stock_memories(prompt: str) -> list[dict[str, str]]:
    new = prompt.rsplit("## New Messages", 1)[-1]
    found: list[dict[str, str]] = []
    for role, said in re.findall(r"^(user|assistant): (.+)$", new, re.MULTILINE):
        who = "user" if role == "user" else "ai"
        for sentence in _SENTENCE.findall(said):
            text = _third_person(sentence.strip(), who)
            if text:
                found.append({"id": str(len(found)), "text": text, "attributed_to": role})
    return found
