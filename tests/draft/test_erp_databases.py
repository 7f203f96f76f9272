"""Ready mappings of ERP databases, against real servers with tables built after the public schemas."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
import yaml

from sop_pipeline import config, steps
from sop_pipeline.cycle import Cycle
from sop_pipeline.draft.system import start_company
from sop_pipeline.ingest import check_company, ingest, snapshot
from sop_pipeline.lake import Lake
from tests.servers import mariadb, postgresql

pytestmark = pytest.mark.slow
SMALL = "horizon_months: 6\nforecast: {origins: 2, lags: [0]}\nsupply: {demand_samples: 0}\n"
PASSWORD = "canary-4711-of-this-test"
ODOO = """
create table uom_uom (id int, name jsonb, factor numeric);
create table product_category (id int, name varchar, complete_name varchar);
create table product_template (id int, name jsonb, categ_id int, list_price numeric, uom_id int, type varchar);
create table product_product (id int, product_tmpl_id int, default_code varchar, active bool);
create table res_currency (id int, name varchar);
create table sale_order (id int, name varchar, state varchar, date_order timestamp, partner_id int);
create table sale_order_line (id int, order_id int, product_id int, product_uom int, product_uom_qty numeric,
    price_subtotal numeric, currency_id int, order_partner_id int, display_type varchar, state varchar);
create table stock_location (id int, usage varchar, complete_name varchar);
create table stock_move (id int, product_id int, product_qty numeric, date timestamp, state varchar, location_id int,
    location_dest_id int, production_id int);
create table mrp_production (id int, product_id int, product_qty numeric, state varchar, date_finished timestamp);
insert into uom_uom values (1, '{"en_US": "Units", "de_DE": "Einheiten"}', 1),
    (2, '{"en_US": "Dozens"}', 0.083333333333);
insert into product_category values (1, 'Bread', 'All / Bread'), (2, 'Cake', 'All / Cake');
insert into product_template select i, jsonb_build_object('en_US', 'Product ' || i), 1 + i % 2, 4.5, 1, 'product'
    from generate_series(1, 4) i;
insert into product_product select i, i, case when i < 4 then 'P' || i end, true from generate_series(1, 4) i;
insert into res_currency values (1, 'EUR');
insert into stock_location values (1, 'internal', 'WH/Stock'), (2, 'production', 'Virtual'),
    (3, 'customer', 'Partners');
insert into sale_order select i, 'S' || i, case when i % 50 = 0 then 'cancel' else 'sale' end,
    timestamp '2024-06-01 09:00' + (i - 1) * interval '1 day', i % 7 from generate_series(1, 760) i;
insert into sale_order_line select o.id * 10 + p, o.id, p, case p when 2 then 2 else 1 end, 1 + (o.id * p) % 5 + 0.1,
    12.345, 1, o.partner_id, null, o.state from sale_order o, generate_series(1, 4) p;
insert into sale_order_line values (0, 1, null, null, 0, 0, 1, 1, 'line_section', 'sale');
insert into stock_move select o.id * 10 + p, p, 4, o.date_order, case when o.id % 90 = 0 then 'cancel' else 'done' end,
    2, 1, o.id from sale_order o, generate_series(1, 4) p;
insert into stock_move select 100000 + o.id * 10 + p, p, 3, o.date_order, 'done', 1, 3, null
    from sale_order o, generate_series(1, 4) p;
create role planning login password '{password}';
grant select on all tables in schema public to planning;
"""
ERPNEXT = """
create table `tabItem` (name varchar(140), item_name varchar(140), item_group varchar(140), stock_uom varchar(140),
    standard_rate decimal(21,9), valuation_rate decimal(21,9), is_stock_item int, has_variants int, is_sales_item int);
create table `tabSales Invoice` (name varchar(140), posting_date date, docstatus int, territory varchar(140),
    customer varchar(140));
create table `tabSales Invoice Item` (name varchar(140), parent varchar(140), item_code varchar(140), qty decimal(21,9),
    stock_qty decimal(21,9), base_net_amount decimal(21,9));
create table `tabStock Ledger Entry` (name varchar(140), posting_date date, posting_time time(6), creation datetime(6),
    item_code varchar(140), warehouse varchar(140), actual_qty decimal(21,9), qty_after_transaction decimal(21,9),
    voucher_type varchar(140), voucher_no varchar(140), is_cancelled int);
create table `tabStock Entry` (name varchar(140), purpose varchar(140), work_order varchar(140), docstatus int);
create table `tabWork Order` (name varchar(140), production_item varchar(140), qty decimal(21,9), status varchar(140));
insert into `tabItem` values ('BREAD', 'Bread', 'Products', 'Nos', 3.5, 1.25, 1, 0, 1),
    ('FLOUR', 'Flour', 'Raw', 'Kg', 0, 1, 1, 0, 0);
