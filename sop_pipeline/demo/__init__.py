"""The demo company: Larkfield Care, an invented maker of consumer goods, written as files.

``write_company`` writes a company folder, the same bytes for the same seed: six families, sixty products, two plants,
sixty months of daily sales (half a million rows) up to the cut-off of cycle 2026-11, and everything else the pipeline
reads, as CSV, Parquet and Excel. It carries the troubles of real life; ``docs/demo-company.md`` lists each of them with
the place it is in, ``market`` and ``troubles`` make them. Nothing here is read by the pipeline but the files.
"""

from __future__ import annotations

from sop_pipeline.demo.company import Written, write_company

__all__ = ["Written", "write_company"]
