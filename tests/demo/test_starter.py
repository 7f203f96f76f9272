"""The starter company: complete, explained, refused where something is already there."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from sop_pipeline import config
from sop_pipeline.errors import BadInput
from sop_pipeline.starter import FILES, SCHEMA_FILE, editor_schema, init_company
from sop_pipeline.tables import INPUTS

TEXT = (FILES / "sop.yaml").read_text(encoding="utf-8")


def fields(model: type[BaseModel], place: tuple[str, ...] = ()):
    """Every setting with a default, by its place in the file."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from fields(info.annotation, (*place, name))
        elif info.default is not PydanticUndefined or info.default_factory is not None:
            yield (*place, name), info.get_default(call_default_factory=True)


SETTINGS = list(fields(config.Company))


@pytest.mark.parametrize(("place", "default"), SETTINGS, ids=[".".join(place) for place, _ in SETTINGS])
def test_every_setting_stands_in_the_file_with_its_default_and_a_word(place, default):
    found = yaml.safe_load(TEXT)
    if default is None:
        assert re.search(rf"^ *# {place[-1]}: [^#\n]+ # \w", TEXT, re.MULTILINE), place
        return
    for part in place:
        found = found[part]
    assert found == default
    lines = TEXT.splitlines()
    (at,) = (number for number, line in enumerate(lines) if re.match(rf"^ *{place[-1]}: ", line))
    explained = "#" in lines[at] or lines[at - 1].startswith("#") or "#" in lines[at - 1]
    assert explained, place


@pytest.mark.parametrize("name", [*config.Source.model_fields, *config.Wide.model_fields])
def test_every_setting_of_a_source_is_shown(name):
    assert re.search(rf"^#\s+{name}: ?", TEXT, re.MULTILINE), name


def test_every_input_table_is_named():
    assert not [table.name for table in INPUTS if table.name not in TEXT]


def test_the_shown_source_is_valid():
    of_file = _example("#   sales:\n", "# In place of a file")["sales"]
    by_query = _example("#   connections:\n", "# Other tables")
    settings = config.Company.model_validate({"company": "Riverbank", "currency": "EUR", **by_query})
    source = config.Source.model_validate(of_file)
    asked = {name for part in settings.sources.values() for each in part for name in each.model_fields_set}
    assert set(source.model_fields_set) | asked == set(config.Source.model_fields)


def _example(first, beyond):
    shown = TEXT[TEXT.index(first) : TEXT.index(beyond)]
    return yaml.safe_load("\n".join(line[4:] for line in shown.splitlines()))


def test_it_is_refused_where_something_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match=r"notes\.txt"):
        init_company(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(BadInput, match="a file"):
        init_company(tmp_path / "notes.txt")


def test_an_empty_folder_is_taken_and_the_schema_lies_beside(tmp_path):
    init_company(tmp_path)
    company = config.load(tmp_path)
    assert company.company == "Riverbank Bakery"
    assert TEXT.splitlines()[0].endswith(f"$schema={SCHEMA_FILE}")
    assert json.loads((tmp_path / SCHEMA_FILE).read_text()) == editor_schema()


def test_the_schema_knows_the_short_forms_and_the_tables():
    sources = editor_schema()["properties"]["sources"]
    assert set(sources["properties"]) == {table.name for table in INPUTS}
    forms = sources["properties"]["sales"]["anyOf"]
    assert [form.get("type", "source") for form in forms] == ["string", "source", "array"]
    assert sources["additionalProperties"] is False
