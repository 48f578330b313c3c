"""Rewriting Chinese: first person to third, relative dates to absolute, no filler."""

from __future__ import annotations

import re
from datetime import date

from memory import dates
from memory.dates import DateMention
from memory.extraction.rules.zh_words import RELATION, RELATIONS

# One traditional letter for one simplified, so that offsets stay; matching runs on the
# simplified text and what is remembered gets the letters of the source back.
_TRADITIONAL = str.maketrans(
    "個們這裡後來時說話學習歡愛貓狗親媽爺孫兒媳婦對過敏們車開關門間問聽讀書寫買賣價錢東西"
    "國華語英歲號週點電腦機場飛鐵醫護師員務務業從會計畫計劃準備決訂結婚離職業務轉輪實驗練"
    "習慣運動樂觀樣應該氣憤緊張擔憂壓難處傷風頭藥嗎呢飯麵餅麼為什誰還沒與聯繫聖誕節慶農曆"
    "歷經濟產幾兩雙單數學長遠進運邊達遲錯選題顏類願顧養馬魚鳥麗點黨齡龍龜發現當鄰鄉鎮廣"
    "灣臺陽階險隊際陸陳陰隱雖離難雲靜響頁頂項順須預領題額風飄飾館驚體鬧鬱魯鮮鳴鴨麥黃齊齒"
    "總給紅紙級紀約純納細終組經給統絲維網緒線編緣縣績繼續罵義羅職聞聲聰肅腳臉興舊艱藝蘇蘭"
    "處號蟲補裝製複見規視覺覽觀觸訓記許設訪證評試詩詳認誤請調談論諒講謝識讓豐貝負財貨責貴費"
    "畢討厭訴條隻樓戶壞幫夢創紐倫蘋葉園廚據術臨壽於賀資賓賞賺購贈趕跡踐蹤軍軟較載輕輛輸辦農釋鋼銀鏡鐘鑰閱闊隨雜雞霧靈韓頓飲餓駕騎騙髒髮",
    "个们这里后来时说话学习欢爱猫狗亲妈爷孙儿媳妇对过敏们车开关门间问听读书写买卖价钱东西"
    "国华语英岁号周点电脑机场飞铁医护师员务务业从会计画计划准备决订结婚离职业务转轮实验练"
    "习惯运动乐观样应该气愤紧张担忧压难处伤风头药吗呢饭面饼么为什谁还没与联系圣诞节庆农历"
    "历经济产几两双单数学长远进运边达迟错选题颜类愿顾养马鱼鸟丽点党龄龙龟发现当邻乡镇广"
    "湾台阳阶险队际陆陈阴隐虽离难云静响页顶项顺须预领题额风飘饰馆惊体闹郁鲁鲜鸣鸭麦黄齐齿"
    "总给红纸级纪约纯纳细终组经给统丝维网绪线编缘县绩继续骂义罗职闻声聪肃脚脸兴旧艰艺苏兰"
    "处号虫补装制复见规视觉览观触训记许设访证评试诗详认误请调谈论谅讲谢识让丰贝负财货责贵费"
    "毕讨厌诉条只楼户坏帮梦创纽伦苹叶园厨据术临寿于贺资宾赏赚购赠赶迹践踪军软较载轻辆输办农释钢银镜钟钥阅阔随杂鸡雾灵韩顿饮饿驾骑骗脏发",
)

