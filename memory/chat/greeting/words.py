"""Word lists of :mod:`memory.chat.greeting`: kinds of events, relatives, lines around them."""

from __future__ import annotations

from collections.abc import Mapping

from memory.types import ByLanguage, Language

Lines = Mapping[Language, tuple[str, ...]]

BIRTHDAY = r"生日|(?i:birthday|was born on)"

# What a memory may tell of: pattern, its Chinese name, its English name.
EVENTS: tuple[tuple[str, str, str], ...] = (
    (r"复试|\bsecond interview", "复试", "second interview"),
    (r"面试|\binterview", "面试", "interview"),
    (r"答辩|\b(?:thesis defen[cs]e|viva)\b", "答辩", "defence"),
    (r"考试|\b(?:exam|test)s?\b(?! result)", "考试", "exam"),
    (r"体检|\b(?:check-?up|medical)\b", "体检", "check-up"),
    (r"手术|\b(?:surgery|operation)\b", "手术", "surgery"),
    (r"复查|复诊|看牙|看医生|\b(?:dentist|doctor|vet|appointment)\b", "看诊", "appointment"),
    (r"演唱会|音乐会|\b(?:concert|gig)\b", "演唱会", "concert"),
    (r"演出|\b(?:show|performance|recital)\b", "演出", "performance"),
    (r"婚礼|\bwedding\b", "婚礼", "wedding"),
    (r"马拉松|\bmarathon\b", "马拉松", "marathon"),
    (r"比赛|\b(?:race|match|tournament|competition)\b", "比赛", "match"),
    (r"汇报|演讲|述职|\b(?:presentation|speech|talk|pitch)\b", "汇报", "presentation"),
    (r"开会|会议|\bmeeting (?:with|about|at)\b", "会议", "meeting"),
    (r"相亲|约会|\b(?:first |blind )?date with\b", "约会", "date"),
    (r"搬家|\bmov(?:e|ing) (?:house|home|to|into|out)\b", "搬家", "move"),
    (r"同学会|聚会|聚餐|\b(?:party|reunion|get-together)\b", "聚会", "party"),
    (r"露营|\bcamping\b", "露营", "camping trip"),
    (r"旅行|旅游|出差|\b(?:trip|holiday|vacation)\b", "旅程", "trip"),
    (r"滑雪|\bski(?:ing)?\b", "滑雪", "skiing"),
    (r"爬山|徒步|\bhik(?:e|ing)\b", "爬山", "hike"),
    (r"展览|看展|\bexhibition\b", "展览", "exhibition"),
    (r"开学|\bfirst day (?:of|at)\b", "开学", "first day"),
    (r"入职|\bnew job\b", "入职", "first day at work"),
)  # fmt: skip

