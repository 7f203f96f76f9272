# ruff: noqa: E501 (a pattern is one line, as the sentence is)
"""Each kind of sentence, tile and note with the figures that it states, in their order. Not a test.

A kind is a pattern of the text in which every figure is ``#``; what it states is computed by ``Facts``, not looked for.
A figure of several possible meanings (an amount of one decision) is one of its few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from tests.packs.read_back.facts import Facts
from tests.packs.read_back.figures import Figure
from tests.packs.read_back.page import Passage

Stated = Sequence[float | set[float]]
Kind = Callable[[Facts, Passage, "re.Match[str]", Sequence[Figure]], Stated]
FULL = 1.005
"""Beyond regular hours is what is read as 101% or more."""
KINDS: list[tuple[re.Pattern[str], str, Kind]] = []


def kind(pattern: str, page: str = "") -> Callable[[Kind], Kind]:
    """Say what a kind of text states; ``page`` is where it stands, anywhere where empty."""

    def noted(made: Kind) -> Kind:
        KINDS.append((re.compile(pattern), page, made))
        return made

    return noted


def masked(passage: Passage, found: Sequence[Figure]) -> str:
    """The text with ``#`` in place of each figure."""
    text, at = "", 0
    for each in found:
        text += f"{passage.text[at : each.start]}#"
        at = each.start + len(each.printed)
    return text + passage.text[at:]


def stated(facts: Facts, passage: Passage, found: Sequence[Figure]) -> Stated | None:
    """What the kind of a passage states; None where it is of no kind."""
    text = masked(passage, found)
    for pattern, page, made in KINDS:
        if passage.at.page.startswith(page) and (match := pattern.fullmatch(text)):
            told = made(facts, passage, match, found)
            if told is not None:
                return told
    return None


# -- page one ----------------------------------------------------------------------------------------------------------

MEASURES = {"Revenue": "revenue", "Gross margin": "margin_pct", "Inventory": "inventory_value", "Service": "service"}


def _measure(passage: Passage) -> str:
    return next(name for word, name in MEASURES.items() if passage.at.part.startswith(word))


@kind(r"#(?: [€%][mk]?)?", "one")
def _value(facts, passage, match, found):
    return [facts.figure(_measure(passage), "latest")]


@kind(r"#(?: pt)? to plan(?: · #(?: pt)? since \w+)?", "one")
def _compared(facts, passage, match, found):
    measure = _measure(passage)
    latest = facts.figure(measure, "latest")
    return [latest - facts.figure(measure, each) for each in ("business_plan", "last_plan")[: len(found)]]


@kind(r"(?:P10 # ?; )?latest #; (?:P90 #; )?business plan #.*|P10 #; latest #; P90 #; business plan #.*", "one")
def _strip(facts, passage, match, found):
    columns = ("p10", "latest", "p90", "business_plan") if len(found) == 4 else ("latest", "business_plan")
    return [facts.figure(_measure(passage), each) for each in columns]


@kind(r".* by month, # past and # planned\.", "one")
def _twelve(facts, passage, match, found):
    return [12, 12]


@kind(r".* · ● data .*?: (# of # blocking checks passed, )?# of # rows set aside(?:, # defaults? in use)?", "one")
def _trust(facts, passage, match, found):
    files = facts.frames["source_files"]
    checks = [{171.0, 24.0}] * 2 if match[1] else []
    aside = [files["rows_quarantined"].sum(), files["rows_read"].sum(), len(facts.frames["defaults_used"])]
    return [*checks, *aside][: len(found)]


@kind(r"Full-year \d{4} revenue lands at #, # under the business plan; (.*) is # of it\. Decide by .*", "one")
def _headline(facts, passage, match, found):
    gap = facts.of("plan_gap", measure="revenue")
    own = gap[gap["family"] == match[1]]
    short = facts.figure("revenue", "business_plan") - facts.figure("revenue", "latest")
    return [facts.figure("revenue", "latest"), short, facts.year(own, "business_plan") - facts.year(own, "latest")]


@kind(r"Revenue by month: #(?: €)? planned for the cycle month\.", "one")
def _cycle_month(facts, passage, match, found):
    return [facts.sum(facts.frames["financial_plan"], "revenue", 0, 1)]


