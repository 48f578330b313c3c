import pytest

from memory.nlp.english_spelling import spelled_out


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("whos my boss", "who's my boss"),
        ("u r late cuz of me", "you are late because of me"),
        ("workin nights n sleepin days", "working nights and sleeping days"),
        ("The U.S. in 2020", "The U.S. in 2020"),
    ],
)
def test_short_forms_are_written_out(typed: str, written: str) -> None:
    assert spelled_out(typed) == written