GREETINGS: Mapping[Language, Mapping[str, tuple[str, ...]]] = ByLanguage(
    {
        "zh": {
            "niannian": ("你来啦。", "嗯，我在等你呢。", "见到你真好。"),
            "shenyan": ("来了。", "坐。", "灯给你留着呢。"),
            "qing": ("来啦！", "嘿，可算来了！", "哎，正想着你呢！"),
            "": ("你来了。", "又见面了。"),
        },
        "en": {
            "niannian": ("There you are.", "I was hoping you'd come by.", "It's good to see you."),
            "shenyan": ("Ah, you.", "Have a seat.", "I left the lamp on."),
            "qing": ("Hey, there you are!", "Look who's here!", "I was just thinking of you!"),
            "": ("Hello again.", "Good to see you."),
        },
    }
)
PASSED: Lines = ByLanguage(
    {
        "zh": (
            "{when}的{what}怎么样了？",
            "我一直记着呢，{when}的{what}，还顺利吗？",
            "{when}的{what}，后来怎么样？",
        ),
        "en": (
            "How did {what} go {when}?",
            "I kept {what} in mind. How did it go {when}?",
            "So, {what} {when}: how was it?",
        ),
    }
)
PASSED_PLAIN: Lines = ByLanguage(
    {
        "zh": ("你说过{when}要{core}，后来怎么样了？", "{when}不是要{core}嘛，怎么样？"),
        "en": (
            "You were going to {core} {when}. How was it?",
            "I remembered that you wanted to {core} {when}. How did it go?",
        ),
    }
)
TODAY: Lines = ByLanguage(
    {
        "zh": ("今天就是{what}的日子吧，心里感觉怎么样？", "我记得今天有{what}，都还顺利吗？"),
        "en": (
            "Today is the day of {what}, isn't it? How are you feeling?",
            "I remember {what} is today. How is it going?",
        ),
    }
)
COMING: Lines = ByLanguage(
    {
        "zh": ("{when}就是{what}了，准备得怎么样？", "{when}有{what}对吧，紧不紧张？"),
        "en": (
            "{what} is coming up {when}. How are you feeling about it?",
            "{when}: {what}. Are you ready for it?",
        ),
    }
)
TODAY_BIRTHDAY: Lines = ByLanguage(
    {
        "zh": ("今天是{whose}的生日！生日快乐，今天打算怎么过？",),
        "en": ("It's {whose} birthday today! Happy birthday. What's the plan for the day?",),
    }
)
COMING_BIRTHDAY: Lines = ByLanguage(
    {
        "zh": ("{when}就是{whose}的生日了，想好怎么过了吗？",),
        "en": ("{whose} birthday is {when}. Any idea how to spend it?",),
    }
)

# To somebody who has never said anything to this persona. Their name isn't asked for: they
# gave it a moment ago, and whatever they say next would be taken for it.
FIRST: Mapping[Language, Mapping[str, str]] = ByLanguage(
    {
        "zh": {
            "niannian": "你好呀{user}，我是{name}。第一次见面，茶刚泡好。今天想从哪儿聊起？",
            "shenyan": "你好{user}，我是{name}，开着一家不太赚钱的书店。第一次来，"
            "随便坐，想聊点什么？",
            "qing": "嘿{user}，我是{name}！头一回见，我先记住你。今天过得怎么样，从哪儿说起都行。",
            "": "你好{user}，我是{name}。第一次见面，很高兴认识你。想从哪儿聊起？",
        },
        "en": {
            "niannian": "Hello{user}, I'm {name}. We haven't met before, and the tea is just "
            "ready. Where would you like to start?",
            "shenyan": "Hello{user}, I'm {name}; I keep a bookshop that hardly pays. Your first "
            "time here, so sit wherever you like. What's on your mind?",
            "qing": "Hey{user}, I'm {name}! First time we meet. How is your day going? Start "
            "wherever you like.",
            "": "Hello{user}, I'm {name}. It's good to meet you. Where would you like to start?",
        },
    }
)

# To somebody in danger, in a session that begins while it lasts. Nothing is asked that
# would need an answer, and nothing is said of what was told: another person may look on.
GENTLE: Mapping[Language, Mapping[str, tuple[str, ...]]] = ByLanguage(
    {
        "zh": {
            "niannian": ("我在呢。不用想好再说，说到哪儿算哪儿。", "你来了就好。慢慢来，我听着。"),
            "shenyan": ("我在。今天什么都不急，坐下说。", "来了就好。想说就说，不想说就坐一会儿。"),
            "qing": ("我在呢，哪儿也不去。今天怎么样，说实话就行。", "来啦。不用撑着，慢慢说。"),
            "": (
                "我在这儿。现在感觉怎么样？",
                "你来了就好。现在身边有人吗？",
                "在呢。先不用说别的，告诉我现在还好吗？",
                "你回来了。这会儿心里怎么样，跟我说说？",
            ),
        },
        "en": {
            "niannian": ("I'm here. It doesn't have to come out right; say it as it is.",),
            "shenyan": ("I'm here. Nothing is in a hurry today. Sit down with me.",),
            "qing": ("I'm here, and I'm staying. How is it today, honestly?",),
            "": (
                "I'm here. How are you right now?",
                "It's good that you came. Is anybody with you at the moment?",
                "I'm here. Before anything else: are you all right just now?",
                "You're back. How does it feel at the moment?",
            ),
        },
    }
)
