"""Tokenizer, stems and stop words of Chinese and English."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[a-z]+|\d+")

CJK_STOPS: frozenset[str] = frozenset(
    "的了是我你您他她它们在有和与就都也不吗呢吧啊呀哦嗯么什这那哪个些之于被把给让从到对为"
    "以及或者还很太真最更又再已曾会能可要想说做去来着过得地用其所"
)
"""Function characters and question words of Chinese."""

_CJK_WORDS = """
    如果 虽然 然后 或者 还是 就是 只是 于是 并且 但是 可是 不过 而且 因为 所以 不然 否则 即使 尽管
    只要 只有 无论 不管 比如 例如 甚至 怎么 怎么办 怎么样 怎样 这样 那样 这么 那么 为什么 为何
    真的 真是 非常 特别 十分 超级 有点 有点儿 一点 一点儿 一些 有些 一定 一下 可能 也许 大概 好像
    似乎
    几乎 其实 确实 当然 应该 可以 能够 必须 需要 总是 一直 经常 常常 有时 有时候 时候 每次 已经 正在
    刚刚 刚才 现在 目前 最近 是的 好的 对啊 对呀 对了 没错 哈哈 谢谢 不客气 没事 没关系 你好 再见
    早上好
    晚上好 太棒了 真棒
"""
# "十一点" is a time and "第一" a rank.
_NOT_IN_NUMBER = "(?<![十百第一二三四五六七八九])"
_CJK_WORD = re.compile(
    "|".join(
        (_NOT_IN_NUMBER if word.startswith("一") else "") + word
        for word in sorted(_CJK_WORDS.split(), key=len, reverse=True)
    )
)

_ENGLISH = """
    a an the and or but if then of to in on at by for with from into about as than so too very
    just also there here is are was were be been being am do does did doing done have has had
    having i me my mine we us our ours you your yours he him his she her hers it its they them
    their theirs this that these those what which who whom whose when where why how can could
    will would shall should may might must not no nor s t re ve ll d m don didn doesn isn aren
    wasn weren hasn haven hadn won wouldn couldn shouldn some any all each more most other such
    only own same up down out off over under again once both few because until while during
    before after above below between through
"""

ENGLISH_STOPS: frozenset[str] = frozenset(_ENGLISH.split())
"""Function words and question words of English, after splitting at apostrophes."""

GLOSS_STOPS: frozenset[str] = ENGLISH_STOPS | frozenset(
    {"sth", "sb", "one", "etc", "esp", "lit", "fig", "usu"}
)
"""What dictionary glosses hold beside meaning."""


# In talk these say nothing either, though in a memory's index they may.
_TALK_STOPS = CJK_STOPS | frozenset(
    "没会上下里谁几多少怎样说好觉最用户记得知道喜欢今天昨天明天现在时候东西事情一些"
)
_TALK_WORDS_EN = """
    user remember know like likes about told tell said say going went really today yesterday
    tomorrow still ever mine name called week last next time day got get
"""
_TALK_STOPS_EN = ENGLISH_STOPS | frozenset(_TALK_WORDS_EN.split())

# Different names of the same person.
_SAME = (
    (re.compile(r"妈妈|母亲|老妈|(?<=我)妈"), "妈妈"),
    (re.compile(r"爸爸|父亲|老爸|(?<=我)爸"), "爸爸"),
    (re.compile(r"\b(?:mum|mom|mummy|mama)\b"), "mother"),
    (re.compile(r"\b(?:dad|daddy|papa)\b"), "father"),
    (re.compile(r"\b(?:nan|gran|granny|grandma)\b"), "grandmother"),
    (re.compile(r"\b(?:allergic|allergy|allergies)\b"), "allergy"),
)


def without_cjk_words(text: str) -> str:
    """``text`` without the longer function words of Chinese.

    For questions only: people ask and tell in many words of no meaning ("如果他们
    还是不来怎么办"), which are rare in memories and would count like rare names there.
    """
    return _CJK_WORD.sub(" ", text)


class _Stemmers(threading.local):
    """A stemmer for each thread: it keeps the word that it works on in itself."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_stemmers = _Stemmers()


def han_runs(text: str) -> list[str]:
    """The runs of Chinese letters in ``text``."""
    return _HAN_RUN.findall(text)


def han_pairs(text: str) -> list[str]:
    """Each two neighbouring Chinese letters.

    Example:
        >>> han_pairs("用户 a 爱吃面")
        ['用户', '爱吃', '吃面']
    """
    return [first + second for run in han_runs(text) for first, second in pairwise(run)]


def latin_words(lowered: str) -> list[str]:
    """The runs of Latin letters and of digits in a lower-case text."""
    return _LATIN.findall(lowered)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word's stem (Snowball's "Porter 2"); numbers stay as they are.

    Example:
        >>> stem("running"), stem("cats"), stem("2026")
        ('run', 'cat', '2026')
    """
    return word if word.isdigit() else str(_stemmers.english.stemWord(word))


@lru_cache(maxsize=4096)
def telling_words(text: str) -> frozenset[str]:
    """What a text is about: pairs of Chinese letters, stems of Latin words.

    Different names of one relative count as the same.

    Example:
        >>> sorted(telling_words("My mum's cats"))
        ['cat', 'mother']
    """
    text = text.lower()
    for names, name in _SAME:
        text = names.sub(name, text)
    pairs = (pair for pair in han_pairs(text) if not _TALK_STOPS & set(pair))
    words = (word for word in latin_words(text) if len(word) > 2 and not word.isdigit())
    return frozenset([*pairs, *(stem(word) for word in words if word not in _TALK_STOPS_EN)])
