"""What has to hold in every published cycle, recomputed from the tables and files alone.

An identity takes a published cycle and returns differences that should be nothing: one number for each figure compared.
``WITHIN`` says what is allowed each: what rounding to the table's own decimals can do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.audit.published import Published

Differences = pd.Series
Identity = Callable[[Published], Differences]

CENT, UNITS, SHARE = 0.01, 0.001, 2e-6
PLAN = ["strategy", "scenario"]
PAID = (
    *("material", "regular_pay", "overtime", "temporary", "hiring", "layoff"),
    *("subcontracting", "setup", "rate_change"),
)
NOTIONAL = ("holding", "backlog", "lost_sales")

IDENTITIES: dict[str, Identity] = {}
WITHIN: dict[str, float] = {}


def identity(name: str, within: float) -> Callable[[Identity], Identity]:
    """List an identity under the sentence that it holds."""

    def listed(compare: Identity) -> Identity:
        IDENTITIES[name], WITHIN[name] = compare, within
        return compare

    return listed


def _before(frame: pd.DataFrame, by: list[str], column: str, opening: pd.Series) -> pd.Series:
    """The column a month earlier; in the first month the opening amount."""
    ordered = frame.sort_values([*by, "month"])
    before = ordered.groupby(by, dropna=False)[column].shift()
    return before.reindex(frame.index).where(lambda amount: amount.notna(), opening)


def _both(left: pd.DataFrame, right: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    return left.merge(right, on=on, how="left", validate="many_to_one", suffixes=("", "_other"))


def _apart(left: pd.Series, right: pd.Series) -> Differences:
    """Differences of two series with the same index; a figure on one side alone is an infinite one."""
    left, right = left.align(right)
    lone = left.isna() != right.isna()
    return (left - right).abs().fillna(0).mask(lone, np.inf)


# -- plans -------------------------------------------------------------------------------------------------------------


@identity("a plan's stock is what it had, made and bought, less what it served", UNITS)
def stock_of_plans(cycle: Published) -> Differences:
    plan = _both(
        cycle["aggregate_plan"], cycle["planning_state"].rename(columns={"product_id": "item_id"}), ["item_id"]
    )
    net = plan["inventory"] - plan["backlog"]
    opening = plan["opening_stock"].fillna(0) - plan["opening_backlog"].fillna(0)
    before = _before(plan.assign(net=net), [*PLAN, "item_id"], "net", opening)
    served = plan["output"] + plan["subcontract"] - plan["demand"] + plan["lost_sales"]
    return (net - before - served).abs()


@identity("products of the schedule add up to the chosen plan", 0.01)
def schedule_of_plan(cycle: Published) -> Differences:
    plan = cycle["aggregate_plan"].merge(cycle["plan_summary"].query("chosen")[PLAN], on=PLAN)
    schedule = cycle["production_schedule"].dropna(subset="item_id")
    whole = plan.set_index(["item_id", "month"])
    parts = schedule.groupby(["item_id", "month"])[["output", "subcontract", "demand"]].sum()
    left = pd.Series(0.0, parts.index)
    if cycle.has("schedule_remainders"):
        left = left.add(cycle["schedule_remainders"].set_index(["item_id", "month"])["remainder"], fill_value=0)
        left = left.groupby(level="item_id").diff().fillna(left)
    made = _apart(parts["output"] + left, whole["output"].reindex(parts.index))
    return pd.concat([made, _apart(parts["demand"], whole["demand"].reindex(parts.index))])


@identity("a product's stock is what it had and got, less what was sold", UNITS)
def stock_of_products(cycle: Published) -> Differences:
    rows = _both(
        cycle["production_schedule"],
        cycle["opening_state"][["product_id", "opening_stock", "opening_backlog"]].rename(
            columns={"opening_stock": "had", "opening_backlog": "owed"}
        ),
        ["product_id"],
    )
    net = rows["inventory"] - rows["backlog"]
    before = _before(rows.assign(net=net), ["product_id"], "net", rows["had"].fillna(0) - rows["owed"].fillna(0))
    return (net - before - rows["output"] - rows["subcontract"] + rows["demand"] - rows["lost_sales"]).abs()


@identity("sales are demand, less what is lost or owed longer", UNITS)
def sales_of_schedule(cycle: Published) -> Differences:
    rows = _both(cycle["sales_plan"], cycle["production_schedule"].drop(columns="family"), ["product_id", "month"])
    served = rows["demand"] - rows["lost_sales"] + rows["opening_backlog"] - rows["backlog"]
    return (rows["sales"] - served).abs()


@identity("heads are those before, with who came and went", UNITS)
def heads(cycle: Published) -> Differences:
    people = cycle["resource_plan"].query("kind == 'labour'")
    people = _both(people, cycle["planning_resources"][["resource_id", "opening_units"]], ["resource_id"])
    before = _before(people, [*PLAN, "resource_id"], "units", people["opening_units"].fillna(0))
    return (people["units"] - before - people["hires"] + people["layoffs"]).abs()


@identity("hours worked are those that the output takes", 0.05)
def hours_of_output(cycle: Published) -> Differences:
    takes = cycle["planning_features"]
    bound = takes.loc[takes["option_group"].notna() | takes["lead_months"].fillna(0).ne(0), "feature"]
    timed = cycle["resource_plan"].query("kind in ('labour', 'machine')")
    simple = timed[~timed["resource_id"].isin(set(bound))]
    if len(cycle["planning_feature_months"]):
        simple = simple[~simple["resource_id"].isin(set(cycle["planning_feature_months"]["feature"]))]
    plan = cycle["aggregate_plan"].merge(takes, left_on="item_id", right_on="product_id")
    set_up = plan["setup"].fillna(0) * plan["set_up"].fillna(0) if "setup" in plan else 0.0
    plan = plan.assign(hours=plan["output"] * plan["quantity"] + set_up)
    keys = [*PLAN, "resource_id", "month"]
    taken = plan.rename(columns={"feature": "resource_id"}).groupby(keys)["hours"].sum()
    worked = simple.set_index(keys)[["regular_hours", "overtime_hours"]].sum(axis=1)
    return _apart(worked, taken.reindex(worked.index).fillna(0))


# -- costs -------------------------------------------------------------------------------------------------------------


@identity("every cost of a strategy is in its total, priced shortfalls apart", 1.0)
def total_cost(cycle: Published) -> Differences:
    summary = cycle["plan_summary"].set_index(PLAN)
    listed = cycle["plan_costs"].groupby(PLAN)["amount"].sum().reindex(summary.index).fillna(0)
    short = cycle["plan_shortfalls"].groupby(PLAN)["cost"].sum().reindex(summary.index).fillna(0)
    return pd.concat([_apart(summary["total_cost"], listed), _apart(summary["shortfall_cost"], short)])


@identity("profit is revenue less what is paid; holding, backlog and lost sales are paid by nobody", 1.0)
def profit(cycle: Published) -> Differences:
    costs = cycle["plan_costs"].query("kind in @PAID").groupby(PLAN)["amount"].sum()
    summary = cycle["plan_summary"].set_index(PLAN)
    told = summary["total_profit"].dropna()
    return _apart(told, (summary["total_revenue"] - costs).reindex(told.index))


@identity("profit takes off what contribution takes off", 1.0)
def profit_and_contribution(cycle: Published) -> Differences:
    """Revenue apart: the plan values who waits at the price of the month of asking, money at that of delivery."""
    money = cycle["plan_money"].dropna(subset=["contribution"])
    spent = money["revenue"] - money["contribution"] + money["stock_change"].fillna(0)
    spent = spent.groupby([money[name] for name in PLAN]).sum()
    summary = cycle["plan_summary"].set_index(PLAN)
    return _apart(spent, (summary["total_revenue"] - summary["total_profit"]).reindex(spent.index))


@identity("hiring and layoffs cost what the heads that came and went cost", 1.0)
def moves(cycle: Published) -> Differences:
    people = _both(cycle["resource_plan"], cycle["planning_resources"].drop(columns="kind"), ["resource_id"])
    keys = [*PLAN, "month", "resource_id"]
    found = []
    for cost, heads_of, rate in (("hiring", "hires", "hire_cost"), ("layoff", "layoffs", "layoff_cost")):
        own = people.assign(cost=people[heads_of] * people[rate].fillna(0)).query("kind == 'labour'")
        paid = (
            cycle["plan_costs"]
            .query("kind == @cost", local_dict={"cost": cost})
            .rename(columns={"item": "resource_id"})
            .set_index(keys)
        )
        found.append(_apart(own.set_index(keys)["cost"], paid["amount"].reindex(own.set_index(keys).index).fillna(0)))
    return pd.concat(found)


# -- money -------------------------------------------------------------------------------------------------------------


@identity("revenue, cost and margin of a product's sales", 1.01 * CENT)
def money_of_sales(cycle: Published) -> Differences:
    rows = _both(cycle["sales_plan"], cycle["products"][["product_id", "standard_cost"]], ["product_id"])
    revenue = (rows["sales"] * rows["unit_price"]).round(2)
    cogs = (rows["sales"] * rows["standard_cost"]).round(2)
    known = rows["product_id"].isin(cycle["products"]["product_id"])
    return pd.concat(
        [
            _apart(rows["revenue"], revenue),
            _apart(rows["cogs"][known], cogs[known]),
            _apart(rows["margin"], rows["revenue"] - rows["cogs"]),
        ]
    )


@identity("families of the financial plan are the sums of their products", CENT)
def money_of_families(cycle: Published) -> Differences:
    planned = cycle["financial_plan"].query("basis == 'plan'").set_index(["family", "month"])
    sales = cycle["sales_plan"].groupby(["family", "month"])
    stock = cycle["inventory_plan"].groupby(["family", "month"])["inventory_value"].sum(min_count=1)
    found = [
        _apart(planned[name], sales[name].sum(min_count=1).reindex(planned.index))
        for name in ("revenue", "cogs", "margin")
    ]
    return pd.concat([*found, _apart(planned["inventory_value"], stock.reindex(planned.index))])


@identity("working capital is stock and receivables less payables", CENT)
def working_capital(cycle: Published) -> Differences:
    rows = cycle["financial_plan"].dropna(subset=["working_capital"])
    parts = rows["inventory_value"].fillna(0) + rows["receivables"].fillna(0) - rows["payables"].fillna(0)
    return (rows["working_capital"] - parts).abs()


@identity("contribution, operating result and the lines between the margins", CENT)
def margins(cycle: Published) -> Differences:
    rows = cycle["plan_money"]
    spent = rows[list(PAID)].fillna(0).sum(axis=1)
    contribution = rows["revenue"] - spent + rows["stock_change"].fillna(0)
    result = rows["contribution"] - rows["fixed_cost"].fillna(0)
    bridge = rows["gross_margin"] - rows["overhead_in_stock"] - rows["spending_over_standard"]
    told = rows["contribution"].notna()
    both = told & rows["gross_margin"].notna()
    return pd.concat(
        [
            _apart(rows["contribution"][told], contribution[told]),
            _apart(rows["operating_result"][told], result[told]),
            _apart(bridge[both], rows["operating_result"][both]),
        ]
    )


@identity("what a strategy spends is what its costs list", CENT)
def spending(cycle: Published) -> Differences:
    keys = [*PLAN, "month"]
    money = cycle["plan_money"].set_index(keys)
    costs = cycle["plan_costs"].pivot_table(index=keys, columns="kind", values="amount", aggfunc="sum")
    kinds = [kind for kind in (*PAID, *NOTIONAL) if kind in money]
    return pd.concat(
        [
            _apart(
                money[kind].fillna(0),
                (costs[kind] if kind in costs else costs.sum(axis=1) * 0).reindex(money.index).fillna(0),
            )
            for kind in kinds
        ]
    )


@identity("what an option brings is its plan less the chosen one, after what it costs", 0.05)
def options(cycle: Published) -> Differences:
    """Spending kind by kind, revenue by item and price, and the relief's cost; nothing notional."""
    if not cycle.has("limit_option_effects"):
        return pd.Series(dtype=float)
    chosen = cycle["plan_summary"].query("chosen")[PLAN]
    both = {
        name: pd.concat([cycle[table].merge(chosen, on=PLAN), cycle[other]])
        for name, table, other in (
            ("plan", "aggregate_plan", "option_plan"),
            ("costs", "plan_costs", "option_costs"),
        )
    }
    keys = ["scenario", "month"]
    base = str(chosen["scenario"].iloc[0])
    effects = cycle["limit_option_effects"].set_index(keys)

    def more(amounts: pd.Series) -> pd.Series:
        """By option and month, more than in the chosen plan."""
        wide = amounts.groupby(level=keys).sum().unstack("scenario").fillna(0.0)
        changes = wide.sub(wide[base], axis=0).melt(ignore_index=False, value_name="more").reset_index()
        return changes.set_index(keys)["more"].reindex(effects.index).fillna(0.0)

    costs = both["costs"].set_index(keys)
    spent = more(costs["amount"].where(costs["kind"].isin(PAID), 0.0))
    found = [_apart(effects["spending"], spent)]
    earned = effects["revenue"] - effects["spending"] + effects["stock_change"]
    found.append(_apart(effects["effect"], earned))
    return pd.concat([*found, _apart(effects["revenue"], more(_revenue(cycle, both["plan"])))])


