"""Short answers: "年糕" to "它叫什么名字？" is a whole sentence for those who asked.

The answer is put into the words of the question, and read like any other sentence.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.types import Language

_LONGEST = {"zh": 12, "en": 40}

# What the persona asked last, what an answer looks like, and the sentence both make.
_ASKED_ZH = (
    (r"(?:它|他|她)(?:叫什么|的名字|叫啥)", r"(?:叫)?(?P<a>[\u4e00-\u9fffA-Za-z]{1,4})", "它叫{a}"),
    (r"你叫什么|怎么称呼你|你的名字", r"(?:叫)?(?P<a>[\u4e00-\u9fffA-Za-z]{2,6})", "我叫{a}"),
    (r"(?:它|他|她)(?:今年)?(?:多大|几岁)", r"(?:快)?(?P<a>[\d一二两三四五六七八九十]{1,3})(?:个)?岁(?:了|多)?", "它今年{a}岁"),
    (r"你(?:今年)?(?:多大|几岁)", r"(?P<a>[\d一二三四五六七八九十]{2,3})(?:岁)?(?:了)?", "我今年{a}岁"),
    (r"你(?:现在)?(?:住在?哪|在哪个城市|在哪座城市)", r"(?:在|住)?(?P<a>[\u4e00-\u9fff]{2,6})", "我住在{a}"),
    (r"你(?:是)?(?:做什么工作|做什么的|什么工作)", r"(?:做|当|是)?(?P<a>[\u4e00-\u9fffA-Za-z]{2,8})", "我是{a}"),
)  # fmt: skip
_ASKED_EN = (
    (r"(?:his|her|its|their) names?\b", r"(?P<a>[A-Z][a-z]+(?: and [A-Z][a-z]+)?)", "Her name is {a}"),
    (r"your name\b|call you\b", r"(?P<a>[A-Z][a-z]+(?: [A-Z][a-z]+)?)", "My name is {a}"),
    (r"how old are you", r"(?P<a>\d{1,3})", "I'm {a} years old"),
    (r"where do you live|where are you (?:based|living)", r"(?:in )?(?P<a>[A-Z][\w ,]+)", "I live in {a}"),
    (r"what do you do (?:for|as)|what(?:'s| is) your job", r"(?P<a>an? [a-z ]{3,30})", "I am {a}"),
)  # fmt: skip
_NO_ANSWER = re.compile(
    r"^(?:不|没|嗯|哦|好|是|对|啊|哈|你|我|他|她|它|谁|什么|秘密|猜|忘|还没|随便|不知道|暂时|可以|真的|谢|算了|保密"
    r"|No|Yes|Ok|Okay|Guess|Nothing|Sure|Well|Why|You|Not|Haha|None)",
)


_YES = re.compile(
    r"(?:没错|确实|可不|当然|yes|yeah|yep|yup|right|correct|exactly|i do|i am|i have|that's right"
    r"|(?:对|是|嗯|有)[的啊呀]?)++[的啊呀]?",
    re.IGNORECASE,
)
_CONFIRMED_ZH = (
    re.compile(r"你(?:是不是|是否)(?P<x>[^，,？?]{2,24})[？?]"),
    re.compile(
        r"你(?P<x>(?:对|是|有|在|住|养|喜欢|不|会)[^，,？?]{1,24}?)(?:吗|么|对吧|对吗|是吧|吧)[？?]"
    ),
)
_CONFIRMED_EN = (
    (re.compile(r"\b(?:are you|you're|you are) (?P<x>[^?,]{3,50})\?", re.IGNORECASE), "I'm {x}"),
    (re.compile(r"\bdo you (?P<x>(?:have|live|work|like|love|take|own|eat)\b[^?,]{2,50})\?", re.IGNORECASE), "I {x}"),
)  # fmt: skip


def _confirmed(asked: str, language: Language) -> str | None:
    """What a yes to ``asked`` says: "你是不是对花粉过敏？" is "我对花粉过敏"."""
    if language == "zh":
        for pattern in _CONFIRMED_ZH:
            found = pattern.search(asked)
            if found and not re.search(r"[你您]|什么|怎么|哪|谁|几", found["x"]):
                return f"我{found['x']}"
        return None
    for pattern, shape in _CONFIRMED_EN:
        found = pattern.search(asked)
        if found and not re.search(r"\byou|\bor\b|what|how", found["x"], re.IGNORECASE):
            return shape.format(x=found["x"])
    return None


def completed(asked: str, answer: str, language: Language) -> str:
    """``answer`` as a full sentence where ``asked`` (the message before) asks for one.

    Returns ``answer`` itself otherwise.
    """
    bare = answer.strip(" \t。.!！~～呀啊哦呢哈，,")
    if asked and _YES.fullmatch(bare):
        return _confirmed(asked, language) or answer
    if not bare or len(bare) > _LONGEST[language] or _NO_ANSWER.match(bare):
        return answer
    question = re.split(r"[。！!\n]|\.\s", asked.strip())
    asking = next((part for part in reversed(question) if "？" in part or "?" in part), "")
    for pattern, shape, sentence in _ASKED_ZH if language == "zh" else _ASKED_EN:
        match = re.fullmatch(shape, bare)
        if match and re.search(pattern, asking, re.IGNORECASE):
            return sentence.format(a=match["a"])
    return answer
