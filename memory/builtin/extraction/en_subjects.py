"""English subject detection: who a clause is about."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.builtin.extraction.draft import Scene
from memory.builtin.extraction.en_words import CLOSE, PET, RELATION
from memory.nlp.dates.names import WEEKDAYS

_NOT_A_NAME = r"(?!I\b|I'|My\b|The\b|And\b|But\b|So\b|He\b|She\b|We\b|They\b|It\b)"
_NAME = rf"(?P<name>{_NOT_A_NAME}[A-Z][a-zé]+(?: [A-Z][a-zé]+)?)"
_RELATIVE = re.compile(
    rf"^(?i:(?:one of )?(?:my|our)) (?P<rel>(?i:{RELATION})(?:s(?=,? and ))?)(?:,? (?i:(?:named|called) )?{_NAME},?)?(?P<rest>(?:'s|'re|'ve|'ll)?(?: .*)?)$"
)
_PET = re.compile(
    rf"^(?i:(?:my|our)) (?P<rel>(?i:{PET}))(?:,? {_NAME},?)?(?P<rest>(?:'s)?(?: .*)?)$"
)
_I = re.compile(r"^(?:I|we)\b(?P<short>'(?:m|ve|ll|d|re))?\s*(?P<rest>.*)$", re.IGNORECASE)
_WITH_ME = re.compile(
    rf"^(?P<other>[Mm]y {RELATION}s?(?: [A-Z][a-z]+)?|[A-Z][a-z]+) and I (?P<rest>.+)$"
)
_DOCTOR = re.compile(
    r"^the (?P<who>doctors?|gp|consultant|nurse|midwife|dentist|surgeon|hospital|physio|vet) (?P<rest>.+ (?:me|us|my|our)\b.*)$",
    re.IGNORECASE,
)
# Of these, people leave out the "my".
_BARE_KIN = re.compile(
    rf"^(?=(?:{RELATION})(?:'s (?:called|named|an? |in |at |from |\d|got|been|(?!cooking)[a-z]+ing\b(?! (?:is|was)\b))| (?:is|was|has|works|teaches|lives|drives|had)\b))",
    re.IGNORECASE,
)
# What one has a day for is one's own, with or without a word that says so.
_BARE_EVENT = re.compile(
    r"^(?:(?:driving|theory|job|final|next|first|second|math|maths|chemistry|physics|history) )?"
    r"(?:exam|test|theory|interview|appointment|check-?up|scan|surgery|operation|op|deadline|presentation|viva"
    r"|audition|rehearsal|gig|dentist|physio|haircut|viewing|flight|train|ferry|wedding|graduation|induction)"
    r"(?: (?:to|for|with|in|at) [\w' ]{2,30}?)?(?P<is>(?:'s| is) )?"
    rf"(?=(?: (?!the\b))?(?:on|at|this|next|tomorrow|the|{'|'.join(WEEKDAYS['en'])})\b)",
    re.IGNORECASE,
)
_SHORT = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "had"}
_MINE = re.compile(r"^(?:my|our)\s+(?P<rest>.+)$", re.IGNORECASE)
_THIRD = re.compile(
    r"^(?:he|she|they|it)\b(?P<short>'(?:s|re|ve|ll|d))?\s*(?P<rest>.*)$", re.IGNORECASE
)
_THIRD_SHORT = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
# "It'd have been Hannah's 35th": a day is spoken of, not the one named before.
_SOMEBODYS_DAY = re.compile(r"^[Ii]t(?:'d|'s| is| was| would)\b.*\b[A-Z]\w+'s\b")
# A clause without a subject begins with a verb or an adverb, never with a name.
_SENTENCE_START = re.compile(
    r"^(?!(?:Any|Every|No|Some)thing)[A-Z](?=[a-z]+(?:ly|ed|ing)\b|ot\b|ad\b|ent\b|lmost\b|till\b)"
)
_OTHERS = re.compile(
    r"^(?:you|your|it|this|that|these|those|there|the|a|an|people|someone|everyone|nobody|everybody|here|what|who|let)\b",
    re.IGNORECASE,
)


_MEN = re.compile(
    r"\b(?:grand|step|god)?(?:brother|dad|father|son|husband|boyfriend|uncle|nephew|pa|grandpa)\b"
)
_WOMEN = re.compile(
    r"\b(?:grand|step|god)?(?:sister|mum|mom|mother|daughter|wife|girlfriend|aunt|niece|nan|gran|ma|grandma)\b"
)


def contradicts(pronoun: str, who: str) -> bool:
    """Whether "he" or "she" can't mean ``who``.

    Example:
        >>> contradicts("she", "The user's brother Owen")
        True
    """
    return (_MEN if pronoun.lower() == "she" else _WOMEN).search(who) is not None


# Somebody whom nobody knows: "one of our residents", "the guy I share a desk with".
_SOMEBODY = re.compile(
    r"^(?:one of (?:our|my|the|their)|some|this|that|an?|the|another|our new|my new) (?:[\w'-]+ ){0,2}?"
    r"(?:residents?|patients?|customers?|clients?|regulars?|guests?|guy|man|woman|lady|bloke|girl|boy|lad|kids?"
    r"|neighbou?rs?|colleagues?|students?|pupils?|teachers?|nurses?|doctors?|drivers?|players?|members?|tenants?"
    r"|lodgers?|strangers?|person|couple|barista|manager|boss|intern|apprentice|volunteers?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EnSubject:
    """A clause taken apart. ``who`` is how its subject is written in a memory.

    ``first`` if the predicate is in the first person and must be conjugated;
    ``who`` is None for everybody else, "" where the clause has no subject.
    """

    who: str | None
    predicate: str
    first: bool
    explicit: bool
    person: bool = False
    close: bool = False


def subject_of(clause: str, speaker: str, scene: Scene) -> EnSubject:
    """Takes the subject off the front of ``clause``."""
    clause = clause.replace("’", "'")
    clause = _BARE_KIN.sub("my ", clause)
    event = _BARE_EVENT.match(clause)
    if event:
        bare = clause.replace("'s ", " is ", 1) if event["is"] else clause
        clause = f"{'my' if event['is'] else 'I have'} {bare[0].lower()}{bare[1:]}"
    both = _WITH_ME.match(clause)
    if both:
        other = re.sub(r"^[Mm]y ", "their ", both["other"])
        return EnSubject(f"{speaker} and {other}", both["rest"], False, True)
    me = _I.match(clause)
    if me:
        short = _SHORT.get((me["short"] or "").lower(), "")
        return EnSubject(speaker, f"{short} {me['rest']}".strip(), True, True)
    for pattern in (_RELATIVE, _PET):
        match = pattern.match(clause)
        if match and not re.match(
            r"'s (?!a |an |the |in |at |allergic|called|named|going|coming|getting|working|name|been |got |had |[a-z]+ing\b|[A-Z][a-z]+(?:an|ish|ese|ch)\b|vegan|vegetarian|pregnant|ill\b|sick\b|dead\b|retired|gay\b|autistic|deaf\b|diabetic|married|single|divorced|\d)",
            match["rest"],
        ):
            return _relative(match, speaker, scene)
    mine = _MINE.match(clause)
    if mine:
        return EnSubject(f"{speaker}'s", mine["rest"], False, True)
    doctor = _DOCTOR.match(clause)
    if doctor:
        return EnSubject(f"{speaker}'s {doctor['who']}", doctor["rest"], False, True)
    for name, phrase in scene.people.items():
        if re.match(rf"{re.escape(name)}\b(?!')", clause):
            return EnSubject(phrase, clause[len(name) :].strip(" ,"), False, True, True)
    third = _THIRD.match(clause)
    if third and not _SOMEBODYS_DAY.match(clause):
        short = _THIRD_SHORT.get((third["short"] or "").lower(), "")
        if short == "is" and re.match(r"(?:got|had|been)\b", third["rest"]):
            short = "has"
        return EnSubject("they", f"{short} {third['rest']}".strip(), False, True, True)
    if _OTHERS.match(clause):
        return EnSubject(None, clause, False, True)
    return EnSubject("", _SENTENCE_START.sub(lambda m: m[0].lower(), clause), True, False)


def names_somebody(clause: str) -> bool:
    """Whether ``clause`` begins with a person nobody knows: "she" is no longer who it was."""
    return bool(_SOMEBODY.match(clause))


def _relative(match: re.Match[str], speaker: str, scene: Scene) -> EnSubject:
    relation, name, rest = match["rel"], match["name"], match["rest"]
    phrase = f"{speaker}'s {relation.lower()}"
    if name:
        scene.people[name] = f"{phrase} {name}"
        phrase += f" {name}"
    rest = re.sub(r"^'s(?= (?:been|got|had)\b)", "has", rest).lstrip()
    rest = re.sub(r"^'s\b", "is", rest).lstrip()
    rest = re.sub(r"^'re\b", "are", rest)
    if rest.startswith("is name is"):
        rest = rest.replace("is name is", "is named", 1)
    return EnSubject(phrase, rest.strip(" ,"), False, True, True, bool(CLOSE.search(relation)))


_WITH_RELATIVE = re.compile(
    rf"\b(?:with|to|for|from|by|and) my (?P<rel>{RELATION})\b(?! |'s)|\b(?:with|to|for|from|by|and) my (?P<rel2>{RELATION}),"
)


def with_relative(predicate: str) -> EnSubject | None:
    """The relative with whom something is done: "he" may be them."""
    found = _WITH_RELATIVE.search(predicate)
    if found is None:
        return None
    return EnSubject(f"The user's {found['rel'] or found['rel2']}", "", False, True, True, True)


_INTRODUCED = re.compile(
    rf"(?:has|adopted|got|rescued|owns) (?:a|an|one|two|three|twin) (?P<rel>{RELATION}|{PET})(?:,? (?:named|called) (?P<name>[A-Z]\w+))?(?= (?:on|in|over|who|aged) |,|$)"
)


def introduced(text: str, scene: Scene) -> EnSubject | None:
    """The person or pet that a fact introduces ("has a sister named Anna")."""
    match = _INTRODUCED.search(text)
    if not match:
        return None
    phrase = f"{scene.speaker}'s {match['rel']}"
    if match["name"]:
        phrase += f" {match['name']}"
        scene.people[match["name"]] = phrase
    return EnSubject(phrase, "", False, True, True, True)