@kind(r"Bridge in .*?: (.*)", "one")
def _bridge_causes(facts, passage, match, found):
    return _bridge(facts, match[1], "cause")


@kind(r"Bridge in .*?: (.*)", "gap")
def _bridge_families(facts, passage, match, found):
    return _bridge(facts, match[1], "family")


def _bridge(facts: Facts, words: str, key: str) -> list[Any]:
    data = facts.frames["bridge"]
    data = data[(data["measure"] == "revenue") & (data["fiscal_year"] == facts.cycle.year)]
    by = data.groupby(key)["amount"].sum()
    ends = {"Business plan": facts.figure("revenue", "business_plan"), "Latest view": facts.figure("revenue", "latest")}
    out = []
    for name in re.findall(r"([A-Z][\w &]*?) #", words):
        known = {str(each).replace("_", " ").lower(): float(value) for each, value in by.items()}
        out.append(ends[name] if name in ends else Footed(known[name.lower()]))
    return out


class Footed(float):
    """An amount that is rounded so that the whole foots: one in the last place either way."""


@kind(r".* the next # months against the last #; # others? #", "one")
def _others_on_last_year(facts, passage, match, found):
    data = _changes_on_last_year(facts)
    rest = data.loc[data.abs().sort_values(ascending=False).index[5:]]
    return [12, 12, len(rest), rest.sum()]


@kind(r".* over the months both cycles plan; # others? #", "one")
def _others_since_last(facts, passage, match, found):
    data = facts.frames["plan_changes"]
    rest = data.loc[data["revenue_change"].abs().sort_values(ascending=False, kind="stable").index[5:]]
    return [len(rest), rest["revenue_change"].sum()]


def _changes_on_last_year(facts: Facts) -> pd.Series:
    plan, past = facts.frames["sales_plan"], facts.frames["actuals"]
    will = plan[plan["month"].isin({facts.month(n) for n in range(12)})].groupby("product_id")["revenue"].sum()
    was = past[past["month"].isin({facts.month(n) for n in range(-12, 0)})].groupby("product_id")["revenue"].sum()
    return will.sub(was, fill_value=0.0)


# -- decisions ---------------------------------------------------------------------------------------------------------


@kind(r"(?s).*", "one")
@kind(r"(?s).*", "decisions")
def _decision(facts, passage, match, found):
    if passage.at.part != "Decisions wanted" or not passage.at.kind.startswith("cell"):
        return None
    wanted = facts.frames["decisions_wanted"]
    for key, rows in wanted.groupby("decision_id"):
        known = facts.frames["decision_facts"]
        known = known[known["decision_id"] == key]
        left = known[known["fact"] == "left"]["amount"].astype(float)
        amounts = {float(each) for each in known["amount"].dropna()}
        amounts |= {abs(a - b) for a in left for b in left}
        amounts |= {float(each) for column in ("quantity", "effect") for each in rows[column].dropna()}
        first, last = rows["month_from"].iloc[0], rows["month_to"].iloc[0]
        if isinstance(first, type(facts.cycle)) and isinstance(last, type(facts.cycle)):
            amounts.add(12 * (last.year - first.year) + last.month - first.month + 1)
        chances = int((known["fact"] == "probability").sum())
        amounts |= {float(chances), float(chances - 1)} if chances else set()
        safe = rows["last_safe_date"].iloc[0]
        amounts |= (
            {float((safe - facts.cycle).days - lag) for lag in range(18, 24)} if "meeting" in passage.text else set()
        )
        if all(any(abs(v - one) <= half * 1.000001 for v, half in f.readings for one in amounts) for f in found):
            return [amounts] * len(found)
    return None


# -- the year, and money -----------------------------------------------------------------------------------------------


@kind(
    r"In .* plans were kept to (sales #)(, production #)?(, inventory #)? \(weighted by plan\); furthest off was (\w+) of (.*) at #: # against # planned\.",
    "gap",
)
def _kept(facts, passage, match, found):
    data = facts.frames["plan_attainment"]
    data = data[data["month"] == data["month"].max()].astype({"plan": float, "attainment": float, "actual": float})
    named = ["sales", *(["production"] if match[2] else []), *(["inventory"] if match[3] else [])]
    rows = [data[(data["measure"] == name) & data["attainment"].notna()] for name in named]
    weighted = [float((each["plan"] * each["attainment"]).sum() / each["plan"].sum()) for each in rows]
    low = data[(data["measure"] == match[4]) & (data["family"] == match[5])].iloc[0]
    assert low["attainment"] == data["attainment"].min()
    return [*weighted, low["attainment"], low["actual"], low["plan"]]


