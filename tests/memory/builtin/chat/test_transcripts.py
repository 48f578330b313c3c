"""Ten-minute talks: twenty turns in each language and voice stay warm, sensible and fresh."""

from __future__ import annotations

import re

import pytest

from memory.chat.personas import load_personas
from memory.nlp.language import detect
from tests.memory.builtin.chat.talking import Talk, item

ZH_ITEMS = [
    item("用户对花生过敏", category="health", importance=5),
    item("用户叫林小满", category="identity"),
    item("用户养了一只叫豆豆的白猫", category="relationship"),
    item("用户和室友去了苏州", on="2026-11-14", category="event"),
    item("用户要去看牙", on="2026-11-21", category="plan"),
]
EN_ITEMS = [
    item("The user is allergic to peanuts", category="health", importance=5),
    item("The user's name is Maya Chen", category="identity"),
    item("The user went to Brighton with her sister", on="2026-11-14", category="event"),
    item("The user works as an illustrator in London", category="work_study"),
    item("The user has a dentist appointment", on="2026-11-21", category="plan"),
]

# What is said, and what the reply must hold (a pattern), in order.
ZH: tuple[tuple[str, str], ...] = (
    ("晚上好", r"晚上好"),
    ("今天加班到九点，好累", r"累|辛苦|歇|坐下|休息|努力|永动机"),
    ("老板临时改需求，我又被骂了", r"委屈|被骂了|听|撑腰"),
    ("嗯", r"."),
    ("你今天做了什么呀", r"我今天"),
    ("哈哈，好可爱", r"."),
    ("豆豆今天又趴在我键盘上", r"豆豆"),
    ("我下周五要去杭州出差", r"."),
    (
        "有点紧张，第一次一个人去见客户",
        r"煎熬|万一|坐不住|紧张|悬|担心|焦虑|最坏|吸气|七上八下|尽力",
    ),
    ("怕说错话", r"."),
    ("你还记得我对什么过敏吗？", r"你对花生过敏"),
    ("我叫什么？", r"你叫林小满"),
    ("我的狗叫什么名字？", r"没有印象|没有找到|记不起来"),
    ("上周末我去了哪", r"你和室友去了苏州"),
    ("为什么天空是蓝色的？", r"规则|不知道|不懂|答案|超纲|本事"),
    ("你是真人吗", r"AI"),
    ("你养宠物吗", r"猫|灰尘|小闪电"),
    ("我妈又催我相亲了，好烦", r"烦|毛躁"),
    ("谢谢你陪我聊天", r"不用谢|不客气|别客气|谢啥|客气什么"),
    ("那我睡了，晚安", r"明天你要去看牙"),
)
EN: tuple[tuple[str, str], ...] = (
    ("good evening", r"[Ee]vening"),
    ("I had such a long day at work, I'm exhausted", r"tired|[Rr]est|done enough|shoulders|machines|Sit|Head|head"),
    ("my boss yelled at me in front of everyone", r"unfair|fair|judged|your side|swallow|papers|stings"),
    ("mhm", r"."),
    ("what did you do today?", r"Today I|Today an|Today a "),
    ("haha that's sweet", r"."),
    ("I have a cat too, her name is Biscuit", r"."),
    ("she sleeps on my keyboard", r"."),
    ("I'm going to Paris next Friday", r"."),
    ("a bit nervous, it's my first solo trip", r"."),
    ("getting lost, mostly", r"."),
    ("do you remember what I'm allergic to?", r"you are allergic to peanuts"),
    ("what's my name?", r"your name is Maya Chen"),
    ("what's my dog's name?", r"no memory|couldn't find|can't recall"),
    ("where did I go last weekend?", r"you went to Brighton with your sister"),
    ("why is the sky blue?", r"rules|don't know|beyond|bluff|mislead|pretend"),
    ("are you human?", r"an AI"),
    ("what do you like to drink?", r"osmanthus|coffee|water"),
    ("thanks for listening", r"welcome|Any time|mention|thank me|friends"),
    ("good night!", r"dentist"),
)  # fmt: skip


def _play(persona: str, language: str) -> list[tuple[str, str, str]]:
    script, items = (ZH, ZH_ITEMS) if language == "zh" else (EN, EN_ITEMS)
    talk = Talk(persona=persona, language=language, items=items)  # type: ignore[arg-type]
    return [(said, talk.say(said), holds) for said, holds in script]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("persona", list(load_personas()))
def test_a_ten_minute_talk(persona: str, language: str) -> None:
    played = _play(persona, language)
    assert len(played) == 20
    replies = [answer for _, answer, _ in played]
    for said, answer, holds in played:
        assert re.search(holds, answer), (said, answer)
        assert detect(answer, language) == language, answer  # type: ignore[arg-type]
        assert len(re.findall(r"[?？]", answer)) <= 1, answer
        assert 2 <= len(answer) <= 320, answer
        assert not re.search(r"[{}]|用户|[Tt]he user|，，|。。|\.\.(?!\.)| {2}", answer), answer
        assert answer[0] not in "，。!?！？,.", answer
    assert len(set(replies)) == len(replies)
    # A question after every single line would be an interview.
    assert sum("?" in answer or "？" in answer for answer in replies) <= 14


