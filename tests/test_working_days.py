"""One calendar for plan, meeting and schedule: the week and the public holidays of where the company is."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.language.calendar import basis_words, week_words
from sop_pipeline.meeting import meeting_day
from sop_pipeline.working_days import WorkingDays

MONTHS = [add_months(date(2025, 11, 1), number) for number in range(26)]


def company(**settings):
    return Company.model_validate({"company": "Acme", "sources": {"products": "p.csv"}, **settings})


def counts(year, *place):
    days = WorkingDays.of(*place)
    return [days.count(date(year, month, 1)) for month in range(1, 13)]


@pytest.mark.parametrize(
    "country", ["DE", "HU", "SA", "EG", "HK", "CN", "IL", "AE", "IR", "BN", "JP", "KZ", "VN", "US"]
)
def test_the_days_are_those_of_the_package(country):
    days, known = WorkingDays.of(country), holidays.country_holidays(country)
    for month in MONTHS:
        before, last = month - timedelta(days=1), add_months(month, 1) - timedelta(days=1)
        assert days.count(month) == known.get_working_days_count(month, last)
        assert [days.nth(month, number) for number in (1, 3, 15)] == [
            known.get_nth_working_day(before, number) for number in (1, 3, 15)
        ]


@pytest.mark.parametrize(
    ("country", "month", "day"),
    [
        ("SA", "2026-11", date(2026, 11, 19)),  # Thursday; Friday and Saturday are the weekend
        ("EG", "2027-01", date(2027, 1, 24)),
        ("HU", "2026-01", date(2026, 1, 22)),  # Saturday 10 January is worked
        ("AE", "2026-11", date(2026, 11, 20)),  # Saturday and Sunday since 2022
        ("AE", "2021-11", date(2021, 11, 21)),  # Friday and Saturday before
        ("HK", "2026-11", date(2026, 11, 18)),  # six days a week
        (None, "2026-11", date(2026, 11, 20)),
    ],
)
def test_the_meeting_is_on_the_fifteenth_day_worked(country, month, day):
    assert meeting_day(company(country=country), Cycle.parse(month)) == day


@pytest.mark.parametrize("place", ["DE-BY", "il", "AE", "AU", "HU", "HK", "SA", None])
@pytest.mark.parametrize("weekend", [None, ["sunday"], ["friday", "saturday"], []])
def test_plan_and_meeting_count_the_same_days(place, weekend):
    settings = company(country=place, weekend=weekend, packs={"meeting_working_day": 23})
    for month in MONTHS:
        days = settings.working_days.of_month(month)
        assert len(days) == settings.working_days.count(month)
        assert meeting_day(settings, Cycle(month)) == days[min(23, len(days)) - 1]


def test_holidays_of_every_state_count_where_no_state_is_named():
    assert counts(2027, "AU")[11] == 21  # 27 and 28 December in every state, 23 days without them
    assert counts(2027, "AU") == [min(month) for month in zip(counts(2027, "AU"), _national("AU", 2027), strict=True)]
    assert [counts(2027, *place)[2] for place in (("GB",), ("GB", "ENG"), ("GB", "SCT"))] == [22, 21, 22]
    assert [counts(2027, *place)[2] for place in (("CH",), ("CH", "ZH"))] == [23, 21]
    assert counts(2027, "US") == _national("US", 2027), "a federal holiday counts, though some states do not keep it"


def _national(country, year):
    known = holidays.country_holidays(country)
    starts = [date(year, month, 1) for month in range(1, 13)]
    return [known.get_working_days_count(start, add_months(start, 1) - timedelta(days=1)) for start in starts]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"country": "de"}, "DE"),
        ({"country": "Deu"}, "DE"),
        ({"country": "uk"}, "GB"),
        ({"country": "de-by"}, "DE-BY"),
        ({"country": "DE-Bayern"}, "DE-BY"),
        ({"country": "de", "subdivision": "by"}, "DE-BY"),
        ({"country": "fr", "subdivision": 57}, "FR-57"),
    ],
)
def test_places_are_written_in_any_case_and_by_code_or_name(settings, place):
    assert company(**settings).working_days.place == place


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"country": "DEE"}, "sop.yaml, country: found country 'DEE'"),
        ({"country": "Germny"}, "Near ones: DE (Germany)"),
        ({"country": "4711"}, "Write DE for Germany, for example."),
        ({"country": "DE-BX"}, "found subdivision 'BX'; needed a state or region of DE"),
        ({"country": "DE", "subdivision": "Bayernland"}, "Near ones: BY"),
        ({"country": "CH", "subdivision": "99"}, "Known are: AG, AI, AR, BE,"),
        ({"country": "HK", "subdivision": "X"}, "HK has the same holidays everywhere: leave it out."),
        ({"country": "DE-BY", "subdivision": "BW"}, "Write country: DE, or leave subdivision out."),
        ({"subdivision": "BY"}, "found subdivision 'BY' without a country"),
    ],
)
def test_a_place_nobody_knows_is_refused_with_near_ones(settings, said):
    with pytest.raises(BadInput) as caught:
        _ = company(**settings).working_days
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("weekend", "november", "words"),
    [
        (None, 21, "weekdays"),
        (["saturday", "sunday"], 21, "weekdays"),
        (["Sunday"], 25, "Monday to Saturday"),
        ("sunday", 25, "Monday to Saturday"),
        (["friday", "saturday"], 22, "Sunday to Thursday"),
        (["friday", "sunday"], 21, "Monday, Tuesday, Wednesday, Thursday and Saturday"),
        ([], 30, "every day"),
    ],
)
def test_the_weekend_is_stated_and_can_be_set(weekend, november, words):
    days = company(weekend=weekend).working_days
    assert (days.count(date(2026, 11, 1)), week_words(days.week(date(2026, 11, 1)))) == (november, words)


def test_a_weekend_of_ones_own_keeps_the_holidays_and_worked_saturdays_of_the_country():
    january = date(2026, 1, 1)
    assert company(country="DE", weekend=["sunday"]).working_days.count(january) == 26  # 31 less 4 Sundays and New Year
    stated = company(country="HU", weekend=["saturday", "sunday"]).working_days
    assert stated.of_month(january) == company(country="HU").working_days.of_month(january)
    assert date(2026, 1, 10) in stated.of_month(january)


def test_six_days_a_week_are_called_six_days():
    days = company(country="HK").working_days
    assert days.week(date(2026, 11, 1)) == "123456"
    assert week_words("123456") == "Monday to Saturday"
    assert sum(counts(2026, "HK")) == 298
    assert week_words(company(country="AE").working_days.week(date(2021, 11, 1))) == "Sunday to Thursday"


def test_what_the_days_rest_on_names_package_and_years_and_missing_state():
    month, version = date(2026, 11, 1), holidays.__version__

    def said(country=None):
        return basis_words(company(country=country).working_days.basis(month))

    assert said() == "weekdays"
    assert said("HK") == (
        f"Monday to Saturday less the public holidays of HK, by holidays {version}; provisional from 2027 on"
    )
    assert "AU (national ones and those of every state; country: AU-XX names one)" in said("AU")
    assert "every state" not in said("AU-NSW")
    basis = company(country="AU").working_days.basis(month)
    assert (basis.week, basis.place, basis.is_every_state) == ("12345", "AU", True)
    assert (basis.source, basis.provisional_from) == (f"holidays=={version}", date(2027, 1, 1))
