"""English topics: what a message is about, and the user's own words turned to "you"."""

from __future__ import annotations

import re

_AFTER = (
    r"(?: there| again| niannian| yan| shen yan| qing| everyone| dear| darling| love|"
    r" my friend| friend| mate| pal| lovely)?[\s!.,~]*"
)
_HELLO = (
    r"hi+|hello+|hey+|hiya|yo|howdy|sup|greetings|what'?s up|i'?m back|(?:are )?you there\??"
    r"|alright(?= mate| love| pal|[?!. ]*$)|ey up|ello"
)
GREETINGS = rf"^(?:{_HELLO})(?!\w|'){_AFTER}"
MORNING = rf"^(?:good )?morning\b{_AFTER}"
NOON = rf"^good afternoon\b{_AFTER}"
EVENING = rf"^(?:good )?evening\b{_AFTER}"

PLAN = (
    r"\b(?:i'?m|we'?re|i am|we are) (?:going to|gonna|planning|thinking of|about "
    r"to|meeting|visiting|flying|taking|seeing|having|starting|moving)\b|\b(?:i|"
    r"we) (?:will|plan to|want to|intend to|hope to)\b|\bi'?ll\b|\b(?:i|we)(?: have|'ve got) an? "
    r"(?:\w+ ){0,3}(?:interview|exam|appointment|date|meeting|test|concert|flight|"
    r"party|presentation|race|gig|show|match|recital|wedding)\b|"
    r"\bi (?:have|need|'ve got) to (?:present|give a|take my|sit my)\b|"
    r"\bbooked\b|\bsigned up\b|\bgot tickets\b|"
    r"^(?:going|flying|off|travell?ing|moving) to \w+"
)
PAST = (
    r"\b(?:i|we) (?:just |finally |also )?(?:went|saw|had|did|made|met|got|found|"
    r"took|visited|watched|played|spent|tried|started|finished|walked|wrote|"
    r"called|came|bought|baked|cooked|cleaned|talked|spoke|lost|missed|helped|"
    r"stayed|ran|rode|learned|learnt|was|were)\b|\byesterday\b|\blast (?:night|"
    r"week|weekend|month)\b|\bthis morning\b"
)

ASKS = (
    r"(?:so |and |ok |then )?(?:what|who|when|where|which|how (?:old|many|long|much|tall))"
    r"(?: \w+){0,2}?(?:'s| is| are| was| were| do| does| did| has| have| am) \w+"
)
QUESTION = (
    r"\?\s*$|^(?:what|who|where|when|why|how|which|whose|is|are|do|does|did|can|"
    r"could|would|will|should|have|has)\b"
)

_FLIPS: tuple[tuple[str, str], ...] = (
    (r"\bi'm\b", "you're"),
    (r"\bi am\b", "you are"),
    (r"\bi was\b", "you were"),
    (r"\bi wasn't\b", "you weren't"),
    (r"\bi've\b", "you've"),
    (r"\bi'll\b", "you'll"),
    (r"\bi'd\b", "you'd"),
    (r"\bmyself\b", "yourself"),
    (r"\bmy\b", "your"),
    (r"\bmine\b", "yours"),
    (r"\bme\b", "you"),
    (r"\bi\b", "you"),
)
_LEAD = re.compile(
    r"^(?:(?:and|but|so|well|oh|ugh|yeah|yes|no|actually|honestly|also|then|"
    r"because|today|yesterday|lately|anyway|okay|ok|hey|guess what|you know|to be "
    r"honest|finally|sadly|luckily|unfortunately|i think|i guess|i feel like)[, "
    r"]+)+"
)
_OWN = re.compile(r"^(?:i|my)\b")
_BAD = re.compile(
    r"\b(?:you|your|we|us|our|ours|whether|if|why|how|what|which|who|don't know|"
    r"not sure|think|guess|wonder|hope|wish|suppose|mean|feel|http\w*|maybe|"
    r"perhaps|should|could|would)\b|[<>{}=;?@]|\b(?:the|a|an|to|of|and|but|with|"
    r"at|in|on|for|my|by|from|about|that|because|so|is|was|are|were|very|really|"
    r"just)$"
)