@kind(
    r"Against .* pack, full-year revenue moved by #: restated actuals #, months that came #, months still planned #\.",
    "gap",
)
def _moved(facts, passage, match, found):
    data = facts.of("plan_gap", measure="revenue")
    data = data[[each.year == facts.cycle.year for each in data["month"]]]
    change = data["latest"].astype(float).fillna(0) - data["last_plan"].astype(float).fillna(0)
    was = data["last_basis"] == "actual"
    parts = [change[was], change[(data["basis"] == "actual") & ~was], change[(data["basis"] == "plan") & ~was]]
    return [change.sum(), *(Footed(each.sum()) for each in parts)]


@kind(r".* # of the business plan’s revenue came in .*", "gap")
def _came(facts, passage, match, found):
    data = facts.of("plan_gap", measure="revenue", basis="actual")
    return [facts.year(data, "latest") / facts.year(data, "business_plan")]


@kind(
    r"The full-year margin is # (under|over) the business plan\. What falls into \d{4}: recommended decisions #; other risks and opportunities outside the numbers, weighted by probability, #\."
)
def _to_close(facts, passage, match, found):
    data = facts.of("plan_gap", measure="margin")
    gap = facts.year(data, "latest") - facts.year(data, "business_plan")
    closing = facts.of("gap_closing", fiscal_year=facts.cycle.year)
    decided = closing[closing["source"] == "decision"]["amount"].astype(float).sum()
    return [abs(gap), decided, closing["amount"].astype(float).sum() - decided]


@kind(
    r"Of the margin gap of # in \d{4} the cheapest levers close #, planned again by family: # stays open; contribution after their outlay changes by #\.",
    "decisions",
)
def _levers(facts, passage, match, found):
    data = facts.frames["gap_sets"]
    row = data[
        data["fiscal_year"].fillna(0).astype(int).astype(str).isin(re.findall(r"in (20\d\d)", passage.text))
    ].iloc[0]
    return [abs(row["gap"]), row["brings"], row["open"], row["contribution_change"] - row["outlay"]]


@kind(r"€, # months past and # ahead", "money")
def _span(facts, passage, match, found):
    return [12, facts.frames["sales_plan"]["month"].nunique()]


@kind(r"(Revenue|Gross margin) over the next # months is #, # (?:above|below) the last # #\.", "money")
def _on_the_year(facts, passage, match, found):
    data, column = facts.frames["financial_plan"], {"Revenue": "revenue", "Gross margin": "margin"}[match[1]]
    will, was = facts.sum(data, column), facts.sum(data, column, -12)
    return [12, will, abs(will / was - 1), 12, was]


@kind(
    r"Contribution over the same months is #, operating result #: gross margin #(, (?:plus|less) # of overhead [a-z ]+)?(, less # spent over standard)?\..*",
    "money",
)
def _result(facts, passage, match, found):
    data = facts.of("plan_money", chosen=True)
    names = ["contribution", "operating_result", "gross_margin"]
    names += ["overhead_in_stock"] if match[1] else []
    names += ["spending_over_standard"] if match[2] else []
    values = [facts.sum(data, each) for each in names]
    return [*values[:3], *(Footed(abs(each)) for each in values[3:]), values[0] - values[2]][: len(found)]


@kind(r"Cash changes over the same months by #; lowest # at the end of .*", "money")
def _cash(facts, passage, match, found):
    course = facts.by_month(facts.of("plan_money", chosen=True), "cash_change").iloc[:12]
    return [course.iloc[-1], course.min()]


# -- families ----------------------------------------------------------------------------------------------------------


@kind(r"family # of #, .*", "family")
def _position(facts, passage, match, found):
    count = facts.frames["demand_plan"]["family"].nunique()
    return [float(passage.at.page.split("-")[1]), count]


