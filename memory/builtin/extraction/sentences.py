"""Sentence splitting: sentences and clauses, without what the speaker only quoted."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.nlp.language import EMAIL
from memory.types import Language

# Nobody states facts beyond this in one message; rules read no further.
MOST_CHARACTERS = 6000

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(rf"https?://\S+|www\.\S+|{EMAIL}")
_QUOTED_LINE = re.compile(r"^[^\S\n]*+>.*$", re.MULTILINE)
_MARKUP = re.compile(r"<[^<>\n]{1,200}>")
_QUOTE = re.compile(r"“[^“”]{0,400}”|「[^「」]{0,400}」|『[^『』]{0,400}』|\"[^\"\n]{0,400}\"")
# A quote after a verb of saying is somebody's speech; a short one elsewhere is a name.
_SPEECH = re.compile(
    r"(?:[说說问問道写寫喊回唱叫]了?一?句?|告诉我|[:：]|(?:said|says|say|asked|told me|wrote|sings?|(?:was|were|is|am) like"
    r"|replied),?:?)\s*$",
    re.IGNORECASE,
)
_SHORT_QUOTE = 40
# Characters before a quote in which the verb of saying stands.
_VERB_WITHIN = 40
_SPOKEN = re.compile(r"[，。！？,!?]|我|你|\b(?:I|you|my|your)\b", re.IGNORECASE)
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2190-\u21ff\ufe0f\u200d\u2b50\u2b55\u2764]+"
    r"|\[[\u4e00-\u9fff]{1,4}\]|[:;=]['’]?-?[)(DPpo](?![\w])|\^_\^|T_T|QAQ|\borz\b"
)
_SENTENCE = {
    "zh": re.compile(r"([^。！？!?；;\n…]+)([。！？!?；;\n…]*)"),
    "en": re.compile(
        r"((?:[^.!?;\n…]|\.(?=\w)|(?<=\b[A-Z])\.|(?<=\bDr)\.|(?<=\bMr)\.|(?<=\bMrs)\.|(?<=\bMs)\.|(?<=\bSt)\.)+)([.!?;\n…]*)"
    ),
}
_CLAUSE = {
    "zh": re.compile(
        r"[,，、]\s*(?=(?:我|我们|然后|所以|但是?|不过|而且|还有))|[,，:：—]+\s*|\s{2,}|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
        # "我叫小满 22 大四": an age between spaces.
        r"|(?<=[\u4e00-\u9fff])\s+(?=\d{2}(?:\s|岁|了|$))|(?<=\s\d\d)\s+(?=[\u4e00-\u9fff])(?![只个条岁年月天次块元斤公分米本台位名号点周])"
        # "准备了好久但还是有点慌": two statements without a comma.
        r"|(?<=[\u4e00-\u9fff]{3})(?<![不非])(?=(?:但是?|可是|不过)(?:还是|我|也|一直|最近|现在|有点|又|没))"
    ),
    "en": re.compile(
        r"(?<!\s)\s*(?:,|—|–| - |\(|:(?=\s))\s*(?:(?:and|but|so|then|also|plus|because)\s+)?"
        r"|(?<!\s)\s*\)\s*|(?<!\s)\s+so\s+(?=(?:[a-z]+ (?:are|is|was|were|has|can|will)|(?:I|we|they|he|she)(?:'(?:re|m|ve|ll|s))?)\b)"
        r"|(?<!\s)\s+but\s+(?=(?:honestly|tbh|still|also|now|can't|don't|never|not really|thinking|trying|hoping|actually)\b)"
        r"|(?<!\s)\s+(?:and|but|so|then|because|though|although)\s+(?=(?:now |then |currently |also |still |today |yesterday |last week )?(?:the (?:vet|doctors?|landlord|dentist)|I|I['’](?:m|ve|ll|d)|my|we|we['’]re|he|she|it|they|you|there)\b)",
    ),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Clauses of one sentence; ``asks`` if it ends with a question mark.

    ``quoting`` if it ends where somebody's speech was taken out.
    """

    clauses: tuple[str, ...]
    asks: bool
    quoting: bool = False


