"""Patterns of single-valued attributes, in both languages.

Each pattern stands right behind the holder; "v" (or "v2") is the value, "k"
makes a slot of its own ("favourite colour", "favourite dish").
"""

from __future__ import annotations

import re

_ADVERB = (
    r"(?:(?:现在|目前|如今|已经|最近|刚刚?+|终于|又|还|也|都|一直|今年|后来|一个人|和家人|正|"
    r"就|本来|以前|"
    r"\d{4}年|\d{1,2}月|\d{1,2}[日号]){0,6})"
)
_ADVERB_EN = (
    r"(?:now |currently |recently |just |has |have |is |was |already |still |no longer ){0,6}"
)

PATTERNS_ZH: tuple[tuple[str, str], ...] = (
    (
        "home",
        r"(?:从\S{1,8}?)?(?:住在|居住在|定居(?:在|于)?|搬到|搬去|搬回|搬家到|"
        r"移居到?)了?(?!酒店|宾馆|民宿|医院|旅馆|一起)"
        r"(?P<v>[^，。,；]{1,20}?)(?:工作|生活|居住|定居|住)?了?(?:$|(?=[，。,；（]))",
    ),
    (
        "employer",
        r"(?:在(?!家|外面|晚上|周末|一起|线上|户外)(?P<v>[^，。,；]{1,20}?)(?:工作|上班|任职|"
        r"实习|就职)|(?:入职|加入|跳槽(?:到|去)|就职于|任职于)了?(?P<v2>[^，。,；]{1,20}))",
    ),
    (
        "job",
        r"(?:是|当了?|做了?|转行(?:做|当)了?|成了|成为了?|的?(?:职业|工作|职位)是|从事|"
        r"改行(?:做|当)了?)(?:了)?(?:一[名位个])?"
        r"(?P<v>[^，。,；]{0,10}?(?:师|[职店演教]员|飞行员|运动员|销售员|服务员|研究员|快递员|"
        r"管理员|医生|护士|教授|经理|主管|程序员|老板|学生|研究生|博士生?|硕士生?|作家|记者|编辑|"
        r"司机|厨师|"
        r"画家|演员|歌手|警察|军人|公务员|总监|顾问|助理|店长|设计|开发|运营|翻译|律师|会计|"
        r"自由职业者?|工程师|[^，。,；]{1,6}行业))$",
    ),
    (
        "name",
        r"(?:的?(?:名字|姓名|大名)(?:是|叫)|改名(?:叫|为)|叫(?:做)?|"
        r"名叫)(?P<v>[^，。,；的]{1,12})$",
    ),
    (
        "age",
        r"(?:的年龄是)?(?:满|快)?(?P<v>\d{1,3}|[一二三四五六七八九十]{1,3})周?岁(?=$|了|[，,。])",
    ),
    ("birthday", r"的?(?:生日|出生日期)(?:是|在|为)?(?P<v>[^，。,；]{2,12})"),
    (
        "status",
        r"(?:[和跟与][^，。,；]{1,8}?)?(?P<v>单身|已婚|未婚|结婚(?!纪念|周年)|离婚|离异|分手|"
        r"订婚|恋爱|谈恋爱|脱单|"
        r"有了?(?:[男女]朋友|对象)(?=$|了)|没有?(?:[男女]朋友|对象))",
    ),
    (
        "partner",
        r"的?(?:女朋友|男朋友|妻子|丈夫|老公|老婆|对象|伴侣|爱人|未婚[夫妻])(?:的名字)?(?:是|"
        r"叫)(?P<v>[^，。,；]{1,12})",
    ),
    ("phone", r"的?(?:电话|手机)(?:号码?)?(?:是|为|:|：|换成了?|改成了?)(?P<v>[\d\- +]{5,20})"),
    ("email", r"的?(?:邮箱|电子邮件)(?:地址)?(?:是|为|:|：|换成了?)(?P<v>[^\s@]{1,64}@\S{1,255})"),
    (
        "school",
        r"(?:在(?P<v>[^，。,；]{1,16}?(?:大学|学院|中学|小学|高中|初中|学校|[大院]|"
        r"[A-Z]))(?:上学|读书|念书|就读|读研|读博|读大[一二三四学]|上大学)|(?:就读于|考上了?|"
        r"转学到了?)(?P<v2>[^，。,；]{1,20}))",
    ),
    (
        "stage",
        r"(?:是|在|读|上|念|升|升入|考上)?了?(?P<v>大[一二三四五]|研[一二三]|博[一二三四五]|"
        r"高[一二三]|初[一二三])(?=$|了|学生|[，。,；])",
    ),
    ("diet", r"(?:是|吃|改吃)?(?:一[名个位])?(?P<v>纯素|鱼素|蛋奶素|全素|素食)(?:主义)?者?$"),
    ("study_place", r"在(?P<v>[^，。,；]{2,8}?)(?:上大学|读大学|念大学|留学|读研|读博)"),
    ("major", r"的?(?:专业是|主修|转专业到)(?P<v>[^，。,；]{1,15})"),
    ("origin", r"(?:的?(?:老家|家乡|故乡)(?:是|在)|来自|出生(?:在|于))(?P<v>[^，。,；]{1,15})"),
    ("height", r"的?身高(?:是|有)?(?P<v>[\d.]+\S{0,4})"),
    ("weight", r"的?(?:体重(?:是|有)?|瘦到了?|胖到了?)(?P<v>[\d.]+\S{0,4})"),
    ("favourite", r"最(?:喜欢|爱)的(?P<k>[^，。,；是]{1,8})是(?P<v>[^，。,；]{1,20})"),
    (
        "wakes",
        r"(?:每天|一般|通常|平时)?(?:早上|"
        r"上午)?(?P<v>[\d一二三四五六七八九十:：点半]{1,6})(?:就)?起床",
    ),
    (
        "sleeps",
        r"(?:每天|一般|通常|平时)?(?:晚上|凌晨|"
        r"夜里)?(?P<v>[\d一二三四五六七八九十:：点半]{1,6})(?:才|就)?睡觉?",
    ),
)
PATTERNS_EN: tuple[tuple[str, str], ...] = (
    (
        "home",
        r"(?:(?:lives?|living|lived|resides?|settled) in|moved? (?:from .{1,25}? )?(?:to|into|"
        r"back to)|relocated to)"
        r" (?-i:(?=[A-Z]))(?P<v>[^,.;]{2,30}?)"
        r"(?= (?:with|since|in|on|because|for|now|after|last|this|during|from|and)\b|$|[,.;])",
    ),
    (
        "employer",
        r"(?:works?|working) (?:at|for) (?!home\b|night)(?P<v>[^,.;]{2,30}?)(?= (?:as|since|"
        r"in \d)\b|$|[,.;])"
        r"|(?:joined|started (?:working )?at|got a job at) (?P<v2>[^,.;]{2,30}?)(?= (?:as|since|"
        r"in \d|on)\b|$|[,.;])",
    ),
    (
        "job",
        r"(?:(?:works?|working) as|became|is now|(?:job|profession|occupation) is) (?:an? |"
        r"now an? )?"
        r"(?P<v>(?:\w+ ){0,3}(?:\w+er|\w+or|\w+ist|\w+ian|nurse|student|teacher|chef|pilot|"
        r"lawyer|artist|"
        r"manager|accountant|analyst|consultant|assistant|designer|freelancer))\b(?=$|[,.;]| at| "
        r"in| for)"
        r"|is (?:an? |now an? )(?P<v2>(?:\w+ ){0,2}(?:teacher|nurse|doctor|engineer|developer|"
        r"programmer|designer|"
        r"lawyer|student|chef|pilot|writer|journalist|editor|driver|actor|actress|singer|police "
        r"officer|"
        r"manager|accountant|consultant|architect|professor|scientist|researcher|barista|waiter|"
        r"waitress|"
        r"cashier|dentist|pharmacist|photographer|salesperson|soldier|farmer|electrician|"
        r"plumber))\b(?=$|[,.;]| at| in| for)",
    ),
    (
        "name",
        r"(?:name is|is (?:called|named)|goes by|changed (?:their|his|her) name to) "
        r"(?P<v>[A-Z][\w .'-]{0,25}?)(?=$|[,.;])",
    ),
    ("age", r"(?:is |turned |just turned )(?P<v>\d{1,3})(?: years old)?(?=$|[,.;]| on| in)"),
    ("birthday", r"birthday is (?:on )?(?P<v>[^,.;]{3,20})|was born on (?P<v2>[^,.;]{3,20})"),
    (
        "status",
        r"(?:is |got |has been |became |recently ){0,6}(?P<v>single|married|engaged|divorced|"
        r"separated|widowed|dating|"
        r"in a relationship|broke up|split up)\b",
    ),
    (
        "partner",
        r"(?:girlfriend|boyfriend|wife|husband|partner|fianc[ée]e?)(?:['’]s name)? is "
        r"(?:called |named )?(?P<v>[A-Z]\w+)",
    ),
    ("phone", r"(?:phone|mobile|cell)(?: number)? is (?P<v>[\d\- +()]{5,20})"),
    ("email", r"e-?mail(?: address)? is (?P<v>[^\s@]{1,64}@\S{1,255})"),
    (
        "school",
        r"(?:studies|studying|is a student|goes to (?:school|college|university)) at "
        r"(?P<v>[^,.;]{2,30})|transferred to (?P<v2>[^,.;]{2,30})",
    ),
    (
        "diet",
        r"(?:is |went |became |turned )(?:an? )?(?P<v>vegetarian|vegan|pescatarian|omnivore|"
        r"flexitarian|carnivore)\b",
    ),
    (
        "stage",
        r"is (?:an? |in )?(?:college |university |high school )?(?P<v>freshman|sophomore|junior|"
        r"senior|first year|second year|third year|final year|grad school|high school)"
        r"(?: year)?(?: student)?(?=$|[,.;]| at\b| in (?:college|high))",
    ),
    ("major", r"(?:majors in|major is|studies) (?P<v>[^,.;]{2,25}?)(?= at\b|$|[,.;])"),
    (
        "origin",
        r"(?:is (?:originally )?from|comes from|grew up in|was born in|hometown is) "
        r"(?P<v>[^,.;]{2,25}?)(?= and\b|$|[,.;])",
    ),
    ("height", r"is (?P<v>[\d.]+ ?(?:cm|m|feet|ft)\S*)(?: tall)?"),
    ("weight", r"(?:weighs|weight is) (?P<v>[\d.]{1,10} ?\w+)"),
    ("favourite", r"favou?rite (?P<k>\w+(?: \w+)?) is (?P<v>[^,.;]{2,30})"),
    ("wakes", r"(?:wakes|gets) up at (?P<v>[\d:]+(?: ?[ap]m)?)"),
    ("sleeps", r"goes to (?:bed|sleep) at (?P<v>[\d:]+(?: ?[ap]m)?)"),
)
STATUS = {
    "single": (
        "没有男朋友",
        "没有女朋友",
        "没男朋友",
        "没女朋友",
        "没有对象",
        "没对象",
        "单身",
        "未婚",
        "分手",
        "single",
        "broke up",
        "split up",
    ),
    "divorced": ("离婚", "离异", "divorced", "separated"),
    "married": ("已婚", "结婚", "married"),
    "engaged": ("订婚", "engaged"),
    "dating": ("恋爱", "脱单", "男朋友", "女朋友", "对象", "dating", "in a relationship"),
}
SLOTS = [
    *((slot, re.compile(_ADVERB + pattern)) for slot, pattern in PATTERNS_ZH),
    *(
        (slot, re.compile(r"(?:['’]s )?" + _ADVERB_EN + f"(?:{pattern})", re.IGNORECASE))
        for slot, pattern in PATTERNS_EN
    ),
]
