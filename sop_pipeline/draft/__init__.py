"""``sop init --from``: raw exports to a company folder, the mapping drafted and every guess said.

``parts`` finds the tables in files, ``guess`` says which of ours each is and which column is which, ``company`` puts
files that belong together into one source and writes ``sop.yaml``. Nothing here decides for a cycle: a cycle reads what
``sop.yaml`` says, which a person has seen. Not here: reading itself (``reading``).
"""

from __future__ import annotations

from sop_pipeline.draft.company import Draft, draft_company

__all__ = ["Draft", "draft_company"]
