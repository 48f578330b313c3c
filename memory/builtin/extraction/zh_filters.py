"""Chinese clauses that state nothing: questions, wishes, orders, talk about the talk."""

from __future__ import annotations

import re

from memory.builtin.extraction.clause_filters import ClauseFilters

_ASKS = re.compile(
    r"[吗么嘛]$|呢$(?<!着呢)|(?<!不知道)(?:什么|啥|怎么(?!都|也)|怎样|咋|谁|哪(?!怕)|(?<![前过这好那十])几(?:点|号|岁|个人|年级|楼|层|口人|天(?!前|后))|(?:周|星期|礼拜)几|多少|多久|多大|为何|为什么|是不是"
    r"|有没有|要不要|好不好|会不会|能不能|可不可以|可以吗|对不对|行不行|该不该|算不算|想不想|喜不喜欢|如何|(?<![不没])([\u4e00-\u9fff])[不没](?!得不)\1(?!不))"
)
_NOT_ASKING = re.compile(
    r"没多久|不多久|没几天|什么都|啥都|怎么也|谁都|哪都|哪里都|没什么|没啥|不怎么|不知道为什么|不知为何|不知道怎么|多少有|没怎么|为什么会这样|怎么说呢"
)
_UNREAL = re.compile(
    r"如果|要是|假如|万一|倘若|假设|要不是|若是|的话|就好了|恨不得|仿佛|宁愿|好想变成|本来(?:想|要|打算|应该)|差点(?!$)|差一点(?!$)"
)
# Nobody says so of themselves in earnest: neither that nor what follows is meant.
_ABSURD = re.compile(
    r"^(?:是是是|对对对|行行行)|我(?:就|才|可)?是(?:世界|全世界|全宇宙|宇宙|天下)?(?:首富|最[帅美闲]|神仙|皇帝|超人|玉皇|秦始皇)|(?:火星|月球|登基)"
)
_IRONIC = re.compile(
    r"可真(?:是|行|会|棒|好)|真是谢谢|太?有福气|呵呵|真(?:有你|看得起|会挑)|好一个|谢谢你全家"
)
_UNSURE = re.compile(
    r"可能|也许|大概率|好像|似乎|说不定|或许|不一定|不确定|没想好|估计|恐怕|据说|听(?:[^，我]{0,4}[说讲])|传说|看情况|再说吧|考虑要?不要"
)
_MADE_UP = re.compile(
    r"梦见|梦到|做梦|做了个梦|小说里|电影里|电视里|书里|剧里|游戏里|故事里|主角|(?<!写)歌词|台词|角色扮演|假装|剧情|新闻"
)
_ORDER = re.compile(
    r"^(?:请|麻烦|拜托|帮(?:我|忙|个忙)|给我|告诉我|跟我|陪我|让我(?!很|觉得|感到|特别|好|难|开心|生气|伤心)|教我|教教我|别|不要|不许|不准|翻译|推荐|讲个?|说个|来个|来一|写一?[首篇个段份]"
    r"|忽略|忘掉|忘了(?:我说|刚才|这)|假装|扮演|从现在开始你|你(?:要|必须|得|应该|可以|能|会|记得|还记得|知道|觉得|猜|说|看|有|是|喜欢|呢)|您|猜猜|看看|听听|想想|等等|等一下|等我|走吧|来吧|一起"
    r"|谢谢|多谢|感谢|抱歉|对不起|不好意思|没关系|没事|再见|拜拜|晚安|早安|加油|辛苦了|祝你|希望你|记住|记得)"
)
_REPORTED = re.compile(
    r"^(?!我(?:们)?(?:自己)?(?:说|问|觉得|以为|希望))(?!医生(?:说|告诉)我)[\u4e00-\u9fffA-Za-z]{0,10}(?:说|问|问我|告诉我|跟我说|觉得|以为|认为|希望|让我|劝我|骂我|夸我|要求我|逼我|叫我去|嫌我|建议我|提议)(?!话|明)"
)
_RETRACTS = re.compile(
    r"^(?:我)?(?:开(?:个)?玩笑(?:的)?(?:啦|呢|而已)?|骗你(?:的)?|逗你(?:的|玩(?:的)?)?|瞎说的|乱说的|胡说的|才怪|假的|说着玩的|随便说说的?|不是真的)(?:[啦哈呀哦的了])*$"
)
_META = re.compile(
    r"(?:我|就)?(?:想|来)?(?:和|跟|找)你(?:聊|说|讲|吐槽|倾诉|分享)|聊聊天?$|^(?:我)?(?:想|要)?(?:问|请教)|测试一下|在吗|打个比方|比方说|例如|举个例子|^比如"
    r"|^(?:我)?(?:也|都|真的|其实|就|还|并)*(?:不知道|不懂|不明白|不清楚|明白了?|知道了?|懂了?|理解|同意|记得|记不清|忘记了?)"
)


_ABOUT_TEXT = re.compile(
    r"翻译|改写|润色|复述|重复|造句|扮演|仿写|续写|(?:这|下面|以下)(?:句|段|个句子|首)"
)

ZH_FILTERS = ClauseFilters(
    question=_ASKS,
    no_question=_NOT_ASKING,
    condition=_UNREAL,
    sarcasm=_ABSURD,
    text_task=_ABOUT_TEXT,
    guess=(_UNSURE, _MADE_UP),
    order=_ORDER,
    report=_REPORTED,
    retraction=_RETRACTS,
    meta=_META,
)


def ironic(clause: str) -> bool:
    """Praise that means its opposite; what happened may follow."""
    return bool(_IRONIC.search(clause))