_TAIL = re.compile(
    r"(?:[哈嘿呵嘻]{1,}|[呢啊呀哦噢嘛哎诶哟喔咯唉呐哇耶欸惹滴]|的说|来着|而已|罢了|了啦|哒|[~～.。!！,，、…\s])+$"
)
_DA = re.compile(r"啦$")
_LEAD = re.compile(
    r"^(?:[嗯啊哦噢唉哎诶欸呃额哈嘿喂]+|哈哈+|其实|对了|说起来|说来|话说|讲真|说到这个|跟你讲个事|偷偷告诉你|吐槽一下|汇报一下|话说回来|说实话|老实说|说真的|坦白说|顺便说一下|顺便|不过|但是|但"
    r"|而且|然后|所以|因为|另外|还有|反正|总之|那个|就是|就是说|而|并且|结果|没想到|原来|可是|只是|虽然|毕竟|首先"
    r"|其次|最后|比如|比如说|告诉你(?:一个好消息|个好消息|一件事|个秘密|哦)?|跟你说|我跟你说|跟你讲|我告诉你|你知道吗"
    r"|好消息是?|坏消息是?|真的|当然|确实|没错|是的|对|好的|好吧|好|行|可以|不是|没有|记住|记得|请?记一下|帮我记住|请记住"
    r"|另外|此外|同时|于是|接着|后来|以前|自我介绍一下|介绍一下|你好|您好|大家好|哈喽|嗨|hi|hello|Hi|Hello"
    r"|(?:早上|晚上|中午|下午)好|早安|晚安)(?:[，,、：:\s]+|(?=我|今|昨|明|前天|后天|上|下|这))"
)
_LEAD_GLUED = re.compile(
    r"^(?:哈{2,}|其实|不过|但是|而且|然后|所以|因为|另外|还有|反正|总之|结果|没想到|可是|只是|虽然|毕竟|于是|接着|后来"
    r"|但|记住|请记住|帮我记住|[嗯啊哦唉哎]+)"
)
_SELF_ADVERBS = re.compile(
    r"^(?:这个人|本人|呢|啊|其实|真的|也|还|就|都|又|可|倒是|确实|的确|当然|本来|是真的|自己|这边|现在|目前|如今|已经)+"
)
_RELATION_OF = re.compile(rf"我(?:的|家|们家)?({RELATION})")


def simplified(text: str) -> str:
    """``text`` with common traditional letters replaced one for one."""
    return text.translate(_TRADITIONAL)


def restored(text: str, source: str) -> str:
    """``text`` with the letters as ``source`` wrote them."""
    if source.translate(_TRADITIONAL) == source:
        return text
    back = {}
    for char in set(source):
        plain = char.translate(_TRADITIONAL)
        if plain != char:
            back[ord(plain)] = char
    return text.translate(back) if back else text


def lead_stripped(clause: str) -> str:
    """``clause`` without greetings, connectives and hesitation in front."""
    for _ in range(4):
        clause = re.sub(r"^比起[^我，]{1,12}[，,]?(?=我)", "", clause)
        shorter = _LEAD_GLUED.sub("", _LEAD.sub("", clause), count=1).lstrip(" ，,、：:")
        if shorter == clause:
            break
        clause = shorter
    return clause


def tail_stripped(text: str) -> str:
    """``text`` without particles, laughter and punctuation at the end."""
    text = _DA.sub("了", _TAIL.sub("", text.strip()))
    return _TAIL.sub("", text)


def adverbs_stripped(predicate: str) -> str:
    """``predicate`` without adverbs that only make sense in the conversation."""
    return _SELF_ADVERBS.sub("", predicate)


def third_person(text: str, speaker: str) -> str:
    """First person to third: ``我`` becomes ``speaker`` ("用户" or a persona's name)."""
    text = _RELATION_OF.sub(lambda m: f"{speaker}的{RELATIONS[m.group(1)]}", text)
    text = text.replace("我自己", speaker + "自己").replace("我们家", speaker + "家")
    text = re.sub(r"咱们?|我们|我", speaker, text)
    return re.sub(rf"(?:{speaker}){{2,}}", speaker, text)


def with_dates(text: str, mentions: list[DateMention], said_on: date) -> str:
    """``text`` with each mention (offsets in ``text``) written out."""
    for mention in reversed(mentions):
        written = dates.absolute(mention, said_on, "zh")
        text = text[: mention.begin] + written + text[mention.stop :]
    return text
