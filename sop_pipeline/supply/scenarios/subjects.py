"""Whom a change is about: products, resources, sites, materials by the names the company gives them.

Names are compared without case. Where one name stands for several things, the narrowest counts: a product before a
family, a resource before a site. Not here: what is done to them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import ALL, PlanChange
from sop_pipeline.resource_kinds import has_hours
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs


@dataclass(frozen=True)
class Subjects:
    """The names a company has: planned products by family and site, resources by site, materials, sites."""

    products: pd.DataFrame
    resources: pd.DataFrame
    materials: tuple[str, ...]

    @classmethod
    def of(cls, inputs: ProblemInputs) -> Subjects:
        """Read them off the tables a problem is made from."""
        planned = tables.frame(inputs.demand_plan.select(["product_id", "family"])).drop_duplicates("product_id")
        listed = tables.frame(inputs.products.select(["product_id", "product_name", "site_id"]))
        return cls(
            planned.merge(listed, on="product_id", how="left"),
            tables.frame(inputs.resources),
            tuple(tables.texts(inputs.materials, "material_id")),
        )

    @property
    def sites(self) -> set[str]:
        """Every site that makes a product or has a resource."""
        return set(self.products["site_id"].dropna()) | set(self.resources["site_id"].dropna())

    def of_products(self, change: PlanChange) -> set[str]:
        """The products of a product, a family or a site; every planned one for ``all``."""
        every = self.products
        if change.subject == ALL:
            return set(every["product_id"])
        by_kind = [
            {str(name): {str(name)} for name in every["product_id"]},
            {
                str(row.product_name): {str(row.product_id)}
                for row in every.dropna(subset=["product_name"]).itertuples()
            },
            {str(name): set(rows["product_id"]) for name, rows in every.groupby("family")},
            {str(name): set(rows["product_id"]) for name, rows in every.dropna(subset=["site_id"]).groupby("site_id")},
        ]
        return _found(change, by_kind, "a planned product, a family or a site")

    def of_hours(self, change: PlanChange) -> set[str]:
        """The resources with hours of a resource or a site; every one for ``all``."""
        return self._resources(change, self.resources[has_hours(self.resources)], "a labour or machine resource")

    def of_capacity(self, change: PlanChange) -> set[str]:
        """Resources of whatever kind of a resource or a site; those with hours for ``all``."""
        if change.subject == ALL:
            return self.of_hours(change)
        return self._resources(change, self.resources, "a resource")

    def _resources(self, change: PlanChange, chosen: pd.DataFrame, what: str) -> set[str]:
        if change.subject == ALL:
            return set(chosen["resource_id"])
        named = chosen.dropna(subset=["resource_name"])
        by_kind = [
            {str(name): {str(name)} for name in chosen["resource_id"]},
            {str(row.resource_name): {str(row.resource_id)} for row in named.itertuples()},
            {
                str(name): set(rows["resource_id"])
                for name, rows in chosen.dropna(subset=["site_id"]).groupby("site_id")
            },
        ]
        return _found(change, by_kind, f"{what} or a site that has one")

    def of_site(self, change: PlanChange) -> str | None:
        """The site of a calendar; None for every site."""
        if change.subject == ALL:
            return None
        return next(iter(_found(change, [{name: {name} for name in self.sites}], "a site")))

    def is_material(self, change: PlanChange) -> bool:
        """Whether the name is a material's and no planned product's or resource's."""
        return change.subject.lower() in {name.lower() for name in self.materials}

    def material(self, change: PlanChange) -> str:
        """The material of this name."""
        return next(iter(_found(change, [{name: {name} for name in self.materials}], "a material")))

    def is_resource(self, change: PlanChange) -> bool:
        """Whether the name is a resource's."""
        return change.subject.lower() in {str(name).lower() for name in self.resources["resource_id"]}


def _found(change: PlanChange, by_kind: Iterable[Mapping[str, set[str]]], what: str) -> set[str]:
    known: list[str] = []
    for names in by_kind:
        for name, members in names.items():
            if name.lower() == change.subject.lower():
                return members
        known.extend(names)
    near = difflib.get_close_matches(change.subject, known, n=3, cutoff=0.5)
    raise BadInput(
        found=repr(change.subject),
        needed=f"{what}, or all",
        where=change.where,
        mend=f"Did you mean {' or '.join(near)}?" if near else f"Known are: {', '.join(sorted(set(known))[:12])}.",
    )
