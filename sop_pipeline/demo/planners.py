"""What people at Larkfield Care know, want, fear and have decided, with the day each became known.

``recorded_on`` lets an earlier cycle be run on the same folder and see less: rows up to 9 October 2026 are what cycle
2026-10 knew, those from 10 October to 9 November are news to cycle 2026-11, later ones belong to the next. A row with
the key of an earlier one takes its place. Not here: numbers a system made (``ledger``, ``factory``).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

HEAD_OF_SALES, MARKETING, FINANCE = "Ines Marchetti, Sales", "Jonas Weidner, Marketing", "Karin Oyelaran, Finance"
REALISED = 0.994
"""What customers pay of the list price, once bonuses and discounts are taken off."""
SUPPLY, QUALITY, ACCOUNTS = "Tomasz Brandt, Supply chain", "Lea Fontaine, Development", "Pieter Hoekstra, Key accounts"


def demand_inputs_table() -> pd.DataFrame:
    """The ``demand_inputs`` input table: changes in units, in percent and replacements, at all three levels."""
    columns = ["stream", "product_id", "family", "month_from", "month_to", "change_units", "change_pct",
               "replace_units", "reason", "owner", "recorded_on"]  # fmt: skip
    known_before: list[tuple[object, ...]] = [
        ("sales", "SC-503", None, "2026-04", "2026-07", 600, None, None,
         "Kids range listed by a toy chain", HEAD_OF_SALES, date(2026, 2, 6)),
        ("marketing", None, "Body Wash", "2026-06", "2026-07", None, 4.0, None,
         "Summer sampling at festivals", MARKETING, date(2026, 3, 5)),
        ("marketing", "HS-303", None, "2026-09", "2026-09", None, 20.0, None,
         "Back-to-school bundle", MARKETING, date(2026, 6, 8)),
        ("finance", None, "Face Care", "2026-08", "2026-10", None, -3.0, None,
         "Weak retail panel figures", FINANCE, date(2026, 8, 6)),
        ("sales", "SC-501", None, "2027-04", "2027-07", 900, None, None,
         "Listing at a second drugstore chain in France", HEAD_OF_SALES, date(2026, 9, 22)),
        ("sales", None, "Body Wash", "2027-01", "2027-06", None, -2.0, None,
         "Private-label tender lost in Benelux", HEAD_OF_SALES, date(2026, 10, 6)),
        ("marketing", "HC-102", None, "2027-02", "2027-02", None, 25.0, None,
         "Television campaign for Repair Shampoo", MARKETING, date(2026, 9, 15)),
        ("marketing", None, "Face Care", "2026-11", "2026-12", None, 4.0, None,
         "Christmas gift packs", MARKETING, date(2026, 8, 18)),
        ("finance", None, None, "2027-01", "2027-12", None, -0.5, None,
         "Volume effect of the January price rise", FINANCE, date(2026, 10, 5)),
        ("customers", "HS-302", None, "2026-12", "2026-12", None, None, 25_200,
         "Largest retailer's own forecast for refills", ACCOUNTS, date(2026, 10, 7)),
        ("customers", "HL-601", None, "2026-11", "2027-01", 1_200, None, None,
         "Wholesaler fills a new depot", ACCOUNTS, date(2026, 9, 30)),
        ("sales", "HC-109", None, "2027-01", "2027-06", None, -15.0, None,
         "Classic Shampoo leaves two listings before its end", HEAD_OF_SALES, date(2026, 9, 11)),
    ]  # fmt: skip
    news: list[tuple[object, ...]] = [
        ("sales", "SC-501", None, "2027-04", "2027-07", -400, None, None,
         "French chain starts with half of its shops", HEAD_OF_SALES, date(2026, 10, 28)),
        ("marketing", "HC-102", None, "2027-02", "2027-02", None, -20.0, None,
         "Television campaign moved to March", MARKETING, date(2026, 11, 3)),
        ("marketing", "HC-102", None, "2027-03", "2027-03", None, 25.0, None,
         "Television campaign moved from February", MARKETING, date(2026, 11, 3)),
        ("sales", "FC-405", None, "2026-11", "2027-02", None, -6.0, None,
         "Competitor's serum is advertised heavily", HEAD_OF_SALES, date(2026, 11, 4)),
        ("customers", "HS-302", None, "2027-01", "2027-01", None, None, 27_500,
         "Largest retailer's own forecast for refills", ACCOUNTS, date(2026, 11, 5)),
        ("finance", None, "Hand and Lip Care", "2027-01", "2027-03", None, -1.5, None,
         "Mild winter in the retail panel's outlook", FINANCE, date(2026, 11, 6)),
    ]  # fmt: skip
    too_late: list[tuple[object, ...]] = [
        ("sales", None, "Sun Care", "2027-03", "2027-08", None, 3.0, None,
         "Early orders above last year; after the deadline of cycle 2026-11", HEAD_OF_SALES, date(2026, 11, 12)),
    ]  # fmt: skip
    return pd.DataFrame(known_before + news + too_late, columns=columns)


def new_products_table() -> pd.DataFrame:
    """The ``new_products`` input table; the sun stick's launch moved by a month and became likelier."""
    columns = ["product_id", "stage", "probability", "launch_month", "like_product_id", "scale_pct", "ramp_months",
               "cannibalises", "cannibalisation_pct", "recorded_on"]  # fmt: skip
    rows = [
        ("HS-311", "launch", 0.95, "2027-01", "HS-302", 45, 5, "HS-302", 35, date(2026, 7, 8)),
        ("HC-111", "industrialisation", 0.80, "2027-03", "HC-104", 60, 6, "HC-104", 20, date(2026, 8, 12)),
        ("SC-511", "development", 0.50, "2027-03", "SC-505", 40, 3, "SC-509", 30, date(2026, 9, 10)),
        ("SC-511", "industrialisation", 0.65, "2027-04", "SC-505", 40, 3, "SC-509", 30, date(2026, 11, 4)),
    ]
    return pd.DataFrame(rows, columns=columns)


