"""User profile: a person as their memories and conversations show them; counted, not guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from memory.api.responses.users import LineOut, PersonOut, ProfileData, UserOut
from memory.container import Container
from memory.i18n import translate
from memory.memories.profile import ProfileLine, build_profile
from memory.types import EVERYTHING, Language, Memory, MemoryFilter, Owner, Status, User

PATTERN_DAYS = 365


def profile_of(running: Container, owner: Owner, language: Language) -> ProfileData:
    """Everything ``GET /api/users/{user_id}/profile`` says."""
    user = running.db.users.get(owner.user_id)
    zone = running.settings.zone_for(user)
    remembered = running.store.reads.matching(owner, MemoryFilter())
    seen = build_profile(
        user.name,
        remembered,
        today=running.clock().astimezone(zone).date(),
        language=language,
    )
    summary = "" if language == "zh" else " "
    return ProfileData(
        user=user_out(user),
        summary=summary.join(_sentence(line.text, language) for line in seen.summary or seen.vital)
        or translate(language, "api.nothing_known", name=user.name),
        vital=_lines(seen.vital),
        key_interests=_lines(seen.interests),
        dislikes=_lines(seen.dislikes),
        people=[PersonOut(label=one.label, lines=_lines(one.lines)) for one in seen.people],
        habits=_lines(seen.habits),
        interaction_patterns={**_patterns(running, owner, zone), **_topics(remembered)},
        counts=_counts(running, owner),
        generated_at=running.clock(),
    )


def user_out(user: User) -> UserOut:
    """A profile as the API says it."""
    return UserOut(
        user_id=user.id,
        name=user.name,
        language=user.language,
        timezone=user.timezone,
        region=user.region,
        tenant_id=user.tenant_id,
        created_at=user.created_at,
        demo=user.demo,
    )


def _sentence(text: str, language: Language) -> str:
    return text.rstrip("。. ") + ("。" if language == "zh" else ".")


def _lines(lines: Iterable[ProfileLine]) -> list[LineOut]:
    return [
        LineOut(text=line.text, memory_id=line.memory.id, category=line.memory.category)
        for line in lines
    ]


def _patterns(running: Container, owner: Owner, zone: ZoneInfo) -> dict[str, Any]:
    now = running.clock()
    times = running.db.messages.times(owner.user_id, since=now - timedelta(days=PATTERN_DAYS))
    local = [time.astimezone(zone) for time in times]
    hours = Counter(time.hour for time in local)
    weekdays = Counter(time.weekday() for time in local)
    days = {time.date() for time in local}
    sessions = len(running.db.sessions.of(owner, limit=None))
    return {
        "messages_last_year": len(times),
        "sessions": sessions,
        "active_days": len(days),
        "messages_per_active_day": round(len(times) / len(days), 1) if days else 0.0,
        "most_active_hours": [hour for hour, _ in hours.most_common(3)],
        "busiest_hour": hours.most_common(1)[0][0] if hours else None,
        "busiest_weekday": weekdays.most_common(1)[0][0] if weekdays else None,
        "by_hour": {str(hour): hours[hour] for hour in sorted(hours)},
        "first_message_at": _iso(times[0]) if times else None,
        "last_message_at": _iso(times[-1]) if times else None,
    }


def _topics(remembered: Sequence[Memory]) -> dict[str, Any]:
    topics = Counter(memory.category for memory in remembered)
    characters = sum(len(memory.text) for memory in remembered)
    return {
        "conversation_topics": [name for name, _ in topics.most_common(5)],
        "average_length": round(characters / len(remembered)) if remembered else 0,
    }


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _counts(running: Container, owner: Owner) -> dict[str, int]:
    by_status = running.store.reads.facets(owner, "status", EVERYTHING)
    by_subject = running.store.reads.facets(owner, "subject")
    by_kind = running.store.reads.facets(owner, "kind")
    return {
        "memories": by_status.get(Status.ACTIVE.value, 0),
        "messages": running.db.messages.count(owner),
        **{f"status_{name}": number for name, number in by_status.items()},
        **{f"about_{name}": number for name, number in by_subject.items()},
        **{f"kind_{name}": number for name, number in by_kind.items()},
    }


__all__ = ["profile_of", "user_out"]
