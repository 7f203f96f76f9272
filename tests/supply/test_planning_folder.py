"""A planning folder in, results out; what is wrong is named by file, row and column, and nothing is left half done."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sop_pipeline.errors import BadInput, Infeasible
from sop_pipeline.supply.folder import plan_folder, read_folder
from sop_pipeline.tables import planning

HERE = Path(__file__).parent
RESULTS = {table.name: table for table in planning.RESULTS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Red Tomato that a test may spoil."""
    return Path(shutil.copytree(HERE / "red_tomato", tmp_path / "plan"))


def replaced(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_results_have_the_registered_columns_and_foot(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan_folder(folder, "blended", integer=True, out=out)
    for name, table in RESULTS.items():
        assert list(pd.read_csv(out / f"{name}.csv").columns) == table.names
    summary = json.loads((out / "summary.json").read_text())
    expected = "status strategy total_cost total_revenue total_profit cost_by_kind shortfalls mip_gap seconds"
    assert set(expected.split()) <= set(summary)
    costs = pd.read_csv(out / "costs.csv")
    spent = costs[costs["kind"] != "revenue"]["amount"].sum()
    assert spent == pytest.approx(summary["total_cost"]) == pytest.approx(422660)
    assert costs["amount"].sum() == pytest.approx(-summary["total_profit"])


def test_missing_demand_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"demand_plan\.csv"):
        plan_folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("demand_plan.csv", "2026-02,3000", "2026-02,many", r"demand_plan\.csv, row 3, column quantity: found 'many'"),
        ("demand_plan.csv", "2026-02,3000", "2026-02,-3", r"row 3, column quantity.*at least 0"),
        ("demand_plan.csv", "tool,2026-02,3000", "hoe,2026-02,3000", r"product_id: found 'hoe'"),
        ("demand_plan.csv", "2026-02,3000", "2026-01,3000", r"two rows for product_id tool, month 2026-01"),
        ("demand_plan.csv", "2026-03", "2027-03", r"no row for 2026-03"),
        ("demand_plan.csv", "quantity", "qty", r"needed a column quantity \(demand.*Rename it in the file"),
        (
            "resources.csv",
            "labour",
            "robot",
            r"resources\.csv, row 2, column kind: found 'robot'; needed one of: labour",
        ),
        ("product_features.csv", "tool", "rake", r"product_features, column product_id: found 'rake'"),
        ("resources.csv", ",8,", ",inf,", r"column hours_per_day: found 'inf'"),
        ("resources.csv", ",8,", ",,", r"crew: found units without hours"),
    ],
)
def test_bad_input_is_named_where_it_stands(folder: Path, name: str, old: str, new: str, named: str) -> None:
    replaced(folder, name, old, new)
    with pytest.raises(BadInput, match=named):
        plan_folder(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("product_state.csv", "product_states.csv", r"found product_states\.csv; .*Did you mean product_state\.csv"),
        ("resources.csv", "Resources.csv", r"found Resources\.csv; .*Did you mean resources\.csv"),
        ("demand_plan.csv", "demandplan.csv", r"Did you mean demand_plan\.csv"),
        ("demand_plan.csv", "orders.csv", "found no demand_plan.csv"),
    ],
)
def test_a_misspelt_file_is_named_with_its_likely_meaning(folder: Path, old: str, new: str, said: str) -> None:
    (folder / old).rename(folder / new)
    with pytest.raises(BadInput, match=said):
        read_folder(folder)


def test_a_table_has_one_file_of_any_format_and_others_are_left_alone(folder: Path) -> None:
    as_found = read_folder(folder).demand_plan
    (folder / "product_states.csv").write_text("kept from last year")  # beside product_state.csv
    (folder / "results.csv").write_text("anything")
    pd.read_csv(folder / "demand_plan.csv").to_parquet(folder / "demand_plan.parquet")
    with pytest.raises(BadInput, match=r"found demand_plan\.csv and demand_plan\.parquet; needed one file for a table"):
        read_folder(folder)
    (folder / "demand_plan.csv").unlink()
    pd.testing.assert_frame_equal(read_folder(folder).demand_plan, as_found)


