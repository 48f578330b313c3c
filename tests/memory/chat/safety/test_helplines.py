"""Help lines: which are shown to whom and in which order, and that each is complete."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from memory.chat.safety.helplines import helplines, region_for, region_of, regions, unchecked
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


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("CN", "12356"), ("HK", "2389 2222"), ("TW", "1925"), ("MO", "2852 5222"), ("US", "988"),
        ("CA", "988"), ("GB", "116 123"), ("IE", "116 123"), ("AU", "13 11 14"), ("NZ", "1737"),
        ("SG", "1767"), ("MY", "15555"), ("JP", "0120-279-338"), ("KR", "109"),
        ("DE", "0800 111 0 111"), ("FR", "3114"), ("IN", "14416"),
    ],
)  # fmt: skip
def test_each_region_starts_with_its_crisis_line_and_has_an_emergency_number(
    region: str, number: str
) -> None:
    lines = helplines(region, "en")
    assert lines[0].number == number
    assert any(line.kind == "emergency" for line in lines)
    assert lines[-1].url == "https://findahelpline.com"
    assert helplines(region, "en", "danger")[0].kind == "emergency"


@pytest.mark.parametrize("region", [None, "", "ZZ", "BR"])
def test_an_unknown_region_gets_the_directory_and_112(region: str | None) -> None:
    assert [line.number for line in helplines(region, "en")] == ["findahelpline.com", "112"]


def test_every_line_is_complete_and_dated_or_listed_as_unchecked() -> None:
    listed = {(line.region, line.number) for line in unchecked()}
    for region in (*regions(), None):
        for language in ("zh", "en"):
            for line in (*helplines(region, language), *helplines(region, language, "danger")):
                assert line.name
                assert line.source
                assert re.fullmatch(
                    r"\+?[\d\- ]{3,16}|findahelpline\.com|sheltersafe\.ca", line.number
                )
                if line.checked_on is None:
                    assert (line.region, line.number) in listed
                else:
                    assert line.checked_on >= date(2026, 1, 1)
                    assert (line.region, line.number) not in listed
                assert line.url == "" or line.url.startswith("http")
    assert re.search(r"[\u4e00-\u9fff]", helplines("CN", "zh")[0].name)
    assert not re.search(r"[\u4e00-\u9fff]", helplines("CN", "en")[0].name)


@pytest.fixture
def undated_12356(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The lines as they are, but nobody has confirmed 12356."""
    module = importlib.import_module("memory.chat.safety.helplines")
    first, dated, rest = module.LINES_FILE.read_text(encoding="utf-8").partition("checked_on = 2")
    assert dated
    assert '"12356"' in first
    copy = tmp_path / "helplines.toml"
    copy.write_text(first + rest.partition("\n")[2], encoding="utf-8")

    def forget() -> None:
        for cached in vars(module).values():
            if hasattr(cached, "cache_clear"):
                cached.cache_clear()

    monkeypatch.setattr(module, "LINES_FILE", copy)
    forget()
    yield
    forget()


@pytest.mark.usefixtures("undated_12356")
def test_an_unchecked_line_is_shown_just_the_same_and_listed() -> None:
    first = helplines("CN", "zh")[0]
    assert (first.number, first.checked_on) == ("12356", None)
    assert ("CN", "12356") in {(line.region, line.number) for line in unchecked()}


@pytest.mark.parametrize(
    ("timezone", "language", "code"),
    [
        ("Asia/Shanghai", "en", "CN"), ("Asia/Hong_Kong", "zh", "HK"), ("Asia/Taipei", "zh", "TW"),
        ("Europe/London", "zh", "GB"), ("America/New_York", "en", "US"),
        ("America/Indiana/Knox", "en", "US"), ("America/Toronto", "en", "CA"),
        ("Australia/Sydney", "en", "AU"), ("America/Sao_Paulo", "en", None), ("UTC", "zh", "CN"),
        (None, "zh", "CN"), (None, "en", None), ("Europe/Madrid", "zh", None),
    ],
)  # fmt: skip
def test_region_from_time_zone_and_language(timezone, language, code) -> None:
    assert region_of(timezone, language) == code
