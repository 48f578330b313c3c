"""Word lists of :mod:`memory.builtin.chat.about_me`: questions about the persona."""

from __future__ import annotations

from collections.abc import Mapping

from memory.types import Language

# key of a fact, how it is asked for (after "你"/"you"), what a memory about it holds.
TOPICS: tuple[tuple[str, str, str], ...] = (
    ("drink", r"喝|茶|咖啡|\bdrink|\btea\b|coffee", r"喝|茶|咖啡|乌龙|drink|tea\b|coffee|oolong"),
    ("food", r"吃|饭|菜|\beat|food|cook|dish", r"吃|菜|面|糕|eat|food|noodle|cake"),
    ("pet", r"宠物|猫|狗|养|\bpets?\b|\bcat\b|\bdog\b", r"猫|狗|宠物|cat|dog|pet"),
    ("music", r"歌|音乐|听什么|music|song|listen to", r"歌|音乐|曲|music|song|record"),
    ("book", r"书|小说|作家|read|book|author", r"书|读|小说|book|read|novel"),
    ("film", r"电影|剧|film|movie|watch", r"电影|剧|film|movie"),
    (
        "sport",
        r"运动|健身|跑步|锻炼|sport|exercise|work ?out|\brun\b",
        r"运动|跑|爬|sport|run|climb|walk",
    ),
    (
        "season",
        r"季节|春天|夏天|秋天|冬天|season",
        r"季|春|夏|秋|冬|season|spring|summer|autumn|winter",
    ),
    ("color", r"颜色|colou?r", r"颜色|色|colou?r"),
    ("weather", r"天气|下雨|晴天|下雪|weather|\brain|snow|sun", r"天气|雨|晴|雪|weather|rain|snow"),
    (
        "hobby",
        (
            r"爱好|兴趣|平时(?:都)?(?:做|干|喜欢)|空(?:的时候|闲)|周末.{0,4}(?:做|干)|"
            r"hobb|free time|for fun|spare time|all day|your days"
        ),
        r"爱好|平时|收集|hobb|spare time|collects",
    ),
    ("fear", r"怕什么|害怕|怕不怕|afraid|scared|fear", r"怕|afraid|scared"),
    ("dream", r"梦想|愿望|理想|最想|dream|wish for", r"梦想|想有一天|愿望|dream|would like"),
    (
        "family",
        (
            r"家人|爸|妈|父母|兄弟|姐妹|奶奶|family|parents|siblings|mother|father|"
            r"brother|sister"
        ),
        r"家人|妈妈|爸爸|奶奶|父亲|母亲|family|mother|father|mum|grandmother",
    ),
    ("birthday", r"生日|哪天出生|birthday|born", r"生日|birthday|born"),
    ("friend", r"朋友|friend", r"朋友|friend"),
    ("travel", r"旅行|旅游|去过|想去|travel|visit|\bgo to\b", r"旅行|想去|travel|visit"),
    ("sleep", r"睡|几点起|作息|sleep|wake up|get up|go to bed", r"睡|醒|sleep|wake"),
    ("age", r"多大|几岁|年龄|岁数|how old|\bage\b", r"岁|years old"),
    (
        "home",
        (
            r"住|家在|哪里人|哪儿人|在哪(?:里|儿)?(?!上班)|where (?:do|are) you (?:live|"
            r"from)|\blive\b|your (?:home|house|place)"
        ),
        r"住|家|lives|home",
    ),
    (
        "job",
        (
            r"工作|职业|做什么的|上班|what do you do\b(?! (?:today|all|on|at))|\bjob\b|"
            r"for a living|\bwork\b"
        ),
        r"工作|店|教练|works|job|runs|coach",
    ),
)

