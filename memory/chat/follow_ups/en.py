"""English past tense of plans: "is flying to Paris" becomes "flew to Paris"."""

from __future__ import annotations

import re

FUTURE = re.compile(
    r"\b(?:plan(?:s|ning)? (?:to|on)|(?:is|are) (?:going to|about to|due|off to)|will|"
    r"(?:wants?|hopes?|intends?|needs?|has|have) to|upcoming|booked|scheduled)\b",
    re.IGNORECASE,
)
_IRREGULAR = {
    "be": "was", "have": "had", "do": "did", "go": "went", "get": "got", "take": "took",
    "make": "made", "see": "saw", "meet": "met", "fly": "flew", "leave": "left", "give": "gave",
    "come": "came", "run": "ran", "drive": "drove", "ride": "rode", "swim": "swam",
    "sing": "sang", "buy": "bought", "bring": "brought", "sell": "sold", "tell": "told",
    "teach": "taught", "write": "wrote", "read": "read", "eat": "ate", "drink": "drank",
    "begin": "began", "speak": "spoke", "find": "found", "feel": "felt", "hold": "held",
    "keep": "kept", "send": "sent", "spend": "spent", "sit": "sat", "sleep": "slept",
    "stand": "stood", "pay": "paid", "put": "put", "cut": "cut", "quit": "quit", "set": "set",
    "build": "built", "catch": "caught", "choose": "chose", "throw": "threw", "wear": "wore",
    "win": "won", "become": "became", "hang": "hung", "ski": "skied", "submit": "submitted",
    "stop": "stopped", "plan": "planned", "shop": "shopped", "chat": "chatted", "jog": "jogged",
    "hug": "hugged", "drop": "dropped", "skip": "skipped", "swap": "swapped", "trim": "trimmed",
}  # fmt: skip
_DOUBLING = ("t", "n", "p", "g", "m", "b", "d")
_ADVERB = r"(?:(?:also|really|finally|just|still|probably|definitely) )?"
_TO_DO = re.compile(
    rf"\b{_ADVERB}(?:(?:is|are) (?:going|planning|about|hoping|due|supposed|meant|set) to|will|"
    rf"(?:plan|want|hope|intend|need|mean|aim)s? to|(?:has|have) (?:got )?to) {_ADVERB}"
    r"(?P<verb>[a-z]+)\b"
)
_DOING = re.compile(rf"\b(?:is|are) {_ADVERB}(?P<verb>[a-z]{{2,}}ing)\b")
_HAVING = re.compile(
    r"\b(?:has|have)(?: got)? (?=(?:an?|the|some|their|his|her|two|three|tickets)\b)"
)
_BEING = re.compile(r"\b(?P<verb>is|are)(?= (?:on|in|at|due)\b)")
_OFF = re.compile(r"\b(?:is|are) off to\b")
_MOOD = re.compile(
    r",?(?: and|,| but) (?:(?:is|are|feels?|feeling|can't wait|looks? forward|hopes?)\b)[^,]*$"
)
_SPAN = re.compile(r"\b(?:(?:over|during|in|on) )?the (?:weekend|week) of $|\b(?:over|in|during) $")
_BEFORE_DAY = re.compile(r"\b(?:on|by|before|after|until|from|since|to|of) $")


def told_as_past(text: str) -> str:
    """The plan as something that happened; ``text`` has no full stop."""
    bare = _MOOD.sub("", text)
    for pattern, change in (
        (_OFF, lambda m: "went to"),
        (_TO_DO, lambda m: _past(m["verb"])),
        (_DOING, lambda m: _past_of_doing(m["verb"])),
        (_HAVING, lambda m: "had "),
        (_BEING, lambda m: "was" if m["verb"] == "is" else "were"),
    ):
        told, count = pattern.subn(change, bare, count=1)
        if count:
            return told
    return f"{text} (and it happened)"


def dated(before: str, day: str, after: str) -> str:
    """A sentence with a new day in the place of the old one: "in May" becomes "on May 3"."""
    before = _SPAN.sub("", before)
    return f"{before}{'' if _BEFORE_DAY.search(before) or not before else 'on '}{day}{after}"


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if len(verb) > 2 and verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}ed"


def _past_of_doing(verb: str) -> str:
    stem = verb[:-3]
    undoubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] in _DOUBLING else stem
    for base in (stem, f"{stem}e", undoubled):
        if base in _IRREGULAR:
            return _IRREGULAR[base]
    if len(stem) > 2 and stem.endswith("y") and stem[-2] not in "aeiou":
        return f"{stem[:-1]}ied"
    # "moving" and "visiting" alike: what -ing dropped, -ed brings back.
    return f"{stem}ed"
