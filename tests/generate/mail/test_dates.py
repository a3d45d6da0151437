"""A weekday beside a date is the one that the calendar has."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.languages import Language, read_language
from spamlab.generate.mail.dates import Dates, dates_of
from spamlab.generate.traffic import open_traffic

DATASETS = Path(__file__).parents[3] / "datasets"
SENT = date(2025, 8, 1)
LANGUAGES = {code: read_language(DATASETS / "languages" / code, "none") for code in ("ar", "en", "es", "fr", "ru")}


def _dates(language: Language) -> Dates:
    return dates_of(language.weekdays, language.months, language.quoting)


@pytest.mark.parametrize(("code", "text", "fitting"), [
    ("en", "On Mon, 3 Jun 2025, Ana wrote:", "On Tue, 3 Jun 2025, Ana wrote:"),
    ("en", "On Tuesday, June 3, 2025 at 10:40, Ana wrote:", "On Tuesday, June 3, 2025 at 10:40, Ana wrote:"),
    ("en", "> Sent: Monday, 3 June 2025", "> Sent: Tuesday, 3 June 2025"),
    ("en", "Date: Mon Jun  3 09:00:00 2025 +0100", "Date: Tue Jun  3 09:00:00 2025 +0100"),
    ("en", "MONDAY, JUNE 3, 2025", "TUESDAY, JUNE 3, 2025"), ("en", "monday, june 3", "tuesday, june 3"),
    ("en", "We meet on Monday 7 June 2025.", "We meet on Monday 9 June 2025."),
    ("en", "until Monday, 31 May 2025", "until Monday, 26 May 2025"),
    ("en", "Saturday the 3rd of June 2025", "Saturday the 3rd of June 2025"),
    ("en", "Monday the 3rd of June 2025", "Tuesday the 3rd of June 2025"),
    ("en", "Monday, 31 June 2025, and Sunday at 7", "Monday, 31 June 2025, and Sunday at 7"),
    ("en", "Mon, 3 Jun and Fri, 3 Jun", "Tue, 3 Jun and Tue, 3 Jun"), ("en", "Wed Jun 3 10:15", "Tue Jun 3 10:15"),
    ("fr", "Le lundi 3 juin 2025, Léa a écrit :", "Le mardi 3 juin 2025, Léa a écrit :"),
    ("fr", "Lundi 1er juillet, à 9h", "Mardi 1er juillet, à 9h"), ("fr", "le 3 juin, lundi", "le 3 juin, lundi"),
    ("es", "El lunes 4 de junio de 2025 escribió:", "El miércoles 4 de junio de 2025 escribió:"),
    ("es", f"{'sin acentos ' * 20}el lunes 4 de junio", f"{'sin acentos ' * 20}el miercoles 4 de junio"),
    ("ar", "الاثنين 3 يونيو 2025", "الثلاثاء 3 يونيو 2025"),
    ("ru", "понедельник, 3 июня 2025", "вторник, 3 июня 2025")])
def test_weekdays_are_put_right(code: str, text: str, fitting: str) -> None:
    """Each form of a date in mail is found, written as it was; work stays on a day of work, or the date moves."""
    assert _dates(LANGUAGES[code]).fitting(text, SENT) == fitting


@pytest.mark.parametrize(("text", "fitting"), [
    ("On Wed, 3 Sep 2025, Ana wrote:", "On Tue, 3 Sep 2024, Ana wrote:"), ("Sent: May 3, 2026", "Sent: May 3, 2025"),
    ("> On Sep 3 10:00:00 2025, Ana wrote:", "> On Sep 3 10:00:00 2024, Ana wrote:"),
    ("On 1 August 2025, Ana wrote:", "On 1 August 2025, Ana wrote:"),
    ("> Date: 3 Sep 2025", "> Date: 3 Sep 2024"), ("Due Date: 3 Sep 2025", "Due Date: 3 Sep 2025"),
    ("We meet on 3 September 2025.\nAna wrote: yes", "We meet on 3 September 2025.\nAna wrote: yes")])
def test_what_is_quoted_was_written_before(text: str, fitting: str) -> None:
    """A quoted message of a day to come is set to the last such day; what is only planned keeps its day."""
    assert _dates(LANGUAGES["en"]).fitting(text, SENT) == fitting


@given(st.sampled_from(sorted(LANGUAGES)), st.integers(0, 6), st.integers(1, 28), st.integers(0, 11),
       st.integers(1980, 2060))
def test_what_comes_out_fits(code: str, weekday: int, day: int, month: int, year: int) -> None:
    """Whatever weekday and date a text has, what comes out is right, keeps the month, and stays as it is then."""
    language = LANGUAGES[code]
    text = f"({language.weekdays[weekday]}, {day} {language.months[month]} {year})"
    made = _dates(language).fitting(text, SENT)
    found = re.fullmatch(r"\((\S+), (\d+) (\S+) (\d+)\)", made)
    assert found is not None
    assert (found[3], found[4]) == (language.months[month], str(year))
    told = date(year, month + 1, int(found[2])).weekday()
    assert language.weekdays[told] == found[1]
    assert (told < 5) == (weekday < 5)
    assert _dates(language).fitting(made, SENT) == made


def test_records_tell_no_wrong_weekday() -> None:
    """In English mail as it ships there is many a weekday beside a date, and all of them fit."""
    language = LANGUAGES["en"]
    form = re.compile(rf"\b({'|'.join(language.weekdays)}), (\d\d?) ({'|'.join(language.months)}) (20\d\d)")
    seen = 0
    for one in open_traffic(DATASETS, "email", 12, "en").records(0, 3000, whole=False):
        for weekday, day, month, year in form.findall(one.record["text"]):
            told = date(int(year), language.months.index(month) + 1, int(day))
            assert language.weekdays[told.weekday()] == weekday, one.record["text"]
            seen += 1
    assert seen > 10
