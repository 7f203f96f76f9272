"""The grammar of changes: what is read, how it is written again, and how precisely a fault is told."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline.errors import BadInput, BadInputs
from sop_pipeline.plan_change import ALL, Measure, PlanChange, Way, read_change, read_changes, unread


@pytest.mark.parametrize(
    ("text", "measure", "subject", "way", "amount", "first", "last"),
    [
        ("demand Sun Care +10% 2027-03..2027-08", "demand", "Sun Care", "percent", "10", "2027-03", "2027-08"),
        ("capacity tube_lines -1 2027-06", "capacity", "tube_lines", "add", "-1", "2027-06", "2027-06"),
        ("price all +2% 2027-01..", "price", ALL, "percent", "2", "2027-01", None),
        ("demand +10 % 2027-03 .. 2027-08", "demand", ALL, "percent", "10", "2027-03", "2027-08"),
        ("demand Sun Care +5 Pack +10%", "demand", "Sun Care +5 Pack", "percent", "10", None, None),
        ("price +2%", "price", ALL, "percent", "2", None, None),
        ("cost 'palm oil' =1.45 ..2027-02", "cost", "palm oil", "set", "1.45", None, "2027-02"),
        ("Working Days LYON -5 2027-08", "working days", "LYON", "add", "-5", "2027-08", "2027-08"),
        ("working_days LYON -5 2027-08", "working days", "LYON", "add", "-5", "2027-08", "2027-08"),
        ("shutdown LYON 2027-08", "working days", "LYON", "set", "0", "2027-08", "2027-08"),
        ("service level Hair Care =98%", "service level", "Hair Care", "set", "0.98", None, None),
        ("safety stock -50%", "safety stock", ALL, "percent", "-50", None, None),
        ("lead time bottles +14", "lead time", "bottles", "add", "14", None, None),
        ("demand 2-in-1 Shampoo \u22125%", "demand", "2-in-1 Shampoo", "percent", "-5", None, None),
    ],
)
def test_what_is_read(text, measure, subject, way, amount, first, last):
    change = read_change(text, "here")
    expected = PlanChange(Measure(measure), subject, Way(way), Decimal(amount), first, last, "here")
    assert change == expected


@pytest.mark.parametrize(
    ("text", "found", "needed", "mend"),
    [
        ("demnd Sun Care +10%", "'demnd'", "one of demand, price", "Did you mean demand?"),
        ("", "nothing", "one of demand, price", "Write MEASURE"),
        ("demand Sun Care 2027-03", "no amount", "an amount such as +10%", "Write MEASURE"),
        ("demand Sun Care 10% 2027-03", "'10%'", "an amount such as +10%", "Write MEASURE"),
        ("demand Sun Care +1,5%", "'+1,5%'", "an amount such as +10%", "Write MEASURE"),
        ("demand Sun Care +10% 2027-13", "'2027-13'", "months such as 2027-03", "Correct it in"),
        ("demand Sun Care +10% 2027-08..2027-03", "2027-08..2027-03", "a first month before", "Turn them round"),
        ("demand Sun Care -120%", "'-120%'", "at least -100%", "Correct it in"),
        ("price all =5% 2027-01", "'=5%'", "= with a figure", "Correct it in"),
        ("demand Sun Care +10% 03/2027", "'03/2027'", "months such as 2027-03", "Correct it in"),
        ("demand Sun Care +10% 2027", "'2027'", "months such as 2027-03", "Correct it in"),
        ("demand Sun Care +10% Mar 2027", "'Mar 2027'", "months such as 2027-03", "Correct it in"),
        ("demand Sun Care +10% 2027-03 to 2027-08", "'2027-03 to 2027-08'", "months such as", "Correct it in"),
        ("demand Sun Care +10% 2027-032027-08", "'2027-032027-08'", "months such as", "Correct it in"),
        ("demand Sun Care 2027-03 +10%", "2027-03 before +10%", "the amount, then the months", "Turn them round"),
        ("shutdown LYON 08/2027", "'08/2027'", "months such as 2027-03", "Correct it in"),
        ("safety stock all +5% 2027-01", "months in", "none: safety stock holds for the whole", "Leave the months"),
    ],
)
def test_what_is_refused(text, found, needed, mend):
    with pytest.raises(BadInput) as caught:
        read_change(text, "sop.yaml, scenario Dry, change 2")
    assert caught.value.found.startswith(found)
    assert caught.value.needed.startswith(needed)
    assert caught.value.where == "sop.yaml, scenario Dry, change 2"
    assert caught.value.mend.startswith(mend)


def test_every_unread_change_is_named_with_its_place():
    faults = unread(["demand +5%", "demnd +5%", "price 5%"], "sop.yaml, scenario Dry")
    assert [fault.where[-8:] for fault in faults] == ["change 2", "change 3"]
    assert [str(change) for change in read_changes(["demand +5%", "wage crew -0.50"], "x")] == [
        "demand all +5%",
        "wage crew -0.5",
    ]


months = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2030, 12, 1)).map(lambda day: f"{day:%Y-%m}"))


@given(
    measure=st.sampled_from([each for each in Measure if each.by_month]),
    subject=st.from_regex(r"[A-Za-z][A-Za-z0-9_\-]{0,8}( [A-Za-z0-9][A-Za-z0-9_]{0,5})?", fullmatch=True),
    way=st.sampled_from(Way),
    amount=st.decimals(0, 100, places=2, allow_nan=False),
    first=months,
    last=months,
)
def test_what_is_written_is_read_as_it_was(measure, subject, way, amount, first, last):
    if first is not None and last is not None and last < first:
        first, last = last, first
    subject = ALL if subject.lower() == ALL else subject
    change = PlanChange(measure, subject, way, amount, first, last, "x")
    if read_change(str(change), "x").subject == subject:  # a name may read as another measure's second word
        assert read_change(str(change), "x") == change


def test_covered_months():
    change = read_change("demand +5% 2027-02..2027-03", "x")
    assert [month for month in range(1, 6) if change.covers(date(2027, month, 1))] == [2, 3]
    assert read_change("demand +5% 2027-02..", "x").covers(date(2031, 1, 1))
    assert read_change("demand +5%", "x").covers(date(2020, 1, 1))


def test_faults_in_sop_yaml_say_where(tmp_path):
    from sop_pipeline.config import load

    def settings(scenarios):
        (tmp_path / "sop.yaml").write_text(
            f"company: Dry\nsources: {{products: p.csv, sales: s.csv}}\nscenarios: {scenarios}\n"
        )
        return load(tmp_path)

    both = "[{name: A, changes: ['demand +5%', 'demnd +5%']}, {name: B, changes: ['price 5%']}]"
    with pytest.raises(BadInputs) as caught:
        settings(both)
    assert [fault.where for fault in caught.value.faults] == [
        f"{tmp_path / 'sop.yaml'}, scenario A, change 2",
        f"{tmp_path / 'sop.yaml'}, scenario B, change 1",
    ]
    for name in ("A", "base"):
        with pytest.raises(BadInput, match="a name for each"):
            settings(f"[{{name: {name}, changes: ['demand +5%']}}, {{name: A, changes: ['price +5%']}}]")
    with pytest.raises(BadInput, match="changes"):
        settings("[{name: A, change: ['demand +5%']}]")
    assert [one.name for one in settings("[{name: A, changes: ['demand +5%']}]").scenarios] == ["A"]
