#!/usr/bin/env bash
# dagster-postgres 0.29.27 with SQLAlchemy 2.1.9, which its pins allow: the driver that a plain address asks for.
#
# Guess: dagster-postgres installs its own driver (psycopg2-binary) and writes the address of its storage itself, so a storage of
# host, user and password connects. Seen: it writes `postgresql://...`, which SQLAlchemy took for psycopg2 up to 2.0 and takes for
# psycopg 3 from 2.1 on; nothing installs psycopg 3, so the storage stops at "No module named 'psycopg'" before it looks for a
# server. The pins of dagster-postgres allow SQLAlchemy 2.1. With `scheme: postgresql+psycopg2` in the storage's configuration the
# driver that is installed is used.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check dagster-postgres==0.29.27 sqlalchemy==2.1.9
"$folder/venv/bin/python" - <<'PYTHON'
from importlib import metadata
from importlib.util import find_spec

import sqlalchemy
from dagster_postgres.utils import pg_url_from_config

PLACE = {"username": "dagster", "password": "none", "hostname": "127.0.0.1", "db_name": "dagster"}


def driver(**more):
    """The driver that SQLAlchemy loads for the storage's own address; no server is asked."""
    address = pg_url_from_config({"postgres_db": {**PLACE, **more}})
    try:
        return address.partition(":")[0], sqlalchemy.create_engine(address).driver
    except ModuleNotFoundError as error:
        return address.partition(":")[0], str(error)


seen = {"plain": driver(), "named": driver(scheme="postgresql+psycopg2")}
installed = {name: find_spec(name) is not None for name in ("psycopg2", "psycopg")}
asked = [line for line in metadata.requires("dagster-postgres") if line.startswith("psycopg")]
print("installed:", installed, "; asked for by dagster-postgres:", asked)
for name, found in seen.items():
    print(f"{name}: {found}")
assert (metadata.version("dagster-postgres"), sqlalchemy.__version__) == ("0.29.27", "2.1.9")
assert installed == {"psycopg2": True, "psycopg": False}
assert seen["plain"] == ("postgresql", "No module named 'psycopg'")
assert seen["named"] == ("postgresql+psycopg2", "psycopg2")
PYTHON
