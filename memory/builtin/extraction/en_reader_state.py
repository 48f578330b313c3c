"""English reader state: what a message has said so far, and how its pieces join."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from memory.builtin.extraction import en_events as events
from memory.builtin.extraction.draft import Draft, Finding, Retracted, Scene, last_read
from memory.builtin.extraction.en_subjects import EnSubject, introduced
from memory.builtin.extraction.en_text import conjugated, third_person
from memory.builtin.extraction.en_words import PET, RELATION, USER
from memory.builtin.extraction.fact_frames import StatedFact
from memory.nlp.dates.names import MONTHS
from memory.nlp.mood_words import is_glad
from memory.types import Kind

_OWNED = re.compile(
    rf"^The user (?:just |recently )?(?:has|have|owns|adopted|got|rescued|bought) (?:\w+ ){{1,5}}?(?:{RELATION}|{PET})s?\b"
)
_NEVER = re.compile(r"\byou(?:r|rs|'re)?\b", re.IGNORECASE)


@dataclass(slots=True)
class EnNotes:
    """Findings in the order in which they were said, with what carries over.

    ``topic`` is the subject of the sentence, ``person`` whom "she" means, ``open``
    the event that further clauses go on with.
    """

    scene: Scene
    found: list[Finding] = field(default_factory=list)
    topic: EnSubject | None = None
    person: EnSubject | None = None
    open: int | None = None
    unreal: bool = False
    # The rest of the message is a text or a role that was asked for.
    made_up: bool = False
    # The findings before the last clause that added or changed one.
    before: list[Finding] | None = None
    feeling: str | None = None
    first: bool = True

    def _name_last(self, match: re.Match[str] | None) -> bool:
        """ "I have a dog. His name is Max": the name belongs to what was just said."""
        place = last_read(self.found)
        last = None if place is None else self.found[place]
        if place is None or not match or not isinstance(last, Draft):
            return False
        owned = _OWNED.match(last.text)
        if not owned or " named " in last.text:
            return False
        end = owned.end()
        named = replace(last, text=f"{last.text[:end]} named {match['name']}{last.text[end:]}")
        self.found[place] = named
        self.person = introduced(named.text, self.scene) or self.person
        return True

    def _feel(self, predicate: str, carried: int | None) -> None:
        number = self.open if self.open is not None else carried
        if number is not None and isinstance(self.found[number], Draft):
            self._attach(number, predicate)
        else:
            self.feeling = predicate

    def _attach(self, number: int, predicate: str) -> None:
        last = self.found[number]
        if isinstance(last, Draft):
            # After somebody else's news the feeling is still the speaker's.
            whose = "the user " if last.category == "relationship" else ""
            felt = events.felt(predicate, last.category == "plan")
            self.found[number] = last.with_feeling(f" and {whose}{felt}", self.scene.said_on)

    def _join_feeling(self) -> None:
        if self.feeling and self.open is not None:
            self._attach(self.open, self.feeling)
            self.feeling = None

    def _settle_feeling(self) -> None:
        """A feeling without a cause is one of this day; mere gladness is about the talk."""
        if self.feeling and not is_glad(self.feeling, "en"):
            day = self.scene.said_on
            text = f"{USER} {events.felt(self.feeling)} on {MONTHS[day.month - 1]} {day.day}, {day.year}"
            self._add(Draft(text, "emotion", 2, kind=Kind.TEMPORAL, event_date=day.isoformat()))

    def _slip(self, explicit: bool) -> None:
        """Takes back what the last clause said; without one, what the message before did."""
        if self.before is not None:
            self.found, self.before = self.before, None
        elif explicit and not self.found:
            self.found.append(Retracted())
        self.open = self.feeling = None

    def _add_fact(self, about: EnSubject, fact: StatedFact) -> None:
        predicate = re.sub(r"^(?:(?:just|recently|finally|also) )+", "", fact.text)
        predicate = re.sub(r"^(?:do|does) (?=love|like|enjoy|want|believe)", "", predicate)
        predicate = re.sub(r"^have got\b", "have", predicate)
        predicate = conjugated(predicate) if about.first else re.sub(r"^am\b", "is", predicate)
        text = f"{about.who} {third_person(predicate)}"
        if about.person:
            weight = 4 if about.close or fact.importance >= 5 else 3
            self._add(Draft(text, "relationship", weight))
        else:
            self._add(Draft(text, fact.category, fact.importance))
            if fact.category == "relationship":
                self.person = introduced(text, self.scene) or self.person

    def _add(self, draft: Draft) -> None:
        if not _NEVER.search(draft.text):
            self.found.append(draft)