_EDGES = " \t~～·-—–\"'“”「」()（）*_#"
# After a comma, these few words go on with a list or a string of adjectives
# ("sushi, tacos and pizza", "a safe, inclusive place") and start no clause.
_LIST_ITEM = re.compile(
    r"(?!(?:I|a|an|the|my|our|we|he|she|it|they|you|this|that|there|here|so|really|very|just|too|but|because|which|who"
    r"|whose|where|when|while|if|no|not|never|always|usually|also|please|lol|tbh|haha|right|yeah|yes|well|now|then|today"
    r"|yesterday|tomorrow|last|next|on|in|at|every|since|live|work|love|hate|like|have|had|study|am|do|don't|can't|can"
    r"|allergic|single|married|divorced|from|based|born|currently|named|called|remember|call|two|what|how|why|actually"
    r"|honestly|maybe|though|especially|didn't|doesn't|couldn't|wasn't|won't|wouldn't|haven't|particularly|including|mostly|quite|pretty|super|enjoy|speak|play|went|got|saw|ate"
    r"|made|took|everything|nothing|(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+) (?:days|weeks|months|years|hours|minutes|times?)|third|second|first|send|still|due|feel|felt|was|is|are|been|did|met|told|started|sorry|oops|whoops|wait|scratch|correction|typo|oh|er|erm|um|uh)\b)[a-z][a-z'-]*(?: [a-z'-]+){0,4}$"
)


# "23, barista by day": an age begins no list.
_AGE = re.compile(r"(?:I'm |I am )?[1-9]\d")
# Characters in which the comma and the "and" between two clauses stand.
_JOINT_WITHIN = 40


def _pieces(body: str, language: Language) -> list[str]:
    """``body`` cut into clauses; in English, lists stay in one piece."""
    if language == "zh":
        return [piece for piece in _CLAUSE["zh"].split(body) if piece]
    pieces: list[str] = []
    at = 0
    for match in [*_CLAUSE["en"].finditer(body), None]:
        piece = body[at : match.start() if match else len(body)]
        near = max(0, at - _JOINT_WITHIN)
        joins = re.search(r",(?:\s*(?:and|or))?$", body[near:at].rstrip())
        if (
            pieces
            and joins
            and not _AGE.fullmatch(pieces[-1].strip())
            and _LIST_ITEM.match(piece.strip())
        ):
            pieces[-1] += body[near + joins.start() : at] + piece
        else:
            pieces.append(piece)
        at = match.end() if match else at
    return pieces


def clean(text: str) -> str:
    """``text`` without code, links, quoted speech, markup and emoji."""
    text = text[:MOST_CHARACTERS]
    for pattern in (_CODE, _LINK, _QUOTED_LINE):
        text = pattern.sub(" ", text)
    text = _MARKUP.sub(" ", text)
    text = _QUOTE.sub(lambda match: _unquoted(match), text)
    return _EMOJI.sub("。", text)


def _unquoted(match: re.Match[str]) -> str:
    inner = match.group()[1:-1]
    if (
        len(inner) > _SHORT_QUOTE
        or _SPOKEN.search(inner)
        or _SPEECH.search(match.string[max(0, match.start() - _VERB_WITHIN) : match.start()])
    ):
        return "…"
    return inner


def sentences(text: str, language: Language) -> list[Sentence]:
    """Sentences of a cleaned ``text`` with their clauses, in order."""
    found = []
    for match in _SENTENCE[language].finditer(text):
        body, end = match.group(1), match.group(2)
        pieces = _pieces(body, language)
        clauses = tuple(clause for piece in pieces if (clause := piece.strip(_EDGES)))
        if clauses:
            found.append(Sentence(clauses, "?" in end or "？" in end, "…" in end))
    return found
