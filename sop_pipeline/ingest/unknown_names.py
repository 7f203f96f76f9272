"""Names in ``sop.yaml`` and in tables that refer to nothing the company has.

One list of what names what (``NAMES``), one judgement, one sentence: what was found, what was needed, where, and the
nearest known name. Rows whose reference is a column of the registry are set aside instead (``rows.references``).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import misspelt_model
from sop_pipeline.config import WHOLE, Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest.unknown_subjects import unknown_subjects
from sop_pipeline.language.names import listed, plural
from sop_pipeline.resource_kinds import HOUR_KINDS, UNSTATED, unexplained_features

_SHOWN = 5
Data = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Named:
    """Names at one place: who is meant, how often each is named, which there are, and what comes of the others.

    ``stops``: the cycle cannot be planned with a name that is unknown.
    """

    where: str
    names: Mapping[str, int]
    known: Collection[str]
    needed: str
    otherwise: str
    stops: bool = False


def unknown_names(data: Data, company: Company, newest: Cycle | None) -> list[str]:
    """Return a sentence for every place whose names refer to nothing and stop no cycle."""
    told = [_told(each) for source in NAMES for each in source(data, company) if not each.stops]
    return [*filter(None, told), *unknown_subjects(data, company, newest)]


def stopping_names(data: Data, company: Company) -> list[str]:
    """Return a sentence for every place whose unknown names stop the cycle."""
    return [*filter(None, (_told(each) for source in NAMES for each in source(data, company) if each.stops))]


def _told(named: Named) -> str | None:
    unknown = [name for name in named.names if name not in named.known]
    if not unknown:
        return None
    shown = [with_nearest(name, named.known) for name in unknown[:_SHOWN]]
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    rows = sum(named.names[name] for name in unknown)
    found = f"{plural(rows, 'row')} of {listed(shown)}{more}" if rows else f"{listed(shown)}{more}"
    return f"{named.where}: found {found}; needed {named.needed}. {named.otherwise}"


def with_nearest(name: str, known: Iterable[str]) -> str:
    """Return the name in quotes, with the nearest known one."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"{name!r} (did you mean {near[0]!r}?)" if near else repr(name)


def _texts(data: Data, table: str, column: str) -> dict[str, int]:
    """Texts of a column with the rows that have them."""
    counted = data[table].group_by(column).aggregate([([], "count_all")])
    pairs = zip(counted[column].to_pylist(), counted["count_all"].to_pylist(), strict=True)
    return {str(name): int(rows or 0) for name, rows in sorted(pair for pair in pairs if pair[0] is not None)}


def _names(data: Data, *columns: tuple[str, str]) -> list[str]:
    return sorted({name for table, column in columns for name in _texts(data, table, column)})


def _sites(data: Data) -> list[str]:
    return _names(data, ("products", "site_id"), ("resources", "site_id"))


def _owners(data: Data, company: Company) -> Iterator[Named]:
    for department, named in company.owners.items():
        if isinstance(named, dict):
            yield Named(
                f"sop.yaml, field owners.{department}",
                dict.fromkeys(named, 0),
                {*_sites(data), WHOLE},
                f"a site of products or resources, or {WHOLE}",
                "As it stands this name answers for no line of the plan.",
            )


def _sites_of_rows(data: Data, _company: Company) -> Iterator[Named]:
    """Sites of rows that are kept by site, where the company has sites at all."""
    known = _sites(data)
    for table in ("calendar", "production", "inventory") if known else ():
        yield Named(
            f"{table}, column site_id",
            _texts(data, table, "site_id"),
            known,
            "a site of products or resources",
            "As it stands the days limit nothing."
            if table == "calendar"
            else "As it stands the rows count, the site does not.",
        )


def _forecaster(data: Data, company: Company) -> Iterator[Named]:
    """The model that is planned with: nearly another's name stops the cycle, one that sent nothing yet does not."""
    name = company.forecast.external
    if name is None:
        return
    known = _names(data, ("external_forecasts", "model"))
    is_misspelt = misspelt_model(name, known) is not None
    yield Named(
        "sop.yaml, field forecast.external",
        {name: 0},
        known,
        f"a model of external_forecasts, which has {listed(known) if known else 'none'}",
        "Correct the name: the cycle stops at it." if is_misspelt else "As it stands the statistical forecast is used.",
        stops=is_misspelt,
    )


def _shares(data: Data, company: Company) -> Iterator[Named]:
    yield Named(
        "sop.yaml, field supply.product_shares",
        dict.fromkeys(company.supply.product_shares, 0),
        _names(data, ("products", "product_id")),
        "a product of products",
        "Correct the name, or delete the line: the cycle stops at it.",
        stops=True,
    )


def _markets(data: Data, company: Company) -> Iterator[Named]:
    for dimension, rule in company.allotment.items():
        column = "customer_id" if dimension == "customer" else dimension
        known = _names(data, ("sales", column))
        there = "that sales name" if known else f"in sales, none of whose rows has a {column}"
        yield Named(
            f"sop.yaml, field allotment.{dimension}",
            dict.fromkeys([*rule.priority, *rule.least_share], 0),
            known,
            f"a {dimension} {there}",
            "As it stands the rule gives nobody anything.",
        )


def _features(data: Data, _company: Company) -> Iterator[Named]:
    resources, materials = data["resources"], data["materials"]
    yield Named(
        "product_features, column feature",
        unexplained_features(data["product_features"], resources, materials),
        _names(data, ("resources", "resource_id"), ("materials", "material_id")),
        "a resource or a material",
        "As it stands their needs are counted, and limit nothing.",
    )


def _not_taken(data: Data, _company: Company) -> Iterator[Named]:
    """Resources with hours, and materials, that no product takes anything of, where products take any."""
    taken = _names(data, ("product_features", "feature"))
    if not taken:
        return
    hours = [row["resource_id"] for row in tables.rows(data["resources"]) if (row["kind"] or UNSTATED) in HOUR_KINDS]
    for table, names in (("resources", hours), ("materials", _names(data, ("materials", "material_id")))):
        yield Named(
            table,
            dict.fromkeys(names, 0),
            taken,
            "a feature of some product in product_features",
            "As it stands no product takes any of it, so it limits nothing.",
        )


def _currencies(data: Data, company: Company) -> Iterator[Named]:
    yield Named(
        "sales, column currency",
        {name: rows for name, rows in _texts(data, "sales", "currency").items() if name != company.currency},
        _names(data, ("exchange_rates", "currency")),
        "a currency with an exchange rate",
        "Add its months to exchange_rates, or the cycle stops.",
    )


def _dated_tables(_data: Data, company: Company) -> Iterator[Named]:
    for field, given in (("by_table", company.freshness.by_table), ("accept_stale", company.freshness.accept_stale)):
        yield Named(
            f"sop.yaml, field freshness.{field}",
            dict.fromkeys(given, 0),
            [name for name, files in company.sources.items() if files],
            "a table with a source",
            "As it stands there is nothing to be stale.",
        )


NAMES: tuple[Callable[[Data, Company], Iterator[Named]], ...] = (
    *(_owners, _forecaster, _shares, _markets, _dated_tables, _sites_of_rows, _features, _not_taken, _currencies),
)
"""What names something, place by place."""
