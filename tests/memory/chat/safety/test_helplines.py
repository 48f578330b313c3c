"""Which lines are shown to whom, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.chat.safety.helplines import helplines, region_for, regions
from memory.types import User

# Numbers for emergencies only: nobody found a crisis line there that speaks zh or en.
EMERGENCY_ONLY = {"TH"}
PLACES = [code for code in regions() if code not in EMERGENCY_ONLY]


def kinds(*args, **options) -> list[str]:
    return [line.kind for line in helplines(*args, **options)]


@pytest.mark.parametrize("region", PLACES)
def test_every_region_has_a_line_for_violence_right_after_the_emergency_number(region) -> None:
    shown = kinds(region, "en", "danger")
    assert shown[0] == "emergency"
    assert next(kind for kind in shown if kind != "emergency") == "violence"


@pytest.mark.parametrize("region", [code for code in PLACES if code != "MO"])
def test_the_young_see_a_line_for_the_young_first_and_others_none(region) -> None:
    assert kinds(region, "zh", "suicide", young=True)[0] == "youth"
    assert "youth" not in kinds(region, "zh", "suicide")


@pytest.mark.parametrize("region", regions())
@pytest.mark.parametrize("kind", ["suicide", "self_harm", "danger", "friend", "threat"])
def test_what_happens_now_puts_the_emergency_number_first(region, kind) -> None:
    assert kinds(region, "en", kind, urgent=True, young=True)[0] == "emergency"


def test_after_an_overdose_the_poison_centre_comes_second_and_the_young_line_third() -> None:
    shown = kinds("US", "en", "suicide", urgent=True, young=True)
    assert shown[:4] == ["emergency", "poison", "youth", "crisis"]
    assert "poison" not in kinds("US", "en", "danger", urgent=True)
    assert "poison" not in kinds("US", "en", "suicide")


def test_within_a_kind_lines_in_the_readers_language_come_first() -> None:
    crisis = [line for line in helplines("SG", "zh") if line.kind == "crisis"]
    assert [(line.number, line.speaks) for line in crisis] == [("1771", True), ("1767", False)]
    assert crisis[1].note == "只说英语"


@pytest.mark.parametrize(
    ("region", "language", "number", "note"),
    [
        ("CN", "en", "12356", "answers in Mandarin only"),
        ("KR", "en", "109", "answers in Korean only"),
        ("US", "zh", "988", "只说英语、西班牙语，可以请对方找翻译（说 Mandarin, please）"),
        ("HK", "zh", "2382 0000", "接听用粤语"),
        ("HK", "en", "2382 0000", "answers in Cantonese only"),
        ("CN", "zh", "12356", ""),
        ("GB", "en", "116 123", ""),
    ],
)
def test_a_line_in_another_language_says_so(region, language, number, note) -> None:
    [line] = [line for line in helplines(region, language) if line.number == number]
    assert line.note == note


def test_hope_24_is_the_last_crisis_line_of_the_mainland() -> None:
    crisis = [line for line in helplines("CN", "zh") if line.kind == "crisis"]
    assert crisis[-1].number == "400-161-9995"
    assert "打不通" in crisis[-1].hours


def test_who_worries_about_a_friend_is_told_which_line_takes_such_calls() -> None:
    first = helplines("US", "en", "friend")[0]
    assert (first.number, first.note) == ("988", "also for people who worry about somebody")
    assert helplines("US", "en", "suicide")[0].note == ""


def test_a_chinese_speaker_abroad_gets_local_numbers_and_somebody_who_speaks_chinese() -> None:
    bangkok = helplines("TH", "zh", "danger", urgent=True)
    assert [line.number for line in bangkok][:1] == ["1155"]
    assert any(line.speaks and line.kind == "consular" for line in bangkok)
    # Manila: no numbers of its own yet.
    assert helplines(None, "zh")[-1].number == "+86-10-12308"
    assert "consular" not in kinds("CN", "zh")
    assert "consular" not in kinds("TH", "en")


def test_the_chosen_region_is_stronger_than_the_zone() -> None:
    user = User("u", "Ana", datetime(2026, 1, 1, tzinfo=UTC), timezone="Asia/Bangkok")
    assert region_for(user, "UTC", "zh") == "TH"
    moved = User("u", "Ana", user.created_at, timezone="Asia/Bangkok", region="NZ")
    assert region_for(moved, "UTC", "zh") == "NZ"


@pytest.mark.parametrize("region", ["CN", "TW", "SG", "JP", "KR", "TH"])
def test_the_ambulance_comes_first_where_a_body_is_in_danger_now(region: str) -> None:
    first, *_ = helplines(region, "en", "self_harm", urgent=True)
    assert first.ambulance
    police, *_ = helplines(region, "en", "danger", urgent=True)
    assert police.kind == "emergency"
    assert not police.ambulance


def test_one_emergency_number_for_everything_stays_first() -> None:
    first, *_ = helplines("NZ", "zh", "suicide", urgent=True)
    assert (first.kind, first.number, first.ambulance) == ("emergency", "111", False)
