"""Lists that people write with commas: "我喜欢看电影，听歌，还有打羽毛球" is one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEAD = re.compile(
    r"(?:喜欢|热爱|偏爱|讨厌|害怕|最怕|很怕|超怕|爱(?=[吃喝看玩听])|不吃|不喝|不能吃|吃不了|爱好(?:是|有|包括)|兴趣(?:是|有)"
    r"|擅长|去过|学过|玩过|会(?=[弹拉吹说做画打唱跳])|养了?)(?P<thing>[\u4e00-\u9fffA-Za-z\d《》、]{1,16})$"
)
_MANY = re.compile(
    r"^(?P<me>我)?(?P<verb>(?:不)?(?:喜欢|爱|讨厌|怕)(?:吃|喝|看|玩|听|做)?)的(?:东西|事情?|[\u4e00-\u9fff]{2})?(?:有)?(?:很|挺|好|蛮|太|特别|还挺|超|可)+多(?:的)?$"
)
_SUCH_AS = re.compile(r"^(?:比如说?|像|例如|有)(?:是)?(?P<first>[\u4e00-\u9fffA-Za-z、]{1,20})$")
_ALLERGY = re.compile(r"对(?P<thing>[\u4e00-\u9fff、和]{1,12})过敏$")
_LAST = re.compile(r"^(?:还有|以及|和|跟)(?P<item>[\u4e00-\u9fffA-Za-z\d《》]{1,8})$")
_DOING = "看听打玩吃喝画写读弹唱跳拼拍逛爬游跑骑钓养种做追刷滑练"
_NOT_ITEM = re.compile(
    r"[我你您他她它的了吗呢吧啊过着也都就才又还会要想能很太真最更特超不没是在这那去完]|觉得|感觉|因为|所以|但|开心|舒服"
)
# One noun after another; what looks like how somebody is, or does, is none.
_NO_NOUN = re.compile(rf"^[{_DOING}]|[好累困忙烦难饿冷热疼痛睡哭笑走香爽乖帅美棒]$|可爱|好吃|漂亮")


def joined(clauses: Sequence[str]) -> list[str]:
    """``clauses`` of one sentence with the items of a list put back into one clause."""
    result: list[str] = []
    rest = list(clauses)
    while rest:
        clause = rest.pop(0)
        many = _MANY.match(clause)
        such = _SUCH_AS.match(rest[0]) if many and rest else None
        if many and such:
            clause = f"{many['me'] or '我'}{many['verb']}{such['first']}"
            rest.pop(0)
        allergy = _ALLERGY.search(clause)
        last = _LAST.match(rest[0]) if allergy and rest else None
        if allergy and last:
            clause = f"{clause[: allergy.start()]}对{allergy['thing']}和{last['item']}过敏"
            rest.pop(0)
        head = _HEAD.search(clause)
        length = _run(head["thing"], rest) if head else 0
        for item in rest[:length]:
            last = _LAST.match(item)
            clause += f"和{last['item']}" if last else f"、{item}"
        rest = rest[length:]
        result.append(clause)
    return result


def _run(thing: str, rest: Sequence[str]) -> int:
    """How many of ``rest`` go on with the list that ``thing`` opens."""
    length, closed = 0, False
    for item in rest:
        last = _LAST.match(item)
        if last and not _NOT_ITEM.search(last["item"]):
            length, closed = length + 1, True
            break
        if len(item) > 8 or not item.isalnum() or _NOT_ITEM.search(item):
            break
        length += 1
    items = rest[:length]
    if closed:
        return length
    if items and thing[0] in _DOING and all(item[0] in _DOING for item in items):
        return length if all(len(item) > 1 for item in items) else 0
    nouns = all(len(item) <= 4 and not _NO_NOUN.search(item) for item in items)
    return length if length >= 2 and nouns else 0