ASKS_DAY = (
    r"你(?:今天|刚才|最近|白天|这两天)?(?:都|又|还)?(?:在)?(?:做|干|忙)(?:了|"
    r"过)?(?:点|些)?(?:什么|啥)(?!工作|的)|你(?:的)?今天|今天你|你这一?天|"
    r"你最近(?:过得|怎么样|好吗|如何|在忙)|\b(?:what (?:did|have) you (?:do|done|"
    r"been (?:up to|doing))|how was your (?:day|morning|evening|week)|your day|"
    r"what about your day|did you do anything|tell me about your day|been up to)\b"
)
ASKS_NOW = (
    r"你(?:现在|这会儿|此刻)?(?:正?在)(?:做|干|忙)(?:什么|啥|嘛)|"
    r"你(?:现在)?干(?:嘛|什么)呢|你在(?:哪|哪里|哪儿)(?:呢|啊|呀)?\s*[?？]?$|what "
    r"are you (?:doing|up to)|where are you (?:now|right now)|what'?re you "
    r"(?:doing|up to)"
)
ASKS_HOW = (
    r"^(?:那)?你(?:还|最近|今天)?(?:好吗|好么|怎么样|还好吗|好不好|过得好吗|"
    r"过得怎么样|开心吗|累吗|累不累|心情)|how are (?:you|u)\b|how'?s it going|how "
    r"have you been|how do you feel|you (?:okay|alright|good)\s*\?|are you "
    r"(?:okay|ok|well|happy|tired)"
)
ASKS_WHO = (
    r"你(?:到底|究竟)?是(?:谁|什么|干嘛的|哪位)|你叫(?:什么|啥)|你的名字|"
    r"介绍(?:一下|下)?(?:你自己|自己|你)|自我介绍|who are you|what(?:'s| is) your "
    r"name|what are you\b(?! (?:doing|up|going|talking|eating|reading|wearing|"
    r"thinking))|introduce yourself|tell me about yourself|about yourself"
)
ASKS_CAN = (
    r"你(?:都)?(?:会|能)(?:做|干|帮我)?(?:些|点)?(?:什么|啥)|你有什么(?:功能|本事|"
    r"用)|怎么用你|what can you do|how can you help|what are you (?:for|good at)|"
    r"your features"
)
ASKS_MODEL = (
    r"(?:用|接|连|是|哪个|什么)(?:的)?(?:是)?(?:什么|哪个)?(?:语言)?(?:大)?模型|"
    r"接(?:上|入)?(?:大|语言)?模型|怎么(?:连接|接入|配置)|api ?key|deepseek|"
    r"chatgpt|gpt|ollama|\bllm\b|language model|which model|what model|how do you "
    r"work|你(?:是)?怎么(?:工作|运作|实现)"
)
ASKS_BACK = (
    r"^(?:那|所以)?你(?:自己)?(?:呢|咧)\s*[?？]?$|你(?:觉得|认为)呢|[，,。 "
    r"]你呢\s*[?？]?$|\b(?:and|what about|how about) you\b\W*$|^(?:you|"
    r"yourself)\?\s*$|hbu\b|wbu\b"
)
ASKS_MORE = (
    r"^(?:还有(?:呢|吗|什么)?|然后呢|就这些|别的呢|还做了什么|再说说|继续|and "
    r"then|what else|anything else|tell me more|go on)\W*$"
)

ASKS_EATEN = (
    r"^(?:小?念念?[，,])?吃了(?:吗|没|么)|你(?:吃过?(?:早|午|晚)?饭?了?(?:吗|没)|(?:早|午|晚)?饭吃了(?:吗|没))|"
    r"\b(?:have you eaten|did you eat|have you had (?:dinner|lunch|breakfast))\b"
)
EATEN: Mapping[Language, str] = {
    "zh": "我是 AI，不用吃饭，你这么惦记我，我倒觉得暖。你自己可要好好吃。",
    "en": "I'm an AI, so I don't eat, but it warms me that you ask. Do eat well yourself.",
}
ASKS_SKILL = (
    r"你会(?:弹|唱歌|唱|跳舞|跳|画|打球|游泳|开车|骑车|织|下棋)|"
    r"\b(?:do|can) you (?:play|sing|dance|paint|draw|swim|drive|knit)\b"
)
SKILL: Mapping[Language, str] = {
    "zh": "这个我不会，更想听你说说你的。",
    "en": "That I can't do; I'd rather hear about yours.",
}
ASKS_EXPERIENCE = (
    r"你(?:有没有|也)?(?:看|听|吃|去|玩|试|见|读|喝|谈|养|学)过|"
    r"\bhave you (?:ever )?(?:seen|read|been|tried|heard|watched|played|eaten|visited|had)\b"
)
ASKS_OPINION = (
    r"^(?:那)?你(?:觉得|认为|怎么看|说)(?:呢|怎么样)?\s*[?？]?$|^(?:so )?what do "
    r"you think\W*$"
)