@kind(r"(?:.* )?tracking signal #.*|stock under its minimum in # months?.*|.*", "family")
def _chip(facts, passage, match, found):
    if not passage.at.kind.startswith("p chip"):
        return None
    family = passage.at.title
    errors = facts.frames["forecast_accuracy"]
    own = errors[(errors["level"] == "family") & (errors["item_id"] == family)]["tracking_signal"].dropna()
    stock = facts.frames["inventory_plan"]
    own_stock = stock[stock["family"] == family].astype({"inventory": float, "target_low": float})
    by = own_stock.groupby("month")[["inventory", "target_low"]].sum()
    made = facts.frames["production_schedule"]
    late = facts.by_month(made[made["family"] == family], "backlog").max()
    return [{*own, late, float((by["inventory"] < by["target_low"] - 0.5).sum())}] * len(found)


@kind(
    r"Demand for the next # months is # \w+(?:, (?:# (?:over|under)|as in) (.*?))?(?:: (.*)\. Contributions add up to # \w+)?\.",
    "family",
)
def _demand(facts, passage, match, found):
    plan = facts.frames["demand_plan"]
    plan = plan[plan["family"] == passage.at.title].astype({"quantity": float})
    ahead = {facts.month(n) for n in range(12)}
    will = plan[plan["month"].isin(ahead)].groupby("product_id")["quantity"].sum()
    if "plan" in (match[1] or ""):
        last = facts.frames["last_plan"]
        last = last[(last["family"] == passage.at.title) & last["month"].isin(ahead)]
        both = plan[plan["month"].isin(set(last["month"]))].groupby("product_id")["quantity"].sum()
        was = last.astype({"demand": float}).groupby("product_id")["demand"].sum()
    else:
        past = facts.frames["demand_history"]
        past = past[(past["family"] == passage.at.title) & past["month"].isin({facts.month(n) for n in range(-12, 0)})]
        both, was = will, past.astype({"quantity": float}).groupby("product_id")["quantity"].sum()
    change = both.sub(was, fill_value=0.0)
    out: list = [12, will.sum()]
    share = abs(change.sum() / was.sum())
    rest = dict(change)
    for each in found[2:]:
        before = passage.text[: each.start]
        if re.search(r"(,| and|: |; )\s?(?:\d+ others?)? ?$", before) and re.match(
            r"\d+ others?", passage.text[each.start :]
        ):
            out.append(len(change) - 3)
        elif re.search(r"\d+ others? $", before):
            out.append(Footed(sum(rest.values())))
        elif re.search(r"(over|under|in) the $", before):
            out.append(12)
        elif before.endswith("add up to "):
            out.append(change.sum())
        elif each.printed.endswith("%"):
            out.append(share)
        elif name := re.search(r"(?:: |, | and |; )((?:(?!: |, | and |; ).)+) $", before):
            product = facts.product_of(name[1], passage.at.title)
            out.append(Footed(rest.pop(product)))
        else:
            out.append(12)
    return out


@kind(
    r"(?:Tightest resource: (.*?), (?:full in (?:all )?(?:# months)?.*?, |at most )# of regular hours in (\w+ \d{4}); )?(?:all demand is served in its month over # months|# \w+ of demand are not served(?:, # \w+ late in .*?)?|# \w+ late in .*?); stock is highest with # \w+ in .*?, lowest with # in .*\.",
    "family",
)
def _supply(facts, passage, match, found):
    family = passage.at.title
    stock = facts.frames["inventory_plan"]
    stock = facts.by_month(stock[stock["family"] == family], "inventory")
    made = facts.frames["production_schedule"]
    made = made[made["family"] == family]
    late, lost = facts.by_month(made, "backlog").max(), made["lost_sales"].astype(float).sum()
    served = [stock.size] if "all demand is served" in passage.text else [each for each in (lost, late) if each >= 1]
    out: list = [*served, stock.max(), stock.min()]
    if match[1]:
        load = facts.of("resource_plan").dropna(subset=["utilisation"]).astype({"utilisation": float})
        names = facts.frames["resources"]
        known = dict(zip(names["resource_id"], names.get("resource_name", names["resource_id"]), strict=True))
        load = load[
            [str(known.get(each) or each).replace("_", " ").lower() == match[1].lower() for each in load["resource_id"]]
        ]
        full = float((load["utilisation"] >= 0.995).sum())
        out = [
            *([full] if re.search(r"full in (all )?\d+ months", passage.text) else []),
            load["utilisation"].max(),
            *out,
        ]
    return out