def launch_gates_table() -> pd.DataFrame:
    """The ``launch_gates`` input table: gates of the launches on the way, one of them passed late and one overdue."""
    columns = ["product_id", "gate", "due", "passed_on", "owner", "recorded_on"]
    rows = [
        ("HS-311", "Formula approved", date(2026, 7, 31), date(2026, 7, 29), QUALITY, date(2026, 7, 30)),
        ("HS-311", "First production run", date(2026, 10, 2), date(2026, 10, 6), SUPPLY, date(2026, 10, 7)),
        ("HS-311", "Listings confirmed", date(2026, 11, 20), None, ACCOUNTS, date(2026, 9, 14)),
        ("HC-111", "Formula approved", date(2026, 9, 30), date(2026, 9, 25), QUALITY, date(2026, 9, 28)),
        ("HC-111", "First production run", date(2026, 12, 11), None, SUPPLY, date(2026, 9, 28)),
        ("SC-511", "Formula approved", date(2026, 10, 30), None, QUALITY, date(2026, 9, 10)),
        ("SC-511", "Product safety file complete", date(2027, 1, 29), None, QUALITY, date(2026, 9, 10)),
    ]
    return pd.DataFrame(rows, columns=columns)


def external_forecasts_table(business_plan: pd.DataFrame) -> pd.DataFrame:
    """The ``external_forecasts`` input table: a retail panel's view of home care, too young to be judged.

    It comes with the reviews of September, October and November 2026, each somewhat further under the budget.
    """
    home_care = business_plan[business_plan["family"] == "Home Care"].set_index("month")["units"]
    parts = []
    for cycle, share in (("2026-09", 0.99), ("2026-10", 0.98), ("2026-11", 0.97)):
        mean = (home_care[home_care.index >= cycle] * share).round()
        made = {
            "model": "retail_panel",
            "cycle": cycle,
            "product_id": None,
            "family": "Home Care",
            "month": mean.index,
            "mean": mean,
        }
        parts.append(pd.DataFrame({**made, "recorded_on": date(2026, int(cycle[-2:]), 8)}))
    return pd.concat(parts, ignore_index=True)


def demand_events_table() -> pd.DataFrame:
    """The ``demand_events`` input table: two television campaigns, too few to tell what the next will bring.

    ``size`` is the number of weeks on air.
    """
    columns = ["product_id", "family", "kind", "month_from", "month_to", "size", "recorded_on"]
    rows = [
        ("HC-102", None, "television", "2026-03", None, 3, date(2026, 1, 20)),
        ("HC-102", None, "television", "2026-09", None, 2, date(2026, 6, 15)),
    ]
    return pd.DataFrame(rows, columns=columns)


