"""Chinese rewriting: first person to third, relative dates to absolute, no filler."""

from __future__ import annotations

import re
from datetime import date

from memory.builtin.extraction.zh_words import RELATION, RELATIONS
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.nlp.endings import Endings

_TAIL = Endings.of(
    r"哈嘿呵嘻呢啊呀哦噢嘛哎诶哟喔咯唉呐哇耶欸惹滴哒~～.。!！,，、…\s",
    ["的说", "来着", "而已", "罢了", "了啦"],
    whole_words=False,
)
_DA = re.compile(r"(?<!哗)啦$")
_LEAD = re.compile(
    r"^(?:[嗯啊哦噢唉哎诶欸呃额哈嘿喂]+|哈哈+|其实|对了|说起来|说来|话说|讲真|说到这个|跟你讲个事|偷偷告诉你|吐槽一下|汇报一下|话说回来|说实话|老实说|说真的|坦白说|顺便说一下|顺便|不过|但是|但"
    r"|而且|然后|所以|因为|另外|还有|反正|总之|那个|就是|就是说|而|并且|结果|没想到|原来|可是|只是|虽然|毕竟|首先"
    r"|其次|最后|比如|比如说|告诉你(?:一个好消息|个好消息|一件事|个秘密|哦)?|跟你说|我跟你说|跟你讲|我告诉你|你知道吗"
    r"|好消息是?|坏消息是?|真的|当然|确实|没错|是的|对|好的|好吧|好|行|可以|不是|没有|记住|记得|请?记一下|帮我记住|请记住"
    r"|此外|同时|于是|接着|后来|自我介绍一下|介绍一下|你好|您好|大家好|哈喽|嗨|hi|hello|Hi|Hello"
    r"|(?:早上|晚上|中午|下午)好|早安|晚安)(?:[，,、：:\s]+|(?=我|叫我|今|昨|明|前天|后天|上|下|这))"
)
# "以前我年年爬山": what was so then isn't now.
_FORMERLY = re.compile(
    r"^(?P<when>以前|从前|过去|早年|小时候|年轻(?:的)?(?:时候?|那会儿))[，,]?我(?:们)?(?=[^的家爸妈爷奶哥姐弟妹老])(?:可|就|倒)?(?:是(?=年年|天天|经常|常))?"
)
_LEAD_GLUED = re.compile(
    r"^(?:就是(?=对[\u4e00-\u9fff]{1,6}过敏|不能|有)|哈{2,}|其实|不过|但是|而且|然后|所以|因为|另外|还有(?![只个条一两几])|反正|总之|结果|没想到|可是|只是|虽然|毕竟|于是|接着|后来"
    r"|但|记住|请记住|帮我记住|[嗯啊哦唉哎]+)"
)
_SELF_ADVERBS = re.compile(
    r"^(?:这个人|本人|呢|啊|其实|真的|也|还|就|都|又|可|倒是|确实|的确|当然|本来|是真的|自己|这边|现在|目前|如今|已经)+"
)
_RELATION_OF = re.compile(rf"我(?:的|家|们家)?({RELATION})")


def lead_stripped(clause: str) -> str:
    """``clause`` without greetings, connectives and hesitation in front."""
    for _ in range(4):
        clause = re.sub(r"^比起[^我，]{1,12}[，,]?(?=我)", "", clause)
        shorter = _LEAD_GLUED.sub("", _LEAD.sub("", clause), count=1).lstrip(" ，,、：:")
        if shorter == clause:
            break
        clause = shorter
    formerly = _FORMERLY.match(clause)
    if formerly:
        clause = f"我{formerly['when']}{clause[formerly.end() :].removesuffix('的')}"
    return clause


def tail_stripped(text: str) -> str:
    """``text`` without particles, laughter and punctuation at the end."""
    text = _DA.sub("了", _TAIL.stripped(text.strip()))
    return _TAIL.stripped(text)


def adverbs_stripped(predicate: str) -> str:
    """``predicate`` without adverbs that only make sense in the conversation."""
    return _SELF_ADVERBS.sub("", predicate)


def third_person(text: str, speaker: str) -> str:
    """First person to third: ``我`` becomes ``speaker`` ("用户" or a persona's name)."""
    text = _RELATION_OF.sub(lambda m: f"{speaker}的{RELATIONS[m.group(1)]}", text)
    text = re.sub(r"我们?俩", f"{speaker}两人", text)
    text = text.replace("我自己", speaker + "自己").replace("我们家", speaker + "家")
    text = re.sub(r"咱们?|我们|(?<!自)我", speaker, text)
    return re.sub(rf"(?:{speaker}){{2,}}", speaker, text)


def with_dates(text: str, mentions: list[DateMention], said_on: date) -> str:
    """``text`` with each mention (offsets in ``text``) written out."""
    for mention in reversed(mentions):
        written = dates.absolute(mention, said_on, "zh")
        text = text[: mention.begin] + written + text[mention.stop :]
    return text


__all__ = [
    "adverbs_stripped",
    "lead_stripped",
    "tail_stripped",
    "third_person",
    "with_dates",
]