def test_contradictory_policies_are_refused_with_found_and_needed(folder: Path) -> None:
    text = "product_id,opening_stock,closing_stock,safety_stock\ntool,1000,500,900\n"
    (folder / "product_state.csv").write_text(text)
    replaced(folder, "products.csv", "holding_cost", "max_stock")
    with pytest.raises(BadInput, match=r"safety_stock 900; needed at most max_stock 2"):
        plan_folder(folder)


def test_a_smallest_order_is_kept_when_materials_are_ordered(folder: Path, tmp_path: Path) -> None:
    """Two kilos a tool, 1,500 held: what is short comes in orders of at least 5,000, ordered 31 days before."""
    (folder / "materials.csv").write_text("material_id,unit_cost,on_hand,lead_days,min_order\nsteel,3,1500,31,5000\n")
    replaced(folder, "products.csv", "unit_material_cost,", "standard_cost,")
    with (folder / "product_features.csv").open("a") as features:
        features.write("tool,steel,2\n")
    result = plan_folder(folder, "chase", out=tmp_path / "out")
    orders = pd.read_csv(tmp_path / "out" / "material_orders.csv")
    made = result.aggregate_plan["output"].to_numpy()
    assert orders["requirement"].to_numpy() == pytest.approx(2 * made)
    stock = 1500.0
    for row in orders.to_dict("records"):
        short = row["requirement"] - stock
        assert row["receipt"] == pytest.approx(max(short, 5000) if short > 1e-9 else 0)
        stock = stock + row["receipt"] - row["requirement"]
        assert row["stock"] == pytest.approx(stock)
        assert row["cost"] == pytest.approx(3 * row["receipt"])
    assert (orders["receipt"] > 0).sum() >= 2
    for row in orders[orders["receipt"] > 0].to_dict("records"):
        due = pd.Timestamp(row["needed_on"]) - pd.Timedelta(days=31)
        assert row["needed_on"][:7] == row["month"]
        assert pd.Timestamp(row["order_by"]) == due
        assert row["late"] == (due < pd.Timestamp(orders["month"].iloc[0]))


def scarce(folder: Path, materials: str) -> None:
    """A folder for four months, 100 of a product a month, each of one material; stock costs 0.1 a month."""
    rows = "".join(f"tea,2026-{month:02d},{quantity}\n" for month, quantity in enumerate((100, 100, 100, 160), 1))
    (folder / "demand_plan.csv").write_text("product_id,month,quantity\n" + rows)
    (folder / "products.csv").write_text("product_id,unit_price,holding_cost,lost_sales_cost\ntea,10,0.1,10\n")
    (folder / "product_features.csv").write_text("product_id,feature,quantity\ntea,leaf,1\n")
    (folder / "materials.csv").write_text(materials)


@pytest.mark.parametrize(("lead", "waiting"), [(31, 0.0), (45, 0.5), (58, 27 / 28), (59, 1.0), (60, 1.0)])
def test_nothing_is_made_of_material_that_cannot_have_come(tmp_path: Path, lead: int, waiting: float) -> None:
    """100 held, and an order of 1 January comes ``lead`` days later: with 45 on 15 February, with 59 on 1 March.

    That is after a share w of February, so January's output and w of February's are made of the 100. All of February's
    and what is left for January are made; 100 w are lost, and with 60 days a 31st part of March's as well.
    """
    scarce(tmp_path, f"material_id,unit_cost,on_hand,on_order,lead_days\nleaf,1,100,0,{lead}\n")
    result = plan_folder(tmp_path)
    output = result.aggregate_plan["output"].to_numpy()
    assert output[0] + waiting * output[1] + max(lead - 59, 0) / 31 * output[2] <= 100 + 1e-3
    late = 100 / 31 if lead == 60 else 0.0
    assert result.aggregate_plan["lost_sales"].sum() == pytest.approx(100 * waiting + late, abs=1e-2)


