"""English clauses that state nothing: questions, conditions, orders, talk about the talk."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.clause_filters import ClauseFilters

_I = re.IGNORECASE
_ASKS = re.compile(
    r"^(?:(?:and|but|so|well)\s+)?(?:what|who|whom|whose|which|where|when|why|how(?! much i| i love)|do|does|did|can|could|will|would|should|shall|is|are|am|was|were|have"
    r"|has|had|may|might|isn't|aren't|don't|doesn't|didn't|won't|wouldn't|can't|couldn't|any (?:idea|tips|advice))\s+(?:i|you|we|they|he|she|it|my|your|the|there|that|this|to|is|are|do|does|did|would|should|can|about|if|come|kind|time|day|one)\b"
    r"|^(?:what|who|whose|which|where|when|why|how)\b|^any(?:thing|body|one)? (?:on|in|at|for|from|new)\b|\bor not$|\bright$|\bdon't you think$",
    _I,
)
_UNREAL = re.compile(
    r"\bhad (?:a|this|the) (?:\w+ )?dream\b|\bif\b|\bunless\b|\bi wish\b|\bsuppos(?:e|ing)\b|\bimagine\b|\bi would\b|\bi'd\b(?! (?:been|gone|had))|\bi could\b|\bwould have\b|\bcould have\b|\bwere to\b|\bas though\b|\balmost\b(?! (?:every|always|never|\d))|\bpretend\b|\bhypothetically\b|\bi should\b",
    _I,
)
# Neither this nor what follows is meant.
_ABSURD = re.compile(
    r"^(?:(?:oh )?(?:yeah|sure|yep),? (?:right|sure)|as if|in my dreams|oh sure|lucky me)\b|\bi(?:'m| am) (?:the (?:king|queen|president|pope)|made of money|a millionaire|totally (?:a|an|the)\b)|\bjust love (?:being|when|how)\b",
    _I,
)
_UNSURE = re.compile(
    r"\b(?:was|were) (?:gonna|going to|supposed to|meant to)\b|\bmaybe\b|\bperhaps\b|\bmight\b|\bprobably\b|\bpossibly\b|\bnot sure\b|\bi guess\b|\bi heard\b|\brumou?r|\bapparently\b|\bthinking (?:about|of)\b|\bconsidering\b|\bi dreamed\b|\bi dreamt\b|\bdream(?:ed|t)? (?:that|about)\b"
    r"|\bin (?:the|a|this) (?:movie|novel|book|story|game|show|song|lyrics|dream)\b|\bcharacter\b|\bpretend",
    _I,
)
_ORDER = re.compile(
    r"^(?:please|can you|could you|would you|will you|help me|tell me|give me|show me|write|translate|recommend|suggest|explain|let's|let us|let me know|ignore|forget|disregard|act as|role-?play|don't|do not|never mind|nevermind|stop|wait|try|imagine|say|sing|make me|make a|find me|list|summari[sz]e|remind me|take care|see you|talk to you|bye|goodbye|good ?night|thanks|thank you|you|your|you're|you've|i love you|i like you|i hate you|i miss you)\b",
    _I,
)
_REPORTED = re.compile(
    r"^(?!(?:i|(?:my|the) (?:doctor|gp|therapist|psychiatrist|dentist|nurse|oncologist|midwife|vet)|doctors)\b)(?![\w' ,-]{0,30}\bi (?:\w+ ){0,2}(?:told|asked|said|thought)\b)[\w' -]{1,40}?\b(?:says?|said|thinks?|thought|told|tells|asked|asks|claims?|believes?|wants? me|wanted me|suggested|insists?|keeps? (?:telling|saying|asking)|reckons?)\b(?! (?:goodbye|hello))",
    _I,
)
_RETRACTS = re.compile(
    r"^(?:i(?:'m| am| was) )?(?:just |only )?(?:kidding|joking)(?: about that)?$|^(?:just )?(?:jk|j/k)$|^not really$|^i made that up$|^(?:i was )?only teasing$|^psych$",
    _I,
)
_META = re.compile(
    r"\bi (?:just )?(?:want(?:ed)? to|wanna|need to|came to|came here to) (?:talk|chat|vent|ask|tell|share|say|know)\b|\bi(?:'m| am) (?:just )?(?:asking|saying|testing|wondering|curious)\b|\bi (?:don't )?(?:know|understand|see|agree|get it|mean|think so|remember|forgot|hope|wonder|don't know)\b|\bnice talking\b|\bfor example\b|\be\.g\.",
    _I,
)


_ABOUT_TEXT = re.compile(
    r"^(?:please |can you |could you )*(?:translate|rewrite|rephrase|paraphrase|correct|repeat|proofread|summari[sz]e|say|write|complete)\b",
    _I,
)

EN_FILTERS = ClauseFilters(
    question=_ASKS,
    condition=_UNREAL,
    sarcasm=_ABSURD,
    text_task=_ABOUT_TEXT,
    guess=(_UNSURE,),
    order=_ORDER,
    report=_REPORTED,
    retraction=_RETRACTS,
    meta=_META,
)
