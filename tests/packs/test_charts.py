"""Charts: labels that keep apart, axes that say what they cut, pictures that are equal for equal numbers."""

from __future__ import annotations

import itertools
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline.cycle import add_months
from sop_pipeline.language.scale import Scale
from sop_pipeline.packs.charts.axis import tick_names, ticks
from sop_pipeline.packs.charts.bars import month_bars
from sop_pipeline.packs.charts.frontier import Point, frontier
from sop_pipeline.packs.charts.labels import spread
from sop_pipeline.packs.charts.series import Band, Line
from sop_pipeline.packs.charts.theme import PAPER
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.charts.waterfall import Step, is_cut, waterfall
from sop_pipeline.packs.media import svg
from tests.present import present

MONTHS = [add_months(date(2025, 11, 1), n) for n in range(36)]


def drawing(names=("Plan",)):
    lines = [Line(name, "plan", [100.0 + n + shift for n in range(36)]) for shift, name in enumerate(names)]
    return timeline(lines, MONTHS, words="A line.", now=12, scale=Scale())


@given(st.lists(st.floats(0, 150), min_size=1, max_size=8))
def test_labels_keep_their_distance_and_order(wanted):
    placed = spread(wanted, 0, 150, 12)
    ordered = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    gaps = [placed[b] - placed[a] for a, b in itertools.pairwise(ordered)]
    assert all(gap >= 12 - 1e-6 for gap in gaps)
    assert min(placed) >= -1e-6 and max(placed) <= 150 + 1e-6


def test_labels_that_do_not_collide_stay_where_they_are():
    assert spread([10, 60, 100], 0, 150, 12) == [10, 60, 100]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-37, 12), (1.2e6, 1.9e6), (5, 5)])
def test_ticks_span_the_values_at_round_steps(low, high):
    rules = ticks(low, high)
    assert rules[0] <= low and rules[-1] >= high and len(rules) <= 8
    assert len(set(tick_names(rules, Scale()))) == len(rules)


def test_small_steps_cut_the_totals_and_show_it_while_large_ones_stand_on_zero():
    small = [Step("Plan", 421.3, True), Step("Price", 2.4), Step("Volume", -11.1), Step("Latest", 412.6, True)]
    large = [Step("Plan", 100.0, True), Step("Volume", -80.0), Step("Latest", 20.0, True)]
    assert is_cut(small) and not is_cut(large)
    cut, whole = (json.dumps(present(waterfall(steps, words="")).spec) for steps in (small, large))
    assert f'"color": "{PAPER}"' in cut and '"domain": [0.0' not in cut
    assert f'"color": "{PAPER}"' not in whole and '"domain": [0.0' in whole


def test_bars_stand_on_zero():
    spec = present(month_bars([-3.0, -5.0], MONTHS[:2], words="")).spec
    domains = [
        layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"] if "scale" in layer["encoding"]["y"]
    ]
    assert all(low <= 0 <= high for low, high in domains)


def test_a_plan_far_from_the_frontier_is_told_beside_it():
    points = [Point(100.0 * n, 440 - n * 0.1, "blended" if n == 3 else "") for n in range(4)]
    beyond = Point(16146.0, 461.9, "chase", on_frontier=False)
    chart = present(frontier([*points, beyond], words="", scale=Scale(places=1)))
    assert "chase lies beyond" in json.dumps(chart.spec, ensure_ascii=False)
    assert "16,146" in json.dumps(chart.spec)


def test_nothing_to_draw_is_no_chart():
    assert timeline([Line("Plan", "plan", [None] * 36)], MONTHS, words="") is None
    assert month_bars([None], MONTHS[:1], words="") is None
    assert waterfall([], words="") is None and frontier([], words="") is None


def test_figures_in_a_drawing_are_written_in_full():
    bars = [Step("Last year", 1.073, True), Step("Snacks", 0.019), Step("Latest", 1.092, True)]
    assert ">1.073</text>" in svg.svg(present(waterfall(bars, words="", scale=Scale(places=3))), "w")


def test_equal_charts_are_drawn_equal_whatever_came_before():
    first = svg.svg(drawing(), "a")
    svg.svg(drawing(("Plan", "Other")), "b")
    assert svg.svg(drawing(), "a") == first


def test_ids_of_two_drawings_on_a_page_differ():
    band = Band([90.0] * 36, [150.0] * 36)
    chart = timeline([Line("Plan", "plan", [100.0] * 36)], MONTHS, words="", band=band)
    assert 'id="' not in svg.svg(present(chart), "x").replace('id="x-', "")


def test_names_from_a_source_cannot_break_a_specification():
    hostile = 'Plan "]; alert(1) //\\ [x].y </script>'
    chart = timeline([Line(hostile, "plan", [1.0] * 36)], MONTHS, words=hostile)
    assert "<script" not in svg.svg(present(chart), "h")


def test_the_script_needs_no_network():
    text = svg.javascript()
    assert "window.vegaEmbed" in text and "</script" not in text
