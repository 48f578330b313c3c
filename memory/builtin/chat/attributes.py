"""The well-known things that are asked for: a name, a birthday, an allergy, a pet."""

from __future__ import annotations

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
            r"name|who am i\W*$|(?:know|remember) my name"
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
        r"住在|住|搬了?[到去]|家在|lives?\b|moved to",
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
        "plant",
        r"(?:养|种).{0,4}(?:什么|啥|哪).{0,2}(?:花|菜|树|植物)|(?:which|what) (?:flower|plant)",
        r"[养种]了?.{0,3}盆|花(?!了)|兰|种了|orchid|rose|tulip|plant|flower|fern",
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
            r"我.{0,8}(?:打算|计划|要(?:做|干|去)(?:什么|啥|嘛|哪)|有什么安排)|what (?:am i|"
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