def assumptions_table() -> pd.DataFrame:
    """The ``assumptions`` input table; two changed since the cycle before."""
    columns = ["assumption_id", "text", "value", "owner", "changed_on", "recorded_on"]
    measured = {"A-01": ("price", "2027-01", 1.5), "A-03": ("pay", "2027-03", 2.8)}
    rows = [
        ("A-01", "List prices rise in January 2027", "+1.5 %", FINANCE, date(2026, 9, 18)),
        ("A-02", "One Swiss franc is worth", "EUR 1.05", FINANCE, date(2026, 6, 10)),
        ("A-02", "One Swiss franc is worth", "EUR 1.07", FINANCE, date(2026, 11, 3)),
        ("A-03", "Wage agreement at both plants from March 2027", "+2.8 %", SUPPLY, date(2026, 5, 20)),
        ("A-04", "UV filter supply is limited by one supplier", "50 t a month", SUPPLY, date(2026, 4, 14)),
        ("A-05", "Summer 2027 is an average one for sun care", "no change", MARKETING, date(2026, 9, 8)),
        ("A-06", "Competitor keeps its Face Care gain", "4 % of volume", HEAD_OF_SALES, date(2026, 8, 11)),
        ("A-06", "Competitor keeps its Face Care gain", "7 % of volume", HEAD_OF_SALES, date(2026, 11, 4)),
        ("A-07", "Tube lines run two shifts; a third shift is not planned", "15 hours a day", SUPPLY, date(2026, 3, 3)),
        ("A-08", "Sickness absence", "4.5 %", SUPPLY, date(2026, 1, 15)),
    ]
    table = pd.DataFrame([(*row, row[4]) for row in rows], columns=columns)
    moved = pd.DataFrame([measured.get(name, (None, None, None)) for name in table["assumption_id"]])
    return table.assign(driver=moved[0], month_from=moved[1], change_pct=moved[2])


def price_list_table(products: pd.DataFrame) -> pd.DataFrame:
    """The ``price_list`` input table: net prices from January 2027, what customers are left with of 1.5% more."""
    priced = products[products["unit_price"].notna()]
    return pd.DataFrame(
        {
            "product_id": priced["product_id"],
            "family": None,
            "month": "2027-01",
            "unit_price": (priced["unit_price"] * 1.015 * REALISED).round(2),
            "recorded_on": date(2026, 9, 18),
        }
    )


def cost_changes_table() -> pd.DataFrame:
    """The ``cost_changes`` input table: the wage agreement of both plants."""
    agreed = {"month_from": "2027-03", "change_pct": 2.8, "reason": "Wage agreement", "recorded_on": date(2026, 5, 20)}
    plants = [
        {"resource_id": plant, "material_id": None, "product_id": None} for plant in ("labour_lyon", "labour_ulm")
    ]
    return pd.DataFrame([plant | agreed for plant in plants])


