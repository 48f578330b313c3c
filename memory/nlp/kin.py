"""Words for people (and pets) in somebody's life: the lists of all who look for them.

Alternations for patterns. They differ on purpose: whom a memory may be about, whose fact it
is, of whom one has several.
"""

from __future__ import annotations

KIN_ZH = (
    "外祖母|外祖父|外婆|外公|姥姥|姥爷|奶奶|爷爷|妈妈|母亲|爸爸|父亲|父母|爸妈|婆婆|公公|岳父|岳母|"
    "表姐|表妹|表哥|表弟|堂姐|堂妹|堂哥|堂弟|姐姐|妹妹|哥哥|弟弟|双胞胎|老公|老婆|妻子|丈夫|爱人|"
    "前男友|前女友|男朋友|女朋友|男友|女友|未婚夫|未婚妻|对象|女儿|儿子|孩子|宝宝|孙子|孙女|"
    "舅舅|姑姑|姨妈|阿姨|叔叔|侄子|侄女|外甥女|外甥|闺蜜|发小|好朋友|朋友|室友|同学|同事|老板|上司|"
    "领导|老师|导师|教练|邻居|房东|白猫|黑猫|橘猫|猫咪|小猫|小狗|猫|狗|兔子|鹦鹉"
)
KIN_EN = (
    "grandmother|grandma|granny|grandfather|grandpa|grandparents|mother|mom|mum|father|dad|parents|"
    "wife|husband|ex-boyfriend|ex-girlfriend|boyfriend|girlfriend|partner|fiancée?|daughter|son|"
    "children|kids|child|baby|sister|brother|twin|cousin|aunt|uncle|niece|nephew|"
    "best friend|friend|flatmate|roommate|housemate|classmate|colleague|coworker|boss|manager|"
    "teacher|tutor|coach|mentor|neighbou?r|landlord|landlady|cat|dog|puppy|kitten|rabbit|parrot"
)
"""Who can be in the user's life, longer words first."""

HOLDERS_ZH = (
    r"妈妈?|母亲|爸爸?|父亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥?|弟弟?|"
    r"姐姐?|妹妹?|"
    r"表[哥弟姐妹]|堂[哥弟姐妹]|女儿|儿子|孩子|宝宝|老公|老婆|妻子|丈夫|爱人|男朋友|女朋友|"
    r"对象|朋友|闺蜜|"
    r"同事|同学|室友|老板|上司|领导|老师|邻居|舅舅?|姑姑?|姨妈?|叔叔?|侄[子女]|外甥女?|家人|"
    r"父母|爸妈|"
    r"小?猫咪?|小?狗狗?|兔子|宠物|公司"
)
"""Whose fact it can be: "用户的妈妈的生日"."""

SEVERAL = (
    r"(?<![男女])朋友|闺蜜|同事|同学|室友|邻居|老师|[表堂].|猫|狗|宠物|兔子|孩子|宝宝|舅|姑|姨|叔|侄|"
    r"外甥|家人|父母|爸妈"
    r"|^(?:friend|colleague|coworker|classmate|roommate|neighbou?r|teacher|cousin|aunt|uncle|cat|dog|"
    r"pet|kid|child|rabbit|bird|family|parent|niece|nephew)s?$"
)
"""Of these one may have several: "a friend moved" says nothing of the friend known before."""

ONLY_ONE = (
    r"妈|母亲|爸|父亲|老公|老婆|妻子|丈夫|爱人|男朋友|女朋友|对象|公司|^(?:mother|mom|mum|father|dad|"
    r"wife|husband|partner|girlfriend|boyfriend|company)$"
)

NAMED_BEFORE_EN = (
    r"mother|mom|mum|father|dad|sister|brother|friend|wife|husband|partner|girlfriend|"
    r"boyfriend|son|daughter|child|children|kids?|boss|colleagues?|coworkers?|roommate|"
    r"neighbou?r|teacher|doctor|aunt|uncle|cousin|grand\w+|dog|cat|pet|parents?|cit(?:y|"
    r"ies)|company|school|town|village|people|team|song|book|film|movie|game"
)
"""Whom or what "he", "they" or "there" can stand for."""

OTHERS_EN = (
    r"sister|brother|mother|father|friend|girl|boy|man|woman|wife|husband|girlfriend|"
    r"boyfriend|neighbou?r|colleague|boss|teacher|aunt|uncle|cousin|daughter|son|child"
)
"""Of whom "she" may speak rather than of the user."""

RELATIVES: tuple[tuple[str, str], ...] = (
    ("妈妈", "mother"), ("妈妈", "mum"), ("妈妈", "mom"), ("爸爸", "father"), ("爸爸", "dad"),
    ("奶奶", "grandmother"), ("外婆", "grandma"), ("爷爷", "grandfather"), ("外公", "grandpa"),
    ("姐姐", "sister"), ("妹妹", "sister"), ("哥哥", "brother"), ("弟弟", "brother"),
    ("女儿", "daughter"), ("儿子", "son"), ("老公", "husband"), ("丈夫", "husband"),
    ("老婆", "wife"), ("妻子", "wife"), ("男朋友", "boyfriend"), ("女朋友", "girlfriend"),
    ("室友", "roommate"), ("室友", "flatmate"), ("朋友", "friend"), ("同事", "colleague"),
    ("猫", "cat"), ("狗", "dog"),
)  # fmt: skip
"""In Chinese and in English, one by one."""
