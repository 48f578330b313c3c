"""Chinese clauses that no rule read, put into the words of a memory.

Whether they become one is for the classifier to say (:mod:`.clauses`). Here it is only
settled whom they are about and when they happened; where that is not plain, there is
nothing to classify.
"""

from __future__ import annotations

import re

from memory.builtin.extraction import zh_events as events
from memory.builtin.extraction.draft import Draft, Scene
from memory.builtin.extraction.third_persons import (
    Doubt,
    about_a_stranger,
    names_other,
    said_of,
)
from memory.builtin.extraction.zh_filters import ironic
from memory.builtin.extraction.zh_subjects import ZhSubject, subject_of
from memory.builtin.extraction.zh_text import (
    adverbs_stripped,
    tail_stripped,
    third_person,
    with_dates,
)
from memory.builtin.extraction.zh_words import RELATION, RELATIONS, USER
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.types import Kind

_LONGEST = 60
_YOU = re.compile(r"[你您]")
_HABITUAL = re.compile(r"每|平时|平常|经常|常常|习惯|总是|老是|从小|成日|天天|周末[都才]")
# Of these the year goes on: "今年" and "现在" date no event.
_STANDING = re.compile(r"今年|本命年")
_STATE_OF_AGE = re.compile(r"[岁属]|年级")
_THIRD = re.compile(r"[他她它佢]|^(?:这|那|此|其|对方)")
# Without "I", these words are said of oneself, and a household is the speaker's.
_SAID_OF_ME = re.compile(
    r"^(?:家里|屋里|家中)[有养]|^(?:左|右)?(?:手腕?|胳膊|腰|颈椎|膝盖|胃|腿|脚|肩膀?|眼睛|牙|嗓子|腱鞘)[^，]{0,6}(?:疼|痛|炎|犯|肿|扭|伤|不舒服|突出)|化疗|放疗|透析|确诊|怀孕|流产|过敏|手术|住院|失业|离异|单身|复查"
)
# Said of what isn't so yet, or of nothing in particular; a day makes a plan of it.
_VAGUE = re.compile(
    r"^(?:一?直|也|还|都|就|很|最近|现在|真的){0,3}(?:应该|相信|希望|继续|会(?!弹|唱|做饭|说|开车|讲|游泳|修)|能(?!吃|喝)|可以|需要|想(?!我|家|爸|妈|老)|想要|得(?!了|过)|愿意|觉得|感觉|感到|知道|记得|绝对|一定|试试|在(?:找|寻找|追|忙|努力|想办法|等)|决心|下定|有时候?|不会|(?:在)?(?:更多)?了解|在?考虑|(?:特别|非常|真的?|超级?)?(?:幸运|激动|高兴|感激|骄傲|期待|热衷)|的?目标|忙|每个人|要[^，]{1,12}了$)|吧$|(?:叫|是|的是)$"
)
# The beginning of a sentence whose end says what happened.
_SUBORDINATE = re.compile(
    r"^(?:自从|当|等到?|作为|因为|由于|除了|关于|至于)|(?:以来|之后|的时候|期间|的话)$|^(?!.*是)(?!(?:以前|原来|之前)|[学教做开跑卖干搞念养种修送拉]).*的$"
)
_DONE_TO_ME = re.compile(r"[跟对把让骂打怪劝催]我(?!们)")
_IMPERSONAL = re.compile(
    r"^(?:人|大家|别人|天气|外面|今天|生活|时间|日子|世界|有些|有的|很多|好多|所有|每个人|一个人的)"
)
_HAS_KIN = re.compile(
    rf"(?:还|也|就)?有(?:一?[个位]|[两三四]个)?(?P<rel>{RELATION})(?!们|[的吗])[^，]"
)
_WEEKDAYS = re.compile(
    r"^(?:(?:(?:周|礼拜|星期)[一二三四五六日天末][和跟、]?){2,}|[一二三四五六日]{2,3}(?=[早上晚中下]))(?:早上|上午|中午|下午|晚上)?"
)


