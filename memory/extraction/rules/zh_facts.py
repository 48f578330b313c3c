"""Constant facts in Chinese: what a predicate without its subject says.

The same frames read "住在上海" for the user, for the user's sister and for the
persona; who it is about is decided elsewhere.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from memory.extraction.rules.zh_words import (
    AILMENT,
    COUNT,
    DISEASE,
    JOB,
    NOT_JOB,
    PET,
    PLACES,
    RELATION,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A predicate in the form that follows its subject: "住在上海"."""

    text: str
    category: str
    importance: int


Render = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Frame:
    """A pattern over the whole predicate and what it means."""

    pattern: re.Pattern[str]
    category: str
    importance: int
    render: Render | None = None


_NAME = r"[\u4e00-\u9fff·]{1,4}|[A-Za-z][A-Za-z .'-]{0,20}"
_NOT_NAME = re.compile(
    r"^(?:[他她它你不了过来什这那啥做外救停车]|人|一声|大家|别人|老师|医生|网约|滴滴|个|一|我|出|得|起|上|住|苦|好|啥)"
    r"|[的了吗呢着过]$|^(?:小学|小孩|小朋友|小时|小姐|小气|老师|老人|老板|老婆|老公|阿姨|老实)"
)
_PRONOUN_OBJECT = re.compile(
    r"^(?:上|过|得)?(?:了)?(?:你|您|他|她|它|这|那|我|谁|啥|什么|一个人(?=$|的|了|很|好)|一个女|一个男|某个|死|不得了|的人?$|的)"
)
_CHATTY = re.compile(r"[你您]|死了$|得要死|得不行|这样|那样|这么|那么")

_OFTEN = (
    r"(?:从小|一直|向来|周末|早上|晚上|夏天|冬天|平时|平常|最近|现在|特别|非常|超级|超|很|最|挺|蛮|比较|更|尤其|真心|真的|好|太|贼|还|还是|也"
    r"|都|就|其实|打心眼里|有点|有些|十分|从来|一向|格外|特|打小|骨子里|本来)*"
)
_NOT = r"(?:不太|不是很|不怎么|不大|不再|从不|从来不|并不|一点(?:都|也)不|不)"


def _name(match: re.Match[str]) -> str | None:
    name = match["name"].strip()
    if not name or _NOT_NAME.search(name):
        return None
    return f"叫{name}"


def _job(match: re.Match[str]) -> str | None:
    return None if NOT_JOB.search(match["job"]) else _text(match)


def _text(match: re.Match[str]) -> str:
    return match.group()


def _liked(match: re.Match[str]) -> str | None:
    thing = match["thing"]
    if not thing or _PRONOUN_OBJECT.search(thing) or _CHATTY.search(thing) or len(thing) > 40:
        return None
    said = (
        match.group()
        if re.search(r"(?:上|惯)了", match.group())
        else match.group().removesuffix("了")
    )
    return re.sub(r"^(?:真的|还是|还|也|都|就|其实|太|好(?=[喜爱]))+", "", said)


def _quiet(match: re.Match[str]) -> str | None:
    """Keeps a predicate that speaks of the partner in talk or is too vague out."""
    said = match.group()
    if _CHATTY.search(said) or re.search(
        r"(?:去|到)(?:一次|看看|玩|一趟|试试|那里?|这里?)$|有一天", said
    ):
        return None
    return said


def _place(match: re.Match[str]) -> str | None:
    where = match["where"]
    if re.search(
        r"^(?:这|那|哪|一起|家里|家$|一个|外面|学校|公司|一家)|院$", where
    ) and not re.search(r"[\u4e00-\u9fff](?:宿舍|小区)", where):
        return None
    return re.sub(r"^(?:现在|目前|一直|就|都|还|也)+", "", match.group())


def _age(match: re.Match[str]) -> str:
    about = match["about"] or ""
    more = match["more"] or ""
    return f"{about}{match['n']}{more}{'' if more == '出头' else '岁'}"


def _moved(match: re.Match[str]) -> str | None:
    where = re.sub(r"(?:住|来|去|生活|定居)?了?$", "", match["where"])
    if len(where) < 2 or re.search(r"^(?:这|那|哪|新家|新房|一起|楼|隔壁|你)", where):
        return None
    return f"搬{'回' if match['to'][0] == '回' else '到'}了{where}居住"


