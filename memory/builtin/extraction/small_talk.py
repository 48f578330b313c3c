"""Small-talk filter: statements that are true and worth no memory.

Gratitude without a cause, praise of one's kin, mottos, and what points at a photo, a place
or a talk that the memory doesn't hold.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.zh_words import PET, RELATION
from memory.nlp.language import has_cjk

_ZH = re.compile(
    # what only a picture, a place or the talk explains
    r"照片[里中上]|[图画][里中]的|[这那]张|上次聊|刚才聊|聊(?:完|过)之后|说的那样"
    # mottos
    r"|不(?:再)?孤单|只要(?:一)?想[到起]|相信(?:自己|最后|一切|未来|明天|我们|总有)|(?:一切|努力)都?(?:会)?(?:值得|好起来)|提醒用户要|做自己|追逐梦想"
    # praise, thanks, love without a fact
    r"|^用户的(?:家人|爸妈|父母|朋友|孩子|老公|老婆|队友|团队)们?(?:一直|都|真的|真是|特别|非常|很|超级|太|总是)*(?:棒|好|支持用户|给力|温暖|善良|可爱|懂事)"
    r"|(?:爱|支持|鼓励|陪伴)[^，]{0,6}(?:真的|也|都)?(?:帮|让|给)(?:了)?用户|(?:心怀|充满|很|非常|真的)(?:感激|感恩|感谢|幸运)"
    # busy, and nothing else; a meeting that is named by nothing
    r"|(?:周|天|阵子|段时间|最近)(?:可|真|超级?|特别|一直|挺|很)+忙(?:的)?$|^用户(?:们)?(?:定期|经常|常常|偶尔)(?:开会|聚会|见面|聊天|聚聚)$"
    # comments on works, scenes without a day, halves of sentences
    r"|喜欢[^，]{0,20}的(?:主题|感觉|氛围|色彩|颜色|创意|构图|想法|风格|故事|细节)$|^用户遇到了一?[群个位]|^用户(?:以(?!前)|来个|并|或者|而且|甚至|通常一年|一年也)|比以往任何时候|的时候也有过|追随(?:自己的)?梦想"
    r"|^用户(?:很|最|超|也)?(?:喜欢|爱)(?:那些|这些|那[个种]|这[个种])|^用户(?:很|最|超|也)?喜欢$|^用户爱和|(?:热爱|喜欢)自己(?:在)?做的|相信(?:会|社区|彼此)|的力量$|一起创造|吧$|一定会(?:很|超|特别|非常)|开始学了$|[上时里]做的$"
    # a noun, and nothing of it
    # something, somebody, some: what or who, nobody says; a half sentence
    r"|(?:遇到|碰到|经历|有过)了?(?:过)?(?:一[点些次个]|点|些)[^，]{0,8}(?:挫折|困难|麻烦|问题|小?事|经历|变化|状况)$"
    r"|看[到见]有人|喜欢(?:和|跟)[^，]{1,6}(?:待|呆)(?:在一起|着)$|[一二两三四五几][幅个张次本件些]$|(?:(?<![小及平同准当有计临按])时|的时候)$|日去的$"
    rf"|^用户的(?:{PET}|{RELATION}|豚鼠)$"
    r"|^用户不(?:准|想|要|肯|管|行)$"
    r"|^用户的(?:自己的)?[\u4e00-\u9fff]{2,6}(?:室|店|生意|事业|梦想|想法|作品|照片)$"
)
_EN = re.compile(
    r"\b(?:grateful|thankful|blessed|honou?red|fortunate|so lucky|really lucky)\b"
    r"|\bunexpected (?:incident|event|thing|turn)\b|\bstayed away$|\b(?:connection|connect) (?:to|with) nature\b"
    r"|\b(?:game|seafood|food|people|time|show|vibe|place|trip|match|spot)s? there\b|\bbeen there\b"
    r"|\bthis (?:city|place|town|book|show|song|game|band|community|journey|group|painting|picture|photo)\b|\b(?:of|in|for|about|with) (?:it|this|that|them)$"
    r"|\bbelieves? (?:that |in )?.{0,70}\b(?:a (?:\w+ )?(?:difference|impact)|work out|worth it|possible|each other|themselves|the power|staying)\b"
    r"|\bpassionate about (?:creating|making|helping|what|it|giving|spreading)\b"
    r"|\b(?:a|an|the|to|of|and|with|creating a safe|because|than|new|real)$"
    r"|^The user (?:has |had )?(?:\w+ed|made|wrote|drew|built|learnt|did) (?:it|that|one)\b|\bbeen one\b"
    r"|\bhas all been\b|\bloves the thought\b"
    r"|\b(?:took|takes) it one\b|\bfollow(?:ing)? (?:their|her|his) dreams?\b|\bnot alone\b|\bpushing (?:forward|through)\b"
    r"|\b(?:tough|hard|crazy|busy|wild) times?\b|\boverwhelmed by the\b|\b(?:conversation|chat) with (?:someone|somebody)\b|\bhave so much\b|\bstor(?:y|ies) that\b|\bneeds? the (?:hard )?work\b"
    r"|^The user was in [A-Z]\w+(?: \w+)?$|\b[A-Z][a-z]+ and they\b|\bsat here\b"
    r"|^The user's (?:\w+ )?\w+$|\busually only once|\bloves (?:theme|the [\w-]+(?: [\w-]+)? (?:and|theme|sky|colou?rs?|details|vibe|light|view))\b"
    r"|^The user's own \w+ \w+,|\bsomething (?:new|special|big) that\b|\ban experience that\b|\bthis is\b|\b(?:making|make|trying|try|doing|watching|watched) it\b|\bfavou?rite ones?\b|\b(?:sunk|put) (?:tons|lots|so much|a lot)\b"
    r"|\bever since (?:we|they) (?:last )?(?:talked|spoke|chatted)\b|\b(?:last|since they) (?:talked|spoke|chatted)\b",
    re.IGNORECASE,
)


def says_nothing(memory: str) -> bool:
    """Whether ``memory`` (in the third person) is worth nothing by itself.

    Example:
        >>> says_nothing("The user felt grateful for all the support")
        True
    """
    return bool((_ZH if has_cjk(memory) else _EN).search(memory))