def risks_opportunities_table() -> pd.DataFrame:
    """The ``risks_opportunities`` input table: inside and outside the numbers."""
    columns = ["item_id", "kind", "description", "probability", "month_from", "month_to", "units", "revenue", "margin",
               "family", "owner", "trigger_on", "included", "recorded_on"]  # fmt: skip
    rows = [
        ("R-01", "risk", "Cool summer: sun care sells 12 % less", 0.25, "2027-05", "2027-08", -72_000, -6_900_000,
         -2_800_000, "Sun Care", MARKETING, date(2027, 5, 31), False, date(2026, 9, 8)),
        ("R-02", "risk", "UV filter supplier on short time until April", 0.35, "2027-02", "2027-04", -38_000,
         -3_650_000, -1_480_000, "Sun Care", SUPPLY, date(2026, 12, 15), False, date(2026, 10, 22)),
        ("R-03", "risk", "Largest retailer delists Toner and Clay Mask", 0.30, "2027-01", "2027-12", -26_000,
         -2_500_000, -1_150_000, "Face Care", ACCOUNTS, date(2026, 12, 5), False, date(2026, 9, 16)),
        ("R-04", "risk", "Private-label tender lost in Benelux", 1.0, "2027-01", "2027-06", -19_000, -590_000,
         -165_000, "Body Wash", HEAD_OF_SALES, date(2026, 10, 6), True, date(2026, 10, 6)),
        ("R-05", "risk", "Tube line 7 needs an overhaul in spring instead of August", 0.20, "2027-04", "2027-04",
         -9_000, -780_000, -310_000, "Sun Care", SUPPLY, date(2027, 2, 28), False, date(2026, 11, 2)),
        ("O-01", "opportunity", "Second French drugstore chain lists the whole sun range", 0.40, "2027-04", "2027-08",
         21_000, 2_050_000, 840_000, "Sun Care", HEAD_OF_SALES, date(2027, 1, 20), False, date(2026, 9, 22)),
        ("O-02", "opportunity", "Export order of Floor Cleaner repeats", 0.30, "2027-04", "2027-04", 34_000, 900_000,
         205_000, "Home Care", ACCOUNTS, date(2027, 2, 15), False, date(2026, 6, 9)),
        ("O-03", "opportunity", "Refill pouches take share beyond the plan", 0.50, "2027-03", "2027-12", 30_000,
         780_000, 230_000, "Home Care", MARKETING, date(2027, 4, 30), False, date(2026, 11, 5)),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def levers_table() -> pd.DataFrame:
    """The ``levers`` input table: what may be pulled to close a gap."""
    columns = ["lever_id", "description", "kind", "family", "resource_id", "limit", "unit_cost", "elasticity",
               "lead_months", "month_from", "month_to", "owner", "recorded_on"]  # fmt: skip
    rows = [
        ("L-01", "Second placement of sun care with the chains", "promotion", "Sun Care", None, 6_000, 9.0, None, 3,
         "2027-03", "2027-08", MARKETING, date(2026, 9, 14)),
        ("L-02", "Multi-buy of home care", "promotion", "Home Care", None, 12_000, 2.5, None, 2,
         None, None, MARKETING, date(2026, 9, 14)),
        ("L-03", "List price of body wash", "price", "Body Wash", None, 4, None, -1.2, 3,
         None, None, FINANCE, date(2026, 10, 5)),
        ("L-04", "List price of face care", "price", "Face Care", None, 3, None, -0.9, 4,
         None, None, FINANCE, date(2026, 10, 5)),
        ("L-05", "Saturday shifts in Lyon", "overtime", None, "labour_lyon", 4_000, 6.0, None, 1,
         "2027-02", "2027-07", SUPPLY, date(2026, 10, 5)),
        ("L-06", "Safety stock of home care", "stock", "Home Care", None, 8_000, None, None, 1,
         None, None, SUPPLY, date(2026, 10, 5)),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def decisions_table() -> pd.DataFrame:
    """The ``decisions`` input table: what was promised and what came of it; later rows of an id bring it up to date."""
    columns = ["decision_id", "cycle", "question", "chosen", "by", "on", "owner", "due", "status", "promised_value",
               "realised_value", "recorded_on"]  # fmt: skip
    board = "Executive meeting"
    stock = ("D-2603-1", "2026-03", "Build sun care stock ahead of the peak?", "Yes, 55,000 cases from February", board,
             date(2026, 3, 24), SUPPLY, date(2026, 5, 31), "done", 640_000, 598_000)  # fmt: skip
    serum = ("D-2605-1", "2026-05", "Second source for peptide serum?", "Qualify one by October", board,
             date(2026, 5, 26), QUALITY, date(2026, 10, 31))  # fmt: skip
    price = ("D-2607-1", "2026-07", "Raise prices of Body Wash in the autumn?", "Yes, 2 % from September", board,
             date(2026, 7, 28), FINANCE, date(2026, 9, 1), "done", 310_000)  # fmt: skip
    hires = ("D-2609-1", "2026-09", "Hire for the tube lines before the spring?", "Fifteen people from January", board,
             date(2026, 9, 22), SUPPLY, date(2027, 1, 4), "open", 420_000, None)  # fmt: skip
    rows = [
        (*stock, date(2026, 8, 4)),
        (*serum, "open", 180_000, None, date(2026, 5, 27)),
        (*serum, "late", 180_000, None, date(2026, 11, 3)),
        (*price, 95_000, date(2026, 10, 2)),
        (*price, 142_000, date(2026, 11, 4)),
        ("D-2608-1", "2026-08", "Stop Bath Foam Pine in 2027?", "Yes, by March; Bath Foam Lavender takes over", board,
         date(2026, 8, 25), MARKETING, date(2027, 3, 31), "open", 90_000, None, date(2026, 8, 26)),
        (*hires, date(2026, 9, 23)),
        ("D-2610-1", "2026-10", "Rent storage for the sun care stock?", "2,000 pallet places for March and April",
         board, date(2026, 10, 27), SUPPLY, date(2027, 2, 15), "open", 150_000, None, date(2026, 10, 28)),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