# What one likes: a memory must say so, "works in a tea room" doesn't.
TASTES = frozenset(
    ["drink", "food", "music", "book", "film", "season", "color", "weather", "hobby", "travel"]
)
LIKES = (
    r"喜欢|最爱|爱(?:吃|喝|听|看|读)|偏爱|喝|\b(?:likes?|loves?|prefers?|"
    r"favou?rite|drinks|enjoys?)\b"
)

AI: Mapping[Language, str] = {
    "zh": (
        "我是{name}，是一个 AI，不是真人。现在说话的是一套规则，没有接语言模型，"
        "所以我懂得有限；在“设置”页填上模型的接口地址和密钥，我就能聊得更好。"
    ),
    "en": (
        "I'm {name}, an AI, not a human being. Right now a set of rules is speaking, "
        "no language model, so what I understand is limited; enter an endpoint and a "
        "key on the Settings page and I'll talk much better."
    ),
}
AI_SHORT: Mapping[Language, str] = {
    "zh": "是的，我是 AI，现在是规则在说话，没有接语言模型。不过你说的话，我是认真在听的。",
    "en": (
        "Yes, I'm an AI; rules are speaking at the moment, no language model. I do "
        "take in what you tell me, though."
    ),
}
WHO: Mapping[Language, str] = {
    "zh": "我是{name}，一个会记事的 AI 伙伴。{tagline}。",
    "en": "I'm {name}, an AI companion who remembers. {tagline}.",
}
CAN: Mapping[Language, str] = {
    "zh": (
        "我能陪你聊天，记住你说过的和我说过的，也能回答“你还记得……吗”。"
        "现在没有接语言模型，写文章、查资料这些我做不到；想让我更聪明，"
        "可以在“设置”页接一个模型。"
    ),
    "en": (
        "I can keep you company, remember what you and I have said, and answer when "
        "you ask what I remember. Without a language model I can't write essays or "
        "look things up; you can connect one on the Settings page."
    ),
}
MODEL: Mapping[Language, str] = {
    "zh": (
        "现在没有接语言模型，是内置的规则和记忆在回答你。想接的话，"
        "到“设置”页填接口地址、密钥和模型名，DeepSeek、硅基流动、OpenAI、Ollama "
        "都行，填完可以点测试。"
    ),
    "en": (
        "No language model is connected; built-in rules and memories are answering. "
        "To connect one, open the Settings page and fill in the endpoint, key and "
        "model name: DeepSeek, SiliconFlow, OpenAI or Ollama all work, and there is "
        "a test button."
    ),
}
UNSURE: Mapping[Language, str] = {
    "zh": "这个我还没想过，说不好。",
    "en": "I haven't thought about that yet, so I can't say.",
}
QUIET_DAY: Mapping[Language, str] = {
    "zh": "我今天没什么特别的事，就在这儿等你来说话。",
    "en": "Nothing special happened to me today; I was here, waiting to talk with you.",
}
AGAIN: Mapping[Language, str] = {"zh": "就是刚才跟你说的那件：", "en": "Just what I told you: "}

ASKS_FEELINGS = (
    r"你(?:会不会|会|有没有|也会|有|是不是)(?:觉得|感到|感觉)?(?:孤独|孤单|寂寞|难过|伤心|开心|快乐|累|害怕|"
    r"感情|情绪|感觉|感受|心)(?:吗|么|的|呢|啊)?\s*[?？]?$|"
    r"你(?:那边)?(?:会|也会)?(?:(?:想家|想我|无聊|孤单|害怕|冷|饿|困|热|渴|疼)[不吗么]|冷不冷|饿不饿|困不困|热不热|疼不疼)|"
    r"\bdo you (?:ever )?(?:feel|get) (?:lonely|sad|happy|tired|anything|bored|scared)|"
    r"\b(?:do you have|have you got) (?:feelings|emotions)"
)
FEELS: Mapping[Language, str] = {
    "zh": "我是 AI，没有真正的感受，不想骗你。不过听你说话的时候，我是整个儿都在听的。",
    "en": "I'm an AI and have no real feelings; I won't fool you about that. "
    "While you talk, though, you have all of my attention.",
}