def said(message: str) -> str | None:
    """The user's words as a clause for "you": "I got yelled at by my boss" -> "you got ...".

    None when no clause can be turned without mangling it.
    """
    text = message.replace("’", "'")
    for clause in re.split(
        (
            r"[.!?;\n…]+|,\s+(?!and \w+ing)| - | – |(?<!\s)\s+but\s+|(?<!\s)\s+so\s+(?=i\b)|"
            r"(?<!\s)\s+because\s+|(?<!\s)\s+and\s+(?=i\b|now\b|it\b|he\b|she\b|they\b|my\b)"
        ),
        text,
        flags=re.IGNORECASE,
    ):
        plain = _LEAD.sub("", clause.strip().lower()) if clause else ""
        offset = len(clause.strip()) - len(plain) if clause else 0
        own = clause.strip()[offset:] if clause else ""
        words = own.split()
        if not _OWN.match(plain) or not 3 <= len(words) <= 12 or _BAD.search(plain):
            continue
        if re.search(r"\bi\b.*\bi\b", plain) and not re.search(r"\band i\b", plain):
            continue
        return _flip(own)
    return None


# What no echo can hold: the companion, wishes, half sentences, questions.
_NO_ECHO = re.compile(
    r"^(?:what|who|when|where|which|whose|how|why)\b|\b(?:you|your|yours|why|dunno|http\w*)\b|[<>{}=;@?]",
    re.IGNORECASE,
)
_BARE_KIN = re.compile(r"^(?=(?:mum|mom|dad|gran|grandma|grandpa|nan)\b)", re.IGNORECASE)
LONGEST_ECHO = 14


def echo(message: str) -> str | None:
    """What the user said, said back to them: "Mum dropped her tea" -> "your mum dropped her tea".

    None for what is too short, too long or about the companion.
    """
    text = message.replace("’", "'")
    best = ""
    for clause in re.split(r"[.!?;\n…]+|,\s+| - | – ", text):
        own = _LEAD.sub("", clause.strip().lower())
        own = clause.strip()[len(clause.strip()) - len(own) :]
        if not 3 <= len(own.split()) <= LONGEST_ECHO or _NO_ECHO.search(own):
            continue
        # What sets the scene is short; what happened takes more words.
        best = max(best, own, key=len)
    flipped = _flip(_BARE_KIN.sub("my ", best))
    for old, new in ((r"\bwe\b", "you"), (r"\bour\b", "your"), (r"\bus\b", "you")):
        flipped = re.sub(old, new, flipped, flags=re.IGNORECASE)
    return flipped or None


def _flip(clause: str) -> str:
    for old, new in _FLIPS:
        clause = re.sub(old, new, clause, flags=re.IGNORECASE)
    clause = re.sub(r"\b(?:today|tonight)$", "", clause).strip()
    return re.sub(r"\s+", " ", clause).strip(" ,")


def name_given(message: str) -> str | None:
    """The name in "my name is Maya" or "call me May"."""
    match = re.search(
        (
            r"\b(?:my name(?:'s| is)|(?<!used to )(?<!would )(?<!'d )call me|i'?m "
            r"called|i'?m(?= \w+(?: (?:btw|by the way)\b|,? (?:and )?\d{2}\b|"
            r", (?:short for|and i\b|i'm\b)))|name'?s)\s+"
            r"([A-Za-z][A-Za-z'-]{1,20}|[\u4e00-\u9fff]{1,4})"
        ),
        message,
        re.IGNORECASE,
    )
    if not match:
        return None
    name = match[1]
    if name.lower() in {
        "a",
        "an",
        "the",
        "when",
        "if",
        "back",
        "later",
        "maybe",
        "tomorrow",
        "out",
    }:
        return None
    return name[0].upper() + name[1:]