def test_scarce_material_is_bought_ahead_of_the_month_that_takes_more_than_the_supplier_delivers(
    tmp_path: Path,
) -> None:
    """120 a month are delivered and 160 are used in April: 40 more arrive before, and none is lost."""
    scarce(tmp_path, "material_id,unit_cost,on_hand,on_order,lead_days,max_receipt\nleaf,1,0,0,0,120\n")
    result = plan_folder(tmp_path, out=tmp_path / "out")
    orders = pd.read_csv(tmp_path / "out" / "material_orders.csv")
    assert result.aggregate_plan["lost_sales"].sum() == 0
    assert result.aggregate_plan["output"].tolist() == pytest.approx([100, 100, 100, 160])
    assert orders["receipt"].tolist() == [100, 120, 120, 120]
    assert orders["stock"].tolist() == [0, 20, 40, 0]


def test_what_the_supplier_does_not_deliver_in_all_is_not_made(tmp_path: Path) -> None:
    """110 a month are 440 of 460: 20 are lost, and no month uses what cannot have come by then."""
    scarce(tmp_path, "material_id,unit_cost,on_hand,on_order,lead_days,max_receipt\nleaf,1,0,0,0,110\n")
    result = plan_folder(tmp_path)
    assert result.aggregate_plan["lost_sales"].sum() == pytest.approx(20)
    assert (result.aggregate_plan["output"].cumsum().to_numpy() <= [110.0001, 220.0001, 330.0001, 440.0001]).all()


def test_a_service_level_without_safety_stock_is_noted(folder: Path) -> None:
    replaced(folder, "products.csv", "holding_cost", "service_level")
    replaced(folder, "products.csv", "tool,Garden tool,40,10,2", "tool,Garden tool,40,10,0.95")
    named = [text for text in plan_folder(folder).summary["assumptions"] if "service_level" in text]
    assert named == [
        "service_level and replenishment_lead_days of tool: no safety stock is held, as none is stated and there are "
        "no forecast errors to derive it from"
    ]


def test_months_that_are_labels_keep_their_order(tmp_path: Path) -> None:
    rows = ["product_id,month,quantity"] + [
        f"A,{month},{10 * number}" for number, month in enumerate(["Jul", "Aug", "Apr"])
    ]
    (tmp_path / "demand_plan.csv").write_text("\n".join(rows))
    result = plan_folder(tmp_path)
    assert result.aggregate_plan["month"].tolist() == ["Jul", "Aug", "Apr"]


def test_too_little_capacity_is_a_priced_named_shortfall_not_an_error(folder: Path) -> None:
    replaced(folder, "resources.csv", "crew,labour,80,8,4,paid,6,10,300,500", "crew,labour,20,8,4,paid,6,10,,")
    replaced(folder, "products.csv", "tool,Garden tool,40,10,2,5,30", "tool,Garden tool,40,10,2,5,")
    summary = plan_folder(folder).summary
    assert summary["status"] == "shortfalls"
    entry = summary["shortfalls"][0]
    assert entry["item"] == "tool"
    assert entry["price"] > 40
    assert summary["shortfall_cost"] == pytest.approx(sum(row["cost"] for row in summary["shortfalls"]))
    made = 20 * 160 / 4 + 20 * 10 / 4
    unmet = 16000 - 1000 + 500 - 6 * made
    assert sum(row["amount"] for row in summary["shortfalls"]) == pytest.approx(unmet)


def test_hard_rules_that_conflict_are_named_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    replaced(folder, "products.csv", "tool,Garden tool,40,10,2,5,30", "tool,Garden tool,40,10,2,,")
    demand = folder / "demand_plan.csv"
    demand.write_text("".join(f"{line},\n" for line in demand.read_text().split()))
    replaced(folder, "demand_plan.csv", "quantity,", "quantity,min_quantity")
    replaced(folder, "demand_plan.csv", "2026-01,1600,", "2026-01,1600,1600")
    replaced(folder, "product_state.csv", "tool,1000", "tool,0")
    (folder / "product_months.csv").write_text("product_id,month,max_production\ntool,2026-01,700\n")
    with pytest.raises(Infeasible) as error:
        plan_folder(folder, out=tmp_path / "out")
    assert "min_quantity 1600 of tool in 2026-01" in str(error.value)
    assert "max_production 700 of tool in 2026-01" in str(error.value)
    assert "2026-04" not in str(error.value), "only rules that are part of the conflict are named"
    assert error.value.exit_code == 3
    assert not (tmp_path / "out").exists()


