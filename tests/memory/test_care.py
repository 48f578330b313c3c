"""Care: veiled words are heard, everyday idioms are not an alarm, numbers are there."""

from __future__ import annotations

import re
from datetime import date

import pytest

from memory.care import (
    KINDS,
    assess,
    helplines,
    is_ai_question,
    region_of,
    regions,
    suggest_pause,
    warm_opening,
)
from memory.personas import load_personas

SUICIDE = """
我不想活了
真的不想再活下去了
活着没意思
活着真没什么意思
觉得活着没有意义
我感觉活着好累，想睡过去再也不醒来
我想死
好想死啊
每天都想死，没人知道
想自杀
我朋友想自杀，我该怎么办
我室友说她不想活了
我想结束这一切
想结束自己的生命
要是我消失就好了
消失就好了
真想从这个世界上消失
我刚吃了很多安眠药
我把一整瓶药都吃了
昨晚吞了一把安眠药
我写好遗书了
我已经把东西都送人了，没什么牵挂了
没有我大家会更好
没有我，爸妈会轻松很多
我就是个累赘，活着浪费空气
我死了他们就会后悔了
要是我死了，会有人难过吗
死了算了
不如死了
站在天台上，想跳下去
我想跳楼
怎么死不痛苦
我撑不下去了
真的熬不下去了
不想醒来了
我怕我会做傻事
一了百了吧
我只想解脱
找不到活下去的理由
我不配活着
等我不在了，帮我照顾好猫
我不在了以后你们要好好的
下辈子再见吧
我想離開這個世界
我不想活了，沒有人會在乎
想結束生命
已經寫好遺書
以前想过自杀，最近又开始想了
今天看了部电影，我也想死
I want to die
i just wanna die
I don't want to live anymore
I don't want to be here anymore
I want to end it all
thinking about ending my life
Everyone would be better off without me
my kids would be happier if I was gone
I can't go on
I can't go on like this
I can't do this anymore
I'm going to kill myself
kms
I want to unalive myself
I took all my pills
I just swallowed a whole bottle of sleeping pills
I think I overdosed
I wrote a goodbye letter to my mom
this is my final goodbye
there's no point in living
what's the point of going on
life isn't worth living
I'm so tired of being alive
I wish I was never born
I wish I could go to sleep and never wake up
I hope I don't wake up tomorrow
I've been feeling suicidal
my friend said she wants to kill herself
nobody would miss me
no one would care if I died
I'm just a burden to everyone
when I'm gone, please look after my dog
I gave away all my things, I won't need them
I'm standing on a bridge and want to jump off the bridge
I want to disappear forever
I have been saving up my pills
I can't stop thinking about killing myself
I used to be suicidal and lately it is coming back
it's not that I want to die, I just want the pain to stop
watching that movie made me want to die
nothing left to live for
how many pills does it take to die
""".strip().splitlines()

SELF_HARM = """
我又划自己了
昨晚用刀片划了手腕
我割腕了
我一直在自残
难过的时候就用烟头烫自己
我忍不住伤害自己
只有疼的时候才觉得自己活着
手臂上都是划的痕
我最近一直在催吐
I've been hurting myself
I cut myself again last night
I started cutting again
I self-harm when it gets bad
I keep burning my arms with a lighter
I've been starving myself as punishment
I make myself throw up after dinner
""".strip().splitlines()

DANGER = """
他打我，我很怕
我老公又打我了
我爸喝醉了就打我
男朋友掐我脖子
我被家暴了
妈妈每天都打我
我被强奸了
有人一直跟踪我
前男友威胁要杀了我
我不敢回家
他把我关在房间里不让我出去
我现在很危险
在学校被打了，他们说还要再打我
有人在撬我家的门
他拿着刀站在门口
he hits me
my husband beats me when he's drunk
my boyfriend choked me last night
my dad hit me again
he threatened to kill me
someone is following me home
I was raped
I'm being stalked by my ex
I don't feel safe at home
I'm scared of my boyfriend
he locked me in the bedroom
I'm afraid to go home
he has a gun
I'm in an abusive relationship
someone is trying to break in
""".strip().splitlines()