_SPEC: list[tuple[str, str, int, Render | None]] = [
    # --- identity
    (
        rf"(?:名字)?(?:叫做?|名叫|的名字叫|名字是|的名字是|的名字就叫)(?:我)?(?P<name>{_NAME})"
        r"(?:就行|就好|就可以|即可)?(?:了)?",
        "identity",
        5,
        _name,
    ),
    (r"是(?P<name>[小阿][\u4e00-\u9fff]{1,2})", "identity", 5, _name),
    (r"(?:的)?(?:英文|中文)名(?:字)?(?:是|叫)(?P<name>[A-Za-z\u4e00-\u9fff ]{1,20})", "identity", 4, _text),
    (
        r"(?:今年|现在|已经|都|刚|马上|就要|才|也|刚刚|虚岁|周岁)*(?P<about>快(?:要)?)?(?:满|到|是)?"
        r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<more>多|出头)?(?:(?:周)?岁|(?<=出头))(?:了|多)?",
        "identity",
        4,
        _age,
    ),
    (r"今年(?P<about>快)?(?P<n>\d\d|[二三四五六七八九]?十[一二三四五六七八九]?)(?P<more>(?!))?(?:了)?", "identity", 4, _age),
    (r"(?:的)?(?:身高|体重)(?:是|有|大概)*[\d一二两三四五六七八九十百.]+(?:米|cm|公分|厘米|斤|公斤|kg)?[\d一二两三四五六七八九十]*", "identity", 3, _text),
    (r"是(?:一个|个)?(?:\d0|\d5)后", "identity", 3, _text),
    (r"(?:属|属相是)[鼠牛虎兔龙蛇马羊猴鸡狗猪](?:的)?", "identity", 3, _text),
    (r"是(?:一个|个|典型的)?[\u4e00-\u9fff]{2}座(?:的)?", "identity", 3, _text),
    (r"是(?:一个|个|典型的)?[EIei][NSns][FTft][JPjp](?:人格)?", "identity", 3, _text),
    (r"是(?:一个|个)?(?:女生|男生|女孩子?|男孩子?|女的|男的|女性|男性|女人|男人|妹子)", "identity", 4, _text),
    (
        r"(?:是|属于)(?:个|一个|那种)?(?:比较|很|特别|挺|有点|非常|超级)?[\u4e00-\u9fff]{1,10}(?:型|性格|体质)?的人",
        "identity",
        3,
        _quiet,
    ),
    (r"(?:的)?(?:幸运数字|幸运色|血型|星座|生肖|网名|小名|外号|昵称|偶像|男神|女神|母语|MBTI)(?:就)?(?:是|叫)[\u4e00-\u9fffA-Za-z\d]{1,12}", "identity", 3, _quiet),
    (r"(?:的)?性格(?:比较|很|特别|挺|有点|偏)?[\u4e00-\u9fff]{2,8}", "identity", 3, _quiet),
    (r"(?:性格|本身|其实|平时|比较|很|有点|特别|挺)*(?:内向|外向|社恐|社牛|慢热|i人|e人|I人|E人)", "identity", 3, _text),
    (r"是(?:一个|个)?(?:左撇子|独生子女?|独生女|i人|e人|I人|E人|社恐|社牛|夜猫子|完美主义者|单亲家庭)", "identity", 3, _text),
    (
        r"(?:现在|目前|一直|一个人|自己|就|都|也|还|暂时|平时|跟[\u4e00-\u9fff]{1,6}(?:一起)?|和[\u4e00-\u9fff]{1,6}(?:一起)?)*"
        r"(?:租住在|定居在?|生活在|住在|住)(?P<where>[\u4e00-\u9fffA-Za-z·]{2,16}?)(?:这边|这里)?(?:住|生活)?(?:了)?",
        "identity",
        4,
        _place,
    ),
    (
        r"(?:现在|目前|一直|一个人|自己|就|都|也|还|暂时)*在(?P<where>[\u4e00-\u9fffA-Za-z·]{2,12}?)"
        r"(?:租房|定居|生活|租的?房子|买了房|安家)(?:住)?(?:了)?",
        "identity",
        4,
        _place,
    ),
    (rf"(?:现在|目前|一直|还)*(?:和|跟)(?:我)?(?:{RELATION})(?:们)?(?:一起|在一起)?(?:住|合租|同居)(?:在一起)?", "identity", 4, _text),
    (rf"(?:现在|目前|人|就|也)*在(?:{PLACES})(?:这边)?", "identity", 4, _text),
    (
        r"(?:的)?(?:老家|家乡|祖籍|籍贯)(?:是|就?在)?(?P<where>[\u4e00-\u9fff·]{2,14})(?:的)?(?:人)?",
        "identity",
        4,
        _place,
    ),
    (r"来自(?P<where>[\u4e00-\u9fffA-Za-z·]{2,14})", "identity", 4, _place),
    (r"(?:从小|是)?(?:出生在|出生于|生在|在)(?P<where>[\u4e00-\u9fff·]{2,12})(?:出生|长大)?(?:的)?(?:，长大)?", "identity", 4,
     lambda m: _place(m) if re.search(r"出生|长大|生在", m.group()) else None),
    (rf"(?:是|算是)?(?:土生土长的?|地道的?)?(?:{PLACES}|[\u4e00-\u9fff]{{1,4}}(?:省|市|县))[\u4e00-\u9fff]{{0,3}}人", "identity", 4, _text),
    (
        r"(?:刚刚|刚|已经|终于|最近|又|一个人|自己|全家|也|后来|正式)*(?:从[\u4e00-\u9fff]{2,8}?)?(?P<way>搬家?|搬)(?P<to>到|去|来|回(?:到|了)?)(?:了)?"
        r"(?P<where>[\u4e00-\u9fffA-Za-z]{2,12}?)(?:住|来|去|生活|定居)?(?:没多久|不久|好久|[\d一二两三四五六七八九十半]+(?:多)?(?:个月|年|天|周)(?:多)?)?(?:了)?",
        "identity",
        4,
        _moved,
    ),
    # --- relationship status, family
    (
        rf"(?:只|还|也|家里)*有(?:了)?(?:{COUNT}(?:个|位|对)?|个)?(?:亲|比我(?:大|小)[\u4e00-\u9fff\d]{{1,3}}岁的)?(?:{RELATION})"
        rf"(?:和(?:{COUNT}个)?(?:{RELATION}))?(?:了)?(?:，?(?:名字)?叫(?P<name>{_NAME}))?",
        "relationship",
        4,
        lambda m: None if m["name"] and _NOT_NAME.search(m["name"]) else m.group(),
    ),
    (r"(?:之前|以前|已经)?(?:离|结)过[一两二三]?次?婚", "relationship", 4, _text),
    (r"比(?:我|\S{2,3})(?:大|小)(?:\d+|[一二两三四五六七八九十半]+)岁", "identity", 3, lambda m: m.group() if "我" in m.group() else None),
    (r"(?:没有|没)(?:兄弟姐妹|男朋友|女朋友|对象|孩子|什么朋友)", "relationship", 3, _text),
    (
        r"(?:一直|现在|目前|还是|还|已经|是|都)*(?:单身|未婚|离异|单亲妈妈|单亲爸爸|已婚|丁克)(?:狗|的|了|状态)?(?:\d+年|很久|多年)?(?:了)?",
        "relationship",
        4,
        _text,
    ),
    (r"(?:已经)?(?:结婚|离婚|订婚|恋爱|谈恋爱|异地恋?)(?:快)?(?:\d+|[一二两三四五六七八九十半]+)(?:多)?(?:年|个月)(?:多)?(?:了)?", "relationship", 4, _text),
    (
        rf"(?:和|跟)(?:我)?(?:的)?(?:{RELATION})(?:在一起|是异地恋?|谈恋爱|结婚|认识)(?:已经|快|了)*(?:(?:\d+|[一二两三四五六七八九十半]+)(?:多)?(?:年|个月)(?:多)?)?(?:了)?",
        "relationship",
        4,
        _text,
    ),
    # --- pets
    (
        rf"(?:家里|家|也|还|就|自己|现在|一直|刚|刚刚|最近|又)*(?:养|有|领养|收养|捡|买)(?:了|着|过)?(?P<n>{COUNT}|半)?(?:只|条|个|隻|缸|匹|头|窝)"
        rf"(?:[\u4e00-\u9fff]{{1,6}}的)?(?:{PET})(?:和(?:{COUNT})?(?:只|条)?(?:{PET}))?(?:，?(?:它|她|他)?(?:的)?(?:名字)?(?:叫做?|名叫|是叫)(?P<name>{_NAME}))?",
        "relationship",
        4,
        lambda m: None if m["name"] and _NOT_NAME.search(m["name"]) else m.group(),
    ),
    (rf"(?:家里?)?(?:也|还)?养(?:了)?(?:{PET})(?:的)?", "relationship", 3, _text),
    # --- health
    (r"(?:从小|一直|也|还|好像|有点|严重|特别|就|都)*对(?P<a>[\u4e00-\u9fffA-Za-z、和]{1,12}?)(?:严重|有点|特别|都|会|很|轻微)*过敏(?:的)?", "health", 5,
     lambda m: None if re.search(r"你|这|那|什么|他|她", m["a"]) else re.sub(r"^(?:也|还|就|都)+", "", m.group())),
    (r"(?:有)?(?P<a>花粉|海鲜|牛奶|乳糖|酒精|青霉素|头孢|紫外线|粉尘|尘螨|猫毛|狗毛|花生|坚果|芒果|鸡蛋|麸质|虾|螃蟹|虾蟹|柳絮|冷空气)过敏", "health", 5,
     lambda m: f"对{m['a']}过敏"),
    (
        rf"(?:(?:小学|初中|高中|大学|读书|年轻|当年|怀孕)(?:的)?(?:时候|时)?|一直|从小|也|还|最近|刚|已经|之前|以前|曾经|小时候)*(?:有|患有|患了?|得了?|得过|查出(?:来)?(?:了|有)?|确诊(?:了|为|是)?|被确诊(?:为|了)?|被诊断(?:为|出|出了)?)(?:有)?(?P<d>{DISEASE})(?:了|的)?",
        "health",
        4,
        lambda m: None if re.search(r"毛病|你|什么|这|那", m["d"]) else m.group(),
    ),
    (r"(?:是)?(?P<d>乳糖不耐受|色盲|色弱|高度近视|近视|过敏体质|易胖体质|过敏性鼻炎|素食者|糖尿病患者|社恐|恐高|晕车|晕船|晕血|贫血|低血糖)", "health", 4, _text),
    (r"(?:也|就|有点|特别|很|会|容易|从小)*(?:恐高|晕车|晕船|晕血|怕黑|贫血|低血糖)(?:的)?", "health", 3, _text),
    (r"(?:左|右)?(?:膝盖|腰|腿|脚|脚踝|手|手腕|肩膀|眼睛|心脏|胃|背|颈椎|阑尾|胆囊|甲状腺)(?:上|部)?(?:之前|以前|曾经)?(?:做过|动过|做了|开过|骨折过|受过伤|有旧伤)(?:一次|两次|个)?(?:小|大)?(?:手术|刀)?", "health", 4, _text),
    (r"(?:之前|以前|小时候|曾经|刚)?(?:做|动)过[\u4e00-\u9fff]{0,8}手术", "health", 4, _text),
    (r"(?:现在|已经)?怀孕(?:了)?(?:\d+|[一二两三四五六七八九十]+)?(?:个多?月|周)?(?:了)?|怀(?:了)?(?:二胎|宝宝|双胞胎)(?:了)?", "health", 5, _text),
    (r"(?:不能|不可以|没法|吃不了|喝不了|不敢)(?:吃|喝|碰)?(?P<thing>[\u4e00-\u9fff、和]{1,10})", "health", 4,
     lambda m: m.group() if re.match(r"(?:不能|不可以|没法)(?:吃|喝|碰)|(?:吃|喝)不了", m.group()) and not _PRONOUN_OBJECT.search(m["thing"]) and not _CHATTY.search(m.group()) else None),
    (r"(?:在|正在|一直在|长期)(?:吃|服用)[\u4e00-\u9fffA-Za-z]{1,10}药", "health", 4, _text),
    (r"(?:的)?(?:膝盖|腰|胃|肠胃|眼睛|视力|颈椎|心脏|睡眠|皮肤|身体|牙齿|牙口|听力|血压|记性|免疫力)(?:一直|从小|有点|比较|不太|不怎么|很|就)*(?:不好|很差|差|好|有问题|有毛病|敏感|脆弱|偏高|偏低|低)", "health", 4,
     lambda m: None if re.search(r"(?:很|比较|有点)好$|(?<!不)(?<!不太)(?<!不怎么)好$", m.group()) else m.group()),
    (rf"(?:换季|冬天|春天|夏天|秋天|天冷|一?下雨天?|(?:喝|吃|闻)[\u4e00-\u9fff]{{1,4}})(?:的时候)?(?:就)?(?:容易|会){AILMENT}", "health", 4, _text),
    (rf"(?:晚上|半夜|夜里|早上)?(?:经常|总是|老是|常常|常年|一直|容易|每到[\u4e00-\u9fff]{{1,4}}就?|一[\u4e00-\u9fff]{{1,4}}就)(?:会)?{AILMENT}", "health", 4, _text),
    # --- work and study
    (r"(?:现在|目前|也|就)*是(?:一名|一个|个|名|一位|位|做)(?P<job>[\u4e00-\u9fffA-Za-z+ ]{2,14})(?:的)?", "work_study", 4,
     lambda m: _text(m) if re.fullmatch(JOB, m["job"].removesuffix("的")) else None),
    (r"(?:现在|目前|也|就)*是(?P<job>[\u4e00-\u9fffA-Za-z+]{2,14})", "work_study", 4,
     lambda m: _text(m) if re.fullmatch(JOB, m["job"]) and not NOT_JOB.search(m["job"]) else None),
    (rf"(?:现在|目前|一直|平时|也|就)*(?:在(?P<where>[\u4e00-\u9fffA-Za-z·]{{1,14}}?))?(?:做|当|干)(?:一名|一个|个|了)?(?P<job>{JOB})(?:的)?(?:工作)?", "work_study", 4,
     lambda m: None if re.search(r"[你他她这那]", m.group()) else _text(m)),
    (r"(?:是)?(?:现在|目前|一直|平时|也|就|还|刚|刚开始)*(?:做|干|搞|从事)(?P<job>[\u4e00-\u9fffA-Za-z]{2,10}?)(?:的工作|工作|行业|这一?行|方面|相关)(?:的)?(?:工作)?", "work_study", 4,
     lambda m: None if re.search(r"[你他她]|什么|这个|那个", m.group()) else _text(m)),
    (r"是(?:做|搞|干)(?P<job>[\u4e00-\u9fffA-Za-z]{2,8})的", "work_study", 4, lambda m: None if re.search(r"什么|[这那你]", m["job"]) else _text(m)),
    (
        r"(?:现在|目前|一直|平时|也|就|还|刚|自己|已经)*在(?P<where>[\u4e00-\u9fffA-Za-z·\d ]{1,16}?)(?:里)?"
        r"(?:上班|工作|实习|任职|打工|教书|教[\u4e00-\u9fff]{1,4}|读书|上学|念书|上大学|读大学|读大[一二三四]|读研究?生?|读博士?|读硕士?|留学|上高[一二三]|读高[一二三]|兼职|任教|当兵|创业)(?:的)?(?:了)?",
        "work_study",
        4,
        lambda m: None if re.search(r"^(?:这|那|哪|家|外面|认真|努力|拼命|你)|考虑|找|换|投|忙|准备|想", m["where"]) else re.sub(r"^(?:也|就|还)+", "", m.group()),
    ),
    (r"(?:大学|本科|研究生|硕士|现在|是)*(?:学|读|念)(?:的是|的)?(?P<m>[\u4e00-\u9fffA-Za-z]{2,10})专业(?:的)?", "work_study", 4, _text),
    (r"(?:(?:毕业|大学毕业)(?:以)?后)?(?:就|一直|现在|目前)*在(?P<where>(?:一家|一个|某|一所)?[\u4e00-\u9fffA-Za-z]{0,10}?(?:公司|医院|学校|银行|工厂|律所|事务所|工作室|餐厅|酒店|机构|出版社|报社|杂志社|研究所|大厂|幼儿园|培训班|大学|中学|小学|茶室|书店|咖啡馆|咖啡店|花店|超市|图书馆))(?:里)?(?:做|画|写|教|当|搞|管|负责|帮忙|兼职)[\u4e00-\u9fffA-Za-z]{0,10}", "work_study", 4, _quiet),
    (r"(?:之前|以前)?(?:大学|本科|研究生|硕士|博士|高中)?(?:是)?在[\u4e00-\u9fff]{2,10}(?:读|上|念)的(?:研|博|书|大学|本科|高中)?", "work_study", 4, _text),
    (r"(?:大学|本科|研究生|硕士|博士)?(?:学|读|念)的(?:是)?(?P<m>[\u4e00-\u9fffA-Za-z]{2,10})", "work_study", 4, _text),
    (rf"(?:的)?(?:工作|职业)(?:就)?是(?:一名|一个|个)?(?P<job>{JOB})", "work_study", 4, _text),
    (r"(?:现在|后来|之后|刚|已经|又)*(?:转行|改行|跳槽)(?:去)?(?:做|当|到)(?:了)?(?P<thing>[\u4e00-\u9fffA-Za-z]{2,12}?)(?:了)?", "work_study", 4, _quiet),
    (r"(?:是)?(?:学|读|念)(?:的)?(?:是)?(?:护理|会计|法律|法学|计算机|金融|医学|临床医学|中文|英语|日语|设计|建筑|机械|土木|电子|自动化|数学|物理|化学|生物|历史|哲学|心理学|新闻|传媒|经济学?|管理|市场营销|美术|音乐|师范|教育|软件工程|人工智能|艺术|表演|播音|药学|中医|牙医|兽医|园林|农学)(?:的|专业)?", "work_study", 4, _text),
    (r"(?:已经|都)?工作(?:了|快)*(?:[\d一二两三四五六七八九十]+)(?:多)?年(?:多)?(?:了)?", "work_study", 3, _text),
    (r"(?:的)?专业(?:是|学的是)[\u4e00-\u9fffA-Za-z]{2,10}", "work_study", 4, _text),
    (r"(?:现在|目前|今年|已经|正在|在|刚上|上|读|是)*(?:大[一二三四五]|研[一二三]|博[一二三四]|高[一二三]|初[一二三]|小学[一二三四五六]年级|读研究生|读硕士?|读博士?|读研|读博|考研|考公|读大学|上大学)(?:的)?(?:学生)?(?:了)?", "work_study", 4, _text),
    (r"(?:正)?(?:在)?(?:准备|备考|备战)(?P<e>考研|考公|雅思|托福|高考|中考|司法考试|法考|教师资格证|教资|CPA|注会|国考|省考|四六级|六级|四级|公务员(?:考试)?|申请学校|留学|驾照|考编|GRE|gre|秋招|春招)(?:考试)?", "work_study", 4, _text),
    (r"(?:最近|现在|正|也|还|一直|刚开始|开始|自己|平时)*(?:在|开始)?(?:自学|学习|学)(?P<m>[\u4e00-\u9fffA-Za-z]{1,8}?)(?:了)?", "work_study", 3,
     lambda m: _study(m)),
    (r"(?:[\u4e00-\u9fff]{2,10})?毕业于[\u4e00-\u9fff]{2,14}|(?:是)?从[\u4e00-\u9fff]{2,14}毕业(?:的)?", "work_study", 4, _text),
    (r"(?:现在|目前|已经|最近|一直|在)*(?:失业|待业|退休|辞职|离职|被裁|被裁员|自由职业|全职带娃|休学|退学|在家办公|远程办公)(?:在家|中|状态)?(?:\d+年|[一二两三四五六七八九十半]+(?:年|个月))?(?:了)?", "work_study", 4, _text),
    (r"(?:自己)?开(?:了)?(?:一家|家|一个|个|一间|间)[\u4e00-\u9fff]{1,10}(?:店|馆|公司|工作室|餐厅|民宿)", "work_study", 4, _text),
    # --- goals
    (r"(?:的|最大的|一直以来的|从小的)*(?:梦想|目标|愿望|理想|心愿)(?:一直)?(?:就)?是(?P<thing>[\u4e00-\u9fffA-Za-z\d]{2,24})", "plan", 4, _quiet),
    (r"(?:一直|很|特别|真的很?|好|超|以后|将来|未来|从小就?|其实|总|也|还|就)*(?:想|希望能?|梦想着?)(?:要|能|可以)?(?P<thing>(?:(?:学|当|成为|考)(?=[\u4e00-\u9fffA-Za-z])|开(?:一家|家|一个|个)|转行|出国|留学|创业|换(?:个|一份|份)?工作|减肥|戒|写一本|买房|去[\u4e00-\u9fff]{2,8}(?:旅游|旅行|看看|玩|留学|生活|定居|看))[\u4e00-\u9fffA-Za-z\d]{0,14})", "plan", 3, _quiet),
    (r"(?:快要?|马上要?|就要|准备|打算|要)(?:去[\u4e00-\u9fff]{2,6}(?:留学|读书|工作|生活|定居)|结婚|出国|生宝?宝|生(?:孩子)?|当(?:妈|爸|爷爷|奶奶)[妈爸]?|离职|辞职|退休|毕业|搬家|搬去[\u4e00-\u9fff]{2,6}|做手术|高考|中考|考研|订婚|离婚)(?:了)?", "plan", 4,
     lambda m: m.group().removesuffix("了")),
    (r"(?:一直|很|特别|以后|将来|从小就?|好)+想去(?P<thing>[\u4e00-\u9fff]{2,10})", "plan", 3, _quiet),
    (r"(?:已经|正|最近|也|还|就|一直)*(?:打算|计划|决定|准备(?!好)|正在筹备|在筹备|筹备)(?P<thing>[\u4e00-\u9fffA-Za-z\d]{2,20})", "plan", 3,
     lambda m: None if re.search(r"睡|洗澡|吃饭|出门|上班去|下班|了$|再|不|^(?:去|先|来)?(?:看|吃|买|逛|玩|喝|刷|试|爬山|跑步|散步|休息一下|先)(?!房|车)", m["thing"]) else _quiet(m)),
    # --- habits
    (
        r"(?P<when>(?:差不多|几乎|基本上?|一般|通常)?(?:每天|每晚|每周[一二三四五六日末]?|每个?(?:周末|星期[一二三四五六日]?|礼拜|月|季度)|每年|天天|每逢[\u4e00-\u9fff]{1,4}|每次[\u4e00-\u9fff]{1,6}(?:都|前|后)|每[\u4e00-\u9fff]{1,3}天)"
        r"(?:早上|晚上|中午|下午|睡前|饭后|下班后?|清晨|凌晨|起床后?|的|早晨|上午|傍晚)*)(?:我|一般|通常)?(?:都|会|要|得|都会|都要|必须|固定|习惯|坚持|至少|大概|差不多|只|才|还|就|必|能)*(?P<do>[\u4e00-\u9fffA-Za-z\d点:：半]{2,24})",
        "habit",
        3,
        lambda m: _habit(m),
    ),
    (
        r"(?:平时|平常|一般|通常|经常|常常|常|习惯了?|一向|从不|从来不|从来没|总是|总|周末一般|周末都?|晚上一般|早上一般|晚上都|睡前都?|睡前会|早上都|下班后一般|很少|偶尔|有时候?)(?:我)?(?:都|会|要|得|都会|不|只|在|也)*"
        r"(?P<do>[\u4e00-\u9fffA-Za-z\d点:：半]{2,24})",
        "habit",
        3,
        lambda m: _habit(m),
    ),
    (r"(?:正)?在(?:健身|减肥|备孕|戒烟|戒酒|戒糖|找工作|找房子|创业|备课|装修|学车|练车|练瑜伽|写小说|追星)", "habit", 3, _text),
    (r"有(?P<do>[\u4e00-\u9fff]{2,14})的习惯", "habit", 3, _text),
    (r"(?:很|特别|非常|超级?|不太|不怎么|一点(?:都|也)不|不|还挺|挺)(?:能|会|敢)(?:吃辣|喝酒|吃苦|熬夜|吃生的?)", "preference", 3, _text),
    (r"(?:晚上|早上|每晚|凌晨|一般|中午)+(?:都|是|要|大概|差不多)*[\d一二三四五六七八九十]{1,3}点(?:半|多|钟)?(?:才|就|左右|能|多)*(?:睡觉?|起床?|上班|下班)", "habit", 3, _text),
    (r"(?:已经)?(?:坚持)?戒(?:了|掉了?)?(?:烟|酒|糖|咖啡|奶茶)(?:了)?(?:快)?(?:[\d一二两三四五六七八九十半]+(?:个)?(?:年|月|天))?(?:多)?(?:了)?", "habit", 3, _text),
    (r"(?:已经)?(?:坚持)?(?:不)(?:烟|酒|糖|咖啡|奶茶|抽烟|喝酒|吃糖|熬夜)(?:了)?(?:[\d一二两三四五六七八九十半]+(?:年|个月|天))?(?:了)?", "habit", 3, _text),
    (r"(?:一直|是)?(?:吃素|素食|不抽烟|不喝酒)(?:的)?|(?:一直|常年|平时|也)(?:抽烟|健身|跑步)(?:的)?", "habit", 3, _text),
    # --- preferences
    (r"(?:的)?(?P<what>(?:个人)?最(?:喜欢|爱|讨厌|怕|不喜欢)(?:吃|喝|看|听|玩|去|做|读)?的[\u4e00-\u9fff]{1,8})(?:就是|还是|是|叫)(?P<thing>[\u4e00-\u9fffA-Za-z\d《》、 和'’·]{1,30})", "preference", 3,
     lambda m: None if re.search(r"[你他她这那]", m["thing"]) or "什么" in m["thing"] else m.group()),
    (rf"{_OFTEN}(?:(?<=[别很超常级])迷(?![茫路惑糊人信])|喜欢|喜爱|热爱|钟爱|偏爱|酷爱|偏好|迷恋|沉迷于?|痴迷于?|迷上了?|爱上了?|爱(?![好情人你他她它上了]))(?:上)?(?P<thing>[\u4e00-\u9fffA-Za-z\d《》、，, '’·&+.-]{{1,40}})", "preference", 3, _liked),
    (rf"{_OFTEN}{_NOT}(?:喜欢|爱(?!情)|习惯|能接受|想吃|吃(?!饭|了|药|过)|喝(?!了|水))(?P<thing>[\u4e00-\u9fffA-Za-z\d《》、 ]{{1,30}})", "preference", 3, _liked),
    (rf"{_OFTEN}(?:讨厌|受不了|厌恶|反感|恨(?!不)|接受不了|吃不惯|喝不惯|看不惯|吃不了|怕(?!是)|害怕|嫌弃)(?P<thing>[\u4e00-\u9fffA-Za-z\d《》、 ]{{1,30}})", "preference", 3, _liked),
    (r"(?:从来|一直|都)?不敢(?P<thing>(?:坐|吃|看|开|一个人|走|碰|独自|养)[\u4e00-\u9fff]{1,8})", "preference", 3, _liked),
    (r"(?:的)?(?:业余|平时的?|主要)?(?:爱好|兴趣|兴趣爱好|喜好)(?:就是|主要是|是|有|包括)(?P<thing>[\u4e00-\u9fffA-Za-z、和 ]{2,30})", "preference", 3, _quiet),
    (r"(?:一直|也|最近)?对(?P<thing>[\u4e00-\u9fffA-Za-z]{1,10})(?:很|非常|特别|比较|超|超级|挺|一直|都|也)*(?:感兴趣|有兴趣|着迷|没兴趣|不感兴趣|上瘾)", "preference", 3, _quiet),
    (r"是(?:一个|个|一名)?(?:资深|忠实|超级|十足的?|老|重度|标准的?)*(?P<thing>[\u4e00-\u9fffA-Za-z\d·]{2,12}?)(?:的)?(?:粉丝|铁粉|粉|迷|控|球迷|爱好者|发烧友|脑残粉|吃货|玩家|重度用户)", "preference", 3, _quiet),
    (r"(?:是)?(?:无辣不欢|吃货|咖啡脑袋|甜食控|颜控|吃素的?|素食主义者)", "preference", 3, _text),
    # --- skills
    (
        r"(?:也|还|其实|从小就?|略|只|都|不太|不)*(?:会|擅长)(?P<thing>(?:弹|拉|吹|敲)[\u4e00-\u9fff]{1,4}|(?:一点|点|说|讲|两门|三门|流利的?)*[\u4e00-\u9fff]{1,4}(?:语|话|文)(?:和[\u4e00-\u9fff]{1,4}语)?|游泳|开车|骑车|骑自行车|骑马|做饭|做菜|下厨|烘焙|做[\u4e00-\u9fff]{1,4}菜|写代码|编程|画画|画[\u4e00-\u9fff]{1,4}|唱歌|跳[\u4e00-\u9fff]{0,3}舞|跳舞|写诗|写作|写字|书法|摄影|拍照|剪视频|滑雪|滑冰|冲浪|潜水|打(?:篮球|网球|羽毛球|乒乓球|高尔夫|太极|麻将|字)|踢足球|下(?:围棋|象棋|国际象棋|棋)|织毛衣|缝纫|手语|喝酒|魔术|武术|说唱|口琴|吉他|钢琴|尤克里里)(?:和[\u4e00-\u9fff]{1,6})?",
        "identity",
        3,
        lambda m: None if re.search(r"你|(?<!吉)他|她|什么|说话|废话|笑话", m.group()) else m.group(),
    ),
    (r"(?:的)?(?:英语|日语|法语|德语|韩语|粤语|普通话)(?:说得)?(?:很|还|挺)?(?:好|流利|不错|一般|不好|不太好|很差|挺差的?|过了[\u4e00-\u9fff]{1,4}级)", "identity", 3, _text),
    # --- beliefs
    (r"(?:一直|从小|始终|也|真的|其实|还是)*(?:相信|坚信|深信|信奉|认为|始终觉得|一直觉得|不相信|不信)(?P<thing>[\u4e00-\u9fff、]{3,30})", "belief", 3, lambda m: None if "我" in m.group() else _quiet(m)),
    (r"(?:一直|也|其实|总)*觉得(?P<thing>(?:人生|人活着|人这一辈子|人|生活|爱情|友情|婚姻|努力|幸福|死亡|命运|成功|金钱|钱|自由|善良|家人|健康|孩子|教育|读书|真诚|时间)[\u4e00-\u9fff]{3,26})", "belief", 3, _quiet),
    (r"(?:一直|也|是|从小)*(?:信(?:佛教?|基督教?|天主教|伊斯兰教|道教)|(?:虔诚的?|一个|个|一名)*(?:佛教徒|基督徒|天主教徒|穆斯林|无神论者|不婚主义者?|丁克|女权主义者|素食主义者|极简主义者|环保主义者))(?:的)?", "belief", 4, _text),
]  # fmt: skip


