"""How good a cycle's data is: what its checks found, how its files differ from the cycle before, as one offline page.

The record of a cycle is ``lake/quality/<cycle>.json``, its page ``quality/<cycle>.html`` in the company's folder; both
are there for a cycle that stopped, too. Nothing of them enters a plan. Not here: the checks themselves
(``validation``), nor what the packs say of the data.
"""

from sop_pipeline.quality.findings import note_files, note_findings, note_stop, source_findings

__all__ = ["note_files", "note_findings", "note_stop", "source_findings"]
