"""Names in sop.yaml and in tables that refer to nothing are told, with the nearest there is."""

from __future__ import annotations

import pytest

from sop_pipeline.ingest import check_company

RESOURCES = (
    "resource_id,resource_name,kind,site_id,opening_units,hours_per_day,regular_rate\ncrew,Crew,labour,north,6,8,20\n"
)
RESOURCES += "mixer,Mixer,machine,north,2,12,\n"
FEATURES = "product_id,feature,quantity\nP1,crew,0.1\nP2,mixer,0.1\n"
SALES = "date,product_id,quantity,channel\n2026-09-01,P1,10,Shops\n2026-09-02,P2,5,Web\n2026-10-30,P1,7,Web\n"


@pytest.fixture
def firm(folder):
    """A company with a site, two resources, two channels and a material."""
    folder.table("products", "product_id,product_name,family,site_id\nP1,Soap,Care,north\nP2,Cream,Care,north\n")
    folder.table("resources", RESOURCES)
    folder.table("product_features", f"{FEATURES}P2,wax,0.5\n")
    folder.table("materials", "material_id,unit_cost,max_receipt\nwax,1,500\n")
    folder.table("sales", SALES)
    return folder


def told(folder):
    folder.company()
    return [line for line in check_company(folder.root).remarks if "; needed" in line]


def test_a_company_whose_names_all_exist_has_nothing_to_be_told(firm):
    firm.settings |= {
        "owners": {"production": {"north": "Ben", "all": "Cy"}, "sales": "Ada"},
        "supply": {"product_shares": {"P1": 60}},
        "allotment": {"channel": {"priority": {"Shops": 1}}},
        "freshness": {"by_table": {"sales": 4}},
        "scenarios": [
            {
                "name": "All",
                "changes": [
                    *(
                        "demand care +5%",
                        "price Soap +1% 2027-01",
                        "demand north +1%",
                        "wage CREW +2%",
                        "wage north +2%",
                    ),
                    *(
                        "capacity mixer -1 2027-01",
                        "capacity wax -100",
                        "working days north -2 2027-01",
                        "overtime +10%",
                    ),
                    *("lead time wax +5", "service level P1 =95%", "safety stock all -5%", "capacity mixer +1"),
                ],
            }
        ],
    }
    assert told(firm) == []


SETTINGS = {
    "an owner of a site": (
        {"owners": {"production": {"nroth": "Ben"}}},
        "owners.production: found 'nroth' (did you mean 'north'?)",
    ),
    "a channel": (
        {"allotment": {"channel": {"priority": {"Shop": 1}}}},
        "allotment.channel: found 'Shop' (did you mean 'Shops'?); needed a channel that sales name",
    ),
    "a dimension": (
        {"allotment": {"region": {"least_share": {"South": 10}}}},
        "allotment.region: found 'South'; needed a region in sales, none of whose rows has a region.",
    ),
    "a table without a source": ({"freshness": {"by_table": {"orders": 4}}}, "freshness.by_table: found 'orders'"),
    "periods nobody uses": (
        {"periods": {"pattern": "4-4-5", "year_ends": "last saturday of january"}},
        "field periods: found a calendar of periods that no source is dated by",
    ),
}


