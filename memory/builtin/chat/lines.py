"""The lines of the built-in companion, and choosing one that wasn't just said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from memory.types import Language

LINES_FOLDER = Path(__file__).parent / "lines"
REMEMBERED_REPLIES = 14

# What a message tells, and the questions that would ask for it again.
ANSWERED: tuple[tuple[str, str], ...] = (
    (r"喝|水", r"一起吃|拿手|出去吃"),
    (r"叫|名字|\bname|called", r"叫什么名字|its name"),
    (r"\d{1,3} ?(?:岁|个月大|years? old)|[一二三四五六七八九十两]岁", r"多大|How old"),
    (
        r"跟|和|一起|陪|一个人|独自|\bwith\b|自己(?:煮|做|吃)|alone|by myself|myself|solo|together",
        r"跟谁|一个人|Who are you going|Who were you eating|alone, or with",
    ),
    (r"好吃|难吃|香|美味|delicious|tast(?:y|ed)|yummy", r"味道|taste"),
    (
        r"自己做|我做|做了|煮了|给我|cooked|baked|i made|made (?:myself|some)|homemade",
        r"是自己做的|make it yourself",
    ),
    (
        r"餐厅|那家|店|外卖|restaurant|takeaway|café|cafe",
        r"是自己做的|拿手|make it yourself|cook best",
    ),
    (r"紧张|兴奋|期待|nervous|excited|scared", r"心里紧张吗|nerves"),
    (r"告诉|told", r"第一个|tell first|heard it first"),
    (r"吃药|医院|医生|doctor|medicine|pill", r"吃药|taken anything"),
    (
        r"明天|后天|今晚|今天|周|下个?月|号|tomorrow|tonight|today|next |this |on \w+day|weekend",
        r"打算什么时候|想好哪天|When are you|picked a day",
    ),
    (
        r"(?:在我|陪着?我|和我在一起|来了|在旁边)|(?:here|home) with me|is (?:here|coming)|"
        r"came over",
        r"身边|be with you|who could come",
    ),
    (r"今晚|晚上(?:要|去|想)?吃|待会|明天|tonight|tomorrow|going", r"味道|taste|跟谁一起吃的"),
    (r"昨天|前天|周末|上周|yesterday|last |on \w+day", r"今晚|今天吃|tonight"),
    (r"今天|刚|today|just", r"缓过来|recovered"),
    (
        r"明天|后天|下周|下个?月|明年|打算|准备|要去|想要|将|会回|能回"
        r"|tomorrow|next |going to|gonna|about to|soon|will |on \w+day|coming",
        r"后来|当时|^And then|How was that",
    ),
    (r"蛋糕|面条|cake", r"吃面还是|be cake"),
    # Where nobody else is spoken of, nobody else is asked about.
    (
        r"^(?!.*(?:[他她]|人|[爸妈爷奶姐妹哥弟]|老[公婆板师]|同[事学]|朋友|孩子|领导"
        r"|\b(?:s?he|they|who|my \w+)\b))",
        r"那个人|怎么接的话|like them|say to that",
    ),
    (r"晴天|雨天|下雨|rain|sun", r"晴天还是雨天|for sun or for rain"),
)

_PROMISE = re.compile(
    r"记(?:住|下|着|牢|在)|替你记|本子|日历|收到|不会忘|一直放在心上|"
    r"\b(?:remember(?!ed)|noted|written|notebook|calendar|locked in|keep (?:it|that|the|you)|"
    r"got (?:it|that)|kept)\b",
    re.IGNORECASE,
)
_HEARD = re.compile(r"\{(?:thing|did|event|echo)\}", re.IGNORECASE)

Table = Mapping[str, Mapping[str, Sequence[str]]]


@cache
def lines(language: Language) -> Table:
    """All lines of a language: intent -> voice or "ask" -> lines."""
    data: dict[str, Mapping[str, Sequence[str]]] = {}
    for part in (language, f"life.{language}", f"everyday.{language}", f"safety.{language}"):
        data |= tomllib.loads((LINES_FOLDER / f"{part}.toml").read_text(encoding="utf-8"))
    return data


class Chooser:
    """Chooses lines for one reply: in the persona's voice, and not the last ones again."""

    def __init__(
        self,
        language: Language,
        persona_id: str,
        replies: Sequence[str],
        seed: str,
        *,
        promises: bool = True,
    ) -> None:
        self._table = lines(language)
        self._promises = promises
        self._persona = persona_id
        self._replies = [_flat(reply) for reply in replies[-REMEMBERED_REPLIES:]]
        self._seed = seed

    def react(self, intent: str, slots: Mapping[str, str | None]) -> str:
        """A statement for ``intent``; lines whose slots are empty are left out."""
        table = self._table.get(intent) or self._table["fallback"]
        own = self._honest(_usable(table.get(self._persona, ()), slots))
        shared = self._honest(_usable(table["any"], slots))
        new = [line for line in own if self._age(line) is None]
        if not own and not shared:
            shared = _usable(self._table["fallback"]["any"], slots)
        # A line that says the user's own noun or date first: it shows what was heard.
        heard = [
            line for line in [*own, *shared] if _HEARD.search(line) and self._age(line) is None
        ]
        new = [line for line in heard if line in own] or heard or new
        # The persona's own voice first; what all can say when that is used up.
        line = self.fresh(new or [*own, *shared], intent)
        return self._fill(line, slots)

    def ask(
        self, intent: str, message: str = "", slots: Mapping[str, str | None] | None = None
    ) -> str:
        """A question that may follow; empty when the intent has none that is new.

        Nothing is asked that ``message`` already answers.
        """
        slots = slots or {}
        options = _usable(self._table.get(intent, {}).get("ask", ()), slots)
        plain = message.lower()
        answered = [ask for told, ask in ANSWERED if re.search(told, plain)]
        unused = [
            line
            for line in options
            if self._age(line) is None and not any(re.search(ask, line) for ask in answered)
        ]
        return self._fill(self.one(unused, f"ask {intent}"), slots) if unused else ""

    def one(self, options: Sequence[str], salt: str = "") -> str:
        """One of the options, by the seed."""
        digest = blake2b(f"{self._seed}|{salt}".encode(), digest_size=8).digest()
        return options[int.from_bytes(digest, "big") % len(options)]

    def fresh(self, options: Sequence[str], salt: str = "") -> str:
        """One that wasn't said lately, else the one said longest ago."""
        unused = [line for line in options if self._age(line) is None]
        if unused:
            return self.one(unused, salt)
        return max(options, key=lambda line: self._age(line) or 0)

    def has_new(self, intent: str, slots: Mapping[str, str | None]) -> bool:
        """Whether there is a line for ``intent`` that wasn't said lately."""
        table = self._table.get(intent, {})
        own = [*table.get(self._persona, ()), *table.get("any", ())]
        return any(self._age(line) is None for line in _usable(own, slots))

    def _honest(self, options: list[str]) -> list[str]:
        """Without promises to remember where nothing will be kept."""
        if self._promises:
            return options
        return [line for line in options if not _PROMISE.search(line)]

    def all_of(self, intent: str) -> Sequence[str]:
        """The lines that everybody says for ``intent``."""
        return self._table[intent]["any"]

    def said_before(self, text: str) -> bool:
        """Whether an earlier reply of this talk held ``text``."""
        return self._age(text) is not None

    def _age(self, line: str) -> int | None:
        """How many replies ago ``line`` was said; None if it wasn't."""
        parts = [part for part in re.split(r"\{\w+\}", _flat(line)) if len(part) >= 2]
        if not parts:
            return None
        for age, reply in enumerate(reversed(self._replies)):
            if all(part in reply for part in parts):
                return age
        return None

    @staticmethod
    def _fill(line: str, slots: Mapping[str, str | None]) -> str:
        for name, value in slots.items():
            line = line.replace(f"{{{name}}}", value or "")
        return line


def _usable(options: Sequence[str], slots: Mapping[str, str | None]) -> list[str]:
    return [
        line for line in options if all(slots.get(slot) for slot in re.findall(r"\{(\w+)\}", line))
    ]


def _flat(text: str) -> str:
    return re.sub(r"[\s，。！？,.!?…~～“”\"'’]+", "", text.lower())
