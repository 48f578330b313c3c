"""Message classification by rules: mood, topic, question, and what else they can tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from memory.builtin.chat import en, zh
from memory.nlp.english_spelling import spelled_out
from memory.nlp.language import detect
from memory.types import Language, ReplyRequest

WORDS_FOLDER = Path(__file__).parent / "words"
LONG_MESSAGE = 600
# Something hard that happened; answered as a feeling is, without trivia.
HARD = frozenset({
    "allergy_now", "pet_lost", "pet_missing", "pet_sick", "pregnant_hard", "period", "injury",
    "exam_failed", "job_lost", "stage", "parents_fight", "homesick", "money_hard",
    "birthday_alone", "alone_far", "body", "love_hard",
})  # fmt: skip
FEELINGS = HARD | frozenset({
    "other_sick", "setback", "compare", "miss",
    "loss", "breakup", "sick", "insomnia", "wronged", "angry", "lonely", "anxious",
    "stressed", "lost", "doubt", "sad", "tired",
})  # fmt: skip
# News that a feeling outweighs, except for the feelings that it is made of.
SOFT: Mapping[str, frozenset[str]] = {
    "first_day": frozenset({"anxious", "tired"}),
    "weather_bad": frozenset({"angry", "tired"}),
    "new_home": frozenset({"tired"}),
    "tired_glad": frozenset({"tired", "sick", "body"}),
    **dict.fromkeys(
        ("pregnant", "engaged", "quit_job", "met_someone", "gain", "child_glad", "went_well",
         "birthday_today"),
        frozenset({"tired"}),
    ),
    "medical": frozenset({"tired", "anxious", "sick"}),
}  # fmt: skip
# These are felt by the user, or they are not what the message is about.
OWN = (FEELINGS | {
    "proud", "happy", "relieved", "pregnant", "pregnant_hard", "engaged", "quit_job", "first_day",
    "medical",
    "birthday_today", "new_home",
}) - {
    "other_sick", "loss", "setback", "compare", "miss", "pet_lost", "pet_missing", "pet_sick",
    "parents_fight", "alone_far", "birthday_alone",
}  # fmt: skip

# A plan in the same breath doesn't change what these are.
_SETTLED = frozenset(
    {"bye", "goodnight", "brb", "commit", "thanks", "yes", "no", "ack", "correction"}
)

_OTHER_SCRIPTS = re.compile(
    r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f\u0590-\u05ff\u0900-\u097f\u0370-\u03ff]"
)
_FOREIGN_WORDS = re.compile(
    r"\b(?:est|je|vous|nous|suis|avec|pour|dans|aujourd|bonjour|merci|hola|gracias|estoy|muy|pero|"
    r"porque|tengo|está|quiero|ich|nicht|und|bin|heute|sehr|danke|mein|ein|eine|sono|ciao|grazie|"
    r"oggi|obrigado|você|não|estou|muito|com|para|el|los|las|les|des|une|der|die|das|ist)\b"
)
_ENGLISH_WORDS = re.compile(
    r"\b(?:the|i|i'm|you|and|is|are|was|to|of|my|it|in|that|have|for|what|do|a|me|"
    r"not|so|this|with)\b"
)
_CODE = re.compile(
    r"```|<(?:script|div|html|img|a|p|span|body|iframe|style|svg|button|br|h\d)\b[^>]*>|</\w+>|"
    r"\b(?:def|function|class|import|const|let|var|SELECT|public "
    r"static)\b.*[({;=]|[{};]\s*$|=>|#include"
)
# "见多少次都不习惯", "还在门口等我呢": the words of a question, and none.
_NO_QUESTION = re.compile(
    r"(?:什么|啥|多少|谁|哪\w?|几\w|怎么)[^，。？?]{0,8}[都也](?!有谁|是谁)[^？?吗]*$"
    r"|^(?=[^什啥谁哪几多怎]*$)[^？?还正在才着]*+[还正在才着][^？?]*呢[~～。！]*$"
)
_LINK = re.compile(r"^\s*https?://\S+\s*$")
_HAPPY_SIGNS = re.compile("[😀-😆😊😋😍🥰😘😎🤗🎉🥳👍💪🙌✨❤💕💖😄😁😻🌞]|:\\)|:D|\\^_\\^")
_SAD_SIGNS = re.compile("[😔-😖😞-😣😢😭🥺💔☹🙁😿😩😫😪😓😥😰]|:\\(|T_T|QAQ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MessageReading:
    """A message as the rules see it.

    ``intents`` are in order of weight, never empty; ``said`` are the user's own
    words turned to "you", if they can be turned cleanly, ``echo`` the same where it need
    only be understood.
    """

    text: str
    language: Language
    today: date
    hour: int
    intents: tuple[str, ...]
    said: str | None
    echo: str | None
    name: str | None
    question: bool
    plan: bool

    @property
    def intent(self) -> str:
        """What weighs most."""
        return self.intents[0]


def read(request: ReplyRequest) -> MessageReading:
    """Read the request's message."""
    text = request.message.strip()
    language = detect(text, request.language)
    if language == "en":
        text = spelled_out(text)
    local = request.now.astimezone(ZoneInfo(request.timezone))
    words: ModuleType = zh if language == "zh" else en
    plain = text.lower().replace("’", "'")
    odd = _odd(text, plain, language)
    if odd:
        about: tuple[str, ...] = (odd,)
    else:
        about = _intents(plain, words, language)
    plan = bool(re.search(words.PLAN, plain))
    return MessageReading(
        text=text,
        language=request.language if odd in {"foreign", "emoji", "code", "link"} else language,
        today=local.date(),
        hour=local.hour,
        intents=about,
        said=None if odd else words.said(text[:LONG_MESSAGE]),
        echo=None if odd else words.echo(text[:LONG_MESSAGE]),
        name=None if odd else words.name_given(text),
        question=bool(re.search(words.QUESTION, _without_laughter(plain)))
        and not _NO_QUESTION.search(plain),
        plan=plan,
    )