def _revenue(cycle: Published, plan: pd.DataFrame) -> pd.Series:
    """Revenue of planned items by option and month."""
    rows = _sold(cycle, plan, ["scenario"])
    return rows["revenue"].set_axis(pd.MultiIndex.from_frame(rows[["scenario", "month"]]))


def _sold(cycle: Published, plan: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sales of planned items at the price of the month, else the item's, and at standard cost; stock at that."""
    items = cycle["planning_products"].rename(columns={"product_id": "item_id"})
    prices = cycle["planning_demand"].rename(columns={"product_id": "item_id"})[["item_id", "month", "price"]]
    state = cycle["planning_state"].rename(columns={"product_id": "item_id"})[["item_id", "opening_backlog"]]
    rows = plan.merge(items[["item_id", "unit_price", "standard_cost"]], on="item_id")
    rows = rows.merge(prices, on=["item_id", "month"], how="left").merge(state, on="item_id")
    before = _before(rows, [*by, "item_id"], "backlog", rows["opening_backlog"].fillna(0))
    sales = rows["demand"] - rows["lost_sales"] - rows["backlog"] + before
    return rows.assign(
        revenue=(sales * rows["price"].fillna(rows["unit_price"])).round(2),
        cogs=(sales * rows["standard_cost"]).round(2),
        inventory_value=(rows["inventory"] * rows["standard_cost"]).round(2),
    )


@identity("revenue, cost and stock of a plan that is not chosen are those of its items", 0.5)
def money_of_strategies(cycle: Published) -> Differences:
    """To the cent an item; the chosen plan's are those of its products."""
    keys = [*PLAN, "month"]
    told = cycle["plan_money"]
    told = told[~told["chosen"].astype(bool)].set_index(keys)
    sums = _sold(cycle, cycle["aggregate_plan"], PLAN).groupby(keys)
    found = [pd.Series(dtype=float)]
    for name in ("revenue", "cogs", "inventory_value"):
        known = told[name].dropna()
        found.append(_apart(known, sums[name].sum(min_count=1).reindex(known.index)))
    return pd.concat(found)


@identity("stock is worth its material and regular pay, at most what it is at standard", 0.5)
def stock_at_variable_cost(cycle: Published) -> Differences:
    """The change of what items in stock took that they would not have taken unmade; of alternatives the mean."""
    takes = cycle["planning_features"].merge(
        cycle["planning_resources"][["resource_id", "kind", "regular_rate"]],
        left_on="feature",
        right_on="resource_id",
        how="left",
    )
    takes["pay"] = (takes["quantity"] * takes["regular_rate"].fillna(0)).where(
        takes["kind"].fillna("machine").isin(["labour", "machine"]), 0.0
    )
    group = takes["option_group"].fillna("")
    takes = takes.assign(
        group=group.str.split("/").str[0], choice=group.where(group.str.contains("/"), takes["feature"])
    )
    takes.loc[group == "", "choice"] = ""
    choices = takes.groupby(["product_id", "group", "choice"])["pay"].sum()
    pay = choices.groupby(["product_id", "group"]).mean().groupby("product_id").sum()
    items = cycle["planning_products"].set_index("product_id")
    own = items["unit_material_cost"].fillna(0) + pay.reindex(items.index).fillna(0)
    cost = own.clip(upper=items["standard_cost"].fillna(own)).where(own > 0)
    cost = cost.fillna(items["subcontract_cost"]).fillna(items["standard_cost"]).rename("cost").rename_axis("item_id")
    plan = cycle["aggregate_plan"].merge(cost.reset_index(), on="item_id")
    state = cycle["planning_state"].rename(columns={"product_id": "item_id"})
    plan = plan.merge(state[["item_id", "opening_stock"]], on="item_id")
    before = _before(plan, [*PLAN, "item_id"], "inventory", plan["opening_stock"].fillna(0))
    change = ((plan["inventory"] - before) * plan["cost"]).groupby([plan[name] for name in (*PLAN, "month")]).sum()
    told = cycle["plan_money"].set_index([*PLAN, "month"])["stock_change"].dropna()
    return _apart(told, change.reindex(told.index))


@identity("customers and suppliers pay a lag later, everybody else at once", CENT)
def payments(cycle: Published) -> Differences:
    rows = cycle["plan_money"].sort_values([*PLAN, "month"]).dropna(subset=["cash_flow"])
    found = []
    for paid, owed, lag in (
        ("receipts", "revenue", cycle.finance("receipt_lag_months", 1)),
        ("purchases_paid", "purchases", cycle.finance("payment_lag_months", 1)),
    ):
        late = rows.groupby(PLAN)[owed].shift(int(lag))
        found.append((rows[paid] - late).abs().dropna())
    at_once = [name for name in PAID if name not in ("material", "subcontracting")]
    flow = (
        rows["receipts"] - rows["purchases_paid"] - rows[at_once].fillna(0).sum(axis=1) - rows["fixed_cost"].fillna(0)
    )
    bought = rows["material"].fillna(0) + rows["subcontracting"].fillna(0) + rows["material_change"].fillna(0)
    return pd.concat([*found, (rows["cash_flow"] - flow).abs(), (rows["purchases"] - bought).abs()])


@identity("profit and loss, cash and balance are one", CENT)
def cash(cycle: Published) -> Differences:
    rows = cycle["plan_money"].dropna(subset=["operating_result", "cash_flow"]).sort_values([*PLAN, "month"])
    later = rows.groupby(PLAN).cumcount() > 0
    change = {name: rows.groupby(PLAN)[name].diff() for name in ("receivables", "payables")}
    flow = rows["cash_flow"] + change["receivables"] - change["payables"]
    flow = flow + rows["stock_change"].fillna(0) + rows["material_change"].fillna(0)
    running = rows.groupby(PLAN)["cash_flow"].cumsum()
    return pd.concat(
        [(rows["operating_result"] - flow).abs()[later], (rows["cash_change"] - running).abs()],
    )


# -- past --------------------------------------------------------------------------------------------------------------


@identity("actual units are the sales of the month, returns netted", UNITS)
def actual_units(cycle: Published) -> Differences:
    sales = cycle["sales"].assign(month=lambda rows: rows["date"].dt.to_period("M").dt.to_timestamp())
    sold = sales[sales["date"] < cycle.start].groupby(["product_id", "month"])["quantity"].sum()
    actual = cycle["actuals"].set_index(["product_id", "month"])["sales"]
    return _apart(actual, sold.reindex(actual.index).fillna(0))


@identity("families' past is the sum of what their products did", CENT)
def past_of_families(cycle: Published) -> Differences:
    past = cycle["financial_plan"].query("basis == 'actual'").set_index(["family", "month"])
    actual = cycle["actuals"].groupby(["family", "month"])[["revenue", "inventory_value"]].sum(min_count=1)
    return pd.concat([_apart(past[name], actual[name].reindex(past.index)) for name in ("revenue", "inventory_value")])


@identity("gaps to the business plan", CENT)
def gaps(cycle: Published) -> Differences:
    rows = cycle["plan_gap"]
    against = rows["business_plan"].where(rows["business_plan"].notna(), rows["last_year"])
    planned = rows["business_plan"].notna()
    return _apart(rows["gap"][planned], (rows["latest"] - against)[planned])


@identity("parts of a bridge add up to the gap of the year", 0.05)
def bridges(cycle: Published) -> Differences:
    """Against the business plan where that has every month of the year, else against the year before."""
    if not cycle.has("bridge"):
        return pd.Series(dtype=float)
    first = int(cycle.settings.get("fiscal_year_start") or 1)
    view = cycle["plan_gap"].query("measure in ('revenue', 'margin')")
    ends = view["month"].dt.year + ((view["month"].dt.month >= first) & (first > 1)).astype(int)
    years = view.groupby(["measure", ends.rename("fiscal_year")])
    missing = years["business_plan"].apply(lambda amounts: amounts.isna().any())
    sums = years[["latest", "business_plan", "last_year"]].sum()
    whole = sums["latest"] - sums["last_year"].where(missing, sums["business_plan"])
    parts = cycle["bridge"].groupby(["measure", "fiscal_year"])["amount"].sum()
    return _apart(parts, whole.reindex(parts.index))


@identity("exchange is what other rates than the reference's bring of sales in other currencies", 0.5)
def exchange(cycle: Published) -> Differences:
    """Of years compared with the business plan, whose products all count: its own rate, else that of a year before."""
    if not cycle.has("bridge") or not cycle.has("exchange_rates"):
        return pd.Series(dtype=float)
    first = int(cycle.settings.get("fiscal_year_start") or 1)
    stated = cycle["exchange_rates"].set_index(["currency", "month"])
    rates = stated["rate"]
    before = rates.rename(lambda month: month + pd.DateOffset(years=1), level="month")
    before = stated["plan_rate"].dropna().combine_first(before)
    abroad = cycle["sales"].dropna(subset=["revenue", "currency"])
    abroad = abroad[abroad["date"] < cycle.start]
    abroad = abroad.assign(month=abroad["date"].dt.to_period("M").dt.to_timestamp())
    abroad = abroad[abroad["currency"].isin(rates.index.get_level_values("currency"))]
    keys = ["product_id", "currency", "month"]
    sold = abroad.groupby(keys)["revenue"].sum().reset_index()
    at = pd.MultiIndex.from_frame(sold[["currency", "month"]])
    sold["converted"] = sold["revenue"] * rates.reindex(at).to_numpy()
    sold["amount"] = sold["converted"] - sold["revenue"] * before.reindex(at).to_numpy()
    amounts = pd.concat([sold[["product_id", "month", "amount"]], _exchange_ahead(cycle, sold, before)])
    family = cycle["product_lifecycle"].set_index("product_id")["family"]
    ends = amounts["month"].dt.year + ((amounts["month"].dt.month >= first) & (first > 1)).astype(int)
    of_families = amounts["amount"].groupby([ends, amounts["product_id"].map(family)]).sum()
    told = cycle["bridge"].query("measure == 'revenue' and cause == 'exchange'")
    told = told[told["fiscal_year"].isin(_against_business_plan(cycle, first))]
    amounts_told = told.set_index(["fiscal_year", "family"])["amount"]
    return _apart(amounts_told, of_families.reindex(amounts_told.index))


def _against_business_plan(cycle: Published, first: int) -> set[int]:
    view = cycle["plan_gap"].query("measure == 'revenue'")
    ends = view["month"].dt.year + ((view["month"].dt.month >= first) & (first > 1)).astype(int)
    whole = view["business_plan"].notna().groupby(ends).all()
    return set(whole[whole].index)


def _exchange_ahead(cycle: Published, sold: pd.DataFrame, before: pd.Series) -> pd.DataFrame:
    """Planned revenue x share of the currency in the last twelve months x how far their rate lies above the year's."""
    recent = sold[sold["month"] >= cycle.start - pd.DateOffset(years=1)]
    sums = recent.groupby(["product_id", "currency"])[["revenue", "converted"]].sum().reset_index()
    actual = cycle["actuals"]
    actual = actual[actual["month"] >= cycle.start - pd.DateOffset(years=1)]
    sums["share"] = sums["converted"] / sums["product_id"].map(actual.groupby("product_id")["revenue"].sum())
    sums["rate"] = sums["converted"] / sums["revenue"]
    plan = cycle["sales_plan"][["product_id", "month", "revenue"]].rename(columns={"revenue": "planned"})
    prices = cycle["planned_prices"][["product_id", "month", "source"]]
    plan = plan.merge(prices, on=["product_id", "month"], how="left").query("source != 'price_list'")
    rows = plan.merge(sums, on="product_id")
    last = before.reindex(pd.MultiIndex.from_frame(rows[["currency", "month"]])).to_numpy()
    amount = rows["planned"] * rows["share"] * (1 - last / rows["rate"])
    return rows[["product_id", "month"]].assign(amount=amount).dropna()


# -- demand ------------------------------------------------------------------------------------------------------------


@identity("errors, bias and tracking signal of the backtest", SHARE)
def accuracy(cycle: Published) -> Differences:
    """Over the months that count: those every lag has been forecast for."""
    keys = ["approach", "level", "item_id", "lag"]
    tested = cycle["forecast_backtest"].query("is_judged").assign(error=lambda rows: rows["forecast"] - rows["actual"])
    tested = tested.assign(absolute=tested["error"].abs(), total=tested["actual"])
    sums = tested.groupby(keys).agg(
        n=("error", "size"), error=("error", "sum"), absolute=("absolute", "sum"), total=("total", "sum")
    )
    told = cycle["forecast_accuracy"].query("item_id != 'all'").set_index(keys)
    told = told[told.index.isin(sums.index)]
    sums = sums.reindex(told.index)
    total = sums["total"].where(sums["total"] > 0)
    mad = (sums["absolute"] / sums["n"]).where(lambda mean: mean > 0)
    size = told["tracking_signal"].abs().clip(lower=1)
    return pd.concat(
        [
            _apart(told["n"], sums["n"]),
            (told["wmape"] - sums["absolute"] / total).abs().fillna(0),
            (told["bias"] - sums["error"] / total).abs().fillna(0),
            ((told["tracking_signal"] - sums["error"] / mad).abs() / size).fillna(0),
        ]
    )


@identity("ranges are in order and families are the sums of their products", UNITS)
def ranges(cycle: Published) -> Differences:
    rows = cycle["demand_range"]
    disorder = pd.concat([(rows["p10"] - rows["p50"]).clip(lower=0), (rows["p50"] - rows["p90"]).clip(lower=0)])
    units = cycle["products"][["product_id", "family", "unit_of_measure"]].fillna({"unit_of_measure": ""})
    one = units.groupby("family")["unit_of_measure"].nunique()
    plan = _both(cycle["demand_plan"], units, ["product_id"])
    column = "family" if "family" in cycle["demand_plan"] else "family_other"
    sums = plan.groupby([column, "month"])["quantity"].sum()
    sums.index.names = ["item_id", "month"]
    family = rows.query("level == 'family'").set_index(["item_id", "month"])["mean"]
    family = family[family.index.get_level_values("item_id").isin(one[one == 1].index)]
    return pd.concat([disorder, _apart(family, sums.reindex(family.index))])


# -- materials ---------------------------------------------------------------------------------------------------------


@identity("a material's stock is what it was, with receipts, less what is taken", 0.01)
def materials(cycle: Published) -> Differences:
    if not cycle.has("material_flows"):
        return pd.Series(dtype=float)
    rows = cycle["material_flows"].sort_values([*PLAN, "material_id", "month"])
    before = rows.groupby([*PLAN, "material_id"])["stock"].shift()
    return (rows["stock"] - before - rows["receipt"] + rows["requirement"]).dropna().abs()


# -- one set of numbers ------------------------------------------------------------------------------------------------

MONEY = {
    "material_cost": "material",
    "subcontracting_cost": "subcontracting",
    "regular_pay": "regular_pay",
    "overtime_pay": "overtime",
    "temporary_pay": "temporary",
    "hiring_cost": "hiring",
    "layoff_cost": "layoff",
    "setup_cost": "setup",
    "rate_change_cost": "rate_change",
    "fixed_cost": "fixed_cost",
    "revenue": "revenue",
    "receive": "receipts",
    "cash_flow": "cash_flow",
}
SHARED = {
    "sales": ["sell", "revenue"],
    "production": ["make", "employ", "regular_hours", "use_capacity"],
    "purchasing": ["take", "order", "subcontract", "material_cost"],
    "human_resources": ["employ", "hire", "lay_off", "hiring_cost"],
    "finance": ["revenue", "material_cost", "regular_pay", "hiring_cost", "cash_flow"],
    "product_development": ["launch", "phase_out"],
}
"""What has to stand on whose sheet, at least."""


def _committed(rows: pd.DataFrame, *commitments: str, by: list[str]) -> pd.Series:
    return rows[rows["commitment"].isin(commitments)].groupby(by)["quantity"].sum()


def _same(left: pd.Series, right: pd.Series) -> Differences:
    """Totals by their keys; one that is missing counts as nothing."""
    left, right = left.align(right, fill_value=0.0)
    return (left.fillna(0) - right.fillna(0)).abs()


@identity("the operational plan commits to what sales, production and inventory plans say, to the unit", 1e-6)
def committed_units(cycle: Published) -> Differences:
    lines = cycle["operational_plan"]
    output = cycle["production_plan"].groupby(["product_id", "month"])["output"].sum()
    made = lines[lines["commitment"].eq("make") & (lines["detail"].astype(bool) | lines["item_kind"].eq("product"))]
    by_product = made.groupby(["item", "month"])["quantity"].sum()
    output.index.names = by_product.index.names
    found = [_same(by_product, output)]
    one_unit = cycle["products"].groupby("family")["unit_of_measure"].nunique(dropna=False)
    plain = list(one_unit[one_unit == 1].index)
    for commitment, table, column in (
        ("sell", "sales_plan", "sales"),
        ("keep", "inventory_plan", "inventory"),
        ("owe", "inventory_plan", "backlog"),
        ("subcontract", "production_plan", "subcontract"),
    ):
        plan = cycle[table]
        needed = plan[plan["family"].isin(plain)].groupby(["family", "month"])[column].sum()
        families = lines[lines["item_kind"].eq("family") & lines["item"].isin(plain)]
        told = _committed(families, commitment, by=["item", "month"])
        needed.index.names = told.index.names
        found.append(_same(told, needed))
    return pd.concat(found, ignore_index=True)


@identity("the operational plan commits to the chosen plan's money, and the families' revenue, to the cent", 1e-4)
def committed_money(cycle: Published) -> Differences:
    lines = cycle["operational_plan"]
    money = cycle["plan_money"]
    money = money[money["chosen"].astype(bool)].set_index("month")
    found = [
        _same(_committed(lines, commitment, by=["month"]), money[column].dropna())
        for commitment, column in MONEY.items()
        if money[column].notna().any()
    ]
    plan = cycle["financial_plan"].query("basis == 'plan'").groupby(["family", "month"])["revenue"].sum()
    revenue = _committed(lines, "revenue", by=["item", "month"])
    plan.index.names = revenue.index.names
    return pd.concat([*found, _same(revenue, plan)], ignore_index=True)


@identity("heads are whole, balance, and never fewer than planned; hours and materials are those of their plans", 1e-4)
def committed_people(cycle: Published) -> Differences:
    lines, plan = cycle["operational_plan"], cycle["workforce_plan"]
    keys = ["item", "month"]
    hours = cycle["capacity_plan"].query("kind == 'labour' or kind == 'machine'").set_index(["resource_id", "month"])
    told = _committed(lines, "regular_hours", "overtime_hours", "use_capacity", by=keys)
    found = [_same(told, hours["load"].rename_axis(keys))]
    if len(plan):
        moved = plan["opening_heads"] + plan["hires"] - plan["layoffs"] - plan["heads"]
        before = plan.sort_values("month").groupby("resource_id")["heads"].shift().dropna()
        fraction = plan[["heads", "hires", "layoffs", "temporary"]].mod(1).sum(axis=1)
        short = (plan["planned_heads"] - plan["heads"] - 0.01).clip(lower=0)
        found += [moved.abs(), (before - plan["opening_heads"].reindex(before.index)).abs(), fraction, short]
        heads = plan.set_index(["resource_id", "month"]).rename_axis(keys)
        for commitment, column in (("employ", "heads"), ("hire", "hires"), ("lay_off", "layoffs")):
            found.append(_same(_committed(lines, commitment, by=keys), heads[column]))
    if cycle.has("material_plan"):
        needs = cycle["material_plan"].set_index(["material_id", "month"]).rename_axis(keys)
        found.append(_same(_committed(lines, "take", by=keys), needs["requirement"]))
        found.append(_same(_committed(lines, "order", by=keys), needs["order_quantity"]))
    return pd.concat(found, ignore_index=True)


@identity("what markets get where supply is short adds up to the sales plan, to the unit", 1e-6)
def allotted(cycle: Published) -> Differences:
    rows, keys = cycle["supply_allotment"], ["product_id", "month"]
    plan = cycle["sales_plan"].set_index(keys)
    found = [pd.Series(dtype=float)]
    for _, markets in rows.groupby("dimension"):
        sums = markets.groupby(keys)[["allotted", "demand"]].sum()
        here = plan.reindex(sums.index)
        found += [(sums["allotted"] - here["sales"]).abs(), (sums["demand"] - here["demand"]).abs()]
        short = plan[plan["sales"] < plan["demand"]]
        families = set(markets["family"])
        missing = short[short["family"].isin(families)].index.difference(sums.index)
        found.append(pd.Series(np.inf, index=missing))
    return pd.concat(found, ignore_index=True).astype(float)


@identity("every department's sheet has its lines, with the numbers of all the others", 0.0)
def sheets_agree(cycle: Published) -> Differences:
    lines, sheets = cycle["operational_plan"], cycle["commitment_sheets"]
    keys = ["month", "department", "site_id", "commitment", "item_kind", "item"]
    plan = lines.fillna({"site_id": ""}).set_index(keys)["quantity"]
    told = sheets.fillna({"site_id": ""}).set_index(keys)["quantity"]
    found = [(told - plan.reindex(told.index)).abs().fillna(np.inf)]
    for sheet, commitments in SHARED.items():
        own = sheets[sheets["sheet"] == sheet]
        for commitment in commitments:
            whole = lines[~lines["detail"].astype(bool) | lines["commitment"].isin(["launch", "phase_out"])]
            both = [_committed(rows, commitment, by=["month", "item"]) for rows in (own, whole)]
            found.append(_same(both[0], both[1]))
    return pd.concat(found, ignore_index=True)


# -- files -------------------------------------------------------------------------------------------------------------


@identity("export files hold the tables to the last digit", 1e-9)
def exports(cycle: Published) -> Differences:
    found = []
    for name in (
        *("sales_plan", "production_plan", "inventory_plan", "financial_plan", "operational_plan"),
        *("workforce_plan", "capacity_plan", "material_plan", "commitment_sheets"),
    ):
        file, table = cycle.export(name), cycle[name]
        assert list(file.columns) == list(table.columns)
        assert len(file) == len(table)
        for column in table.select_dtypes("number"):
            found.append(_apart(file[column].astype(float), table[column].astype(float)))
    return pd.concat(found, ignore_index=True)


@identity("every record of a file is used, set aside or left out by name", 0.0)
def records(cycle: Published) -> Differences:
    rows = cycle["source_files"]
    gone = ["rows_duplicate", "rows_superseded", "rows_later", "rows_total", "rows_quarantined"]
    return (rows["rows_read"] - rows["rows_used"] - rows[gone].fillna(0).sum(axis=1)).abs()
