"""The cycles in the asset graph: each rests on the one of the month before."""

import dagster as dg

from assets.definitions import build_defs
from assets.resources import CompanyResource


def test_a_published_cycle_depends_on_the_month_before_and_its_packs_on_it_alone():
    graph = build_defs(company=CompanyResource(folder="nowhere")).resolve_asset_graph()
    (published,) = [key for key in graph.materializable_asset_keys if key.path == ["nowhere", "published_cycle"]]
    node = graph.get(published)
    assert published in node.parent_keys
    mapping = node.partition_mappings[published]
    assert isinstance(mapping, dg.TimeWindowPartitionMapping)
    assert (mapping.start_offset, mapping.end_offset) == (-1, -1)
    (packs,) = [key for key in graph.materializable_asset_keys if key.path == ["nowhere", "meeting_packs"]]
    assert graph.get(packs).parent_keys == {published}