def _study(match: re.Match[str]) -> str | None:
    thing = match["m"]
    if re.search(
        r"^(?:会|到|着|了|不|完|得|生|校|院|习$|业|历|期|姐|长|妹|弟|费|你|他|她)|[吗呢]|过$", thing
    ):
        return None
    return match.group() if re.search(r"在|开始|自学", match.group()) else None


def _habit(match: re.Match[str]) -> str | None:
    do = match["do"]
    if _CHATTY.search(do) or re.search(
        r"^(?:喜欢|爱|讨厌|不喜欢|不爱|比较|般|是|说|不知道|不想|觉得|感觉|很|好|都?在想|想|有人|好像|没什么|没有|开心|快乐|忙|累|都?很|这|那|如此|一样|好累|过得|看到你|被|心情|做不|学不|会?(?:感到|觉得|感觉|忘)|集中不|不太?(?:开心|顺))"
        r"|好累|很累|压力|难过|开心|烦|的时候$|而已$|一样$|无聊|什么|感到|感觉|觉得|[^得]了$|做不好|不集中",
        do,
    ):
        return None
    # "有时候我会失眠": the subject comes once.
    return match.group().replace("我", "", 1) if do.startswith("我") else match.group()


FRAMES: tuple[Frame, ...] = tuple(
    Frame(re.compile(pattern), category, importance, render)
    for pattern, category, importance, render in _SPEC
)


def read_fact(predicate: str) -> Fact | None:
    """The fact that ``predicate`` states, or None where no frame fits exactly."""
    if not 1 < len(predicate) <= 60:
        return None
    for frame in FRAMES:
        match = frame.pattern.fullmatch(predicate)
        if match is None:
            continue
        text = frame.render(match) if frame.render else match.group()
        if text:
            return Fact(text, frame.category, frame.importance)
    return None