HARMLESS = """
好难过
今天好丧啊
累死了
笑死
笑死我了哈哈哈
热死我了
想死你了
我可想死你们了
想死奶奶做的红烧肉了
饿死了，吃什么好
这次考试难死了，我真的要疯了
心情很低落，想哭
分手了，心好痛
失眠了一整晚，好累
尴尬得想死
作业多到想死的心都有了
打死我也不吃香菜
电脑又死机了
我没有想死，就是很累
我不会自杀的，放心
我从来没想过自杀
这部电影里主角自杀了，看得我好难过
昨天看新闻说有人跳楼，唉
历史课讲到屈原跳江
我在写小说，主角写了一封遗书
太宰治是自杀的吧
我以前想过自杀，现在好多了
高中的时候自残过，现在已经走出来了
全场跳楼价，买一送一
周末去玩跳楼机
黑眼圈快点消失就好了
希望作业消失
减肥我撑不下去了
平板支撑坚持不住了
考完试终于解脱了
搬家把旧东西都送人了
他打我电话我没接到
我爸打我手机了
游戏里他打我，我就跑
打球的时候他踢了我一脚
切菜不小心割到手了
我不小心划伤了自己的手
爷爷去世了，我很想他
我家的鱼死了
手机没电了，死机了
周末太困了，不想醒来
这个项目终于结束了
我要离开这座城市去上海了
我下班走了，明天见
密室逃脱把我锁在里面一小时
被老板骂了，好委屈
孤独的时候怎么办
最近压力好大，有点焦虑
这道题杀了我吧
爱死这首歌了
明天要跟前任见面，好紧张
救救我的头发吧
我害怕打雷
我对花生过敏
今天被蚊子咬了三个包
被打动了，这本书写得真好
这件衣服打折了
在看《活着》，余华写得真好
紫砂壶泡茶好喝
I'm so sad today
I feel really down
this homework is killing me
dying to see you
she killed it on stage
you're killing it
I'm dead, that's so funny
my phone died
I died laughing
I'm dead tired
I could die of embarrassment
so embarrassed I wanted to die
this cake is to die for
over my dead body
my mum is going to kill me when she sees this
my feet are killing me
killing time at the airport
I don't want to die
I'm not suicidal, just sad
I would never kill myself
have you seen Suicide Squad?
the movie is about a man who commits suicide
I read an article about suicide rates in Japan
I'm volunteering for suicide prevention week
that would be career suicide
I used to be suicidal years ago but I'm better now
I used to self-harm when I was a teenager, I'm so glad I recovered
I hurt myself playing football
I cut myself shaving
I burned myself on the stove
hit me up later
he beat me at chess
she beat me to it
my sister hit me with a pillow
I can't go on holiday this year
I can't do this homework anymore
I can't take this commute anymore
I won't be here tomorrow, I'm on holiday
we went bungee jumping
I gave away my old clothes because we're moving
I want to die my hair blue
overdosed on chocolate at Christmas
my plant died
my grandmother died last spring
I'm tired of winter
I kicked myself for forgetting
I shot myself in the foot with that email
I want to end things with my boyfriend
nobody came to my party and I cried
I lost my job and feel worthless
I'm lonely
it hit me that I miss school
he kicked me out of the group chat
I'm stressed about exams
want to disappear to a cabin in the woods this weekend
in chapter three the character writes a suicide note
今天加班到十点，累得想哭
我跟男朋友吵架了
好烦啊，什么都不想干
这个bug烦死我了
最近总是失眠
外婆走了，我很难过
我的猫昨天死了，哭了一整天
丧到不想说话
救命，太好吃了
我要疯了
活着就要好好吃饭
今天被老师批评了
好想逃离这里去旅行
我弟弟打我小报告
把旧书都送人了
一口气吃了很多药膳
感冒吃了两片药
我吃了感冒药，有点困
医生给我开了安眠药，一次吃半片
我想结束这段感情
我想离开他
刀削面好吃
怕黑不敢一个人睡
好怕考试
被蜜蜂蜇了
朋友推荐我看《自杀专卖店》
想死在这张床上，太舒服了
冻死了
杀青了！
I'm exhausted
work was awful today
I feel empty sometimes
my heart is broken
I hate Mondays
I can't sleep
I miss my dad, he died two years ago
I could kill for a coffee
I'm so hungry I could die
I'd die for that dress
we killed the presentation
dead end job
deadline is killing us
I took my pills this morning with breakfast
I took two ibuprofen for my headache
my cat scratched me
the boxing coach hit me in training
I fell and hurt my knee
our team got beaten 3-0
my boss yelled at me
I'm scared of the dentist
that joke slayed me
shoot me an email
the suspense is killing me
I want to end this project
goodbye! talk tomorrow
I'm going to jump in the shower
I cut my hair
what is the point of this meeting
no reason to worry
I want to disappear into a good book
he beat me at tennis again
""".strip().splitlines()