def _accuracy(facts: Facts, level: str, item: str, approach: str = "") -> pd.Series:
    known = facts.frames["forecast_approach"]
    used = approach or known[known["chosen"].astype(bool)]["approach"].iloc[0]
    data = facts.of("forecast_accuracy", level=level, item_id=item, lag=3, approach=used)
    return data.iloc[0]


@kind(
    r"Forecasts made # months ahead were # off \(WMAPE\)(, # (?:low|high))?\.(?: Of what was planned # months? ahead, # months? can be judged: (.*)\.)?",
    "family",
)
def _error(facts, passage, match, found):
    row = _accuracy(facts, "family", passage.at.title)
    out: list = [3, row["wmape"], *([abs(row["bias"])] if match[1] else [])]
    if match[2]:
        data = facts.of("forecast_value_added", level="family", item_id=passage.at.title)
        data = data[data["lag"] == data[data["lag"] <= 3]["lag"].max()].sort_values("position")
        data = data[(data["value_added"].abs() >= 0.0005) & ~data["step"].isin(("naive", "consensus"))]
        out += [data["lag"].max(), data["n"].max(), *(abs(each) for each in data["value_added"])]
    return out


# -- accuracy, demand --------------------------------------------------------------------------------------------------


@kind(
    r"Forecasts made # months ahead were # off per (\w+)(, # too (?:low|high))?, over # comparisons\.(?: # of actuals fell between P10 and P90 \(#( claimed)\)\.)?",
    "accuracy",
)
def _company_error(facts, passage, match, found):
    row = _accuracy(facts, match[1], "all")
    bias = [abs(row["bias"])] if match[2] else []
    return [3, row["wmape"], *bias, row["n"], *([row["coverage"], 0.8] if match[3] else [])]


@kind(r"The seasonal naive forecast was # off; the approach in use is # points (?:better|worse)\.", "accuracy")
def _naive(facts, passage, match, found):
    used, naive = (_accuracy(facts, "product", "all", each)["wmape"] for each in ("", "naive"))
    return [naive, abs(naive - used)]


@kind(
    r"points of WMAPE; with # comparisons or more|No input can be judged yet: # of its forecasts have to have met their actuals\.",
    "accuracy",
)
def _six(facts, passage, match, found):
    return [6]


@kind(r"backtest, .*; beyond ±# is red", "accuracy")
def _four(facts, passage, match, found):
    return [4]


@kind(r"next # months against the last #; .*", "demand")
def _years(facts, passage, match, found):
    return [12, 12]


@kind(r"Demand of the next # months is # \w+, # (?:over|under) the last #\.", "demand")
def _company_demand(facts, passage, match, found):
    will = facts.sum(facts.frames["demand_plan"], "quantity")
    return [12, will, abs(will / facts.sum(facts.frames["demand_history"], "quantity", -12) - 1), 12]


@kind(r"What people know changed the statistical forecast: (.*) \w+\.", "demand")
def _streams(facts, passage, match, found):
    data = facts.frames["demand_adjustments"]
    return [facts.sum(data[data["stream"] == name], "change") for name in re.findall(r"(\w+) #", match[1])]


# -- supply ------------------------------------------------------------------------------------------------------------


@kind(r"(\w+) contributes most: # over # months, before fixed cost; (\w+) contributes # less( #)?\.", "strategies")
def _contributes(facts, passage, match, found):
    data = facts.frames["plan_money"]
    by = data[data["scenario"] == facts.scenario].groupby("strategy")["contribution"].sum().astype(float)
    most, less = by[match[1].lower()], by[match[1].lower()] - by[match[2]]
    assert most == by.max()
    return [most, data["month"].nunique(), less, *([less / most] if match[3] else [])]


@kind(
    r"On the frontier the best trade .* is point #: brings # of the saving for # of the change(; beyond it a unit of change saves less than the average of #)?\.",
    "strategies",
)
def _frontier(facts, passage, match, found):
    data = facts.frames["plan_frontier"]
    row = data[data["recommended"].fillna(False).astype(bool)].iloc[0]
    return [
        float(row["label"]),
        row["saving_share"],
        row["change_share"],
        *([row["average_saving"]] if match[1] else []),
    ]