def _without_laughter(plain: str) -> str:
    """A message without the laughter at its end: "你会唱歌不哈哈"."""
    bare = plain.rstrip("~～。！! ")
    for laughter in ("lol", "lmao", "haha"):
        bare = bare.removesuffix(laughter)
    laughing = bare.rstrip("哈嘿嘻呵")
    return laughing.rstrip() if len(bare) - len(laughing) > 1 or bare != plain else plain


def _odd(text: str, plain: str, language: Language) -> str | None:
    """Messages that aren't ordinary Chinese or English sentences."""
    if not re.search(r"\w", text):
        if _SAD_SIGNS.search(text):
            return "emoji_sad"
        if _HAPPY_SIGNS.search(text):
            return "emoji_happy"
        return "ack" if re.fullmatch(r"[\s.…。·~～!！]*", text) else "emoji"
    if _LINK.match(text):
        return "link"
    if _CODE.search(text):
        return "code"
    if len(_OTHER_SCRIPTS.findall(text)) >= max(
        2, len(re.findall(r"[\u4e00-\u9fffa-zA-Z]", text)) // 4
    ):
        return "foreign"
    if (
        language == "en"
        and len(_FOREIGN_WORDS.findall(plain)) > len(_ENGLISH_WORDS.findall(plain)) + 1
    ):
        return "foreign"
    return "long" if len(text) > LONG_MESSAGE else None


