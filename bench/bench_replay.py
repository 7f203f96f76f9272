"""A replay of 36 cycles of the demo company: what planning would have cost against perfect foresight.

Every strategy, and the plan made for sampled demand, with the company's forecast; beside them last year's sales
chased (naive), and what the company really made. Planned by family. Prints the report of ``sop backtest`` and, last,
the regret of the blended plan and of the one made for sampled demand as shares of the naive policy's.

    python -m bench.bench_replay [--first 2023-11] [--last 2026-10] [--by family]

Bound: at most half the naive policy's regret.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

from sop_pipeline import tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import cycles_wanted
from sop_pipeline.demo import write_company
from sop_pipeline.replay.backtest import Backtest, Wanted, backtest
from sop_pipeline.replay.policy import CHASE, NAIVE
from sop_pipeline.replay.report import lines
from sop_pipeline.supply.strategies.comparison.compare import BLENDED, STOCHASTIC

BOUND = 0.5


def regret(result: Backtest, approach: str, strategy: str) -> float:
    """The regret of a policy."""
    rows = tables.rows(result.tables["replay_summary"])
    (found,) = (row["regret"] for row in rows if (row["approach"], row["strategy"]) == (approach, strategy))
    return float(found)


def main() -> None:
    """Print the report and the share."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--first", default="2023-11")
    options.add_argument("--last", default="2026-10")
    options.add_argument("--by", choices=("family", "product"), default="family")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        company = CompanyFolder(Path(place) / "demo")
        write_company(company.path)
        own = company.settings.forecasts_by
        wanted = Wanted((own,), ("level", CHASE, BLENDED, STOCHASTIC), given.by)
        result = backtest(company, cycles_wanted(None, given.first, given.last), wanted)
    for line in lines(result):
        print(line)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    print(f"\nCPU {spent.ru_utime + spent.ru_stime:.0f} s")
    naive = regret(result, NAIVE, CHASE)
    for strategy in (BLENDED, STOCHASTIC):
        share = regret(result, own, strategy) / naive
        print(f"{strategy:<12} {share:6.1%} of the naive policy's regret (bound {BOUND:.0%})")


if __name__ == "__main__":
    main()