@kind(r"Stability costs next to nothing: the most stable plan costs # more than the cheapest\.", "strategies")
def _stability(facts, passage, match, found):
    data = facts.frames["plan_frontier"]
    return [data[data["recommended"].fillna(False).astype(bool)]["cost_share"].iloc[0]]


@kind(r"(?:Of # goals, |)(.* keeps #)+.*")
def _goals(facts, passage, match, found):
    data = facts.frames["goal_results"]
    data = data[data["scenario"] == facts.scenario]
    names = re.findall(r"(\w+) keeps", passage.text)
    kept = [float(data[data["strategy"] == name]["met"].sum()) for name in names]
    return [data["goal"].nunique(), *kept]


@kind(r"No demand was sampled: supply\.demand_samples is # in sop\.yaml\.", "strategies")
def _none_sampled(facts, passage, match, found):
    return [0]


@kind(
    r"# resources? beyond regular hours in # resource months?; (.*) peaks at # in .*\. Overtime there adds up to # hours\.",
    "capacity",
)
def _fullest(facts, passage, match, found):
    data = facts.of("resource_plan").dropna(subset=["utilisation"])
    data = data.astype({"utilisation": float, "overtime_hours": float})
    over = data[data["utilisation"] > FULL]
    return [over["resource_id"].nunique(), len(over), data["utilisation"].max(), over["overtime_hours"].sum()]


@kind(
    r"# features? beyond what there is in # feature months?\. Demand month by month takes # of (.*) in .*",
    "requirements",
)
def _beyond(facts, passage, match, found):
    data = (
        facts.frames["feature_requirements"]
        .dropna(subset=["available"])
        .astype({"requirement": float, "available": float})
    )
    share = data["requirement"] / data["available"]
    over = data[share > FULL]
    return [over["feature"].nunique(), len(over), share.max()]


@kind(r"Families planned by their usual mix would misstate .* by up to #, in .*", "requirements")
def _drift(facts, passage, match, found):
    return [facts.frames["feature_requirements"]["mix_drift"].abs().max()]


@kind(r"what the demand plan takes, # features of its products added up", "requirements")
def _features(facts, passage, match, found):
    return [facts.frames["feature_requirements"]["feature"].nunique()]


@kind(r"next # months, bottom-up", "requirements")
@kind(r"k cases, next # months; .*", "products")
def _twelve_months(facts, passage, match, found):
    return [12]


# -- the operational plan ----------------------------------------------------------------------------------------------


@kind(r"# heads? in .*, # at the end: (# hires?|no hires) and (# layoffs?|no layoffs) over # months\.", "operations")
def _heads(facts, passage, match, found):
    heads = facts.by_month(facts.committed("employ"))
    moves = [facts.committed(each)["quantity"].astype(float).sum() for each in ("hire", "lay_off")]
    told = [value for value, words in zip(moves, match.groups(), strict=True) if "#" in words]
    return [heads.iloc[0], heads.iloc[-1], *told, heads.size]


@kind(r"Cash over the next # months changes by #; the weakest month is .* with #\.", "operations")
def _flow(facts, passage, match, found):
    flow = facts.by_month(facts.committed("cash_flow")).iloc[:12]
    return [12, flow.sum(), flow.min()]


@kind(r"# months in the HTML and the workbook.*")
@kind(r"launches and phase-outs over # months", "products")
def _horizon(facts, passage, match, found):
    return [facts.frames["sales_plan"]["month"].nunique()]


@kind(r"# heads in .*?(, # with temporary heads in .*?)?; over # months (.*)\.", "plant")
def _plant(facts, passage, match, found):
    site = _site(facts, passage)
    heads = facts.by_month(facts.committed("employ", "employ_temporary", site=site))
    peak = [heads.max()] if match[1] else []
    sums = {
        each: facts.committed(each, site=site)["quantity"].astype(float).sum()
        for each in ("hire", "lay_off", "overtime_hours")
    }
    words = {"hire": r"# hires?", "lay_off": "# layoffs?", "overtime_hours": "# hours? of overtime"}
    return [heads.iloc[0], *peak, heads.size, *(sums[name] for name, one in words.items() if re.search(one, match[2]))]


