"""Chinese reader state: what a message has said so far, and how its pieces join."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from memory.builtin.extraction import zh_events as events
from memory.builtin.extraction.draft import Draft, Finding, Retracted, Scene, last_read
from memory.builtin.extraction.fact_frames import StatedFact
from memory.builtin.extraction.third_persons import (
    Doubt,
    brought_in,
    doubt_after,
    points_back,
    said_of,
    taken_along,
)
from memory.builtin.extraction.zh_facts import read_fact
from memory.builtin.extraction.zh_subjects import ZhSubject, introduced
from memory.builtin.extraction.zh_text import adverbs_stripped, third_person
from memory.builtin.extraction.zh_words import RELATION, USER
from memory.nlp.mood_words import is_glad
from memory.types import Kind

_OWN_RELATION = re.compile(rf"(?<=.)用户的({RELATION})")
_LONGEST_NAME = 5
_NOT_MINE = re.compile(r"[你您]")


@dataclass(slots=True)
class ZhReaderState:
    """What carries over from clause to clause."""

    topic: ZhSubject | None = None
    person: ZhSubject | None = None
    open_event: int | None = None
    feeling: str | None = None
    unreal: bool = False
    lately: int | None = None
    # The rest of the message is a text or a role that was asked for.
    made_up: bool = False
    # Clauses without a subject may be about somebody else: ``meant``, if that is known.
    doubt: Doubt = Doubt.NONE
    meant: ZhSubject | None = None
    # Whether a clause of this sentence brought them in.
    brought_in: bool = False
    # Whom "小王是我同事" presented: a name that follows isn't that of what was said before.
    presented: str | None = None
    # The findings before the last clause that added or changed one.
    before: list[Finding] | None = None


@dataclass(slots=True)
class ZhNotes:
    """Findings in the order in which they were said, with what carries over."""

    scene: Scene
    found: list[Finding] = field(default_factory=list)
    state: ZhReaderState = field(default_factory=ZhReaderState)

    def _continue(self, predicate: str, any_word: bool = False) -> bool:
        """What goes on on the same day belongs to the same memory."""
        number = self.state.open_event
        if number is None or "你" in predicate:
            return False
        last = self.found[number]
        if re.search(r"[他她]", predicate) and not (
            isinstance(last, Draft) and re.search(RELATION, last.text)
        ):
            return False
        if not any_word and not events.says_something(predicate, False):
            return False
        last = self.found[number]
        if not isinstance(last, Draft) or len(last.text) + len(predicate) > 60:
            return False
        self.found[number] = replace(last, text=f"{last.text}，{third_person(predicate, USER)}")
        return True

    def _name_last(self, name: str) -> bool:
        """ "养了一只猫，叫年糕": the name belongs to what was just said."""
        place = last_read(self.found)
        last = None if place is None else self.found[place]
        if place is None or not isinstance(last, Draft):
            return False
        if last.category != "relationship" or "叫" in last.text:
            return False
        if read_fact(f"叫{name}") is None:
            return False
        named = replace(last, text=f"{last.text}，叫{name}")
        self.found[place] = named
        person = introduced(named.text, self.scene)
        if person:
            self.state.person = self.state.topic = person
        return True

    def _feel(self, feeling: str, carried: int | None, explicit: bool) -> None:
        state = self.state
        number = state.open_event if state.open_event is not None else carried
        if number is not None and isinstance(self.found[number], Draft):
            self._attach(number, feeling)
        elif explicit or re.match(r"好|很|太|特别|非常|超|真的|有点", feeling):
            state.feeling = feeling

    def _attach(self, number: int, feeling: str) -> None:
        last = self.found[number]
        if isinstance(last, Draft) and feeling not in last.text:
            # After somebody else's news the feeling is still the speaker's.
            whose = USER if last.category == "relationship" else ""
            said = f"，{whose}{third_person(feeling, USER)}"
            self.found[number] = last.with_feeling(said, self.scene.said_on)

    def _join_feeling(self) -> None:
        if self.state.feeling and self.state.open_event is not None:
            self._attach(self.state.open_event, self.state.feeling)
            self.state.feeling = None

    def _settle_feeling(self) -> None:
        """A feeling without a cause is one of this day; mere gladness is about the talk."""
        feeling, day = self.state.feeling, self.scene.said_on
        if feeling and not is_glad(feeling, "zh"):
            text = third_person(f"{USER}{day.month}月{day.day}日{feeling}", USER)
            self._add(Draft(text, "emotion", 2, kind=Kind.TEMPORAL, event_date=day.isoformat()))

    def _spoken_of(self, about: ZhSubject) -> None:
        """Notes whom the clauses that follow may be about."""
        state = self.state
        if about.person:
            state.doubt, state.meant = Doubt.NONE, None
        elif about.who == USER or about.who == "":
            doubt = doubt_after(about.predicate)
            if about.explicit or doubt:
                state.doubt = doubt
                state.meant = introduced(about.predicate, self.scene)

    def _brought_in(self, clause: str) -> None:
        """Notes whom ``clause`` brings in, where nobody else is spoken of already."""
        state = self.state
        if not (state.topic and state.topic.person):
            doubt, meant = brought_in(clause)
            along = None if doubt else taken_along(clause, state.person)
            if along:
                doubt, meant = Doubt.FACTS, along
            if doubt:
                state.doubt, state.meant, state.brought_in = doubt, meant, meant is not None

    def _whose(self, about: ZhSubject, predicate: str) -> ZhSubject | None:
        """``about`` itself, the person that is meant, or None where it can't be told."""
        state = self.state
        if about.explicit or about.person:
            return about
        fact = read_fact(predicate) or read_fact(adverbs_stripped(predicate))
        if state.meant and fact and (state.brought_in or fact.text.endswith("岁")):
            if state.meant.who is None:
                return None
            if said_of(state.meant, predicate):
                return replace(state.meant, predicate=predicate, explicit=False)
            return about if state.topic else None
        if state.doubt is Doubt.NONE or (state.doubt is Doubt.FACTS and not fact):
            return about
        acts = points_back(predicate) and (fact is None or fact.category == "habit")
        return about if acts or events.feeling(events.RECENT.sub("", predicate)) else None

    def _add_fact(self, about: ZhSubject, fact: StatedFact) -> None:
        if fact.text.startswith("叫") and not about.explicit and not about.person:
            # "学了一道菜，叫做清蒸鲈鱼" isn't the name of the speaker.
            if self.state.open_event is not None:
                self._continue(fact.text, any_word=True)
                return
            place = last_read(self.found)
            last = None if place is None else self.found[place]
            mine = isinstance(last, Draft) and last.category in ("identity", "work_study")
            if self.state.topic is not None and not mine:
                return
        if fact.text.startswith("叫") and not about.explicit and about.predicate.startswith("是"):
            return  # "是小王": who is at the door
        if fact.text.endswith("岁") and not about.explicit and not about.person:
            last = self.found[-1] if self.found else None
            if isinstance(last, Draft) and (last.unread or last.category == "relationship"):
                # "家里还有一只比熊，叫阿福，十二岁了": what was just named is so old.
                told = f"，{fact.text}"
                self.found[-1] = replace(last, text=last.text + told, more=last.more + told)
                return
        small = re.fullmatch(r"[1-9一二两三四五六七八九]岁", fact.text)
        if small and not about.explicit and not about.person and self.state.person:
            # "我养了一只柴犬，今年两岁": the dog is two.
            about = replace(self.state.person, predicate=fact.text)
        who = about.who or USER
        # "现在" and "今年" are true on the day of the message only.
        said = re.sub(r"^(?:(?:还是)?忍不住|[上下]面还?)(?=养|有|领|买|捡)", "", fact.text)
        said = re.sub(r"^(?:今年|现在(?=在|[是做住])|目前|如今)+", "", said)
        text = third_person(f"{who}{said}", USER)
        if about.person:
            if said.startswith("叫") and len(said) <= _LONGEST_NAME:
                self.scene.people[said[1:]] = who if who.endswith(said[1:]) else who + said[1:]
            weight = 4 if about.close or fact.importance >= 5 else 3
            self._add(Draft(text, "relationship", weight))
            return
        self._add(Draft(text, fact.category, fact.importance))
        if about.who == USER and fact.category == "relationship":
            self.state.person = introduced(fact.text, self.scene) or self.state.person

    def _add(self, draft: Draft) -> None:
        if _NOT_MINE.search(draft.text):
            return
        text = draft.text
        if not text.startswith(USER + "的"):
            # "用户和用户的男朋友": whose he is needs saying only once.
            text = _OWN_RELATION.sub(r"\1", text)
        self.found.append(replace(draft, text=text))

    def _slip(self, explicit: bool) -> None:
        """Takes back what the last clause said; without one, what the message before did."""
        if self.state.before is not None:
            self.found, self.state.before = self.state.before, None
        elif explicit and not self.found:
            self.found.append(Retracted())
        self.state.open_event = self.state.feeling = self.state.lately = None

    def _retract(self) -> None:
        if any(isinstance(finding, Draft) for finding in self.found):
            self.found.clear()
        else:
            self.found.append(Retracted())
