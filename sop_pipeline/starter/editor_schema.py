"""The JSON schema of ``sop.yaml`` for editors, made from the models that read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sop_pipeline.config import Company
from sop_pipeline.tables import INPUTS

SCHEMA_FILE = "sop.schema.json"


def editor_schema() -> dict[str, Any]:
    """Return the schema: the models' own, with the short forms of a source and the input tables by name and meaning."""
    schema = Company.model_json_schema()
    source = {"$ref": "#/$defs/Source"}
    short = {"type": "string", "description": "path of the file, with every setting detected"}
    forms = {"anyOf": [short, source, {"type": "array", "items": {"anyOf": [short, source]}}]}
    schema["properties"]["sources"] = {
        "type": "object",
        "description": schema["properties"]["sources"].get("description", ""),
        "properties": {table.name: {"description": table.meaning, **forms} for table in INPUTS},
        "additionalProperties": False,
    }
    return schema


def write_editor_schema(folder: Path) -> Path:
    """Write the schema beside sop.yaml, where its first line points."""
    path = Path(folder) / SCHEMA_FILE
    path.write_text(json.dumps(editor_schema(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path
