"""Chinese self-introductions: what follows a name says who one is, too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.builtin.extraction.zh_words import COUNT, JOB, PET

_INTRODUCES = re.compile(
    r"^(?:大家好|你好|嗨)?(?:我(?:的名字)?叫|(?:你|大家|朋友|同事)?(?:们)?(?:都|可以|就)?(?:叫|喊|称呼)我|我姓|本人|我是[\u4e00-\u9fff]{2,3}$)"
)
_I_AM_CALLED = re.compile(
    r"(?:嗨|你好|大家好)?我是(?P<name>(?![你他她谁])[\u4e00-\u9fff]{1,2}(?:姐|哥|叔|姨|嫂|爷|婶|伯))"
)
_GREETED = 2
_AGE = re.compile(
    r"(?:今年|刚|虚岁)?(?P<n>[1-9]\d|[二三四五六七八九]?十[一二三四五六七八九]?)(?:岁)?(?:了)?"
)
_SEX = re.compile(r"(?:本人)?(?P<s>[男女])(?:生|的)?")
# Said of oneself without a verb: "全职妈妈一枚", "单身狗一只".
_ONE_OF = re.compile(
    rf"(?P<what>{JOB}|全职(?:妈妈|爸爸|主妇)|单身狗?|社畜|打工人|大[一二三四]|高[一二三]|初[一二三]|研究?生?|"
    r"[\u4e00-\u9fff]{2,6}(?:爱好者|控|迷|党|粉|狗))一(?:枚|只|名|个|条|位)"
)
_HAS = re.compile(
    rf"(?:家里|屋里|家|下面)?(?:有|养)?(?P<n>{COUNT})(?:个)?(?P<who>娃|孩子|宝|崽|闺女|儿子|女儿)"
)
_KEEPS = re.compile(rf"(?:家里|屋里|家)(?:有|养)?了?(?P<n>{COUNT}[只条个]{PET})")


def introduced(clauses: Sequence[str]) -> list[str]:
    """``clauses`` of one sentence, each a statement of its own.

    Example:
        >>> introduced(["我叫小满", "22", "全职妈妈一枚"])
        ['我叫小满', '我今年22岁', '我是全职妈妈']
    """
    told: list[str] = []
    introducing = False
    for clause in clauses:
        bare = clause.strip()
        called = _I_AM_CALLED.fullmatch(bare)
        if called and not any(len(one) > _GREETED for one in told):
            bare = clause = f"我叫{called['name']}"
        age, sex = _AGE.fullmatch(bare), _SEX.fullmatch(bare)
        one, has, keeps = _ONE_OF.fullmatch(bare), _HAS.fullmatch(bare), _KEEPS.fullmatch(bare)
        if introducing and age:
            told.append(f"我今年{age['n']}岁")
        elif introducing and sex:
            told.append(f"我是{sex['s']}生")
        elif one:
            what = one["what"]
            told.append("我单身" if what.startswith("单身") else f"我是{what}")
        elif has:
            who = {"娃": "孩子", "宝": "孩子", "崽": "孩子"}.get(has["who"], has["who"])
            told.append(f"我有{'两' if has['n'] == '俩' else has['n']}个{who}")
        elif keeps:
            told.append(f"我家里养了{keeps['n']}")
        else:
            told.append(clause)
        introducing = introducing or bool(_INTRODUCES.match(bare))
    return told
