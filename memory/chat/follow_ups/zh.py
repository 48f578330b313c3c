"""Chinese past tense of plans: "用户计划10月18日去滑雪" becomes "用户10月18日去滑雪了"."""

from __future__ import annotations

import re

FUTURE = re.compile(
    r"计划|打算|将要|即将|将于|想去|要去|准备去|准备在|约好|约了|订了|定在|改到|推迟到"
)
_DAY = (
    r"(?:\d{1,2}[日号]|\d{1,2}月(?!\d)|\d{4}年(?!\d)(?:春天|夏天|秋天|冬天)?|那个周末|那一周|"
    r"早上|上午|中午|下午|傍晚|晚上|凌晨|点(?:半|\d{1,2}分)?|一起)"
)
_MODAL = (
    r"(?:计划|打算|准备|想要|想|将要|即将|将|就要|要|会(?!议)|决定|希望|应该|必须|需要|得(?=去))"
    r"{1,6}"
)
_AFTER_DAY = re.compile(rf"(?P<day>{_DAY}){_MODAL}(?:在|于)?(?=[\u4e00-\u9fff])")
_AFTER_WHO = re.compile(rf"^(?P<who>用户(?:自己)?){_MODAL}(?:在|于)?(?=\S)")
# In the middle only words that are hardly anything but a modal.
_ANYWHERE = re.compile(r"(?<![的做有个份项])(?:计划|打算|将要|即将)(?:在|于)?(?=\S)")
_MOOD = re.compile(
    r"[，,、](?:(?:心里|有点儿?|有些|很|好|特别|非常|超|挺|还|又|也|既|真的?|小){1,6})?"
    r"(?:紧张|期待|担心|激动|害怕|焦虑|兴奋|忐忑|开心|发愁|希望)[^，]{0,200}$"
)
_SET = re.compile(
    rf"^(?P<who>用户)(?:的)?(?P<what>[\u4e00-\u9fffA-Za-z]{{2,12}}?)(?:的(?:时间|日期))?"
    rf"(?:定在|定于|改到|改在|推迟到|提前到|安排在|就在|是在?|在)"
    rf"(?P<when>(?:\d{{4}}年)?\d{{1,2}}月(?:\d{{1,2}}[日号])?{_DAY}*)$"
)
_THERE_IS = re.compile(
    rf"^(?P<head>.*?{_DAY}[一二三四五六七八九十\d点半钟左右]{{0,12}})(?:还|要|会){{0,6}}"
    r"有(?:一?[个场次项门])?(?:很重要的)?(?P<what>[^，]{1,14})$"
)
_NOT = re.compile(r"(?:不(?:打算|准备|想|要|会|计划)?)(?=[去参回来做买见考])")
_ARRANGED = re.compile(r"约了|约好了?|订了|定了|买了[^，]{0,8}票|报了名?")
_ENDED = ("了", "过", "的", "完")


def told_as_past(text: str) -> str:
    """The plan as something that happened; ``text`` has no full stop."""
    text = _MOOD.sub("", text)
    if arranged := _SET.match(text):
        return f"{arranged['who']}{arranged['when']}的{arranged['what']}已经结束了"
    clause, comma, rest = _first_clause(text)
    if there := _THERE_IS.match(clause):
        return f"{there['head']}的{there['what']}已经结束了{comma}{rest}"
    if _ARRANGED.search(clause):
        return f"{text}，已经去了"
    if _NOT.search(clause):
        return _NOT.sub("没", clause, count=1) + comma + rest
    clause = _AFTER_WHO.sub(r"\g<who>", clause)
    clause = _AFTER_DAY.sub(r"\g<day>", clause)
    clause = _ANYWHERE.sub("", clause)
    return f"{clause}{'' if clause.endswith(_ENDED) else '了'}{comma}{rest}"


def dated(before: str, day: str, after: str) -> str:
    """A sentence with a new day in the place of the old one."""
    return f"{before}{day}{after}"


def _first_clause(text: str) -> tuple[str, str, str]:
    match = re.search(r"[，,；;]", text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")
