"""The aggregate model written a second time, in PuLP, row by row from METHODS 5; nothing of the planner is used.

Takes the plain tables of a planning problem and returns the optimal objective or the status: of blended, or of level
where every product takes labour.
"""

from __future__ import annotations

import calendar
import math
from typing import Any

import pandas as pd
import pulp

from sop_pipeline.supply.problem.definition import PlanningProblem

Number = float | int | None
MONTHLY = (
    "unit_material_cost", "holding_cost", "backlog_cost", "lost_sales_cost", "subcontract_cost", "subcontract_limit",
    "setup_cost",
)  # fmt: skip


def best_objective(problem: PlanningProblem, *, integer: bool, profit: bool, level: bool = False) -> tuple[str, float]:
    """Solve with CBC at MIP gap 0; return (status, cost or -profit)."""
    model = _Model(problem, integer, profit, level)
    model.problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=0, threads=1))
    status = pulp.LpStatus[model.problem.status]
    return status, (pulp.value(model.objective) if status == "Optimal" else math.nan)


class _Model:
    """Variables by plain keys, constraints one at a time."""

    def __init__(self, problem: PlanningProblem, integer: bool, profit: bool, level: bool = False) -> None:
        self.tables = problem
        self.integer, self.profit, self.level = integer, profit, level
        self.held: dict[str, list[Any]] = {}
        self.months = sorted(problem.demand_plan["month"].unique())
        self.last = len(self.months) - 1
        self.products = sorted(problem.products["product_id"])
        self.problem = pulp.LpProblem("plan", pulp.LpMinimize)
        self.terms: list[Any] = []
        self.cash: dict[int, list[Any]] = {t: [] for t in range(len(self.months))}
        self.load: dict[tuple[str, int], list[Any]] = {}
        for product in self.products:
            self._product(product)
        for row in _records(problem.resources):
            self._resource(row)
        self._materials()
        self._cash()
        self.objective = pulp.lpSum(self.terms)
        self.problem += self.objective

    def spend(self, t: int, expression: Any, *, paid_out: bool = True) -> None:
        self.terms.append(expression)
        if paid_out:
            self.cash[t].append(expression)

    def var(self, name: str, low: float = 0.0, high: Number = None, whole: bool = False) -> pulp.LpVariable:
        return pulp.LpVariable(name, low, high, "Integer" if whole else "Continuous")

    def _product(self, p: str) -> None:
        standing = _one(self.tables.products, product_id=p)
        state = _one(self.tables.product_state, product_id=p)
        features = [f for f in _records(self.tables.product_features) if f["product_id"] == p]
        stock: Any = _or(state.get("opening_stock"), 0.0)
        owed: Any = _or(state.get("opening_backlog"), 0.0)
        monthly = [m.get("setup_cost") for m in _records(self.tables.product_months) if m["product_id"] == p]
        needs_lot = bool(
            standing.get("min_lot")
            or standing.get("setup_cost")
            or any(monthly)
            or any(f.get("setup") and not f.get("option_group") for f in features)
            or (standing.get("campaign_months") or 0) > 1
        )
        rate: Any = None
        on: list[Any] = []
        total = sum(d["quantity"] for d in _records(self.tables.demand_plan) if d["product_id"] == p)
        demand = {t: _one(self.tables.demand_plan, product_id=p, month=m) for t, m in enumerate(self.months)}
        for t, month in enumerate(self.months):
            own = _one(self.tables.product_months, product_id=p, month=month)
            row = standing | {name: own[name] for name in MONTHLY if name in own}
            wanted, price = demand[t]["quantity"], _or(demand[t].get("price"), row.get("unit_price") or 0.0)
            ended = row.get("discontinued_on") and month > str(row["discontinued_on"])[:7]
            x = self.var(f"x_{p}_{t}", 0, 0 if ended else own.get("max_production"))
            if own.get("fixed_production") is not None:
                self.problem += x == own["fixed_production"]
            made = self._take(p, t, x, features)
            rate = self._rate_limit(t, x, rate, None if ended else standing.get("max_rate_change_pct"))
            self.spend(t, self._material_price(row, features) * x + made)
            if needs_lot:
                on.append(self._lot(p, t, x, row, features, total, state))
            c: Any = 0
            if (row.get("subcontract_cost") is not None) and not ended:
                c = self.var(f"c_{p}_{t}", 0, row.get("subcontract_limit"))
                self.spend(t, row["subcontract_cost"] * c)
            lost: Any = 0
            if row.get("lost_sales_cost") is not None or self.profit:
                lost = self.var(f"l_{p}_{t}", 0, wanted - _or(demand[t].get("min_quantity"), 0.0))
                if not self.profit:
                    self.spend(t, _or(row.get("lost_sales_cost"), 0.0) * lost, paid_out=False)
            new_owed: Any = 0
            if row.get("backlog_cost") is not None:
                most = state.get("closing_backlog") if t == self.last else None
                new_owed = self.var(f"b_{p}_{t}", 0, most)
                self.spend(t, row["backlog_cost"] * new_owed, paid_out=False)
            new_stock = self.var(f"i_{p}_{t}")
            self.spend(t, _holding(row, self._material_price(standing, features)) * new_stock, paid_out=False)
            self.problem += stock - owed + x + c == wanted - lost + new_stock - new_owed
            self._stock_limits(p, t, new_stock, row, state, own, demand)
            if self.profit:
                self.terms.append(-price * (wanted - lost))
                if t == 0:
                    self.terms.append(-price * owed)
                if t == self.last:
                    self.terms.append(price * new_owed)
            stock, owed = new_stock, new_owed
        self._campaign(on, int(standing.get("campaign_months") or 0))

    def _rate_limit(self, t: int, x: Any, before: Any, percent: Number) -> Any:
        """Output per working day changes by at most the percentage of the month before."""
        if percent is None:
            return None
        rate = x * (1 / self.days(t))
        if before is not None:
            self.problem += rate <= (1 + percent / 100) * before
            self.problem += rate >= (1 - percent / 100) * before
        return rate

    def _campaign(self, on: list[Any], length: int) -> None:
        """A run that starts in a month goes on for the campaign's months, as far as the horizon reaches."""
        for t in range(len(on)):
            start = on[t] - (on[t - 1] if t else 0)
            for later in on[t + 1 : t + length]:
                self.problem += later >= start

    def days(self, t: int) -> float:
        """Working days of a month: the calendar's, else its weekdays."""
        stated = _one(self.tables.calendar, month=self.months[t]) if len(self.tables.calendar) else {}
        if "working_days" in stated:
            return float(stated["working_days"])
        year, number = (int(part) for part in self.months[t].split("-"))
        last = calendar.monthrange(year, number)[1]
        return float(sum(calendar.weekday(year, number, day) < 5 for day in range(1, last + 1)))

    def _stock_limits(
        self, p: str, t: int, stock: Any, row: dict, state: dict, own: dict, demand: dict[int, dict]
    ) -> None:
        least = [state.get("safety_stock"), own.get("min_stock")]
        least.append(self._cover(t, row.get("cover_days_min"), demand))
        if t == self.last:
            least.append(state.get("closing_stock"))
        for value in least:
            if value is not None:
                self.problem += stock >= value
        most = own["max_stock"] if own.get("max_stock") is not None else row.get("max_stock")
        if most is not None:
            self.problem += stock <= most
        longest = self._cover(t, row.get("cover_days_max"), demand)
        if longest is not None:
            self.problem += stock <= longest
        life = row.get("shelf_life_months")
        if life is not None and t + int(life) <= self.last:
            self.problem += stock <= sum(demand[s]["quantity"] for s in range(t + 1, t + int(life) + 1))

    def _cover(self, t: int, days: Number, demand: dict[int, dict]) -> Number:
        if days is None:
            return None
        total, left, month = 0.0, float(days), t + 1
        while left > 0:
            at = min(month, self.last)
            year, number = (int(part) for part in self.months[at].split("-"))
            length = calendar.monthrange(year, number)[1]
            used = min(left, length)
            total += demand[at]["quantity"] * used / length
            left, month = left - used, month + 1
        return total

    def _take(self, p: str, t: int, x: Any, features: list[dict]) -> Any:
        """Put a month's output on its resources; return the cost of materials that alternatives take."""
        groups: dict[str, list[Any]] = {}
        spent: list[Any] = []
        for number, feature in enumerate(features):
            source = x
            if feature.get("option_group"):
                source = self.var(f"z_{p}_{t}_{number}")
                groups.setdefault(feature["option_group"], []).append(source)
                if feature.get("setup"):
                    chosen = pulp.LpVariable(f"yz_{p}_{t}_{number}", cat="Binary")
                    self.problem += source <= 2000 * chosen
                    self.load.setdefault((feature["feature"], t), []).append(feature["setup"] * chosen)
                spent.append(self._alternative_price(p, feature) * source)
            month = t - int(_or(feature.get("lead_months"), 0))
            own = self._month_quantity(p, t, feature)
            if month >= 0:
                self.load.setdefault((feature["feature"], month), []).append(own * source)
        for parts in groups.values():
            self.problem += pulp.lpSum(parts) == x
        return pulp.lpSum(spent)

    def _month_quantity(self, p: str, t: int, feature: dict) -> float:
        for row in _records(self.tables.product_feature_months):
            same = (row["product_id"], row["feature"], row["month"]) == (p, feature["feature"], self.months[t])
            if same and row.get("option_group") == feature.get("option_group"):
                return float(row["quantity"])
        return float(feature["quantity"])

    def _alternative_price(self, p: str, feature: dict) -> float:
        if "unit_material_cost" in _one(self.tables.products, product_id=p):
            return 0.0
        price = {m["material_id"]: m["unit_cost"] for m in _records(self.tables.materials)}
        return float(feature["quantity"] * price.get(feature["feature"], 0.0))

    def _material_price(self, row: dict, features: list[dict]) -> float:
        if row.get("unit_material_cost") is not None:
            return float(row["unit_material_cost"])
        price = {m["material_id"]: m["unit_cost"] for m in _records(self.tables.materials)}
        return sum(f["quantity"] * price.get(f["feature"], 0.0) for f in features if not f.get("option_group"))

    def _lot(self, p: str, t: int, x: Any, row: dict, features: list[dict], total: float, state: dict) -> Any:
        y = pulp.LpVariable(f"y_{p}_{t}", cat="Binary")
        self.problem += x <= (total * 2 + 500) * y
        self.problem += x >= _or(row.get("min_lot"), 0.0) * y
        self.spend(t, _or(row.get("setup_cost"), 0.0) * y)
        for feature in features:
            if feature.get("setup") and not feature.get("option_group"):
                self.load.setdefault((feature["feature"], t), []).append(feature["setup"] * y)
        return y

    def _resource(self, row: dict) -> None:
        name, kind = row["resource_id"], row.get("kind")
        if kind in ("labour", "machine"):
            self._hours(row)
        elif kind == "material":
            for t, month in enumerate(self.months):
                self.problem += pulp.lpSum(self.load.get((name, t), [])) <= self._capacity(row, month)
        elif kind == "storage":
            space = {
                f["product_id"]: f["quantity"] for f in _records(self.tables.product_features) if f["feature"] == name
            }
            stocks = {v.name: v for v in self.problem.variables() if v.name.startswith("i_")}
            for t, month in enumerate(self.months):
                self.problem += pulp.lpSum(space[p] * stocks[f"i_{p}_{t}"] for p in space) <= self._capacity(row, month)

    def _capacity(self, row: dict, month: str) -> float:
        """A month's own capacity, else the resource's."""
        own = _one(self.tables.resource_months, resource_id=row["resource_id"], month=month).get("capacity")
        return float(row["capacity"] if own is None else own)

    def _hours(self, row: dict) -> None:
        r, stated = row["resource_id"], row.get("capacity")
        heads: Any = row.get("opening_units")
        rate, worked = _or(row.get("regular_rate"), 0.0), row.get("pay_basis") == "worked"
        has_overtime = any(
            row.get(key) is not None for key in ("overtime_rate", "overtime_limit_pct", "overtime_hours_per_unit")
        ) or any(
            m.get("overtime_hours") is not None for m in _records(self.tables.resource_months) if m["resource_id"] == r
        )
        may_hire, may_fire = row.get("hire_cost") is not None, row.get("layoff_cost") is not None
        repair = row.get("maintenance_units_required") or 0
        in_repair = []
        for t, month in enumerate(self.months):
            own = _one(self.tables.resource_months, resource_id=r, month=month)
            down = _or(own.get("units_down"), 0.0)
            per_head = row.get("hours_per_month")
            if per_head is None:
                per_head = row["hours_per_day"] * self.days(t) if "hours_per_day" in row else 0.0
            load = pulp.lpSum(self.load.get((r, t), []))
            extra: Any = 0
            if stated is not None:
                regular: Any = stated
                working: Any = _or(row.get("opening_units"), 0.0) - down
                self.spend(t, rate * stated if not worked else 0)
            else:
                heads = self._heads(row, t, heads, may_hire, may_fire)
                mended: Any = 0
                if repair:
                    mended = self.var(f"m_{r}_{t}", whole=True)
                    in_repair.append(mended)
                    self.problem += mended + down <= heads
                working = heads - down - mended
                regular = per_head * working
                if not worked:
                    self.spend(t, rate * per_head * heads)
            self._hold(row, t, load, heads)
            if row.get("temporary_max"):
                temporary = self.var(f"t_{r}_{t}", 0, row["temporary_max"], self.integer)
                pay = row["temporary_rate"] if row.get("temporary_rate") is not None else rate
                self.spend(t, pay * per_head * temporary)
                extra = per_head * temporary
            overtime: Any = 0
            if has_overtime:
                overtime = self._overtime(
                    row, own, t, rate, regular if stated is not None else per_head * working, working
                )
            if worked:
                used = self.var(f"u_{r}_{t}")
                self.spend(t, rate * used)
                self.problem += used <= regular
                self.problem += load <= used + extra + overtime
            else:
                self.problem += load <= regular + extra + overtime
            if row.get("min_utilisation_pct"):
                self.problem += load >= row["min_utilisation_pct"] / 100 * regular
        if repair and stated is None:
            self.problem += pulp.lpSum(in_repair) == repair
        self._rate_change(row)

    def _hold(self, row: dict, t: int, load: Any, heads: Any) -> None:
        """Level: labour's heads and its hours a day are those of the months before."""
        if not self.level or row["kind"] != "labour":
            return
        pace, before = self.held.setdefault(row["resource_id"], [self.var(f"pace_{row['resource_id']}"), None])
        if not self._all_fixed(self.months[t]):
            self.problem += load == pace * self.days(t)
        if before is not None and t > _or(row.get("hire_lead_months"), 0):
            self.problem += heads == before
        self.held[row["resource_id"]] = [pace, heads]

    def _all_fixed(self, month: str) -> bool:
        """Whether nothing is left to choose of a month's output."""
        ended = {
            row["product_id"] for row in _records(self.tables.products)
            if row.get("discontinued_on") and month > str(row["discontinued_on"])[:7]
        }  # fmt: skip
        own = [row for row in _records(self.tables.product_months) if row["month"] == month]
        fixed = {row["product_id"] for row in own if "fixed_production" in row}
        return set(self.products) <= ended | fixed

    def _heads(self, row: dict, t: int, before: Any, may_hire: bool, may_fire: bool) -> Any:
        r = row["resource_id"]
        free = (may_hire or may_fire or before is None) and row["kind"] == "labour"
        heads = self.var(f"w_{r}_{t}", _or(row.get("min_units"), 0.0), row.get("max_units"), self.integer and free)
        if before is None:
            return heads
        change: Any = 0
        if may_hire and t >= _or(row.get("hire_lead_months"), 0):
            hires = self.var(f"h_{r}_{t}", 0, row.get("max_hires"))
            self.spend(t, row["hire_cost"] * hires)
            change += hires
        if may_fire:
            layoffs = self.var(f"f_{r}_{t}", 0, row.get("max_layoffs"))
            self.spend(t, row["layoff_cost"] * layoffs)
            change -= layoffs
        self.problem += heads == before + change
        return heads

    def _overtime(self, row: dict, own: dict, t: int, rate: float, regular: Any, working: Any) -> Any:
        overtime = self.var(f"v_{row['resource_id']}_{t}")
        self.spend(t, (row["overtime_rate"] if row.get("overtime_rate") is not None else 1.5 * rate) * overtime)
        if own.get("overtime_hours") is not None:
            self.problem += overtime <= own["overtime_hours"]
            return overtime
        if row.get("overtime_limit_pct") is not None:
            self.problem += overtime <= row["overtime_limit_pct"] / 100 * regular
        if row.get("overtime_hours_per_unit") is not None:
            self.problem += overtime <= row["overtime_hours_per_unit"] * working
        return overtime

    def _rate_change(self, row: dict) -> None:
        up_cost, down_cost = _or(row.get("rate_up_cost"), 0.0), _or(row.get("rate_down_cost"), 0.0)
        if not up_cost and not down_cost:
            return
        made = {v.name: v for v in self.problem.variables() if v.name.startswith("x_")}
        days = [self.days(t) for t in range(len(self.months))]
        users = [
            p for p in self.products if _one(self.tables.product_features, product_id=p, feature=row["resource_id"])
        ]
        stated = [_one(self.tables.product_state, product_id=p).get("opening_rate") for p in users]
        before: Any = None if all(rate is None for rate in stated) else sum(_or(rate, 0.0) for rate in stated)
        for t in range(len(self.months)):
            rate = pulp.lpSum(made[f"x_{p}_{t}"] for p in users) * (1 / days[t])
            if before is not None:
                up, down = self.var(f"up_{t}"), self.var(f"down_{t}")
                self.problem += rate - before == up - down
                self.spend(t, up_cost * up + down_cost * down)
            before = rate

    def _materials(self) -> None:
        for row in _records(self.tables.materials):
            used = [pulp.lpSum(self.load.get((row["material_id"], t), [])) for t in range(len(self.months))]
            held, stated = 0.0, row.get("on_hand") is not None or row.get("on_order") is not None
            if stated:
                held = _or(row.get("on_hand"), 0.0) + _or(row.get("on_order"), 0.0)
            left, months = _or(row.get("lead_days"), 0.0) if stated else 0.0, 0
            for t, month in enumerate(self.months):
                days = calendar.monthrange(*(int(part) for part in month.split("-")))[1]
                share = min(left / days, 1.0)
                left = max(left - days, 0.0)
                if share > 0:
                    self.problem += pulp.lpSum(used[:t]) + share * used[t] <= held
                months += share < 1
                if row.get("max_receipt") is not None and share < 1:
                    self.problem += pulp.lpSum(used[: t + 1]) <= held + row["max_receipt"] * months

    def _cash(self) -> None:
        for row in _records(self.tables.resources):
            if row.get("kind") == "cash":
                for t, month in enumerate(self.months):
                    self.problem += pulp.lpSum(self.cash[t]) <= self._capacity(row, month)


def _holding(row: dict, material: float) -> float:
    if row.get("holding_cost") is not None:
        return float(row["holding_cost"])
    return 0.02 * float(_or(row.get("standard_cost"), material))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items() if not pd.isna(v)} for row in frame.to_dict("records")]


def _one(frame: pd.DataFrame, **key: str) -> dict[str, Any]:
    for row in _records(frame):
        if all(row.get(name) == value for name, value in key.items()):
            return row
    return {}


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value
