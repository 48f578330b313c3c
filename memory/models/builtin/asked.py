"""Questions about what is remembered: which they are, and what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from memory.dates import query_range
from memory.models.builtin.pick_memory import words_of
from memory.models.builtin.reading import Reading

# key, how it is asked, what a memory that answers it looks like.
ATTRIBUTES: tuple[tuple[str, str, str], ...] = (
    (
        "pet",
        (
            r"(?:狗|猫|宠物|兔子|毛孩子).{0,6}(?:叫|名字)|\b(?:dog|cat|pet|rabbit|hamster|"
            r"puppy|kitten)(?:'s| is)? (?:name|called)|name of my (?:dog|cat|pet)"
        ),
        (
            r"狗|猫|兔|柯基|金毛|柴|仓鼠|鹦鹉|\b(?:dog|cat|pet|rabbit|hamster|corgi|"
            r"labrador|retriever|tabby|puppy|kitten)\b"
        ),
    ),
    (
        "name",
        (
            r"我(?:的名字)?(?:叫|是)(?:什么|啥|谁)|我的名字|怎么称呼我|what(?:'s| is) my "
            r"name|who am i\b|do you know my name"
        ),
        (
            r"^(?:用户)(?:的名字)?(?:叫|名叫|是叫|的名字是|姓)|^The user(?:'s name is| is "
            r"called| goes by| is named)"
        ),
    ),
    (
        "birthday",
        r"我.{0,4}(?:生日|哪天出生|什么时候出生)|my birthday|when was i born",
        r"生日|出生|birthday|was born",
    ),
    (
        "age",
        r"我.{0,4}(?:几岁|多大)|how old am i|my age",
        r"\d岁|[一二三四五六七八九十]岁|years old|is \d{2}\b",
    ),
    (
        "allergy",
        r"过敏|不能吃|忌口|allerg|can'?t i eat|can i not eat",
        r"过敏|不能吃|不耐|忌口|吃素|allerg|intoleran|can't eat|vegetarian|vegan",
    ),
    (
        "hometown",
        r"老家|哪里人|hometown|where am i from|where did i grow up",
        r"老家|来自|长大|是.{1,6}人$|\bfrom\b|grew up",
    ),
    (
        "home",
        r"我(?:现在)?住(?:在)?(?:哪|什么)|我家在哪|where do i live|my address",
        r"住在|住|搬到|家在|lives?\b|moved to",
    ),
    (
        "job",
        (
            r"我(?:是)?(?:做|干)什么(?:工作|的)|我的?(?:工作|职业)(?:是)?(?:什么|啥)|"
            r"我在哪(?:里|儿)?(?:上班|工作)|what(?:'s| is) my (?:job|work|profession)|"
            r"what do i do for|where (?:do )?i work|"
            r"\bwhat i do(?: for (?:a living|work))?\s*[?.!]*$"
        ),
        (
            r"工作|上班|公司|单位|是做.{1,10}的|做(?:文案|设计|编辑|运营|销售)|是一?名?.{0,8}(?:师|员|医生|护士|学生|经理|编辑|记者)|"
            r"works? (?:as|at|for)|job|is an? \w*(?:er|or|ist|ian|nurse|student)\b"
        ),
    ),
    (
        "study",
        (
            r"我.{0,4}(?:专业|学校|学什么|在哪.{0,2}(?:上学|读))|what (?:do|did) i study|"
            r"my (?:major|school|university)"
        ),
        r"专业|大学|学校|读|studie|university|school|major",
    ),
    (
        "like",
        (
            r"(?:我|我们|你自?己?)(?:最|都|还)*(?:喜欢|爱)(?:吃|喝|听|看|玩|做)?(?:的|"
            r"什么|啥|哪|谁)|what (?:do|did) "
            r"(?:i|we|you)(?: say you| both| all)* (?:like|love|enjoy)|my favou?rite|"
            r"\b(?:what|things|stuff) i (?:\w+ )?(?:like|love|enjoy)|我.{0,8}(?:爱好|兴趣)|"
            r"我(?:周末|平时|平常|有空|空闲)(?:的时候)?(?:一般|都|通常)*(?:喜欢)?(?:做|干|玩)(?:些)?(?:什么|啥|嘛)|"
            r"my hobb(?:y|ies)|what (?:do|did) i (?:usually |normally )?do (?:at|on|in my|for fun)"
        ),
        r"喜欢|最爱|爱(?:吃|喝|看|听)|迷上|likes?|loves?|enjoys?|favou?rite",
    ),
    (
        "dislike",
        (
            r"我(?:最)?(?:讨厌|不喜欢|怕)(?:什么|啥|哪|谁)|what do i (?:hate|dislike|not "
            r"like|fear)|what am i (?:afraid|scared)"
        ),
        r"讨厌|不喜欢|受不了|怕|hates?|dislikes?|can't stand|afraid|doesn't like",
    ),
    (
        "plan",
        (
            r"我.{0,8}(?:打算|计划|要(?:做|干|去)(?:什么|啥|哪)|有什么安排)|what (?:am i|"
            r"are my plans|do i have)|my plans?\b|where am i going"
        ),
        r"",
    ),
    (
        "family",
        (
            r"我(?:的)?(?:妈妈|爸爸|妈|爸|姐姐|妹妹|哥哥|弟弟|奶奶|爷爷|外婆|外公|女儿|"
            r"儿子|老公|老婆|男朋友|女朋友)|my (?:mum|mom|mother|dad|father|sister|"
            r"brother|gran\w*|daughter|son|husband|wife|boyfriend|girlfriend|partner)"
        ),
        r"",
    ),
)

RELATIVE = (
    r"妈妈|爸爸|我妈|我爸|爸妈|父母|姐|妹|哥|弟|奶奶|爷爷|外婆|外公|女儿|儿子|老公|老婆|男朋友|女朋友|"
    r"室友|朋友|同事|\b(?:mum|mom|mother|dad|father|parents|sister|brother|gran\w*|daughter|son|"
    r"husband|wife|boyfriend|girlfriend|partner|friend|flatmate|roommate|colleague|agent|neighbou?r)\b"
)
# A question about a dog isn't answered with a cat.
SPECIES: tuple[tuple[str, str], ...] = (
    (
        r"狗|犬|\b(?:dog|puppy)\b",
        (
            r"狗|犬|柯基|金毛|泰迪|边牧|柴|拉布拉多|\b(?:dog|puppy|corgi|labrador|"
            r"retriever|terrier|spaniel|poodle)\b"
        ),
    ),
    (r"猫|\b(?:cat|kitten)\b", r"猫|英短|布偶|\b(?:cat|kitten|tabby|siamese)\b"),
    (r"兔|\b(?:rabbit|bunny)\b", r"兔|\b(?:rabbit|bunny)\b"),
)

_REMEMBER_ZH = (
    r"(?:还)?记(?:不)?记?得(?:我|吗|么|不|上次|那|之前|你|她|他|咱|我们|以前|"
    r".{1,20}(?:吗|么|嘛|不|没)\s*[?？]?$)|"
    r"忘(?:了|记)(?:我|吗|没)|我(?:之前|上次|以前|有没有|是不是)?(?:跟|和|对)你(?:说|讲|提)过|"
    r"我(?:之前|上次|以前)(?:说|讲|提)(?:过|的)|你(?:都)?(?:知道|了解|"
    r"记住了?)(?:我|关于我)(?:的)?.{0,8}(?:什么|吗|哪些|多少|些)|你说过你|"
    r"你(?:之前|上次|以前)(?:说|讲|提)"
)
_REMEMBER_EN = (
    r"\b(?:do|did|can|don't|would) you (?:still )?(?:remember|recall)\b|^remember "
    r"(?:when|that|my|the|what|where|who|how|me)\b|"
    r"\bdid i (?:ever )?(?:tell|mention|say)\b|\bhave i (?:ever )?(?:told|"
    r"mentioned)\b|what (?:do|did) you (?:know|remember)(?: about)?|"
    r"do you know (?:my|what i|where i|who i|when i|how i|anything about me)|"
    r"\byou (?:said|told me|mentioned) (?:that )?you\b|have you forgotten|did you "
    r"forget|what did i (?:say|tell)"
)
_WH_ZH = r"什么|啥|哪|谁|几[点号岁月天个]|多少|多大|怎么称呼|来着|干嘛|干什么|吗\s*[?？]?$"
_OPEN_ZH = (
    r"我(?:们)?(?:到底|究竟)?(?:该|应该|要不要|怎么|咋|为什么|为啥|能不能|能|可以|"
    r"可不可以|需要|想|是不是应该|觉得|刚|跟你|给你|帮|来)|"
    r"(?:什么|啥)(?:都|也|事|人)|没什么|不知道|不晓得|没有什么|问你|想问|为什么|"
    r"怎么办|陪我|告诉我怎么|教我|帮我|推荐|给我"
)
_WH_EN = (
    r"\b(?:what|where|who|when|which|how old|how many|how long)(?:'s| is| are| "
    r"was| were| do| did| am| have| had)? (?:\w+ ){0,3}(?:i|my)\b|"
    r"^(?:am|was|do|did|have) i\b|\bwhat'?s my\b|\bwho'?s my\b|\bwhen'?s my\b|"
    r"\bwhat (?:\w+ )?(?:am|did|do) (?:i|we)\b"
)
_OPEN_EN = (
    r"\b(?:should|can|could|would|shall|must|might) i\b|\bi (?:should|could|can)\b|what if|"
    r"what do i do\b(?! for)|why (?:am|do|did) i|how (?:do|can|should) i|what am i (?:supposed|"
    r"doing wrong|doing with)|do i (?:look|need|have to|sound)|where (?:do|should|"
    r"can) i (?:start|begin|find|get|buy)|what (?:do|should) i say"
)

# Somebody both know of; a stranger's name is answered honestly too.
_WHO_IS = (
    r"^([^，。？?我你]{1,8})是谁(?:呀|啊|来着)?\s*[?？]?$|^who(?:'s| is| was) "
    r"([a-z][a-z' -]{1,20})\W*$"
)
_ABOUT_AI_ZH = (
    r"你(?:自己)?(?:之前|上次|以前)?(?:说|讲|提)(?:过|到|的)?(?:你|自己)|"
    r"你(?:最)?(?:喜欢|讨厌|爱|怕)|你的|你昨天|你上"
)
_ABOUT_AI_EN = (
    r"\byou (?:said|told me|mentioned) (?:that )?you\b|what (?:do|did) you "
    r"(?:like|do|love|hate)|\byour (?:favou?rite|cat|day|name|birthday)\b"
)
_ABOUT_BOTH = r"我们(?:俩|两个)?(?:都|一起|聊|说|之间|上次)|咱|\bwe\b|\bour\b|both of us"
_EVERYTHING = (
    r"(?:知道|记得|记住|了解)(?:了)?(?:我|关于我)(?:的)?(?:什么|哪些|多少|些什么)|"
    r"(?:还)?(?:记得|认识)我(?:是谁)?(?:吗|么|不|嘛)?\s*[?？]?$|what (?:do|did) "
    r"you (?:know|remember)(?: about me)?\W*$|do you (?:still )?remember me\b|"
    r"know about me|anything about me"
)
_USUALLY = (
    r"一般|平时|平常|通常|经常|每[天周个]|喜欢|\b(?:usually|normally|generally|often|every|"
    r"like to|love to|enjoy|hobb\w+)\b|\b(?:at|on) (?:the )?weekends\b|\bon \w+days\b"
)
_PLEASANTRY = r"^(?:你)?(?:记得|别忘了)(?!我|你).{0,12}(?:哦|喔|啊|呀|吧|[!！。])?$"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question wants to be told from memory.

    ``days`` is the time asked about; ``wanted`` are its telling words;
    ``attributes`` the well-known things asked for ("name", "allergy").
    """

    about: str
    attributes: tuple[str, ...]
    wanted: frozenset[str]
    days: tuple[date, date] | None
    everything: bool
    future: bool
    species: tuple[str, ...] = ()
    relative: bool = False
    text: str = ""