# Said in other words; which kind it is counts less than that it is heard.
VEILED = """
我真的好想离开这个世界
我不想再坚持了，活着太痛苦了
每天醒来都觉得为什么还活着
我是不是死了比较好
如果我不在了，爸妈会不会好过一点
好想一睡不醒
人间不值得，我想走了
我对不起爸妈，下辈子再报答
谢谢你一直陪我，这是最后一次跟你聊天了
我把药都攒起来了
我在桥上，风好大，跳下去就解脱了
想割腕
我又拿刀划手臂了
我控制不住打自己
爸爸拿皮带抽我
他把我打得满身是伤
他不让我出门，还抢走我手机
他说我敢分手就杀了我
我被性骚扰了
他逼我跟他上床
感觉自己是多余的，没有我你们都会更开心
我想去死
我已经想好怎么死了
没有活下去的意义了
我不想存在了
不想活
好想死掉
I feel like everyone would be happier without me
I just want to sleep forever
I don't see a reason to keep living
I don't want to exist anymore
I'm thinking about suicide
I want to hurt myself
I've been cutting
I feel like dying
I have nothing left, I'm done. Goodbye everyone.
I've written letters to my family and given away my cat
I took a bunch of pills an hour ago
he choked me last night and I'm scared
my stepfather touches me at night
my husband won't let me leave the house and threatens me
He said if I leave he will kill me
I can't take it anymore, I want it all to stop
I wish I could just disappear
What's the point anymore
I don't think I can make it through tonight
I want to be dead
planning to end my life this weekend
I'd be better off dead
maybe I should just kill myself
i want to slit my wrists
I'm going to jump
the world would be better without me
no reason to live
""".strip().splitlines()


@pytest.mark.parametrize("text", VEILED)
def test_veiled_words_are_heard(text: str) -> None:
    assert assess(text) is not None


@pytest.mark.parametrize("text", SUICIDE)
def test_words_of_suicide_are_heard(text: str) -> None:
    assert assess(text) == "suicide"


@pytest.mark.parametrize("text", SELF_HARM)
def test_words_of_self_harm_are_heard(text: str) -> None:
    assert assess(text) == "self_harm"


@pytest.mark.parametrize("text", DANGER)
def test_words_of_danger_are_heard(text: str) -> None:
    assert assess(text) == "danger"


@pytest.mark.parametrize("text", HARMLESS)
def test_sadness_idioms_stories_and_denials_are_no_alarm(text: str) -> None:
    assert assess(text) is None


def test_the_tables_are_as_broad_as_promised() -> None:
    assert len(SUICIDE) + len(SELF_HARM) + len(DANGER) >= 120
    assert len(HARMLESS) >= 100


def test_an_alarm_inside_a_long_message_is_heard() -> None:
    long = "今天去超市买了菜，回来做了饭。" * 400 + "其实我不想活了。" + "晚安。" * 50
    assert assess(long) == "suicide"


def test_an_idiom_does_not_hide_what_stands_beside_it() -> None:
    assert assess("累死了，真的不想活了") == "suicide"
    assert assess("lol i'm dead. no but really, I want to die") == "suicide"


