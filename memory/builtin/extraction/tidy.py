"""Message cleaning: what is no statement of the user is cut, odd spellings become plain ones.

Stage directions, timestamps and pasted talk go; "im" is "I'm"; voice input without
punctuation is cut where a new statement begins.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.sentences import MOST_CHARACTERS
from memory.builtin.extraction.unpunctuated import SLOPPY, punctuated_en, punctuated_zh
from memory.builtin.extraction.zh_words import RELATION
from memory.nlp.english_spelling import spelled_out
from memory.nlp.language import has_cjk
from memory.types import Language

_I = re.IGNORECASE
_ROLE_LINE = re.compile(
    r"^[^\S\n]*+(?:user|assistant|system|human|ai|bot|chatgpt|me|用户|助手|机器人|系统)\s*[:：]",
    _I | re.M,
)
_FORWARDED = re.compile(
    r"^[^\S\n]*+(?:-{3,9}[^\S\n]*forwarded message|begin forwarded message|转发(?:消息|自|：|:)|【转发】|\[转发\]|fwd?:)",
    _I | re.M,
)
_LOGGED_LINE = re.compile(
    r"^[^\S\n]*+(?:\[?\d{2,4}[-/.]\d{1,2}[-/.]\d{1,4},?\s+)?\[?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?\]?\s*(?:-\s*)?[^:：\n]{1,24}[:：].*$",
    _I | re.M,
)
_TIMESTAMP = re.compile(
    r"^[^\S\n]*+[\[(【]?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ T]+)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?[\])】]?\s+(?=\D)",
    _I | re.M,
)
_STAGE = re.compile(
    r"(?:^|(?<=[。！？!?.\n…]))[^\S\n]*+[（(【\[](?P<inner>[^（）()【】\[\]\n]{1,40})[）)】\]][^\S\n]*"
)
_STARRED = re.compile(r"(?<!\*)\*(?P<inner>[^*\n]{1,60})\*(?!\*)")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_INSERTED = re.compile(
    r"\[(?:shares?|sends?|sent|shared|image|photo|picture|voice|video|sticker|file|图片|照片|语音|视频|表情|文件|动画表情|位置|红包)[^\[\]\n]{0,300}\]",
    _I,
)
_MINE = re.compile(r"我|\b(?:I|I'm|my|I've)\b")
_NOUNS: dict[Language, dict[str, str]] = {
    "zh": {
        "🥜": "花生", "🦐": "虾", "🦀": "螃蟹", "🥛": "牛奶", "🥚": "鸡蛋", "🐱": "猫", "🐈": "猫",
        "🐶": "狗", "🐕": "狗", "🐰": "兔子", "🐹": "仓鼠", "🐟": "鱼", "🍺": "啤酒", "🚬": "烟",
        "🌶": "辣椒", "🥭": "芒果", "🍑": "桃子", "🍓": "草莓", "☕": "咖啡", "🧋": "奶茶", "🏀": "篮球",
        "⚽": "足球", "🎸": "吉他", "🎹": "钢琴", "🚗": "车", "🏠": "房子", "👶": "宝宝",
    },
    "en": {
        "🥜": "peanuts", "🦐": "shrimp", "🦀": "crab", "🥛": "milk", "🥚": "eggs", "🐱": "cat", "🐈": "cat",
        "🐶": "dog", "🐕": "dog", "🐰": "rabbit", "🐹": "hamster", "🐟": "fish", "🍺": "beer", "🚬": "smoking",
        "🥭": "mango", "🍓": "strawberries", "☕": "coffee", "🎸": "guitar", "🎹": "piano", "👶": "baby",
    },
}  # fmt: skip
# An emoji that stands for a word touches one; others only colour what was said.
_NOUN_ZH = re.compile(
    r"(?<=[对吃喝养有只条俩两个抽戒爱])([\U0001f300-\U0001faff☕⚽])\ufe0f?(?=[过敏，,。了\u4e00-\u9fff]|$)"
)
_NOUN_EN = re.compile(r"\b((?:to|my|two|the) )([\U0001f300-\U0001faff☕])\ufe0f?")

_SHORT_FORMS = (
    (r"\bi\b(?!\.e)", "I"),
    (r"\b(?:im|i m|Im|IM)\b(?! ?[A-Z]{2})", "I'm"),
    (r"\bive\b|\bIve\b", "I've"),
    (r"\b(?:id)\b(?= (?:like|love|been|rather|never))", "I'd"),
    (r"\bill\b(?= (?:be|go|have|try|see|start|move))", "I'll"),
    (r"\bcant\b", "can't"),
    (r"\bdont\b", "don't"),
    (r"\bdoesnt\b", "doesn't"),
    (r"\bdidnt\b", "didn't"),
    (r"\bisnt\b", "isn't"),
    (r"\bwont\b", "won't"),
    (r"\bhavent\b", "haven't"),
    (r"\bhes\b", "he's"),
    (r"\bshes\b", "she's"),
    (r"\bmy moms\b", "my mom's"),
)  # fmt: skip
_LOWER_NAME = re.compile(
    r"\b(my (?:full |first )?name(?:'s| is)) ([a-z][a-z'-]{1,14})\b(?! (?:a|the|not|on|in)\b)", _I
)
# "im marcus, 34": a name in front of an age.
_NAME_BEFORE_AGE = re.compile(
    r"^((?:(?:hi|hey|hello|yo|hiya|hiiya|so|ok|well)[,!. ]+(?:there[,!. ]+)?)?I'm) (?!(?:only|just|now|about|nearly|almost|around|over|under|turning|like|also|still)\b)([A-Za-z][a-z'-]{1,14})(?:,| and|,? aged?| -)? (?=\d{2}\b(?! ?(?:%|days|weeks|months|minutes|hours|times|kg|lbs|miles|km|am|pm)))(?:(\d{2}) (?=[a-z]))?",
    _I,
)
_NAME_HERE = re.compile(
    r"^((?:hi|hey|hello|hiya|yo)[,!. ]+)(?!(?:new|right|still|over|back|up|down|out|all|same|nobody|anyone|anybody|everyone|someone|is|just|raining|cold|hot|me|there|from)\b)([a-z][a-z'-]{1,14}) here(?=[!,.]|$)",
    _I,
)
_THEN_THEY = re.compile(r"\b((?:called|named) [A-Za-z]+) (?=(?:he|she|it|who)(?:'s|s)? )", _I)
_FILLER = re.compile(
    r"(?<=\w),? (?:btw|tbh|lol|lmao|lmaooo*|ngl|haha(?:ha)*|though)(?=\s*[,.!]|$)", _I
)
_GREETED_NAME = re.compile(
    r"^((?:hi|hey|hello|yo)[,!. ]+(?:there[,!. ]+)?I'm) (?!(?:so|a|an|the|in|on|at|not|just|from|here|back|new|tired|bored|sad|happy|good|fine|ok|okay|sorry|feeling|having|home|sick|lonely|going|glad|really|very|still|looking|trying|your|done|up)\b)([a-z][a-z'-]{1,14})\b",
    _I,
)
_SAID_OF_SELF_ZH = re.compile(
    rf"(我(?:的)?(?:{RELATION}))(?:刚才|刚刚|昨天|今天|又|也|在电话里|打电话来?|发微信|发消息){{0,2}}(?:说|告诉我|跟我说)(?:(?:她|他|自己)(?!说|的|们|想|觉|爱|喜|讨|希)|(?=[谈找换考买怀生结离升辞搬住查得病报][了上个到]))"
)
_SAID_OF_SELF_EN = re.compile(
    r"\b([Mm]y [a-z]+(?: [a-z]+)?|[A-Z][a-z]+) (?:just )?(?:said|says|told me|tells me)(?: that)? (?:he|she|they)(?='s\b|'re\b|'ll\b| )"
)
_TOLD_BY_DOCTOR_EN = re.compile(
    r"\b[Mm]y (?:doctor|gp|GP|therapist|psychiatrist|dentist|oncologist) (?:just )?(?:says|said|told me|thinks) (?:that )?I have "
)
# What "were it not for" says is true; the rest of the sentence is not.
_DIAGNOSED_ZH = re.compile(
    r"(?:医生|大夫|医院)(?:给我)?(?:确诊|诊断|检查出|查出)(?:说|是)?我?(?:得了|患了|患有|有|是)"
)
_WERE_IT_NOT_ZH = re.compile(r"要不是(我[^，,。！？!?]{2,24})[，,]")
_WHO_IS_ZH = re.compile(
    r"(?:^|(?<=[，,。！!？?]))([^，。我你他她的！!？?]{3,12}(?:过敏|不耐受|怀孕|离婚|失业|失眠|色盲|独居))的我(?=[\u4e00-\u9fff])"
)


def tidy(text: str, language: Language) -> str:
    """``text`` of a user without what they didn't state, in plain spelling.

    Example:
        >>> tidy("*sighs* im allergic to bees", "en")
        "I'm allergic to bees"
    """
    text = _own_words(text[:MOST_CHARACTERS])
    text = _BOLD.sub(r"\1", text)
    text = _STAGE.sub(lambda found: _kept_statement(found), text)
    text = _INSERTED.sub(" ", text)
    text = _STARRED.sub(lambda found: _kept_statement(found), text)
    return tidy_zh(text) if has_cjk(text) and language == "zh" else tidy_en(text)


def _kept_statement(found: re.Match[str]) -> str:
    inner = found["inner"]
    alone = not (found.string[: found.start()] + found.string[found.end() :]).strip()
    return f"{inner}。" if alone or _MINE.search(inner) else ""


def _own_words(text: str) -> str:
    """``text`` up to where pasted or forwarded talk begins, without timestamps."""
    roles = list(_ROLE_LINE.finditer(text))
    if len(roles) > 1:
        text = text[: roles[0].start()]
    forwarded = _FORWARDED.search(text)
    if forwarded:
        text = text[: forwarded.start()]
    if len(_LOGGED_LINE.findall(text)) > 1:
        text = _LOGGED_LINE.sub("", text)
    return _TIMESTAMP.sub("", text)


def tidy_zh(text: str) -> str:
    """The part of :func:`tidy` for Chinese."""
    text = _together(text)
    text = _NOUN_ZH.sub(lambda found: _NOUNS["zh"].get(found[1], found[1]), text)
    text = _WERE_IT_NOT_ZH.sub(r"\1。如果，", text)
    text = _DIAGNOSED_ZH.sub("我确诊了", text)
    text = _WHO_IS_ZH.sub(r"我\1，我", text)
    text = _SAID_OF_SELF_ZH.sub(r"\1", text)
    return "\n".join(punctuated_zh(line) for line in text.split("\n"))


def _together(text: str) -> str:
    """ "我 对 花生 过敏": spaces that part no statements."""
    words = text.split()
    letters = sum(len(word) for word in words)
    if len(words) >= 4 and letters <= 2.2 * len(words) and all(has_cjk(word) for word in words):
        return "".join(words)
    return text


def tidy_en(text: str) -> str:
    """The part of :func:`tidy` for English."""
    sloppy = SLOPPY.search(text) is not None
    text = spelled_out(text)
    for pattern, written in _SHORT_FORMS:
        text = re.sub(pattern, written, text)
    text = _NOUN_EN.sub(lambda found: found[1] + _NOUNS["en"].get(found[2], found[2]), text)
    text = _LOWER_NAME.sub(lambda found: f"{found[1]} {found[2].capitalize()}", text)
    text = _NAME_HERE.sub(lambda found: f"{found[1]}I'm {found[2].capitalize()}", text)
    text = _NAME_BEFORE_AGE.sub(_with_comma, text)
    text = _GREETED_NAME.sub(lambda found: f"{found[1]} {found[2].capitalize()}", text)
    text = _TOLD_BY_DOCTOR_EN.sub("I have ", text)
    text = _SAID_OF_SELF_EN.sub(r"\1", text)
    text = _FILLER.sub("", _THEN_THEY.sub(r"\1, ", text))
    if not sloppy:
        return text
    return "\n".join(map(punctuated_en, text.split("\n")))


def _with_comma(found: re.Match[str]) -> str:
    """ "I'm tom 17 from cork" with the commas that part name, age and home."""
    age = f"{found[3]}, " if found[3] else ""
    return f"{found[1]} {found[2].capitalize()}, {age}"