def asked(reading: Reading) -> Asked | None:
    """What is asked of memory; None if the message is no such question."""
    plain = reading.text.lower().replace("’", "'").strip()
    zh = reading.language == "zh"
    remember = re.search(_REMEMBER_ZH if zh else _REMEMBER_EN, plain)
    who = re.search(_WHO_IS, plain)
    if who and not re.search(r"你是|我是|\b(?:you|i)\b", plain):
        return Asked("both", (), words_of(who[1] or who[2] or ""), None, False, False)
    if not remember and not _about_oneself(plain, zh):
        return None
    if not remember and not reading.question:
        return None
    if (
        re.search(_PLEASANTRY, plain)
        and "?" not in plain
        and "？" not in plain
        and not re.search(r"吗|么|不记", plain)
    ):
        return None
    ai = re.search(_ABOUT_AI_ZH if zh else _ABOUT_AI_EN, plain)
    about = (
        "both"
        if re.search(_ABOUT_BOTH, plain) and not re.search(r"我(?!们)", plain if zh else "")
        else "user"
    )
    if (
        about == "user"
        and ai
        and not re.search(
            r"我(?:的|最|都)?(?:喜欢|叫|住|在|对|是)|\bmy\b|\bdo i\b|\bdid i\b", plain
        )
    ):
        about = "ai"
    keys = tuple(key for key, question, _ in ATTRIBUTES if re.search(question, plain))
    # What one does at weekends isn't what one did last weekend.
    days = None
    if not re.search(_USUALLY, plain):
        days = query_range(reading.text, reading.today, reading.language)
    return Asked(
        about=about,
        attributes=keys,
        wanted=words_of(_without_frame(plain)),
        days=days,
        everything=bool(re.search(_EVERYTHING, plain)),
        future="plan" in keys or bool(days and days[1] > reading.today),
        relative=bool(re.search(RELATIVE, plain)),
        text=plain,
        species=tuple(memory for question, memory in SPECIES if re.search(question, plain)),
    )


def _about_oneself(plain: str, zh: bool) -> bool:
    """A question about the user's own life: "我对什么过敏？", "where did I go?"."""
    if zh:
        if "我" not in plain or not re.search(_WH_ZH, plain) or re.search(_OPEN_ZH, plain):
            return False
        if re.search(r"吗\s*[?？]?$", plain) and not re.search(
            r"我(?:是不是|对|有|喜欢|养|住|会|叫|还)", plain
        ):
            return False
        return bool(
            re.search(
                r"我(?:们|的|家)?.{0,16}(?:" + _WH_ZH + ")|(?:哪天|什么时候|谁|哪).{0,8}我", plain
            )
        )
    return bool(re.search(_WH_EN, plain)) and not re.search(_OPEN_EN, plain)


def _without_frame(plain: str) -> str:
    """The question without "do you remember" and the like."""
    plain = re.sub(
        r"(?:还)?记不?记?得|跟你说过|和你说过|你知道|上次|之前|什么|名字|时候|哪里|哪儿|来着|告诉",
        " ",
        plain,
    )
    return re.sub(
        r"\b(?:remember|recall|tell|mention\w*|know|forgot\w*|ago|last|week\w*)\b", " ", plain
    )
