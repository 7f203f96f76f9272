"""What would stop a later step by the inputs alone is told by ``sop check`` already."""

from __future__ import annotations

import pytest

from sop_pipeline.commands.rehearsal import rehearse
from sop_pipeline.ingest import check_company

HEAD = "date,product_id,quantity,revenue,currency\n"
CREW = "resource_id,kind,opening_units,hours_per_day,min_units,max_units\n"
TAKEN = "product_id,feature,quantity,lead_months,option_group\nP1,crew,0.1,,\nP1,store,1,"
LAUNCHES = "product_id,stage,probability,launch_month,like_product_id\n"


@pytest.mark.parametrize(
    ("table", "content", "said"),
    [
        ("new_products", f"{LAUNCHES}P9,trial,1,2027-01,\n", "product P9, to be launched in 2027-01, with 0 months of"),
        ("new_products", f"{LAUNCHES}P9,trial,1,2027-01,P9\n", "like product P9, which has no history either"),
        ("new_products", f"{LAUNCHES}P9,trial,1,2027-01,P1\n", None),
        ("sales", f"{HEAD}2026-09-01,P1,1,5,USD\n2026-10-29,P1,1,5,USD\n", "rate: USD in 2026-10; needed the rate"),
        ("sales", f"{HEAD}2026-09-01,P1,1,5,USD\n2026-10-29,P1,1,5,EUR\n", None),
    ],
)
def test_what_stops_a_later_step_is_a_problem(folder, table, content, said):
    folder.table("exchange_rates", "month,currency,rate\n2026-09,USD,0.9\n")
    folder.table(table, content)
    folder.company()
    report = check_company(folder.root, rehearse)
    assert report.passed == (said is None), report.problems
    assert said is None or said in report.problems[0]


@pytest.mark.parametrize(
    ("crew", "store", "said"),
    [
        ("crew,labour,3,8,,\n", ",", None),
        ("crew,labour,3,,,\n", ",", "resources, crew: found units without hours"),
        ("idle,labour,3,,,\n", ",", None),  # no product takes it
        ("crew,labour,3,8,9,2\n", ",", "found min_units 9; needed at most max_units 2"),
        ("crew,labour,3,8,,\n", "1,", "product_features, P1 store: found lead_months 1; needed a blank: storage"),
        ("crew,labour,3,8,,\n", ",a", "found option_group a"),
    ],
)
def test_what_no_plan_can_be_made_with_is_a_problem(folder, crew, store, said):
    folder.table("resources", f"{CREW}{crew}store,storage,,,,\n")
    folder.table("product_features", f"{TAKEN}{store}\n")
    folder.company()
    report = check_company(folder.root, rehearse)
    assert report.passed == (said is None), report.problems
    assert said is None or said in report.problems[0]
