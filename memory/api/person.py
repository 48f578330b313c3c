"""A person as their memories and conversations show them; counted, not guessed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from memory.api.answers_more import InterestOut, ProfileData, UserOut
from memory.api.learning import zone_of
from memory.container import Container
from memory.types import Kind, Language, Memory, MemoryFilter, Owner, Status, Subject, User
from memory.wording import translate

SUMMARY_MEMORIES = 5
EXAMPLES = 3
INTERESTS = 5
PATTERN_DAYS = 365
# What a person is rather than what they like.
_WHO = ("identity", "relationship", "work_study", "health")
_LIKES = ("preference", "habit", "belief", "event", "plan", "emotion", "work_study")


def profile_of(running: Container, owner: Owner, language: Language) -> ProfileData:
    """Everything ``GET /api/users/{user_id}/profile`` says."""
    user = running.ledger.get_user(owner.user_id)
    memories = [
        memory
        for memory in running.store.list(owner, MemoryFilter())
        if memory.subject is Subject.USER
    ]
    return ProfileData(
        user=user_out(user),
        summary=_summary(user, memories, language),
        key_interests=_interests(memories),
        interaction_patterns=_patterns(running, owner, zone_of(running, owner.user_id)),
        counts=_counts(running, owner),
    )


def user_out(user: User) -> UserOut:
    """A profile as the API says it."""
    return UserOut(
        user_id=user.id,
        name=user.name,
        language=user.language,
        timezone=user.timezone,
        region=user.region,
        created_at=user.created_at,
        demo=user.demo,
    )


def _summary(user: User, memories: Sequence[Memory], language: Language) -> str:
    """The most important lasting facts, in their own words."""
    facts = [memory for memory in memories if memory.kind is Kind.CONSTANT]
    facts.sort(key=lambda m: (not m.pinned, -m.importance, m.category not in _WHO, m.created_at))
    if not facts:
        return translate(language, "api.nothing_known", name=user.name)
    mark = "；" if language == "zh" else "; "
    end = "。" if language == "zh" else "."
    said = [memory.text.rstrip("。.；; ") for memory in facts[:SUMMARY_MEMORIES]]
    return mark.join(said) + end


def _interests(memories: Sequence[Memory]) -> list[InterestOut]:
    groups: dict[str, list[Memory]] = defaultdict(list)
    for memory in memories:
        if memory.category in _LIKES:
            groups[memory.category].append(memory)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [
        InterestOut(
            category=category,
            memories=len(found),
            examples=[m.text for m in sorted(found, key=lambda m: -m.importance)[:EXAMPLES]],
        )
        for category, found in ranked[:INTERESTS]
    ]


def _patterns(running: Container, owner: Owner, zone: ZoneInfo) -> dict[str, Any]:
    now = running.clock()
    times = running.ledger.message_times(owner.user_id, since=now - timedelta(days=PATTERN_DAYS))
    local = [time.astimezone(zone) for time in times]
    hours = Counter(time.hour for time in local)
    weekdays = Counter(time.weekday() for time in local)
    days = {time.date() for time in local}
    sessions = len(running.ledger.list_sessions(owner, limit=None))
    return {
        "messages_last_year": len(times),
        "sessions": sessions,
        "active_days": len(days),
        "messages_per_active_day": round(len(times) / len(days), 1) if days else 0.0,
        "busiest_hour": hours.most_common(1)[0][0] if hours else None,
        "busiest_weekday": weekdays.most_common(1)[0][0] if weekdays else None,
        "by_hour": {str(hour): hours[hour] for hour in sorted(hours)},
        "first_message_at": _iso(times[0]) if times else None,
        "last_message_at": _iso(times[-1]) if times else None,
    }


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _counts(running: Container, owner: Owner) -> dict[str, int]:
    everything = MemoryFilter(statuses=frozenset(Status))
    by_status = running.store.facets(owner, "status", everything)
    by_subject = running.store.facets(owner, "subject")
    by_kind = running.store.facets(owner, "kind")
    return {
        "memories": by_status.get(Status.ACTIVE.value, 0),
        "messages": running.ledger.count_messages(owner),
        **{f"status_{name}": number for name, number in by_status.items()},
        **{f"about_{name}": number for name, number in by_subject.items()},
        **{f"kind_{name}": number for name, number in by_kind.items()},
    }


__all__ = ["profile_of", "user_out"]