def _site(facts: Facts, passage: Passage) -> str | None:
    working = facts.committed("employ", "run", "regular_hours", "make")
    sites = list(working["site_id"].dropna().unique())
    if len(sites) == 1:
        return None
    return next((each for each in sites if str(each).lower() in passage.at.title.lower()), None)


@kind(r"Fullest is .*?, # of regular hours in .*?; # resource months? beyond regular hours\.", "plant")
def _plant_load(facts, passage, match, found):
    site = _site(facts, passage)
    here = set(facts.committed("regular_hours", "use_capacity", site=site)["item"])
    data = facts.frames["capacity_plan"]
    data = data[data["resource_id"].isin(here)].dropna(subset=["utilisation"])
    return [data["utilisation"].max(), (data["utilisation"] > FULL).sum()]


@kind(r"# orders? of materials to place before .*?, the first by .*?(, # of them late)?\.", "plant")
def _orders(facts, passage, match, found):
    plan = facts.frames["material_plan"]
    taken = set(facts.committed("take", site=_site(facts, passage))["item"])
    due = plan[(plan["order_quantity"].astype(float) > 0) & plan["material_id"].isin(taken)].dropna(subset=["order_by"])
    soon = due[[each < facts.month(3) for each in due["order_by"]]]
    return [len(soon), *([soon["late"].sum()] if match[1] else [])]


@kind(r"# lines?, (?:of which # are its own to keep; .*|all its own to keep\.)", "sheet")
def _sheet(facts, passage, match, found):
    data = facts.frames["commitment_sheets"]
    data = data[data["sheet"] == passage.at.page.removeprefix("sheet-").replace("-", "_")]
    lines = data.drop_duplicates(["department", "commitment", "item"])
    own = lines[lines["department"] == lines["sheet"]]
    return [len(lines), *([len(own)] if len(found) > 1 else [])]


# -- products, risks, the rest -----------------------------------------------------------------------------------------


@kind(
    r"The portfolio has # products?: (.*?)\.(?: Launches bring # of revenue over the horizon, # weighted by probability, and take # units from other products\.)?",
    "products",
)
def _stages(facts, passage, match, found):
    status = facts.frames["product_lifecycle"]["status"].value_counts()
    words = {"active": "active", "new": "new", "launching": "launching", "phasing out": "phase_out", "ended": "ended"}
    told = [status[words[each]] for each in re.findall(r"# (active|new|launching|phasing out|ended)", match[1])]
    data = facts.of("new_product_plan", kind="launch")
    sums = [data[each].astype(float).sum() for each in ("revenue", "expected_revenue", "cannibalised")]
    return [status.sum(), *told, *sums][: len(found)]


@kind(
    r"The long tail, # products?, brought # of gross margin in twelve months, # of all and holds # of stock\.",
    "products",
)
def _tail(facts, passage, match, found):
    data = facts.frames["portfolio_review"].astype({"margin_year": float, "stock_value": float})
    tail = data[data["is_tail"].astype(bool)]
    margin = tail["margin_year"].sum()
    return [len(tail), margin, margin / data["margin_year"].sum(), tail["stock_value"].sum()]


@kind(r"# items? outside the numbers: risks # and opportunities # of margin, weighted; net #\.", "risks")
def _outside(facts, passage, match, found):
    data = facts.frames["risks_opportunities"].astype({"margin": float, "probability": float})
    data = data[~data["included"].fillna(False).astype(bool)]
    ended = facts.frames["open_items"]
    ended = set(ended[ended["status"].isin(("closed", "over", "not_listed"))]["item_id"])
    data = data[~data["item_id"].isin(ended)]
    weighted = data["margin"].fillna(0) * data["probability"].fillna(1)
    return [len(data), weighted[weighted < 0].sum(), weighted[weighted > 0].sum(), weighted.sum()]


@kind(r"# beside the consensus, .*", "scenarios")
def _scenarios(facts, passage, match, found):
    return [facts.frames["scenario_comparison"]["scenario"].nunique() - 1]


