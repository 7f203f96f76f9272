"""Units of a file that are not ours: minutes for hours, thousands for units; a factor per column, kept exact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pyarrow as pa

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells.rules import is_number
from sop_pipeline.tables import Table


def factors_of(given: Mapping[str, str], spec: Table, where: str) -> dict[str, Fraction]:
    """Read ``{hours: 1/60, quantity: 1000}``; BadInput for a factor that is none, or of a column without numbers."""
    return {our: _factor(our, text, spec, where) for our, text in given.items()}


def _factor(our: str, text: str, spec: Table, where: str) -> Fraction:
    try:
        factor = Fraction(text.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        factor = Fraction(0)
    if factor == 0 or our not in spec or not is_number(spec[our]):
        raise BadInput(
            found=f"factors.{our}: {text}",
            needed=f"a number column of table {spec.name} and a factor such as 1000, 1/60 or -1",
            where=f"sop.yaml, source {where}",
            mend="Correct it: the file's number times the factor is ours.",
        )
    return factor


def scaled(values: pa.ChunkedArray, factor: Fraction) -> pa.ChunkedArray:
    """Return numbers times a factor in their own type, rounded to its last place."""
    kind = values.type
    if pa.types.is_floating(kind):
        return pa.chunked_array([[value and value * float(factor) for value in values.to_pylist()]], kind)
    if pa.types.is_integer(kind):
        return pa.chunked_array([[value and int(value * factor) for value in values.to_pylist()]], kind)
    last = Decimal(1).scaleb(-kind.scale)
    with localcontext() as context:
        context.prec = 50
        exact = [
            value and (value * factor.numerator / factor.denominator).quantize(last, rounding=ROUND_HALF_EVEN)
            for value in values.to_pylist()
        ]
    return pa.chunked_array([exact], kind)