@pytest.mark.parametrize(("settings", "said"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_that_names_nothing_is_told(firm, settings, said):
    firm.settings |= settings
    (line,) = told(firm)
    assert f"sop.yaml, {'' if said.startswith('field') else 'field '}{said}" in line


def test_a_share_of_an_unknown_product_is_a_problem_since_the_cycle_stops_at_it(firm):
    firm.settings |= {"supply": {"product_shares": {"P11": 60}}}
    firm.company()
    report = check_company(firm.root)
    (problem,) = report.problems
    assert "sop.yaml, field supply.product_shares: found 'P11' (did you mean 'P1'?)" in problem
    assert not report.passed


CHANGES = {
    "demand Caer +5%": "found 'Caer'; needed a product, family or site, or all. Did you mean Care?",
    "demand crew +5%": "found 'crew'; needed a product, family or site",
    "wage P1 +5%": "found 'P1'; needed a resource with hours",
    "wage wax +5%": "found 'wax'; needed a resource with hours",
    "overtime mixr +5%": "found 'mixr'; needed a resource with hours, or all. Did you mean mixer?",
    "working days south -1": "found 'south'; needed a site",
    "shutdown south 2027-01": "found 'south'; needed a site",
    "capacity oven -1": "found 'oven'; needed a resource or a material",
    "capacity mixer -5 2027-01": "needed no more than the 2 there are",
    "capacity Crew +3 2027-01": "whose heads are paid; needed fewer heads",
    "demand +5% 2031-01": "found 2031-01; needed months of the plan, 2026-11 to 2028-10",
    "price P1 +5% ..2026-03": "found ..2026-03; needed months of the plan",
}


@pytest.mark.parametrize(("change", "said"), CHANGES.items())
def test_a_scenario_that_cannot_be_planned_is_told_before_it_is(firm, change, said):
    firm.settings["scenarios"] = [
        {"name": "Good", "changes": ["demand +1%"]},
        {"name": "Bad", "changes": ["price +1%", change]},
    ]
    (line,) = told(firm)
    assert line.startswith("sop.yaml, scenario 'Bad', change 2: ")
    assert said in line


def test_the_resource_that_stands_in_may_be_named(folder):
    folder.settings["scenarios"] = [{"name": "Less", "changes": ["capacity capacity -5%", "overtime capacity +5%"]}]
    assert told(folder) == []


@pytest.mark.parametrize(
    ("table", "content", "said"),
    [
        (
            "calendar",
            "month,site_id,working_days\n2027-01,south,20\n",
            "calendar, column site_id: found 1 row of 'south'",
        ),
        (
            "production",
            "date,product_id,quantity,site_id\n2026-09-01,P1,1,nort\n2026-09-02,P1,1,nort\n",
            "production, column site_id: found 2 rows of 'nort' (did you mean 'north'?)",
        ),
        (
            "inventory",
            "date,product_id,on_hand,site_id\n2026-10-31,P1,1,x9\n",
            "inventory, column site_id: found 1 row of 'x9'",
        ),
        (
            "resources",
            f"{RESOURCES}press,Press,machine,north,1,8,\n",
            "resources: found 'press'; needed a feature of some",
        ),
        ("materials", "material_id,unit_cost\nwax,1\nwaxx,1\n", "materials: found 'waxx' (did you mean 'wax'?)"),
        (
            "product_features",
            f"{FEATURES}P2,wax,1\nP2,cew,1\n",
            "product_features, column feature: found 1 row of 'cew'",
        ),
    ],
)
def test_a_name_in_a_table_that_nothing_knows_is_told(firm, table, content, said):
    firm.table(table, content)
    assert [line for line in told(firm) if said in line] == told(firm)
    assert len(told(firm)) == 1


@pytest.mark.parametrize("has_table", [True, False])
def test_a_forecaster_who_has_sent_nothing_yet_is_told(firm, has_table):
    if has_table:
        firm.table("external_forecasts", "model,cycle,family,month,mean\nrep,2026-11,Care,2026-11,20\n")
    firm.settings |= {"forecast": {"external": "finance"}}
    there = "rep" if has_table else "none"
    sentence = f"found 'finance'; needed a model of external_forecasts, which has {there}. As it stands the"
    assert told(firm) == [f"sop.yaml, field forecast.external: {sentence} statistical forecast is used."]


def test_a_misspelt_forecaster_stops_the_cycle_and_the_check_says_so(firm):
    firm.table("external_forecasts", "model,cycle,family,month,mean\ncanteen,2026-11,Care,2026-11,20\n")
    firm.settings |= {"forecast": {"external": "Canteen"}}
    firm.company()
    report = check_company(firm.root)
    (problem,) = [line for line in report.problems if "forecast.external" in line]
    assert "found 'Canteen' (did you mean 'canteen'?); needed a model of external_forecasts" in problem
    assert "the cycle stops at it" in problem
    assert not report.passed
