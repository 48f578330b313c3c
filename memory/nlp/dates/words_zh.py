"""The words of Chinese date expressions, as pieces of patterns."""

from __future__ import annotations

import re

# After a verb, 过 tells what one has done: "学过两年钢琴" isn't in two years.
NOT_PASSED = (
    r"(?<![学學做练練住待呆过過工作读讀教养養当當谈談去见見交吃用玩写寫画畫弹彈干幹打跑开開"
    r"考试試上管带帶来來看听聽说說分有没沒])"
)
YEAR4 = r"(?:\d{4}|[零〇一二三四五六七八九]{4})"
M = r"(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
D = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
PARTS = (
    "凌晨|清晨|大清早|一大早|一早|大早上|早上|早晨|上午|中午|午后|下午"
    "|傍晚|晚上|夜里|半夜|深夜|晚间|夜晚"
)
PART = rf"(?P<part>{PARTS})?"
TAIL = PART.replace("(?P<part>", "(?:的)?(?P<part>")
YEARS = {
    "今年": 0,
    "本年": 0,
    "去年": -1,
    "前年": -2,
    "大前年": -3,
    "明年": 1,
    "后年": 2,
    "後年": 2,
    "大后年": 3,
}
REL_YEAR = r"(?P<rel>大前年|大后年|今年|本年|去年|前年|明年|后年|後年)"
SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
SEASON = r"(?P<season>[春夏秋冬](?:天|季|日(?!本))|[暑寒]假)"
DAYS = {
    "今": 0,
    "昨": -1,
    "前": -2,
    "大前": -3,
    "明": 1,
    "后": 2,
    "後": 2,
    "大后": 3,
    "大後": 3,
}
SHORT_PARTS = {"早": "早上", "晨": "早上", "晚": "晚上", "夜": "晚上", "午": "中午"}
WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
WEEK = r"(?:周|週|星期|礼拜|禮拜)"
SHIFTS = {"上": -1, "这": 0, "這": 0, "本": 0, "这一": 0, "下": 1, "上上": -2, "下下": 2}
SHIFT = r"(?P<shift>上上|下下|上|下|这|這|本)(?:一)?(?:个|個)?"
HOLIDAYS = {
    "元旦节?": "new_year",
    "除夕夜?|大年三十|(?<![今去明前后])年三十(?![多几出好岁])": "spring_eve",
    r"春节|春節|大年初一"
    # "回家过年" is what one does, "过年我回家" is when.
    r"|(?<!回家)(?<!老家)(?<!回去)(?:过年|過年)"
    r"(?=的时候|期间|那|我|要|回|前|后|放假|$)": "spring_festival",
    "元宵节?|元宵節|正月十五": "lantern",
    **{
        f"(?:大年|正月)初{day}": f"first_month_{number}"
        for number, day in enumerate("二三四五六七八九十", 2)
    },
    "情人节|情人節": "valentine",
    "妇女节|三八节": "womens_day",
    "清明节?": "qingming",
    "五一(?:劳动节)?|劳动节|勞動節": "labour_day",
    "母亲节|母親節": "mothers_day",
    "六一(?:儿童节)?|儿童节": "childrens_day",
    "父亲节|父親節": "fathers_day",
    "腊八节?|臘八節?": "laba",
    "小年夜?(?=[那前后吃过我，。,]|$)": "little_new_year",
    "中元节|中元節|鬼节": "ghost",
    "端午节?|端午節": "dragon_boat",
    "七夕节?": "qixi",
    "教师节": "teachers_day",
    "中秋节?|中秋節": "mid_autumn",
    "国庆节?|國慶節?|十一(?=假|长假|黄金周)": "national_day",
    "重阳节?": "double_ninth",
    "万圣节|万圣夜": "halloween",
    "双十一|双11|雙十一": "singles_day",
    "感恩节|感恩節": "thanksgiving",
    "平安夜": "christmas_eve",
    "圣诞节?|聖誕節?": "christmas",
    "跨年夜?": "new_years_eve",
}
# "清明" is a holiday above; the others are named by those who keep the old calendar.
HOLIDAYS |= {
    f"(?<!叫)(?<!欢)(?<!定了)(?<!取名){term}(?=[那这节前后了吃，。,]|当天|$)": term
    for term in (
        *("立春", "雨水", "惊蛰", "春分", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑"),
        *("立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "冬至"),
    )
}
HOLIDAY = "(?P<holiday>" + "|".join(HOLIDAYS) + ")"
LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
LUNAR_MONTH = r"(?P<lm>闰?(?:正|冬|腊|臘|1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十]))月"
LUNAR_DAY = (
    r"(?P<ld>初[二三四五六七八九十]|初一(?![共起直样定般个])|三十|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|十[一二三四五六七八九]?|[12]\d|30|[1-9])(?:日|号)?"
)
HOLIDAY_NAMES = [(re.compile(pattern), name) for pattern, name in HOLIDAYS.items()]
HABIT = r"(?<![每逢各])(?<!每个)(?<!每年)(?<!每逢)(?<!每到)"
