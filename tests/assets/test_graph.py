"""The shape of the code location: what depends on what, what is described, what is checked."""

from pathlib import Path

from assets.definitions import build_defs
from assets.resources import CompanyResource
from sop_pipeline import tables
from tests.present import present

SNAPSHOT = Path(__file__).parent / "asset_graph.txt"


def graph():
    return build_defs(company=CompanyResource(folder="nowhere")).resolve_asset_graph()


def drawn():
    lines, shape = [], graph()
    for key in sorted(shape.materializable_asset_keys):
        parents = ", ".join(sorted(parent.path[-1] for parent in shape.get(key).parent_keys))
        lines.append(f"{shape.get(key).group_name}/{key.path[-1]} <- {parents}".rstrip())
    return "\n".join(sorted(lines)) + "\n"


def test_lineage_is_as_reviewed():
    """A change of lineage shows in review: write drawn() to asset_graph.txt when it is meant."""
    assert drawn() == SNAPSHOT.read_text()


def test_every_registry_table_is_an_asset_with_its_columns():
    shape = graph()
    for name, table in tables.REGISTRY.items():
        node = next(shape.get(key) for key in shape.materializable_asset_keys if key.path == ["nowhere", name])
        assert node.group_name == table.step
        assert node.description.endswith(f"Grain: {table.grain}.")
        columns = [column.name for column in node.metadata["dagster/column_schema"].columns]
        assert columns == table.names


def test_every_registry_table_has_a_blocking_schema_check():
    specs = [spec for node in present(build_defs().assets) for spec in getattr(node, "check_specs", [])]
    schema = {spec.asset_key.path[-1] for spec in specs if spec.name == "schema" and spec.blocking}
    assert schema == set(tables.REGISTRY)


def test_groups_are_the_steps_of_the_process():
    shape = graph()
    groups = {shape.get(key).group_name for key in shape.materializable_asset_keys}
    assert groups == {"ingest", "portfolio", "demand", "supply", "reconciliation", "packs"}
