"""What a function reads and makes is read from its signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import pytest

from sop_pipeline.config import Company, Supply
from sop_pipeline.cycle import Cycle
from sop_pipeline.past import PastCycle
from sop_pipeline.pointers import Want
from sop_pipeline.steps.step import Step, step


@dataclass(frozen=True)
class Inputs:
    sales: pa.Table
    products: pa.Table


@dataclass(frozen=True)
class Made:
    sales_plan: pa.Table
    bridge: pa.Table


@dataclass(frozen=True)
class Before(PastCycle):
    demand_plan: pa.Table


class Settings(Protocol):
    currency: str
    supply: Supply

    @property
    def plans_by(self) -> str: ...


def declared(*functions, **more) -> Step:
    return step(*functions, does="Something.", **more)


def test_tables_are_edges_whether_alone_or_in_a_dataclass():
    def bridge(inputs: Inputs, orders: pa.Table, calendar: pa.Table | None = None, *, cycle: Cycle) -> pa.Table:
        raise NotImplementedError

    one = declared(bridge)
    assert one.name == "bridge"
    assert one.reads == ("sales", "products", "orders", "calendar")
    assert one.outputs == ("bridge",)
    assert one.settings == frozenset()


def test_a_dataclass_that_is_returned_has_a_table_a_field():
    def money(sales: pa.Table) -> Made:
        raise NotImplementedError

    assert declared(money).outputs == ("sales_plan", "bridge")


def test_parts_run_in_a_row_and_read_what_the_ones_before_made():
    def sales_plan(sales: pa.Table) -> pa.Table:
        raise NotImplementedError

    def bridge(sales_plan: pa.Table, products: pa.Table) -> pa.Table:
        raise NotImplementedError

    both = declared(sales_plan, bridge, name="both")
    assert both.reads == ("sales", "products")
    assert both.outputs == ("sales_plan", "bridge")


def test_earlier_cycles_and_settings_are_no_edges_but_known():
    def bridge(sales: pa.Table, last: Before | None, every: Sequence[Before], company: Settings) -> pa.Table:
        raise NotImplementedError

    one = declared(bridge)
    assert one.reads == ("sales",)
    assert one.past == (Want(("demand_plan",), False), Want(("demand_plan",), True))
    assert one.settings == {"currency", "supply", "plans_by"}


def test_the_whole_company_may_be_read():
    def bridge(company: Company) -> pa.Table:
        raise NotImplementedError

    assert {"supply", "currency", "sources"} <= declared(bridge).settings


def test_a_parameter_that_no_step_can_fill_is_refused_by_name():
    def bridge(sales: pa.Table, factor: float) -> pa.Table:
        raise NotImplementedError

    with pytest.raises(TypeError, match="no step can fill parameter factor"):
        declared(bridge)


def test_a_name_that_is_no_table_is_refused():
    def bridge(sails: pa.Table) -> pa.Table:
        raise NotImplementedError

    with pytest.raises(TypeError, match="no tables of the registry: sails"):
        declared(bridge)


def test_what_says_nothing_of_its_tables_needs_their_names():
    def found(sales: pa.Table) -> dict[str, pa.Table]:
        raise NotImplementedError

    with pytest.raises(TypeError, match=r"needed a pa\.Table or a dataclass"):
        declared(found)
    assert declared(found, makes=["bridge"]).outputs == ("bridge",)
