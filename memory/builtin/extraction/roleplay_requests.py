"""Requests to play a role or to write a text: the rest of the message is that text.

"假装我是你老板，我叫王总" names nobody. What the user tells of playing and writing
("我喜欢写歌词") is no request and stays a fact.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

_I = re.IGNORECASE

_ASK_ZH = (
    r"(?:请|麻烦|拜托|你|您|能不能|可不可以|可以|能|要不|那|现在|接下来|继续|再|先|来|一起"
    r"|帮(?:我|忙|个忙)|给我|替我|为我|让我们|我们|咱们?|我(?:想|要|希望)(?:请|让|和|跟)?你(?:来|帮我|给我)?|我来){0,6}"
)
_TEXT_ZH = (
    r"(?:故事|小说|童话|寓言|诗|词|歌|歌词|作文|文案|文章|短文|散文|信|情书|邮件|自我介绍|简历|介绍|检讨书?|演讲稿?|发言稿?|稿子?"
    r"|段子|剧本|台词|对话|独白|评论|推文|朋友圈|申请书?|假条|请假条|祝福语?|简介|文字|话|文)"
)
_ROLE_ZH = re.compile(
    rf"^{_ASK_ZH}(?:玩|做|进行|开始)?(?:一?[个下场次])?(?:角色扮演|假装|装作|扮演|扮成|cosplay|模拟(?![考卷题器])|想象(?=一下|你|我|自己)|假设(?=一下|你|我))"
    r"|^我?假装(?:我|自己)?(?:是|在)?你|^我(?:现在)?扮演(?!过|了)|^你(?:来|就|现在){0,6}(?:来当|来演|扮|演)"
    r"|^你现在(?:就)?是一?[名个位]|^从现在(?:开始|起)(?:你|我)(?:就)?(?:是|叫|扮)"
    r"|^(?:角色|人物|故事|你的|我的)?(?:设定|人设)(?:如下|是)?$"
)
_WRITE_ZH = re.compile(
    rf"^{_ASK_ZH}(?:写|编|创作|作|生成|起草|拟|仿写|续写)(?:出|一下)?(?:一|这|这一)?(?:[个首篇段封份则句条张]|小段)[^，了过]{{0,16}}?{_TEXT_ZH}(?!了|过)"
    rf"|^{_ASK_ZH}(?:帮我|给我|替我|请|请你|麻烦你?)(?:写|编|创作|作|生成|起草|拟|改|修改|看看|检查|优化)(?:一下|一写|下)?[^，了过]{{0,16}}?{_TEXT_ZH}(?!了|过)"
    rf"|^{_ASK_ZH}(?:翻译|改写|润色|复述|重复|仿写|续写|造句)(?:一下|下|成|这|以下|下面|如下|$)"
    rf"|^{_ASK_ZH}(?:把|将).{{1,20}}?(?:翻译|改写|润色|扩写|续写|缩写)"
    rf"|^{_ASK_ZH}用.{{1,12}}?(?:造个?句|写[个首篇段一])"
)
_HEADING_ZH = re.compile(
    r"(?:这是|以下是|下面是)?(?:一|这)?[首段句个篇]?(?:歌词|台词|诗|诗歌|小说|故事|剧本|对白|独白|段子|作文|例句|题目|原文|文案)(?:如下|是)?"
)

_ASK_EN = (
    r"(?:(?:please|now|ok|okay|so|then|just|hey|can you|can we|could you|could we|would you|will you|let's|let us"
    r"|how about (?:we|you)|help me(?: to)?|i(?:'d| would)? (?:need|want|like) (?:you )?to|i'll|we'll|you(?:'ll| will| can)?"
    r"|for (?:a moment|this|now)),? ){0,6}"
)
_ROLE_EN = re.compile(
    rf"^{_ASK_EN}(?:pretend\b|role-? ?play(?:ing)?\b|(?:do|start|have|try) (?:a|some) role-? ?play|act (?:as|like|out)\b|play (?:a role|the (?:role|part)|make[- ]believe|pretend)\b|imagine (?:that )?(?:i|you|we)(?:'m|'re| am| are| were)\b)"
    r"|^role-? ?play\b|^(?:from now on,? )?you(?:'re| are) now (?:a|an|my|the)\b|^from now on,? (?:you|i|we)(?:'re|'m| are| am| will be)\b"
    r"|^in (?:this|our) (?:role-? ?play|story|scene|scenario)\b",
    _I,
)
_WRITE_EN = re.compile(
    rf"^{_ASK_EN}(?:write|draft|compose|create|generate|make up|invent)(?: (?:me|us|up|out))?(?: (?:a|an|the|my|our|some|this|another|about)\b|$)"
    rf"|^{_ASK_EN}(?:translate|rewrite|rephrase|paraphrase|proofread|summari[sz]e)(?!d)\b"
    rf"|^{_ASK_EN}(?:correct|edit|improve|polish|complete|continue|finish|repeat) (?:this|these|the (?:following|story|sentence|text|poem|song)|my (?:text|essay|letter|email|story|cv|resume|bio|cover letter|sentence|grammar)|after me)\b",
    _I,
)
_HEADING_EN = re.compile(
    r"(?:(?:the|a|my|here(?:'s| is| are)(?: the| a| my| some)?) )?(?:song )?(?:lyrics?|song|poem|story|script|quote|dialogue|monologue|prompt|character|scene|plot|text|essay|cover letter|bio)",
    _I,
)
_SAID_EN = re.compile(
    r"(?:(?:he|she|they|someone|somebody|my [\w' ]{2,20}|[A-Z][a-z]+) (?:\w+ly |always |just |then |once )?(?:said|says|told (?:me|us|him|her)|replied|yelled|shouted|whispered|sang|wrote|cried|joked|complained)"
    r"|(?:said|says) (?:he|she|they|[A-Z][a-z]+|my \w+))",
)
_SAID_ZH = re.compile(
    r"(?:他|她|它|他们|她们|我[\u4e00-\u9fff]{1,4}|[小阿老][\u4e00-\u9fff]{1,2})(?:是|就|总|老|经常|常|曾){0,6}(?:这么|这样|对我|跟我)?说(?:道|过|的)?"
)


def makes_up_zh(clause: str) -> bool:
    """Whether a Chinese ``clause`` asks for a role or a text, or heads such a text."""
    return bool(
        _ROLE_ZH.search(clause) or _WRITE_ZH.search(clause) or _HEADING_ZH.fullmatch(clause)
    )


def makes_up_en(clause: str) -> bool:
    """Whether an English ``clause`` asks for a role or a text, or heads such a text."""
    return bool(
        _ROLE_EN.search(clause) or _WRITE_EN.search(clause) or _HEADING_EN.fullmatch(clause)
    )


def said_by_other_zh(clause: str) -> bool:
    """ "他说" behind a statement: the statement was his."""
    return bool(_SAID_ZH.fullmatch(clause))


def said_by_other_en(clause: str) -> bool:
    """ "he said" behind a statement: the statement was his."""
    return bool(_SAID_EN.fullmatch(clause))
