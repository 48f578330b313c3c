"""Profile rendering: Markdown, and a page of HTML that prints well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from memory.memories.profile import Profile, ProfileLine
from memory.nlp.dates.names import SHORT_WEEKDAYS, WEEKDAYS
from memory.types import ByLanguage, Language

Words = Mapping[str, str]

WORDS: Mapping[Language, Words] = ByLanguage(
    {
        "zh": {
            "title": "{name}的小传",
            "made": "{date} 根据 {count} 条记忆整理。",
            "nothing": "还没有关于{name}的记忆。",
            "summary": "简介",
            "vital": "一定要记得",
            "interests": "喜欢",
            "dislikes": "不喜欢",
            "people": "身边的人",
            "upcoming": "接下来",
            "lately": "最近",
            "patterns": "习惯和规律",
            "busiest": "最常在{weekday} {hour}:00 前后聊天。",
            "mood": "最近的心情{level}{word}。",
            "mood_up": "最近的心情{level}{word}，比之前好。",
            "mood_down": "最近的心情{level}{word}，比之前差。",
            "mood_word": "（常说“{word}”）",
            "high": "不错",
            "even": "平稳",
            "low": "偏低",
            "join": "；",
            "end": "。",
        },
        "en": {
            "title": "Portrait of {name}",
            "made": "Put together on {date} from {count} memories.",
            "nothing": "Nothing is remembered of {name} yet.",
            "summary": "In short",
            "vital": "Not to be forgotten",
            "interests": "Likes",
            "dislikes": "Dislikes",
            "people": "People around",
            "upcoming": "Coming up",
            "lately": "Lately",
            "patterns": "Habits and patterns",
            "busiest": "Talks most on {weekday}s around {hour}:00.",
            "mood": "Mood lately: {level}{word}.",
            "mood_up": "Mood lately: {level}{word}, better than before.",
            "mood_down": "Mood lately: {level}{word}, lower than before.",
            "mood_word": " (often “{word}”)",
            "high": "good",
            "even": "even",
            "low": "low",
            "join": ". ",
            "end": ".",
        },
    }
)
_WEEKDAYS: Mapping[Language, Sequence[str]] = ByLanguage(
    {
        "zh": SHORT_WEEKDAYS["zh"],
        "en": WEEKDAYS["en"],
    }
)
LEVEL = 0.4
"""A mean mood beyond this is good or low; a difference beyond it is one."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.65 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; color: #2B2522; background: #FBF7F2; margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; color: #B4472F; }
h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; border-bottom: 1px solid #E3D9CC; }
h3 { font-size: .95rem; margin: .5rem 0 0; }
p, ul { margin: .25rem 0; } ul { padding-inline-start: 1.25rem; }
.quiet { color: #6B5E55; font-size: .85rem; }
.parts { columns: 2 18rem; column-gap: 2rem; } section { break-inside: avoid; }
@page { size: A4; margin: 15mm; }
@media print { body { background: #FFF; font-size: 10.5pt; } main { padding: 0; max-width: none; } }
"""


def words(language: Language) -> Words:
    """The words of a profile's headings in ``language``."""
    return WORDS[language]


def summary(profile: Profile) -> str:
    """The summary as one paragraph; says so where nothing is known."""
    said = WORDS[profile.language]
    if not profile.summary:
        return "" if profile.memories else said["nothing"].format(name=profile.name)
    return said["join"].join(line.text for line in profile.summary) + said["end"]


def patterns(profile: Profile) -> list[str]:
    """What the conversations show, in sentences."""
    said, rhythm = WORDS[profile.language], profile.rhythm
    found = []
    if rhythm.weekday is not None and rhythm.hour is not None:
        weekday = _WEEKDAYS[profile.language][rhythm.weekday]
        found.append(said["busiest"].format(weekday=weekday, hour=rhythm.hour))
    if rhythm.mood is not None:
        level = "high" if rhythm.mood > LEVEL else "low" if rhythm.mood < -LEVEL else "even"
        change = rhythm.mood - rhythm.mood_before if rhythm.mood_before is not None else 0.0
        kind = "mood_up" if change > LEVEL else "mood_down" if change < -LEVEL else "mood"
        word = said["mood_word"].format(word=rhythm.mood_word) if rhythm.mood_word else ""
        found.append(said[kind].format(level=said[level], word=word))
    return found


def parts(profile: Profile) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Headings with their groups of lines (a group has a name for people, else none).

    Parts that have nothing are left out; the summary isn't among them.
    """
    said = WORDS[profile.language]
    colon = "：" if profile.language == "zh" else ": "

    def texts(lines: Sequence[ProfileLine]) -> list[str]:
        return [f"{line.when}{colon}{line.text}" if line.when else line.text for line in lines]

    def plain(lines: Sequence[ProfileLine]) -> list[tuple[str, list[str]]]:
        return [("", texts(lines))] if lines else []

    chosen = {
        "vital": plain(profile.vital),
        "people": [(person.label, texts(person.lines)) for person in profile.people],
        "interests": plain(profile.interests),
        "dislikes": plain(profile.dislikes),
        "upcoming": plain(profile.upcoming),
        "lately": plain(profile.lately),
        "patterns": [
            group for group in [("", texts(profile.habits) + patterns(profile))] if group[1]
        ],
    }
    for name, groups in chosen.items():
        if groups:
            yield said[name], groups


def to_markdown(profile: Profile) -> str:
    """The profile as Markdown, one page; people's words stay words."""
    said = WORDS[profile.language]
    lines = [f"# {_md(said['title'].format(name=profile.name))}", ""]
    if text := summary(profile):
        lines += [_md(text), ""]
    for heading, groups in parts(profile):
        lines += [f"## {heading}", ""]
        for name, texts in groups:
            lines += [f"**{_md(name)}**", ""] if name else []
            lines += [*(f"- {_md(text)}" for text in texts), ""]
    return "\n".join([*lines, _md(made_line(profile)), ""])


def to_html(profile: Profile) -> str:
    """The profile as a page of its own: no scripts, nothing fetched, made for paper."""
    said = WORDS[profile.language]
    title = escape(said["title"].format(name=profile.name))
    body = [f"<h1>{title}</h1>", f'<p class="quiet">{escape(made_line(profile))}</p>']
    if text := summary(profile):
        body.append(f"<p>{escape(text)}</p>")
    body.append('<div class="parts">')
    for heading, groups in parts(profile):
        body.append(f"<section><h2>{escape(heading)}</h2>")
        for name, texts in groups:
            body += [f"<h3>{escape(name)}</h3>"] if name else []
            body.append("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>")
        body.append("</section>")
    body.append("</div>")
    language = "zh-CN" if profile.language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def made_line(profile: Profile) -> str:
    """From how many memories it was made, and on which day."""
    return WORDS[profile.language]["made"].format(
        date=profile.made_on.isoformat(), count=profile.memories
    )


def _md(text: str) -> str:
    """On one line, with nothing in it that Markdown would take for markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