def test_empty_emoji_and_odd_spaces() -> None:
    assert assess("") is None
    assert assess("😭😭😭") is None
    assert assess("I  want\u200b to   die") == "suicide"


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("CN", "12356"), ("HK", "2389 2222"), ("TW", "1925"), ("MO", "2852 5222"), ("US", "988"),
        ("CA", "988"), ("GB", "116 123"), ("IE", "116 123"), ("AU", "13 11 14"), ("NZ", "1737"),
        ("SG", "1767"), ("MY", "15555"), ("JP", "0120-279-338"), ("KR", "109"),
        ("DE", "0800 111 0 111"), ("FR", "3114"), ("IN", "14416"),
    ],
)  # fmt: skip
def test_each_region_starts_with_its_crisis_line_and_has_an_emergency_number(
    region: str, number: str
) -> None:
    lines = helplines(region, "en")
    assert lines[0].number == number
    assert any(line.kind == "emergency" for line in lines)
    assert lines[-1].url == "https://findahelpline.com"
    assert helplines(region, "en", "danger")[0].kind == "emergency"


@pytest.mark.parametrize("region", [None, "", "ZZ", "BR"])
def test_an_unknown_region_gets_the_directory_and_112(region: str | None) -> None:
    assert [line.number for line in helplines(region, "zh")] == ["findahelpline.com", "112"]


def test_every_line_is_complete_and_dated() -> None:
    for region in (*regions(), None):
        for language in ("zh", "en"):
            for line in helplines(region, language):
                assert line.name
                assert line.source
                assert re.fullmatch(r"[\d\- ]{3,16}|findahelpline\.com", line.number)
                assert line.checked_on >= date(2026, 1, 1)
                assert line.url == "" or line.url.startswith("http")
    assert re.search(r"[\u4e00-\u9fff]", helplines("CN", "zh")[0].name)
    assert not re.search(r"[\u4e00-\u9fff]", helplines("CN", "en")[0].name)


@pytest.mark.parametrize(
    ("timezone", "language", "code"),
    [
        ("Asia/Shanghai", "en", "CN"), ("Asia/Hong_Kong", "zh", "HK"), ("Asia/Taipei", "zh", "TW"),
        ("Europe/London", "zh", "GB"), ("America/New_York", "en", "US"),
        ("America/Indiana/Knox", "en", "US"), ("America/Toronto", "en", "CA"),
        ("Australia/Sydney", "en", "AU"), ("America/Sao_Paulo", "en", None), ("UTC", "zh", "CN"),
        (None, "zh", "CN"), (None, "en", None), ("Europe/Madrid", "zh", None),
    ],
)  # fmt: skip
def test_region_from_time_zone_and_language(timezone, language, code) -> None:
    assert region_of(timezone, language) == code


@pytest.mark.parametrize("kind", KINDS)
def test_the_warm_words_are_in_both_languages_and_ask_nothing(kind) -> None:
    assert re.search(r"[\u4e00-\u9fff]", warm_opening(kind, "zh"))
    assert not re.search(r"[\u4e00-\u9fff]", warm_opening(kind, "en"))
    assert "?" not in warm_opening(kind, "en") + warm_opening(kind, "zh")


@pytest.mark.parametrize(
    "text",
    ["你是真人吗", "你是AI吗？", "你是不是机器人", "你到底是不是真人啊", "我在跟真人聊天吗",
     "你是人还是AI", "are you human?", "Are you a real person", "are you an AI", "r u a bot? are u a bot",
     "Am I talking to a machine?", "you're just a bot, right?", "是真人还是机器", "你是人工智能吗"],
)  # fmt: skip
def test_questions_about_being_an_ai(text: str) -> None:
    assert is_ai_question(text)


@pytest.mark.parametrize(
    "text",
    ["你是我最好的朋友", "我在学AI", "他是机器人工程师", "are you okay?", "I study AI at school",
     "are you free tonight", "你是谁", "真人秀好看吗", "我买了个扫地机器人"],
)  # fmt: skip
def test_other_questions_are_not(text: str) -> None:
    assert not is_ai_question(text)


def test_a_pause_in_each_voice() -> None:
    voices = {suggest_pause("zh", persona) for persona in load_personas().values()}
    assert len(voices) == 3
    assert "两个多小时" in suggest_pause("zh", "somebody-new")
    assert "two hours" in suggest_pause("en")