@kind(r"(.*?): contribution # (above|below) base; service #, hires #\.", "scenarios")
def _scenario(facts, passage, match, found):
    data = facts.frames["scenario_comparison"]
    own = data[data["strategy"] == facts.strategy].set_index("scenario").astype({"contribution": float})
    row = own.loc[match[1].split(" with ")[0]] if match[1].split(" with ")[0] in own.index else own.loc[match[1]]
    return [abs(row["contribution"] - own.loc["base"]["contribution"]), row["service"], row["hires"]]


@kind(r"(?:€?[km]?,? ?)?first # months", "scenarios")
def _first(facts, passage, match, found):
    return [12]


@kind(r"# more in the workbook\.")
def _more(facts, passage, match, found):
    return [Elsewhere()]


class Elsewhere(float):
    """A number that no released table holds: a version, or how many rows are left to the workbook."""


@kind(r"# model, judged by the backtest of the statistical one", "external")
def _models(facts, passage, match, found):
    return [facts.frames["external_accuracy"]["model"].nunique()]


@kind(r".*", "appendix")
def _appendix(facts, passage, match, found):
    if not passage.at.part.startswith("Tables behind"):
        return None
    out = []
    for each in found:
        name = re.search(r"([a-z_]+) $", passage.text[: each.start])
        out.append(float(len(facts.frames[name[1]])) if name and name[1] in facts.frames else 12.0)
    return out


@kind(r"[^#]*# − .*|.*; above # is .*|.*; beyond # is red|.*; beyond ±# is red", "")
def _formula(facts, passage, match, found):
    """The 1 of a formula, and the limits that a definition states."""
    return [{0.0, 1.0, 4.0}] * len(found)


@kind(r"Data trusted: at most # of the source rows set aside, at most # defaults in use, .*", "appendix")
def _trust_rule(facts, passage, match, found):
    return [0.001, 10]


@kind(
    r"Exceptions: full-year gap to the business plan over #; #-month demand changed by over # since the last cycle; sales attainment under #; .*; tracking signal beyond #?.*",
    "appendix",
)
def _exceptions_rule(facts, passage, match, found):
    return [0.05, 12, 0.05, 0.9, 4][: len(found)]


@kind(r"# months|sop-pipeline .*", "appendix")
def _run(facts, passage, match, found):
    if passage.text.endswith("months"):
        return [facts.frames["sales_plan"]["month"].nunique()]
    return [Elsewhere()] * len(found)


@kind(r"# of # forecasts? of .* are planned with\.", "external")
def _used(facts, passage, match, found):
    data = facts.frames["external_accuracy"]
    return [float(data["used"].astype(bool).sum()), len(data)]


@kind(r"The plan in use is uneven: (.*) is made # in .* and # in .*, on a steady demand of # a month\.", "strategies")
def _uneven(facts, passage, match, found):
    row = facts.frames["plan_swings"].iloc[0]
    return [row["amount"], row["highest"], row["usual"]]


@kind(
    r"In nine of ten demand paths (\w+) serves at least # on time over # months \((\w+) # and (\w+) #\); eight of ten cost # to #\..*",
    "strategies",
)
def _sampled(facts, passage, match, found):
    data = facts.of("plan_robustness", months=12, strategy=match[1])
    every = (
        facts.of("plan_robustness", months=12, strategy=match[2]),
        facts.of("plan_robustness", months=12, strategy=match[3]),
    )
    service = [each[each["measure"] == "service"]["p10"].iloc[0] for each in (data, *every)]
    cost = data[data["measure"] == "cost"].iloc[0]
    return [service[0], 12, *service[1:], cost["p10"], cost["p90"]]


@kind(
    r"Most is late in (.*), (\w+) (\d{4}): # on time or less in one path of ten; # of paths leave something unserved there\.",
    "strategies",
)
def _weakest(facts, passage, match, found):
    data = facts.of("plan_robustness_months", family=match[1])
    row = data[[f"{each:%B %Y}" == f"{match[2]} {match[3]}" for each in data["month"]]].iloc[0]
    return [row["service_p10"], row["short"]]


@kind(
    r"# paths of the forecast’s distribution, .*; first # months, plans kept as decided; P10 to P90 of the total is # of the forecast’s",
    "strategies",
)
def _paths(facts, passage, match, found):
    data = facts.frames["demand_sample_fit"]
    return [facts.frames["plan_robustness"]["samples"].max(), 12, data[data["level"] == "company"]["ratio"].iloc[0]]
