"""Faults of sop.yaml are told in our words: never in those of the library that finds them."""

import json
import re

import pytest

from sop_pipeline import config
from sop_pipeline.errors import BadInput
from sop_pipeline.setting_faults import PATTERNS
from sop_pipeline.strategy_form import RULE_NAMES, stretches
from sop_pipeline.supply.strategies.rules import RULES

GOOD = "company: Acme\nsources: {products: p.csv, sales: s.csv}\n"
ELSEWHERE = re.compile(
    r"[Ii]nput should|String should|List should|valid (list|dict|int|num|str|bool)|\\[key\\]|ctx|None"
)
SLIPS = {
    "horizon_months: 3.5": "horizon_months: found 3.5; needed a whole number",
    "finance: {fixed_cost_month: .inf}": "finance.fixed_cost_month: found inf; needed a number",
    "goals: [{measure: revenue, at_least: .nan}]": "goals.0.at_least: found nan; needed a number",
    "horizon_months:": "horizon_months: found nothing; needed a whole number",
    "first_cycle: 2026-13": "first_cycle: found '2026-13'; needed a month such as 2026-07",
    "currency: Euro": "currency: found 'Euro'; needed three capital letters, such as EUR",
    "key: My Key": "key: found 'My Key'; needed small letters from a to z, digits and _",
    "packs: pdf": "packs: found 'pdf'; needed settings below it, one name: value a line",
    "packs: {formats: [pdff]}": "packs.formats.0: found 'pdff'; needed one of html, pdf, xlsx, csv, parquet. Did you"
    " mean pdf?",
    "tolerances: {quarantine_pct: 200}": "tolerances.quarantine_pct: found 200; needed at most 100",
    "supply: {frontier_points: 3}": "supply.frontier_points: found 3; needed at least 9",
    "supply: {whole_workers: perhaps}": "supply.whole_workers: found 'perhaps'; needed true or false",
    "supply: {product_shares: {P1: many}}": "supply.product_shares.P1: found 'many'; needed a number",
    "supply: {strategy: levle}": "supply.strategy: found 'levle'; needed one of blended, chase, level,",
    "supply: {strategies: [level, chased]}": "supply.strategies.1: found 'chased'; needed one of blended, chase",
    "supply: {strategy: 'level:6x,chase'}": "supply.strategy: found 'level:6x,chase'; needed one of blended",
    "supply: {strategies: level}": "supply.strategies: found 'level'; needed a list, such as [a, b]",
    "freshness: {by_table: {saless: 3}}": "freshness.by_table.saless: found 'saless'; needed one of sales, production, "
    "inventory, orders. Did you mean sales?",
    "freshness: {accept_stale: {sales: 2026-7}}": "freshness.accept_stale.sales: found '2026-7'; needed a month",
    "allotment: {chanel: {priority: {A: 1}}}": "allotment.chanel: found 'chanel'; needed one of channel, region",
    "owners: {sales: [Ada, Ben]}": "owners.sales: found ['Ada', 'Ben']; needed text or settings below it",
    "owners: {sales: {north: [x]}}": "owners.sales.north: found ['x']; needed text. Correct",
    "owners: Ada": "owners: found 'Ada'; needed settings below it",
    "goals: [{measure: service}]": "goals.0: found {'measure': 'service'}; needed either at_least or at_most",
    "scenarios: [{name: '', changes: [price +1%]}]": "scenarios.0.name: found ''; needed some text",
    "scenarios: [{name: A, changes: []}]": "scenarios.0.changes: found []; needed at least 1 in the list",
    "periods: {pattern: 4-4-6, year_ends: x}": "periods.pattern: found '4-4-6'; needed one of 4-4-5, 4-5-4, 5-4-4, 13.",
    "forecast: {lags: [1.5]}": "forecast.lags.0: found 1.5; needed a whole number",
}


@pytest.mark.parametrize(("line", "said"), SLIPS.items())
def test_a_slip_is_one_line_in_our_words(tmp_path, line, said):
    (tmp_path / "sop.yaml").write_text(f"{GOOD}{line}\n")
    with pytest.raises(BadInput) as caught:
        config.load(tmp_path)
    told = str(caught.value)
    assert f"sop.yaml, field {said}" in told
    assert "\n" not in told
    assert not ELSEWHERE.search(told.split("; needed")[1])


def test_a_strategy_is_named_with_the_nearest_there_is(tmp_path):
    with pytest.raises(BadInput, match=r"'levle'.*Did you mean level\?"):
        stretches("blended:3,levle")
    with pytest.raises(BadInput, match=r"the length '0'.*whole number, from 1 on"):
        stretches("level:0,chase")
    assert stretches("level:6, level_workforce+chase") == [(["level"], 6), (["level_workforce", "chase"], None)]


def test_sop_yaml_may_name_every_rule_there_is_and_no_other():
    assert set(RULE_NAMES) == set(RULES)


def test_every_pattern_of_a_setting_has_words():
    patterns = set(re.findall(r'"pattern": "(.*?)"', json.dumps(config.Company.model_json_schema())))
    assert {json.loads(f'"{pattern}"') for pattern in patterns} <= set(PATTERNS)
