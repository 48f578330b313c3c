"""English spelling normalisation: short forms of chats and phones, written out."""

from __future__ import annotations

import re

# Upper and lower case alike; the first letter keeps its case where it stays.
_FORMS: tuple[tuple[str, str], ...] = (
    (r"\b(what|who|where|when|how|that|there|here|let)s\b(?!')", r"\1's"),
    (r"\b(s?he)s\b(?!')(?= \w)", r"\1's"),
    (
        r"\bits\b(?= (?:a|an|the|my|your|due|not|so|too|just|now|on|at|in|about|like|been|gonna|"
        r"going|ok|okay|fine|hard|all|only|still|really|very|\w+ing)\b)",
        "it's",
    ),
    (r"\bmy names\b(?= [a-z]+)", "my name's"),
    (r"\br u\b", "are you"),
    (r"\bu r\b", "you are"),
    (r"\bur(?= (?:right|so|not|the|a|an|welcome|sweet|funny|kind|nice|just|very|too)\b)", "you're"),
    (r"\bur\b", "your"),
    (r"\bu\b(?!\.|-)", "you"),
    (r"(?<=\w )n(?= \w)", "and"),
    (r"(?<=\w )w(?= \w)", "with"),
    (r"\b(?:cuz|coz|cos|bc)\b(?! \d)", "because"),
    (r"\b(?:tmrw|tmr|tomoz|2moro|2morrow)\b", "tomorrow"),
    (r"\bb4\b", "before"),
    (r"\bb-?day\b", "birthday"),
    (
        r"\b(?:b-?days|birthdays)(?= (?:on |the |is |\d|jan|feb|mar|apr|may|ju|aug|sep|oct|nov))",
        "birthday's",
    ),
    (r"\byrs\b", "years"),
    (r"\byr\b", "year"),
    (r"\bppl\b", "people"),
    (r"\batm\b", "at the moment"),
    (r"\bidk\b", "I don't know"),
    (r"\bsmth\b", "something"),
    (r"\btho\b", "though"),
    (r"\bsum1\b", "someone"),
    (r"\b(?:abt)\b", "about"),
    (
        r"\b(tak|go|do|mak|gett|com|work|liv|hav|think|noth|someth|try|play|study|feel|look|driv|leav"
        r"|morn|even|meet|mov|start|wait|sleep|eat|talk|runn)in\b(?!')",
        r"\1ing",
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), written) for pattern, written in _FORMS)


def spelled_out(text: str) -> str:
    """``text`` with short forms written out.

    Example:
        >>> spelled_out("whats ur dogs name")
        "what's your dogs name"
    """
    for pattern, written in _PATTERNS:
        text = pattern.sub(written, text)
    return text