insert into `tabSales Invoice` values ('I1', '2026-06-29', 1, 'North', 'C1'), ('I2', '2026-06-30', 1, 'North', 'C1'),
    ('I3', '2026-06-30', 2, 'North', 'C1');
insert into `tabSales Invoice Item` values ('L1', 'I1', 'BREAD', 1, 12.000000001, 40.005),
    ('L2', 'I2', 'BREAD', -1, -2, -7),
    ('L3', 'I3', 'BREAD', 1, 99, 99);
insert into `tabStock Entry` values ('E1', 'Manufacture', 'W1', 1);
insert into `tabWork Order` values ('W1', 'BREAD', 20, 'Completed');
insert into `tabStock Ledger Entry` values
    ('S1', '2026-06-28', '10:00', '2026-06-28 10:00', 'BREAD', 'Stores', 20, 20, 'Stock Entry', 'E1', 0),
    ('S2', '2026-06-28', '10:00', '2026-06-28 10:00', 'FLOUR', 'Stores', -9, 91, 'Stock Entry', 'E1', 0),
    ('S3', '2026-06-29', '10:00', '2026-06-29 10:00', 'BREAD', 'Stores', -12, 8, 'Sales Invoice', 'I1', 0),
    ('S4', '2026-06-29', '10:00', '2026-06-29 10:01', 'BREAD', 'Stores', -1, 7, 'Sales Invoice', 'I1', 0);
"""


def company_of(folder, system, server, database):
    """A company made by ``sop init --from``, with the server's place in its connection."""
    start_company(folder, system)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["connections"]["erp"] |= {"host": "127.0.0.1", "port": server.port, "database": database}
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    return folder


def test_odoo_is_ready_and_its_password_stands_nowhere(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("ERP_PASSWORD", PASSWORD)
    with postgresql("of the administrator") as server:
        server.execute(ODOO.replace("{password}", PASSWORD), "postgres")
        folder = company_of(tmp_path / "acme", "odoo", server, "postgres")
        with (folder / "sop.yaml").open("a") as settings:
            settings.write(SMALL)
        report = check_company(folder)
        assert report.passed, str(report)
        company, cycle = config.load(folder), Cycle.parse("2026-07")
        result = ingest(snapshot(company, folder, cycle, Lake(folder / "lake")), company, cycle)
        planned = steps.run(Lake(folder / "lake"), company, cycle)
        sold = server.execute(
            "select l.product_id, sum(product_uom_qty * case l.product_id when 2 then 12 else 1 end)"
            " from sale_order_line l join sale_order o on o.id = l.order_id"
            " where o.state = 'sale' and l.product_id is not null and o.date_order < '2026-07-01'"
            " group by 1 order by 1",
            "postgres",
        )
        stock = server.execute(
            "select sum(case location_id when 2 then product_qty else -product_qty end) from stock_move"
            " where state = 'done' and product_id = 1 and date < '2026-07-01'",
            "postgres",
        )
    assert {row["family"] for row in planned["financial_plan"].to_pylist()} == {"All / Bread", "All / Cake"}
    assert sum(row["output"] for row in planned["production_plan"].to_pylist()) > 0
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in result.tables["sales"].to_pylist():
        totals[row["product_id"]] += row["quantity"]
    expected = dict(line.split("|") for line in sold.split())
    assert {name: round(total, 2) for name, total in totals.items()} == {
        name: round(Decimal(expected[number]), 2)
        for name, number in (("P1", "1"), ("P2", "2"), ("P3", "3"), ("odoo-4", "4"))
    }
    counts = {(row["product_id"], row["date"]): row["on_hand"] for row in result.tables["inventory"].to_pylist()}
    assert counts["P1", date(2026, 6, 30)] == Decimal(stock.strip())
    names = {
        row["product_id"]: (row["product_name"], row["unit_of_measure"])
        for row in result.tables["products"].to_pylist()
    }
    assert names["odoo-4"] == ("Product 4", "Units")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 5
    assert [path for path in written if PASSWORD.encode() in path.read_bytes()] == []
    said = capfd.readouterr()
    assert PASSWORD not in said.out + said.err + str(report)


def test_erpnext_is_ready(tmp_path, monkeypatch):
    monkeypatch.setenv("ERP_PASSWORD", PASSWORD)
    with mariadb(PASSWORD) as server:
        server.execute(ERPNEXT, "erp")
        folder = company_of(tmp_path / "acme", "erpnext", server, "erp")
        settings = yaml.safe_load((folder / "sop.yaml").read_text())
        settings["connections"]["erp"]["user"] = server.user
        (folder / "sop.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
        report = check_company(folder)
    assert report.passed, str(report)
    assert report.newest_cycle == "2026-07"
    counted = [line.split(" (")[0] for line in report.files]
    assert sorted(counted) == [
        "inventory: erp: inventory: 1 rows",
        "production: erp: production: 1 rows",
        "products: erp: products: 1 rows",
        "sales: erp: sales: 2 rows",
    ]
