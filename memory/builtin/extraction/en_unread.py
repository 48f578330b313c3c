"""English clauses that no rule read, put into the words of a memory.

Whether they become one is for the classifier to say (:mod:`.clauses`). Here it is only
settled whom they are about and when they happened; where that is not plain, there is
nothing to classify.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction import en_events as events
from memory.builtin.extraction.draft import Draft, Scene
from memory.builtin.extraction.en_subjects import EnSubject, subject_of
from memory.builtin.extraction.en_text import (
    conjugated,
    lead_stripped,
    tail_stripped,
    third_person,
    with_dates,
)
from memory.builtin.extraction.en_words import PET, RELATION, USER
from memory.nlp import dates
from memory.types import Kind

_LONGEST = 160
_YOU = re.compile(r"\byou(?:r|rs|'re|'ve|'ll)?\b|我", re.IGNORECASE)
_HABITUAL = re.compile(
    r"\b(?:every|each|always|usually|often|on (?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekends|twice a|once a|times a)\b",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|this|that|these|those)\b", re.IGNORECASE
)
_IMPERSONAL_IT = re.compile(r"\b(?:when(?:ever)?|if|because|that|after|before) it\b", re.IGNORECASE)
# The beginning of a sentence whose end says what happened, or what only the talk explains.
_SUBORDINATE = re.compile(
    r"^(?:(?:especially|only|even|just) )?(?:after|since|when|while|before|because|although|though|until|once|whenever|as)\b"
    r"|\b(?:took|made|saw|did|got|bought|found|tried|love|loved|about|of|with|for|to) (?:it|this|that|them|those)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?!need|feed|speed|bed)(?:[a-z]{2,}ed|died|went|got|was|were|had|lost|left|took|came|broke|told|saw|met|fell|won|quit|said|made|bought|gave|found)\b",
    re.IGNORECASE,
)
# A noun without "my" in front belongs to nobody, but for one's own kin and body.
_NO_SUBJECT = re.compile(
    r"^(?:most|many|lots of|all|few|the|a|an|this|that|these|those|there|some|any|every(?:one|body|thing)|no(?:body|thing)|people|kids|life|love|time|money|things|one|being|having|seeing|watching|trying|doing|making|getting|going|it's|that's|what|how|so|such|nature|music|art|family|friends|and|or|to|for|with|of|as|in|at|by|from|about)\b",
    re.IGNORECASE,
)
_SAID_OF_ME = re.compile(
    r"^(?:left |right |bad )?(?:knee|back|shoulder|hip|wrist|ankle|elbow|neck)(?:'s| is| has)\b|^(?:[a-z]+ ){0,3}(?:allergy|allergic|intoleran\w+|diabetic|asthma\w*|pregnant|miscarriage|chemo\w*|diagnos\w+|surgery|divorced?|single|married|widow\w*|veg(?:an|etarian)|born|based|originally from|nurse|teacher|student|engineer|mother of|father of|mom of|dad of|mum of|sober)\b",
    re.IGNORECASE,
)
# Said of what isn't so yet, or of nothing in particular; a day makes a plan of it.
_VAGUE = re.compile(
    r"^(?:(?:just|also|really|still|definitely|even|always) )*(?:will|would|should|could|can(?!'t)|might|must|need|wanna|want|gonna|gotta|(?:am|is) (?:gonna|going to|sure|glad|happy|excited|determined|ready|trying|working on|looking|tempted|after|all about|lucky|blessed|off|swamped|busy|grateful|thankful|proud of it)|have been (?:so |really |super )?(?:busy|swamped|thinking|looking)|tend|think|feel|hope|believe|guess|bet|know|wish|keep|found|find)\b",
    re.IGNORECASE,
)
# A clause without a subject that begins with what one does.
_ACTS = re.compile(
    r"(?:(?:just|finally|recently|also|never|always|still|nearly|almost|really) )*(?:am|was|have|had|got|went|did|took|made|ate|saw|met|left|lost|found|broke|quit|grew|split|[a-z]{2,}ed|[a-z]{2,}ing|can't|don't|didn't|love|hate|live|work|study|play|like|take|have)\b",
    re.IGNORECASE,
)
# Nouns that look like what one does.
# What was just named is told more of.
_APPOSED = re.compile(
    r"^(?:an?|the|little|a [a-z-]+) (?:[\w-]+ ){0,4}?(?:(?:called|named) [A-Z]\w+$|(?:is|are|just turned|turned|has|have) \w+)"
)
_OF_DOCTOR = re.compile(
    r"'s (?:doctors?|gp|consultant|nurse|midwife|dentist|surgeon|hospital|physio|vet)$",
    re.IGNORECASE,
)
_FOR_ME = re.compile(r"(?<=\w) for (?:me|us)$", re.IGNORECASE)
_OCCASION = r"(?:driving (?:test|lesson)|wedding|meeting|training (?:day|course)|housewarming|hearing|opening|christening|viewing|boxing|swimming (?:gala|lesson)|riding lesson|parents)\b"
_NAMED = re.compile(
    rf"^(?!(?:I|My|The|And|But|So|He|She|We|They|It|Yes|No|Oh|Well|Not|Just|Also|Then|Now|Here|There|This|That)\b)[A-Z][a-z]+(?:'s (?:{RELATION}|{PET}))? (?:just|has|had|got|left|moved|died|works|lives|quit|passed|proposed|broke|turned|came|starts?|started)\b"
)
# Of a sister's friend nothing is remembered, nor of a colleague's husband who isn't "my" colleague's.
_NOT_KIN = r"(?:[a-z]+ )?(?:friend|bestie|buddy|mate|pal|coworker|co-worker|colleague|classmate|neighbou?r|boss|manager|landlord|landlady|teacher|roommate|flatmate|housemate|client)"
_SECOND_HAND = re.compile(
    rf"^(?:(?:an?|the) )?{_NOT_KIN}s?'s? (?:{RELATION})\b|^(?:(?:my|our) )?(?:{RELATION})'s? {_NOT_KIN}\b|^an? (?:{_NOT_KIN}|guy|girl|kid) (?:of mine|of ours|from|in|at)\b",
    re.IGNORECASE,
)
_OF_RELATIVE = re.compile(
    rf"^(?:my|our) (?:{RELATION}|{PET}|[a-z]+)'s? (?:{RELATION}|{PET})\b", re.IGNORECASE
)


def unread_en(
    clause: str, topic: EnSubject | None, person: EnSubject | None, scene: Scene
) -> Draft | None:
    """``clause`` as a memory could have it; None where it can't be told whose it is.

    Args:
        clause: A statement that passed every filter, without filler at its ends.
        topic: The subject of the clauses before it in the sentence.
        person: Whom "she" means.
    """
    clause = _FOR_ME.sub("", lead_stripped(clause))
    if not 6 <= len(clause) <= _LONGEST or len(clause.split()) < 2 or _YOU.search(clause):
        return None
    if _SECOND_HAND.match(clause):
        return None
    day = scene.said_on
    mentions = [] if _HABITUAL.search(clause) else dates.resolve(clause, day, "en")
    past = _PAST.search(clause) is not None
    future = bool(mentions) and not past and events.is_future(clause, mentions[0])
    mentions = [mention.towards(future) for mention in mentions]
    moved = with_dates(clause, mentions)
    about = subject_of(moved, USER, scene)
    judged = clause
    who, own, first, is_person = about.who, about.explicit, about.first, about.person
    predicate = about.predicate
    if _APPOSED.match(moved):
        who, predicate, own, first = "", moved[0].lower() + moved[1:], False, False
    elif _OF_RELATIVE.match(moved):
        who, is_person, first, own = f"{USER}'s", True, False, True
        predicate = re.sub(r"^(?:my|our) ", "", moved, flags=re.IGNORECASE)
    elif _NAMED.match(moved):
        who, predicate, own, is_person, first = "", moved, True, True, False
    elif who is None:
        return None
    elif who == "they":
        known = topic if topic and topic.person and topic.who not in (None, "they") else person
        if known is None or not known.who:
            return None
        who, own, is_person, first = known.who, False, True, False
        judged = who.replace(f"{USER}'s", "my") + f" {predicate}"
    elif who == "":
        if _NO_SUBJECT.match(moved):
            return None
        if topic is not None and not _OF_DOCTOR.search(topic.who or ""):
            if not topic.who or topic.who == "they" or topic.who.endswith("'s"):
                return None
            who, is_person, first = topic.who, topic.person, topic.first
        else:
            who = USER
    if who == USER and not about.explicit and re.search(r"\b(?:me|us)\b", predicate):
        return None  # "even got me out of banking": something else did
    if who == f"{USER}'s" and not is_person:
        own = bool(_SAID_OF_ME.search(clause) or _HABITUAL.search(clause))
    if (
        who == USER
        and _THIRD.search(_IMPERSONAL_IT.sub("", predicate))
        and person is None
        and not mentions
    ):
        # "I made it myself" says nothing that can be read alone.
        return None
    if not mentions and not is_person and _VAGUE.match(predicate):
        return None
    if _SUBORDINATE.search(predicate) and not is_person:
        return None
    if is_person and re.match(r"(?:is|are|was|were) (?:so|really|super|very) \w+", predicate):
        return None
    bare = clause
    for mention in reversed(mentions):
        bare = bare[: mention.begin] + bare[mention.stop :]
    if len(bare.replace("'s", " is").split()) < 2:
        return None
    acts = who != f"{USER}'s" and (
        about.explicit
        or (
            re.match(_OCCASION, predicate, re.IGNORECASE) is None
            and _ACTS.match(predicate) is not None
        )
    )
    body = third_person(
        conjugated(predicate, past_said=bool(mentions) and not future)
        if first and acts
        else predicate
    )
    stated = _statement(who, body, acts=acts or is_person)
    text = tail_stripped(stated)
    dated = mentions[:1]
    ahead = bool(dated) and (dated[0].start > day or (future and dated[0].end >= day))
    return Draft(
        text[0].upper() + text[1:],
        "relationship" if is_person else ("plan" if ahead else ""),
        3,
        kind=Kind.TEMPORAL if dated else Kind.CONSTANT,
        event_date=dated[0].date_str if dated else None,
        clause=judged,
        own=own or bool(dated) or bool(_SAID_OF_ME.match(clause)) or (acts and who == USER),
        more=tail_stripped(body),
    )


def _statement(who: str, body: str, *, acts: bool) -> str:
    if not who:
        return body
    if acts or who.endswith("'s"):
        body = (
            body
            if who.endswith("'s")
            else re.sub(rf"^(?!{_OCCASION})(?=(?:[a-z]+ly )?[a-z]+ing\b)", "is ", body)
        )
        return f"{who} {body}"
    # "peanut allergy here": the words as they were said, and whose they are.
    return f"{who}: {body}"
