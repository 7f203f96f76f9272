"""What all parts of ``sop.yaml`` have in common, so that rooms that state a part of it need not import the whole."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of the settings: unknown keys are refused, and nothing changes once it is read."""

    # numbers become text where text is wanted: products may be called 1001
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, allow_inf_nan=False)
