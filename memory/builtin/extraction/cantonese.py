"""Cantonese and traditional letters as the rules read them, one for one.

Matching runs on simplified Mandarin; offsets stay, and what is remembered gets the letters
of the source back.
"""

from __future__ import annotations

import re
from functools import lru_cache

from memory.nlp import traditional

_CANTONESE = re.compile(
    r"[喺嘅咗佢唔冇嚟哋㗎啲嗰攞瞓攰咩畀嘢喎]|係(?!统|列|数|統|數)|睇|乜嘢|返工|阮阿|阮兜"
    r"|食親|[腫笑攰]晒|[聽琴尋]日(?!本)|[而依]家|邊[度個間]|點[解樣]|鍾意|屋企|唔該|早[抖唞]|我地(?![址理鐵铁圖图區区球板皮])|[讀食做學諗等搵揾玩返住飲]緊|[細幼]妹|諗"
)
_MANDARIN = str.maketrans(
    "喺嘅咗佢唔冇嚟哋啲係睇食飲瞓俾畀咩乜喇攰靚嬲叻凍㗎喎咁嘢攞諗搵揾",
    "在的了他不没来们些是看吃喝睡给给啥啥了累美气棒冷啊哦那事拿想找找",
)
# As many letters on either side, so that places stay.
_WORDS = {
    "聽日": "明天", "听日": "明天", "琴日": "昨天", "尋日": "昨天", "琴晚": "昨晚", "尋晚": "昨晚",
    "聽晚": "明晚", "而家": "现在", "依家": "现在", "頭先": "刚才", "邊度": "哪里", "边度": "哪里",
    "邊個": "哪个", "邊間": "哪间", "邊座": "哪座", "邊隻": "哪只", "邊條": "哪条", "邊位": "哪位",
    "邊年": "哪年", "邊日": "哪天", "上年": "去年", "細路": "小孩", "眼瞓": "想睡",
    "仲有": "还有", "一陣": "一会", "點解": "为啥", "點樣": "怎样", "幾時": "何时", "鍾意": "喜欢",
    "钟意": "喜欢", "中意": "喜欢", "返工": "上班", "返學": "上学", "收工": "下班", "屋企": "家里",
    "唔該": "谢谢", "行山": "爬山", "早抖": "晚安", "早唞": "晚安", "老細": "老板", "得閒": "有空",
    "返嚟": "回来", "返去": "回去", "落雨": "下雨", "拍拖": "恋爱", "傾偈": "聊天", "一齊": "一起",
    "媽咪": "妈妈", "細佬": "弟弟", "家姐": "姐姐", "老豆": "爸爸", "阿媽": "妈妈",
    "下年": "明年", "細妹": "妹妹", "幼妹": "妹妹",
    "爹地": "爸爸", "辭職": "辞职", "唔使": "不用", "好攰": "好累", "得意": "可爱",
}  # fmt: skip
_WORD = re.compile("|".join(_WORDS))
# 我地: we, and in "我地址" my address.
_WE = re.compile(r"我地(?![址理鐵铁圖图區区球板皮])")
# "讀緊中六": it is going on.
_GOING_ON = re.compile(r"([讀食做學諗等搵揾玩返住飲])緊(?![張急要])")
# "佢話", "媽咪話": somebody says.
_SAYS = re.compile(r"(?<=[佢咪地爸媽妈友細細仔n])話(?![題题劇剧梅])")
# 同: with somebody.
_WITH = re.compile(r"(?<=[我佢你])同(?![學学意情事樣样時时])")
# 阮 is a family name as well.
_OURS = re.compile(r"阮(?=阿|兜|的|某|老)")


def is_cantonese(text: str) -> bool:
    """Whether ``text`` has words that only Cantonese has.

    Example:
        >>> is_cantonese("有冇人呀")
        True
    """
    return _CANTONESE.search(text) is not None


def simplified(text: str) -> str:
    """``text`` in simplified letters, Cantonese function words as Mandarin ones.

    It has as many letters as ``text``.

    Example:
        >>> simplified("我住喺旺角")
        '我住在旺角'
    """
    if _CANTONESE.search(text):
        text = _WITH.sub("和", _SAYS.sub("说", _OURS.sub("我", text)))
        text = _WE.sub("我们", _GOING_ON.sub(r"在\1", text))
        text = _WORD.sub(lambda found: _WORDS[found[0]], text).translate(_MANDARIN)
    return traditional.simplified(text)


def restored(text: str, source: str) -> str:
    """``text`` with the letters as ``source`` wrote them."""
    return text.translate(_letters(source))


@lru_cache(maxsize=4)  # all findings of a message have one source
def _letters(source: str) -> dict[int, str]:
    """How ``source`` wrote each letter that :func:`simplified` changed in it."""
    plain = simplified(source)
    if plain == source:
        return {}
    back: dict[int, str] = {}
    mixed: set[int] = set()
    for was, became in zip(source, plain, strict=True):
        if back.setdefault(ord(became), was) != was:
            mixed.add(ord(became))  # written in both ways: which is meant can't be told
    return {code: was for code, was in back.items() if code not in mixed}
