"""Field coercion: values as models write them to the fields of an operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from memory.nlp.dates.names import MONTH_NUMBERS, SHORT_MONTHS
from memory.types import Action, Kind, Subject

TEXT_KEYS = (
    "text",
    "content",
    "memory",
    "fact",
    "statement",
    "sentence",
    "value",
    "data",
    "description",
    "new_text",
    "new_memory",
    "记忆",
    "内容",
    "文本",
    "事实",
    "記憶",
    "內容",
    "事實",
)
ACTION_KEYS = ("action", "event", "op", "operation", "操作", "动作", "行为", "動作")
SUBJECT_KEYS = (
    "subject",
    "about",
    "owner",
    "attributed_to",
    "主体",
    "对象",
    "主语",
    "主體",
    "對象",
)
KIND_KEYS = ("kind", "type", "memory_type", "类型", "种类", "類型")
CATEGORY_KEYS = ("category", "categories", "topic", "tag", "tags", "类别", "分类", "标签", "類別")
DATE_KEYS = ("event_date", "date", "time", "when", "发生日期", "日期", "时间", "發生日期")
IMPORTANCE_KEYS = ("importance", "priority", "score", "重要性", "重要度", "重要程度")
SOURCE_KEYS = ("source", "sources", "source_ids", "message", "messages", "来源", "出处", "來源")
ID_KEYS = ("id", "memory_id", "target", "编号", "序号", "編號")


def _table(**groups: str) -> dict[str, str]:
    return {word: name for name, words in groups.items() for word in words.split()}


_ACTIONS = _table(
    ADD="add added create created insert new append 新增 添加 增加 新建 记录 加入 创建",
    UPDATE="update updated modify edit merge change replace 更新 修改 变更 替换 合并 更改",
    DELETE="delete deleted remove forget archive invalidate 删除 移除 归档 作废 遗忘",
    NONE="none noop no_op no_change nochange skip keep ignore 无 不变 跳过 保持 忽略 无变化",
)
_SUBJECTS = _table(
    user="user users human person speaker customer me i 用户 使用者 我 人类 本人 对方 主人",
    ai="ai assistant bot persona companion agent character model robot "
    "角色 助手 机器人 人工智能 智能体 助理",
)
_KINDS = _table(
    constant="constant permanent static stable fact long_term longterm persistent profile "
    "semantic 恒常 恒定 永久 长期 稳定 静态 常量 固定 持久",
    temporal="temporal temporary event dated episodic time timed short_term dynamic experience "
    "plan 时序 临时 短期 事件 动态 时间 暂时 时效 经历 计划",
)
_CATEGORIES = _table(
    identity="identity personal profile demographics name basic 身份 个人信息 基本信息 个人 姓名",
    preference="preference preferences like likes dislike hobby hobbies interest interests taste "
    "偏好 喜好 兴趣 爱好 喜恶 兴趣爱好",
    relationship="relationship relationships family friend friends social pet pets people "
    "关系 人际关系 家庭 家人 朋友 社交 亲友 宠物 感情",
    health="health medical wellness allergy body fitness 健康 身体 医疗 疾病 过敏",
    work_study="work_study work study job career education school professional business "
    "工作学习 工作 学习 职业 教育 事业 学业 工作与学习 工作/学习",
    habit="habit habits routine lifestyle 习惯 日常 作息 生活习惯",
    emotion="emotion emotions feeling feelings mood 情绪 情感 心情 感受",
    event="event events experience experiences activity activities travel history "
    "经历 事件 活动 体验 旅行",
    plan="plan plans goal goals intention todo schedule 计划 目标 打算 安排 待办 愿望",
    belief="belief beliefs opinion opinions value values view views religion "
    "观念 信念 价值观 看法 观点 信仰",
    other="other others misc miscellaneous general unknown 其他 其它 杂项 一般",
)
_IMPORTANCE = {
    **dict.fromkeys(
        ("critical", "highest", "very high", "essential", "极高", "非常重要", "很高"), 5
    ),
    **dict.fromkeys(("high", "important", "高", "重要"), 4),
    **dict.fromkeys(("medium", "moderate", "normal", "mid", "中", "一般", "中等"), 3),
    **dict.fromkeys(("low", "minor", "低", "不重要"), 2),
    **dict.fromkeys(("lowest", "trivial", "very low", "极低", "很低"), 1),
}
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?(?!\d)")
_EIGHT = re.compile(r"^\s*(\d{4})(\d\d)(\d\d)\s*$")
_DAY_LAST_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)")
_DIGITS_ZH = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS_ZH = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?(?=[月日号號])")
_YEAR = re.compile(r"^\s*+(?:in\s|about\s|约)?\s*+(\d{4})\s*+(?:年\s*+)?$")
_MONTH_DAY_ZH = re.compile(r"(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号號])?")
_MONTH_DAY_EN = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"({SHORT_MONTHS})[a-z]*\.?"
    r"(?:\s+(\d{1,2})(?:st|nd|rd|th)?\b(?!\d))?(?:,?\s*(\d{4}))?",
    re.IGNORECASE,
)
_MONTH_DAY_NUMERIC = re.compile(r"^\s*(\d{1,2})[-/](\d{1,2})\s*$")
_NUMBERS = re.compile(r"\d{1,5}")


def first(item: dict[str, Any], keys: Sequence[str]) -> Any:
    """The value of the first of ``keys`` that ``item`` has, whatever its case."""
    for key in keys:
        if key in item:
            return item[key]
    lowered = {name.lower().strip(): value for name, value in item.items()}
    return next((lowered[key] for key in keys if key in lowered), None)


def text_of(item: dict[str, Any]) -> str | None:
    """The sentence of one item, if it has one."""
    for key in TEXT_KEYS:
        value = first(item, (key,))
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str):
            return value
    return None


def _word(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return str(value).strip().strip("\"'“”").lower() if isinstance(value, str) else ""


def _lookup(table: dict[str, str], value: Any) -> str | None:
    word = _word(value)
    for form in (word, word.removeprefix("the "), re.sub(r"[\s-]+", "_", word)):
        if form in table:
            return table[form]
    # "health/身体", "constant（恒常）": the first part that is known.
    for part in re.split(r"[\s/|,，、()（）:：_-]+", word):
        if part in table:
            return table[part]
    return None


def action(value: Any) -> Action | str | None:
    """The action, ``"none"`` for "leave as it is", ``None`` if it isn't one."""
    found = _lookup(_ACTIONS, value)
    if found is None:
        return None
    return "none" if found == "NONE" else Action(found)