def unread_zh(
    clause: str,
    topic: ZhSubject | None,
    person: ZhSubject | None,
    doubt: Doubt,
    meant: ZhSubject | None,
    scene: Scene,
) -> Draft | None:
    """``clause`` as a memory could have it; None where it can't be told whose it is.

    Args:
        clause: A statement that passed every filter, without filler at its ends.
        topic: The subject of the clauses before it in the sentence.
        person: Whom "she" means.
        doubt: How far a clause without a subject may be about somebody else.
        meant: Who that is, if it is known.
    """
    if not 3 <= len(clause) <= _LONGEST or _YOU.search(clause) or ironic(clause):
        return None
    day = scene.said_on
    weekdays = _WEEKDAYS.match(clause)
    habit = bool(weekdays or _HABITUAL.search(clause))
    mentions = [] if habit else dates.resolve(clause, day, "zh")
    front = bool(mentions) and not clause[: mentions[0].begin].strip()
    rest = clause[mentions[0].stop :].lstrip("，, 的") if front else clause
    if weekdays:
        rest = clause[weekdays.end() :]
    about = subject_of(rest, USER, scene)
    if about.who is None or _IMPERSONAL.match(rest):
        return None
    if about_a_stranger(clause) or about_a_stranger(rest):
        return None  # "医生周二不坐诊"
    judged = clause
    who, own, is_person = about.who, about.explicit, about.person
    predicate = (weekdays.group() if weekdays else "") + about.predicate
    if who == "它":
        known = topic if topic and topic.person and topic.who else person
        if known is None or not known.who:
            return None
        who, is_person, own = known.who, True, False
        judged = f"{who.replace(f'{USER}的', '我')}{predicate}"
    elif who == "":
        if names_other(rest):
            who, predicate, own, is_person = "", rest, True, True
        elif (doubt is Doubt.ALL or (doubt and meant and _SAID_OF_ME.search(clause))) and not (
            topic and topic.person
        ):
            if meant is None or not meant.who:
                return None
            if said_of(meant, predicate):
                who, is_person, own = meant.who, True, False
            elif topic is None:
                return None
            else:
                who = USER
        elif topic is not None:
            if not topic.who or topic.who == "它":
                return None
            who, is_person = topic.who, topic.person
        elif doubt:
            return None
        else:
            who = USER
    kin = _HAS_KIN.match(predicate) if who == USER and not is_person else None
    if about.who == "" and _DONE_TO_ME.search(predicate):
        # "为这个上个月跟我吵了一架": somebody else did.
        if person is None or not person.who:
            return None
        who, is_person, own = person.who, True, False
    with_me = "我" in predicate and bool(mentions) and not is_person
    if about.who == "" and with_me:
        who = ""  # "周日是我和她的纪念日" names the speaker by itself
    elif not about.explicit and who == USER and "我" in predicate:
        return None  # "跳舞给了我一个出口": something else did
    pointing = _THIRD.search(predicate) and not is_person and person is None
    if who != "" and pointing and not (about.explicit and mentions):
        return None
    if _THIRD.search(predicate) and not is_person and not mentions:
        own = False  # "我请了假陪她" only makes sense beside what was said of her
    predicate = predicate if is_person else adverbs_stripped(predicate)
    of_another = topic and topic.person and not topic.close and who != topic.who
    if of_another and is_person and "我" not in rest:
        return None  # "我朋友很难过，爷爷去世了": whose grandfather?
    bare = predicate
    for mention in [] if habit else reversed(dates.resolve(predicate, day, "zh")):
        bare = bare[: mention.begin] + bare[mention.stop :]
    if len(bare.strip("是在，的")) < 2:
        return None
    if _SUBORDINATE.search(predicate) or (is_person and events.feeling(bare)):
        return None
    if not mentions and not is_person and _VAGUE.search(predicate):
        return None
    future = bool(mentions) and events.is_future(clause, mentions[0])
    mentions = [mention.towards(future) for mention in mentions]
    said = _with_day(predicate, mentions, front, scene)
    dated = [one for one in mentions if not _STANDING.fullmatch(one.text)]
    if dated and _STATE_OF_AGE.search(predicate) and dated[0].grain == "year":
        dated = []
    more = tail_stripped(third_person(said, USER))
    text = tail_stripped(third_person(f"{who}{said}", USER))
    ahead = bool(dated) and (dated[0].start > day or (future and dated[0].end >= day))
    return Draft(
        text,
        "relationship" if is_person or kin else "habit" if habit else "plan" if ahead else "",
        3,
        kind=Kind.TEMPORAL if dated else Kind.CONSTANT,
        event_date=dated[0].date_str if dated else None,
        clause=judged,
        own=own or bool(kin) or bool(dated) or bool(_SAID_OF_ME.search(clause)),
        more=more,
    )


def kin_brought_in(draft: Draft) -> ZhSubject | None:
    """The relative whom ``draft`` tells of ("有个儿子在外地送快递"): what follows is about them."""
    found = _HAS_KIN.match(draft.more)
    if found is None or draft.category != "relationship":
        return None
    return ZhSubject(f"{USER}的{RELATIONS[found['rel']]}", "", True, True, True)


def _with_day(predicate: str, mentions: list[DateMention], front: bool, scene: Scene) -> str:
    """``predicate`` with each day written out, a day that stood in front before it."""
    day = scene.said_on
    head = ""
    if front:
        first = mentions[0]
        standing = _STANDING.fullmatch(first.text) and first.grain == "year"
        head = "" if standing else dates.absolute(first, day, "zh")
    inner = dates.resolve(predicate, day, "zh") if mentions else []
    future = bool(mentions) and mentions[0].start > day
    inner = [one.towards(future) for one in inner]
    return head + with_dates(predicate, inner, day)