def test_what_is_frozen_is_a_hard_rule_that_conflict_names(folder: Path) -> None:
    """9,000 tools in January are 36,000 hours of 80 heads; given they are priced, frozen they cannot be had."""
    months = folder / "product_months.csv"
    replaced(folder, "resources.csv", "300,500", ",500")
    months.write_text("product_id,month,fixed_production\ntool,2026-01,9000\n")
    rules = {row["rule"] for row in plan_folder(folder).summary["shortfalls"]}
    assert "hours_exceeded" in rules
    months.write_text("product_id,month,fixed_production,frozen\ntool,2026-01,9000,true\n")
    with pytest.raises(Infeasible, match=r"fixed_production 9000 of tool in 2026-01"):
        plan_folder(folder)


def test_a_month_may_take_other_hours_than_the_rest(folder: Path) -> None:
    """Tools completed in February take 5 hours: its load is 5 an output, and a month without a row is refused."""
    own = folder / "product_feature_months.csv"
    own.write_text("product_id,feature,month,quantity\ntool,crew,2026-02,5\n")
    result = plan_folder(folder, "chase")
    hours = result.resource_plan.assign(worked=lambda f: f["regular_hours"] + f["overtime_hours"])["worked"].to_numpy()
    per_unit = hours / result.aggregate_plan["output"].to_numpy()
    assert per_unit == pytest.approx([4, 5, 4, 4, 4, 4])
    own.write_text("product_id,feature,lead_months,month,quantity\ntool,crew,1,2026-02,5\n")
    with pytest.raises(BadInput, match=r"product_feature_months, tool crew 2026-02: found lead_months 1"):
        plan_folder(folder)


def test_what_is_bought_in_may_be_given(folder: Path) -> None:
    (folder / "product_months.csv").write_text("product_id,month,fixed_subcontract\ntool,2026-01,77\n")
    bought = plan_folder(folder).aggregate_plan.set_index("month")["subcontract"]
    assert bought["2026-01"] == 77
    assert bought.drop("2026-01").sum() != 77 * 5, "the other months stay free"


def test_given_plan_beyond_its_limits_is_priced_and_the_limits_named(folder: Path) -> None:
    rows = ["month,product_id,resource_id,output,overtime_hours,units"]
    rows += [f"2026-{month:02d},tool,,2600,," for month in range(1, 7)]
    rows += [f"2026-{month:02d},,crew,,900,60" for month in range(1, 7)]
    fix = folder / "mine.csv"
    fix.write_text("\n".join(rows))
    result = plan_folder(folder, fix=fix)
    assert (result.aggregate_plan["output"] == 2600).all()
    assert (result.resource_plan["units"] == 60).all()
    assert (result.resource_plan["overtime_hours"] == 900).all()
    named = {(row["rule"], row["amount"]) for row in result.summary["shortfalls"]}
    assert ("overtime limit", 300.0) in named
    assert result.summary["cost_by_kind"]["regular_pay"] == pytest.approx(6 * 60 * 640)


def test_given_plan_outside_the_horizon_is_refused(folder: Path) -> None:
    fix = folder / "mine.csv"
    fix.write_text("month,product_id,output\n2030-01,tool,5\n")
    with pytest.raises(BadInput, match=r"fixed_plan: found month 2030-01"):
        plan_folder(folder, fix=fix)


def test_extra_columns_and_blank_lines_are_left_alone(folder: Path) -> None:
    demand = folder / "demand_plan.csv"
    demand.write_text("\n\n".join(f"{line},promotion" for line in demand.read_text().split()))
    replaced(folder, "demand_plan.csv", "quantity,promotion", "quantity,comment")
    assert plan_folder(folder).summary["total_cost"] == pytest.approx(422275)
    assert list(read_folder(folder).demand_plan.columns) == ["product_id", "month", "quantity"]


def test_a_misspelt_column_is_named_with_its_likely_meaning(folder: Path) -> None:
    replaced(folder, "resources.csv", "regular_rate", "regular_rat")
    with pytest.raises(BadInput, match=r"resources\.csv: found the column regular_rat; .*Did you mean regular_rate"):
        read_folder(folder)
