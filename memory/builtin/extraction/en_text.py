"""English rewriting: first person to third, relative dates to absolute."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.en_words import (
    ADVERBS,
    MODALS,
    NOT_PAST,
    VERB,
)
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.nlp.endings import Endings
from memory.nlp.english_verbs import PAST, SAME_IN_PAST

# Words that open a clause only with a comma behind them ("no, I live here"), and words
# that do with or without.
_LEAD = re.compile(
    r"^(?:(?:no|well|like|ok|okay|yes|great|cool|nice|first|second|finally|lastly|good news|bad news|sorry|sigh|please|please remember|anyway|honestly|actually|so|thanks|thank you|for me|as for me|then|now|wow|sad|sadly)[,:!.]+\s*(?:that\s+)?"
    r"|(?:oh|ah|um+|uh+|er|hmm+|haha+|lol|lmao|ha|so|and|but|also|anyway|anyways|honestly|actually|btw|by the way|fyi|you know|you see|yeah|yep|yup|nope|nah|hi there|hey there|hello there|hey|hi|hiya|hello|yo|guess what|to be honest|tbh|in fact|i mean|basically|then|now|currently|these days"
    r"|because|cause|cuz|since|though|although|however|besides|unfortunately|luckily|fortunately|sadly|apparently|as you know|you should know|just so you know|fun fact|please|ok|okay|yes|well"
    r"|remember(?: that)?|note that|please remember(?: that)?|i(?:'d| would) like to say|i should mention|i should add|i forgot to (?:mention|say)|let me introduce myself|plus"
    r"|i(?: have to|'ve got to| must) (?:say|admit|confess)|the thing is|it turns out|turns out|good morning|good evening|good night|good afternoon|omg|ugh|yay|oh my god|long story short|for the record|did i mention|did i tell you|nice to meet you)(?:[,:!.\s]+(?:that\s+)?|$))+",
    re.IGNORECASE,
)
_TAIL = Endings.of(
    r"\s,;:.!?~—–-",
    [
        *("lol", "lmao", "tbh", "imo", "btw", "xd", "ha", "though", "too", "as well"),
        *("myself", "right now", "now", "for now", "these days", "at the moment", "already"),
        *("actually", "honestly", "to be honest", "you know", "i guess", "i think", "i suppose"),
        *("or something", "or whatever", "and stuff", "and all that", "please", "anyway"),
        *("by the way", "for my sins"),
    ],
    more=r"(?:[ae]{1,20}h){2,20}\b",  # "haha", "hahahaaa", "hehe"
    flags=re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(on|in|since|until|till|by|from|for|before|after|around|of|during|at|over|through|to|between|and)\s*$",
    re.IGNORECASE,
)
_OWN_PREPOSITION = re.compile(r"(since|until|till|by|from|around|during)\b", re.IGNORECASE)


def lead_stripped(clause: str) -> str:
    """``clause`` without greetings and connectives in front."""
    return _LEAD.sub("", clause.strip())


def tail_stripped(text: str) -> str:
    """``text`` without filler and punctuation at the end."""
    return _TAIL.stripped(text).strip()


# "and always shout along": after an adverb comes the verb, whichever it is.
_AND_ADVERB = re.compile(
    rf"\b((?:and|but) (?:(?:{'|'.join(sorted(ADVERBS))}) )+)([a-z]+)(?<!ing)\b"
)


def conjugated(predicate: str, *, past_said: bool = False) -> str:
    """A first person predicate ("really live in Rome") in the third ("really lives in Rome").

    ``past_said``: a past date stands beside it, so "put" and "read" are past.
    """
    words = predicate.split(" ")
    for number, word in enumerate(words):
        bare = word.lower().strip(",")
        if bare in ADVERBS and number < len(words) - 1:
            continue
        changed = _third(bare, past_said)
        if changed != bare:
            words[number] = changed
        present = changed != bare and bare not in ("am", "'m", "are", "were", "was")
        rest = " ".join(words[number + 1 :])
        if present:
            rest = _AND_ADVERB.sub(lambda m: f"{m[1]}{_third(m[2], past_said)}", rest)
            rest = re.sub(
                rf"(,|\b(?:and|but|or))((?: (?:{'|'.join(ADVERBS)}))*) ({VERB.pattern})\b(?!ing)",
                lambda m: f"{m[1]}{m[2]} {_third(m[3].lower(), past_said)}",
                rest,
            )
        return " ".join([*words[: number + 1], rest]).strip()
    return predicate


ING_VERBS = frozenset({"sing", "bring", "ring", "swing", "sting", "cling", "fling", "spring"})
"""Verbs that look like a participle and aren't."""


def _third(verb: str, past_said: bool) -> str:
    fixed = {
        "am": "is", "'m": "is", "are": "is", "were": "was", "have": "has", "do": "does", "don't": "doesn't",
        "haven't": "hasn't", "aren't": "isn't", "weren't": "wasn't", "go": "goes", "do not": "does not",
    }.get(verb)  # fmt: skip
    if fixed:
        return fixed
    if verb.startswith("re") and verb[2:] in PAST and (past_said or verb[2:] not in SAME_IN_PAST):
        return verb
    if verb in MODALS or (verb in PAST and (past_said or verb not in SAME_IN_PAST)):
        return verb
    if verb.endswith("ed") and verb not in NOT_PAST:
        return verb
    if not verb.isascii() or not verb.isalpha() or (verb.endswith("ing") and verb not in ING_VERBS):
        return verb
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return verb + "es"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + "s"


def third_person(text: str) -> str:
    """Every further first person in ``text`` as "they", "them" and "their"."""
    text = text.replace("’", "'")
    for pattern, new in (
        (r"\bI'm\b|\bI am\b", "they are"),
        (r"\bI was\b", "they were"),
        (r"\bI've\b", "they have"),
        (r"\bI'll\b", "they will"),
        (r"\bI'd\b", "they would"),
        (r"\bI\b", "they"),
        (r"\bwe're\b|\bwe are\b", "they are"),
        (r"\bwe\b", "they"),
        (r"\b[Mm]y\b|\bour\b", "their"),
        (r"\bmyself\b", "themselves"),
        (r"\bmine\b", "theirs"),
        (r"我", "they"),
        (r"\bme\b(?!-)|\bus\b", "them"),
    ):
        text = re.sub(pattern, new, text)
    return text


def when(mention: DateMention) -> str:
    """``mention`` with its preposition: "on October 18, 2025", "in May 2025"."""
    written = dates.absolute(mention, mention.start, "en")
    own = _OWN_PREPOSITION.match(mention.text)
    if own:
        return f"{own.group(1).lower()} {written}"
    if mention.grain == "day":
        if mention.part and mention.part not in ("noon",):
            return f"on the {mention.part} of {written}"
        return f"on {written}"
    return f"{'over' if mention.grain == 'weekend' else 'in'} {written}"


def with_dates(text: str, mentions: list[DateMention]) -> str:
    """``text`` with each mention written out; one in front goes to the end."""
    moved = ""
    for mention in reversed(mentions):
        before, after = text[: mention.begin], text[mention.stop :]
        if not before.strip() and after.strip():
            moved = " " + when(mention)
            text = after.lstrip(" ,")
            continue
        own = re.match(r"(?:on|in|at|over|for|during)\b", mention.text, re.IGNORECASE)
        if after.startswith("'s") or (not own and _PREPOSITION.search(before)):
            written = dates.absolute(mention, mention.start, "en")
        else:
            written = when(mention)
        text = before + written + after
    return " ".join((text + moved).split())