def subject(value: Any) -> Subject | None:
    """``user`` or ``ai`` in any of the words models use for them."""
    found = _lookup(_SUBJECTS, value)
    return Subject(found) if found else None


def kind(value: Any) -> Kind | None:
    """``constant`` or ``temporal`` in any of the words models use for them."""
    found = _lookup(_KINDS, value)
    return Kind(found) if found else None


def category(value: Any, allowed: Sequence[str]) -> str | None:
    """One of ``allowed``, also from its Chinese name or a near word."""
    word = _word(value)
    by_lower = {name.lower(): name for name in allowed}
    if word in by_lower:
        return by_lower[word]
    found = _lookup(_CATEGORIES, value)
    return found if found in allowed else None


def importance(value: Any) -> int | None:
    """1 to 5; words, fractions and scales of ten are brought to it."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        word = _word(value)
        if word in _IMPORTANCE:
            return _IMPORTANCE[word]
        match = re.match(r"\d+(?:\.\d+)?", word)
        if match is None:
            return None
        value = match.group()
    elif not isinstance(value, int | float):
        return None
    number = float(value)
    if 0 < number < 1:
        number *= 5
    elif 5 < number <= 10:
        number /= 2
    return round(min(5.0, max(1.0, number)))


def numbers(value: Any) -> tuple[int, ...]:
    """Message numbers out of a number, a list or ``"1, 3"``; in order, once each."""
    found: list[int] = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, bool):
            continue
        if isinstance(part, int | float):
            found.append(int(part))
        elif isinstance(part, str):
            found.extend(int(match) for match in _NUMBERS.findall(part[:200]))
    return tuple(dict.fromkeys(number for number in found[:100] if 0 < number < 100_000))


def small_id(value: Any) -> int | None:
    """The small integer of a known memory; ``None`` for UUIDs and other inventions."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return value if 0 < value < 100_000 else None
    if isinstance(value, str):
        match = re.fullmatch(r"\s*+(?:[#\[(（]\s*+)?(\d{1,5})\s*+(?:[\])）]\s*+)?", value)
        return int(match[1]) if match and int(match[1]) > 0 else None
    return None


def event_date(value: Any, today: date | None) -> str | None:
    """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ``None`` for what names no day.

    Args:
        value: What the model wrote, e.g. ``2024年5月4日``, ``May 4, 2024``, ``10月18号``.
        today: The day of the message. A day without a year becomes the one
            nearest to it; without ``today`` it can't be told and is ``None``.
    """
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        parts = [str(value.get(name) or "") for name in ("year", "month", "day")]
        value = "-".join(part for part in parts if part)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    text = value[:80]
    if "月" in text:
        text = _TENS_ZH.sub(_ten, text).translate(_DIGITS_ZH)
    match = _NUMERIC_DATE.search(text) or _EIGHT.match(text)
    if match:
        return _date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _DAY_LAST_YEAR.search(text):
        return _day_and_month(int(match[1]), int(match[2]), int(match[3]))
    match = _YEAR.match(text)
    if match:
        return match[1] if 1000 <= int(match[1]) <= 2999 else None
    month = day = year = None
    if found := _MONTH_DAY_ZH.search(text):
        month, day = int(found[1]), int(found[2]) if found[2] else None
    elif found := _MONTH_DAY_EN.search(text):
        month = MONTH_NUMBERS[found[2][:3].lower()]
        days = found[1] or found[3]
        day = int(days) if days else None
        year = int(found[4]) if found[4] else None
    elif found := _MONTH_DAY_NUMERIC.match(text):
        month, day = int(found[1]), int(found[2])
    if month is None:
        return None
    if year is None:
        year = _nearest_year(month, day, today) if today else None
    return None if year is None else _date(year, month, day)


def _ten(match: re.Match[str]) -> str:
    """``十`` as a digit of the number that it stands in: 十三 is 13, 二十 is 20."""
    return f"{match[1] or '一'}{match[2] or '零'}"


def _day_and_month(first: int, second: int, year: int) -> str | None:
    """A day whose year comes last; which number is the month must be clear."""
    if first > 12:
        first, second = second, first
    elif second <= 12 and first != second:
        return None
    return _date(year, first, second)


def _date(year: int, month: int, day: int | None) -> str | None:
    try:
        found = date(year, month, day or 1)
    except ValueError:
        return None
    if not 1000 <= year <= 2999:
        return None
    return found.isoformat() if day else found.isoformat()[:7]


def _nearest_year(month: int, day: int | None, today: date) -> int | None:
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append((abs((date(year, month, day or 15) - today).days), year))
        except ValueError:
            continue
    return min(candidates)[1] if candidates else None