@cache
def intents(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The intents that are known in a language, the most telling first."""
    return tuple(
        (entry["name"], re.compile(entry["pattern"]))
        for part in (f"life.{language}", language)
        for entry in _entries(part)
    )


@cache
def life_events(language: Language) -> frozenset[str]:
    """The intents that tell of something that happened in a life."""
    return frozenset(entry["name"] for entry in _entries(f"life.{language}"))


def _entries(part: str) -> list[dict[str, str]]:
    path = WORDS_FOLDER / f"{part}.toml"
    entries: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["intent"]
    return entries


def _intents(plain: str, words: ModuleType, language: Language) -> tuple[str, ...]:
    greeting, end = _greeting(plain, words)
    if greeting and end >= len(plain.rstrip()) - 2:
        return (greeting,)
    plain = plain[end:]
    # 啦 and 咯 end a sentence as 了 does.
    bare = (
        re.sub(r"(?<![\s!！~～。.,，])[\s!！~～。.,，]+$", "", plain)
        .replace("啦", "了")
        .replace("咯", "了")
    )
    found: list[str] = []
    for name, pattern in intents(language):
        match = pattern.search(bare)
        if match is None:
            continue
        if name in OWN and _not_felt(name, bare, match, language):
            continue
        found.append(name)
    found = _felt_first(found)
    settled = found and found[0] in FEELINGS | _SETTLED | life_events(language)
    if re.search(words.PLAN, plain) and not settled:
        found.insert(0, "plan")
    elif re.search(words.PAST, plain):
        found.append("past")
    return tuple(found) or (("fallback", "greet") if greeting else ("fallback",))


def ungreeted(text: str, language: Language) -> str:
    """``text`` without a greeting in front."""
    _, end = _greeting(text.lower().replace("’", "'"), zh if language == "zh" else en)
    return text[end:].lstrip(" ,.!，。！~～") or text


def _greeting(plain: str, words: ModuleType) -> tuple[str, int]:
    """The greeting that a message begins with, "" for none, and where it ends."""
    for name, pattern in (
        ("greet_morning", words.MORNING),
        ("greet_noon", words.NOON),
        ("greet_evening", words.EVENING),
        ("greet", words.GREETINGS),
    ):
        match = re.match(pattern, plain)
        if match and match.end():
            return name, match.end()
    return "", 0


def _felt_first(found: list[str]) -> list[str]:
    """Good or neutral news after a feeling that goes with it ("搬家以后好孤单")."""
    if not found or found[0] not in SOFT:
        return found
    goes_with = SOFT[found[0]]
    if any(name in FEELINGS and name not in goes_with for name in found):
        return [*found[1:], found[0]]
    return found


_DENIED = re.compile(
    r"(?:不|没|没那么|不再|没有|不怎么|不太|没有那么|not|n't|n't feel|not feel\w*|"
    r"no longer|less|never)\s*$"
)
_SAY_ZH = re.compile(
    r"^(?:我(?:的)?)?(?:妈|爸|他|她|老板|朋友|同事|家里).{0,4}(?:觉得|说|以为|嫌|"
    r"认为)"
)
_OTHERS_ZH = re.compile(
    r"^(?:我(?:的)?)?(?:妈妈?|爸爸?|姐姐?|妹妹?|哥哥?|弟弟?|奶奶|爷爷|外婆|外公|"
    r"老公|老婆|男朋友|女朋友|朋友|闺蜜|同事|室友|同学|老板|女儿|儿子|孩子|他|她|"
    r"他们)[^我]*$"
)
# "Keira moved out": a home, but somebody else's.
_NAMED_MOVES = re.compile(
    r"^(?!i\b|we\b|just|finally|so |and )(?:my [a-z]+ )?[a-z]+ "
    r"(?:just |has |finally )?moved (?:out|away|in)\b"
)
# Whose body it is, whoever tells of it.
_OF_A_BODY = frozenset({"pregnant", "pregnant_hard"})
_OTHERS_BODY = (
    r"姐|妹|嫂|老婆|媳妇|妻子|女朋友|同事|朋友|闺蜜|她|\b(?:sister|wife|girlfriend|friend|cousin|"
    r"colleague|neighbou?r|daughter|she|she's)\b"
)
_OTHERS_EN = re.compile(
    r"^(?:(?:and|but|so) )?(?:he|she|they|my (?:\w+ )?(?:mum|mom|mother|dad|"
    r"father|sister|brother|friend|boss|colleague|boyfriend|girlfriend|husband|"
    r"wife|partner|roommate|flatmate|son|daughter|nan|gran\w*|cousin))(?:'s| is| "
    r"was| feels| felt| seems| got| has been| are| were)\b"
)


def _not_felt(name: str, plain: str, match: re.Match[str], language: Language) -> bool:
    """Whether a feeling is denied, or is somebody else's."""
    before = plain[: match.start()]
    if name in _OF_A_BODY and re.search(_OTHERS_BODY, before):
        return True
    if language == "en" and _NAMED_MOVES.match(plain[: match.end()]):
        return True
    if _DENIED.search(before[-12:]):
        return True
    if language == "zh" and _SAY_ZH.search(re.split(r"[，。！？,.!?;；]", before)[-1]):
        return True
    clause = re.split(r"[，。！？,.!?;；]", before)[-1] + match.group()
    if language == "zh":
        return bool(_OTHERS_ZH.match(clause.strip()))
    return bool(_OTHERS_EN.match(clause.strip())) and " me" not in plain[match.start() :][:30]