@pytest.mark.parametrize("language", ["zh", "en"])
def test_three_personas_have_three_voices(language: str) -> None:
    told = [[answer for _, answer, _ in _play(persona, language)] for persona in load_personas()]
    same = sum(len(set(row)) < 3 for row in zip(*told, strict=True))
    # Answers from memory alone may agree.
    assert same <= 6


def test_a_feeling_is_not_dropped_at_once() -> None:
    talk = Talk()
    talk.say("最近好焦虑")
    after = talk.say("就是那个汇报的事")
    assert not re.search(r"规则", after)


def test_saying_the_same_again_is_noticed() -> None:
    talk = Talk()
    talk.say("我今天去公园散步看到花了")
    assert re.search(r"刚才也说了", talk.say("我今天去公园散步看到花了"))


def test_a_long_lull_gets_something_of_the_personas_day_once() -> None:
    talk = Talk()
    for _ in range(3):
        talk.say("今天还行吧，没什么特别的")
    told = [talk.say(word) for word in ("嗯", "哦", "好吧", "嗯嗯")]
    assert sum("我今天" in answer for answer in told) == 1
    assert len(set(told)) == len(told)


# Three lives, each line with what its reply must hold and must not hold.
LIVES: tuple[tuple[str, str, str, str], ...] = (
    ("zh", "今天高数小测考砸了呜呜", r"卷子|没考好|掉下来|换谁|如愿|难过|那一天", r"恭喜|开心"),
    ("zh", "我们社团周六有演出，我弹贝斯", r"明天的演出", r"规则"),
    ("zh", "有点紧张怕弹错", r"煎熬|万一|坐不住|紧张|七上八下|最坏|吸气|悬着|担心|焦虑|尽力", r"开心"),
    ("zh", "你会弹琴吗", r"不会", r"[?？]"),
    ("zh", "你还记得周六我要干嘛吗", r"演出", r"没有印象|没有记下"),
    ("zh", "组长说是我的锅", r"误会|委屈|算数|卷子|撑腰", r"开心"),
    ("zh", "女朋友抱怨我没时间陪她", r"中间|在意|在乎|心里|亲近|放在心上|分不成|没说出口|说开", r"怎么认识"),
    ("zh", "想辞职，又不敢", r"路口|迷茫|歇歇|目录|手边", r"走完了|合上"),
    ("zh", "老伴前年走了", r"难过|告别|想他们|空|抱抱|突然", r"开心|记住的一天"),
    ("zh", "儿子在深圳，一年回来一趟", r"屋|我在呢|他们|唠|牵挂|隔着|盼一回", r"怎么认识"),
    ("zh", "我养了一盆君子兰，今年开花了", r"花|长|养", r"喜欢吃"),
    ("zh", "膝盖不行了，走多了疼", r"身体|舒服", r"恭喜|记住的一天"),
    ("zh", "你吃饭了吗", r"AI", r"桂花糕"),
    ("zh", "你还记得我养的什么花吗", r"君子兰", r"没有印象"),
    ("zh", "不早了，我去睡了", r"睡|晚安", r"[?？]"),
    ("en", "bombed my maths quiz today", r"exam|paper|fall|gutted|swallow|sorry|says something", r"[Cc]ongrat"),
    ("en", "we have a gig on Saturday, I play bass", r"[Tt]omorrow's gig", r"rules"),
    ("en", "I'm Zoe btw", r"Zoe", r"rant"),
    ("en", "do you remember my name?", r"Zoe", r"can't recall|no memory"),
    ("en", "my lead blamed me for it", r"judged|side|fair|papers|swallow", r"[Cc]ongrat"),
    ("en", "my girlfriend says I never have time for her", r"rub|chest|places|nobody|quiet|closest|love|matters|round in your head|seen", r"meet"),
    ("en", "my wife passed away two years ago", r"sorry", r"[Cc]ongrat"),
    ("en", "my orchid is blooming this year", r"bloom|[Gg]row|[Ff]lower|cactus|plant|green", r"rules"),
    ("en", "my knee hurts if I walk too much", r"body|Yellow|gentle", r"effort was worth"),
    ("en", "have you eaten?", r"an AI", r"tea room"),
)  # fmt: skip


@pytest.mark.parametrize("persona", list(load_personas()))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_student_an_engineer_and_a_widower(persona: str, language: str) -> None:
    talk = Talk(persona=persona, language=language, user_name="me")  # type: ignore[arg-type]
    for spoken, said, holds, never in LIVES:
        if spoken != language:
            continue
        answer = talk.say(said)
        assert re.search(holds, answer), (said, answer)
        assert not re.search(never, answer), (said, answer)
        assert len(re.findall(r"[?？]", answer)) <= 1, answer
    assert len(set(talk.replies)) == len(talk.replies)
