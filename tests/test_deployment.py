"""The deployment sample: what it lets in, what it is built from, and Dagster's records in a real PostgreSQL."""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sop_pipeline.company_folder import PROJECT
from tests.servers import postgresql

SAMPLE = PROJECT / "deployment"


def read(name):
    return yaml.safe_load((SAMPLE / name).read_text())


def test_only_the_proxy_which_asks_who_you_are_is_reached_from_outside():
    services = read("compose.yaml")["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    outside = [name for name, each in services.items() if set(each["networks"]) != {"inside"}]
    assert outside == ["proxy"]
    assert read("compose.yaml")["networks"]["inside"] == {"internal": True}
    proxy = (SAMPLE / "Caddyfile").read_text()
    assert proxy.index("basic_auth") < proxy.index("reverse_proxy sop:3000")


def test_nothing_but_the_container_behind_the_proxy_binds_beyond_this_machine():
    for name in ("sop.service", "sop-health.service"):
        assert "--host" not in (SAMPLE / name).read_text()
    container = (SAMPLE / "Containerfile").read_text()
    assert container.rstrip().endswith('CMD ["sop", "service"]')


def test_no_secret_stands_in_the_sample():
    for path in SAMPLE.iterdir():
        for line in path.read_text().splitlines():
            if re.search(r"password|secret|token", line, re.IGNORECASE) and not line.lstrip().startswith("#"):
                assert re.search(r"\{env: \w+\}|\$\{\w+:\?|EnvironmentFile", line), f"{path.name}: {line}"


def test_the_container_is_built_from_the_lock():
    container = (SAMPLE / "Containerfile").read_text()
    assert ".ci/environment python3 .venv" in container
    assert "--require-hashes -r requirements.lock" in (PROJECT / ".ci" / "environment").read_text()
    version = subprocess.run(
        ["sed", "-n", "s/^UV := //p", PROJECT / "Makefile"], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", version.stdout)
    assert read("compose.yaml")["services"]["sop"]["build"] == {
        "context": "..",
        "dockerfile": "deployment/Containerfile",
    }


def test_settings_for_postgresql_differ_in_where_records_are_alone():
    own = yaml.safe_load((PROJECT / "dagster.yaml").read_text())
    sample = read("dagster.postgresql.yaml")
    assert set(sample["storage"]) == {"postgres"}
    assert {key: value for key, value in sample.items() if key != "storage"} == own


@pytest.mark.parametrize("name", ["sop.service", "sop-health.service", "sop-health.timer"])
def test_units_are_read_and_name_commands_that_there_are(name):
    unit = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string((SAMPLE / name).read_text())
    if name.endswith(".service"):
        program, command, *_ = unit["Service"]["ExecStart"].split()
        assert (Path(program).name, command) == ("sop", "service")


@pytest.mark.slow
def test_dagster_s_records_are_in_postgresql(tmp_path):
    code = (
        "from assets.launch import prepare_home; import dagster as dg\n"
        "prepare_home()\n"
        "@dg.job\n"
        "def nothing(): pass\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    instance.create_run_for_job(nothing)\n"
        "    books = instance.event_log_storage\n"
        "    print(type(instance.run_storage).__name__, books.supports_global_concurrency_limits)\n"
    )
    with postgresql("s3cret") as server:
        server.execute("create database dagster", "postgres")
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(tmp_path / "home"),
            "SOP_DAGSTER_SETTINGS": str(SAMPLE / "dagster.postgresql.yaml"),
            "SOP_DAGSTER_HOST": "127.0.0.1",
            "SOP_DAGSTER_PORT": str(server.port),
            "SOP_DAGSTER_PASSWORD": server.password,
            "PYTHONPATH": str(PROJECT),
        }
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            assert "PostgresRunStorage True" in done.stdout
        assert server.execute("select count(*) from runs", "dagster").strip() == "2"
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not [path for path in written if b"s3cret" in path.read_bytes()]
