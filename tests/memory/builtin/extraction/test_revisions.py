from datetime import UTC, date, datetime

import pytest

from memory.builtin.extraction.revisions import revised, revised_known, revision
from memory.types import Kind, Memory, Owner, Subject


@pytest.mark.parametrize(
    ("told", "correction", "right"),
    [
        ("体检是下周三", "体检不是下周三，是下周四", "体检是下周四"),
        ("交房日期明年三月", "交房日期改了，是五月", "交房日期五月"),
        ("We're driving to Leeds on Friday", "We're driving to York, not Leeds",
         "We're driving to York on Friday"),
        ("I have a viewing on Monday", "it's not monday the viewing it's tuesday",
         "I have a viewing on tuesday"),
        ("the choir concert is on the 12th in the old mill",
         "ok the concert has been moved to the 19th",
         "the choir concert is on the 19th in the old mill"),
        ("her essay on poetry is for tuesday", "it's physics not poetry, my mistake",
         "her essay on physics is for tuesday"),
        ("下周一房东来收租", "诶不对，他改到下周四了", "下周四房东来收租"),
        ("周日去爬香山", "改去凤凰山了，不是香山", "周日去爬凤凰山"),
    ],
)  # fmt: skip
def test_a_later_correction_is_made_where_it_belongs(
    told: str, correction: str, right: str
) -> None:
    change = revision(correction)
    assert change is not None
    assert revised([told], change) == (0, right)


@pytest.mark.parametrize(
    "message", ["今天不是很开心", "it was great, not bad", "我不是医生", "it's now or never"]
)
def test_what_corrects_nothing(message: str) -> None:
    assert revision(message) is None


def test_a_correction_of_something_else_changes_nothing() -> None:
    change = revision("面试不是周三，是周四")
    assert change is not None
    assert revised(["周三去看牙"], change) is None


def test_what_points_back_is_about_what_was_dated_last() -> None:
    change = revision("不对，改到周五了")
    assert change is not None
    said = ["周一交房租", "周三去看牙", "今天好热"]
    assert revised(said, change) == (1, "周五去看牙")


def test_a_change_of_something_else_moves_no_day() -> None:
    change = revision("the match was postponed to sunday")
    assert change is not None
    assert revised(["I see the dentist on friday"], change) is None


def test_a_known_day_is_moved() -> None:
    at = datetime(2026, 5, 4, 8, tzinfo=UTC)
    known = Memory(
        id="m", owner=Owner("u", "p"), text="用户婚礼是5月16日", subject=Subject.USER,
        kind=Kind.TEMPORAL, category="plan", created_at=at, updated_at=at,
        event_date="2026-05-16",
    )  # fmt: skip
    change = revision("婚礼改到6月6号了")
    assert change is not None
    found = revised_known(change, [known], date(2026, 5, 5))
    assert found is not None
    assert (found[0], found[1].text, found[1].event_date) == (1, "用户婚礼是6月6日", "2026-06-06")
