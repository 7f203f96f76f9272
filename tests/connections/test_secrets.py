"""Secrets: named by variables in sop.yaml, refused where they are written out, and taken out of what libraries say."""

import pytest

from sop_pipeline import config
from sop_pipeline.connections.secrets import secrets_of, with_variables, without_secrets
from sop_pipeline.connections.settings import Postgres
from sop_pipeline.errors import BadInput

CANARY = "hunter2-canary"


def refused(tmp_path, connections):
    (tmp_path / "sop.yaml").write_text(f"company: Acme\nsources: {{products: p.csv}}\nconnections: {connections}\n")
    with pytest.raises(BadInput) as caught:
        config.load(tmp_path)
    assert caught.value.__cause__ is None
    return str(caught.value)


@pytest.mark.parametrize(
    "connections",
    [
        f"{{erp: 'postgresql://sop:{CANARY}@db/odoo'}}",
        f"'postgresql://sop:{CANARY}@db/odoo'",
        f"{{erp: {{type: sqlite, path: [{CANARY}]}}}}",
        f"{{erp: {{type: {CANARY}}}}}",
        f"{{erp: {{type: sqlite, path: a.db, pasword: {CANARY}}}}}",
        f"{{erp: {{type: sqlite, path: a.db, timeout_seconds: {CANARY}}}}}",
        f"{{erp: {{type: sqlite, path: 'a.db', password: '{CANARY}}}}}",
        f"{{erp: {{type: postgresql, database: d, user: u, password: {CANARY}}}}}",
        f"{{erp: {{type: postgresql, database: d, user: u, password_env: {CANARY}}}}}",
        f"{{erp: {{type: postgresql, database: d, user: u, host: 'u:{CANARY}@db'}}}}",
    ],
)
def test_nothing_that_stands_under_connections_is_repeated(tmp_path, connections):
    assert CANARY not in refused(tmp_path, connections)


def test_a_secret_written_out_is_refused_with_the_line_to_write(tmp_path):
    said = refused(tmp_path, f"{{my-erp: {{type: postgresql, database: d, user: u, password: {CANARY}}}}}")
    assert said == (
        f"{tmp_path}/sop.yaml, field connections.my-erp.password: found what is not repeated here; needed the name of "
        "the environment variable that holds it, such as ${ERP_PASSWORD}. Write password: ${MY_ERP_PASSWORD} and set "
        "MY_ERP_PASSWORD where sop runs; the secret itself stands in no file."
    )


def test_both_ways_to_name_the_variable():
    stated = {"type": "postgresql", "database": "d", "user": "u"}
    for written in ({"password": "${PW}"}, {"password_env": "PW"}):
        assert Postgres.model_validate({**stated, **written}).variables == {"password": "PW"}
    assert Postgres.model_validate(stated).variables == {}


def test_a_secret_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("ERP_PASSWORD", CANARY)
    assert secrets_of({"password": "ERP_PASSWORD"}, "sop.yaml") == {"password": CANARY}


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.setenv("EMPTY", "")
    for variable in ("EMPTY", "NO_SUCH_VARIABLE"):
        with pytest.raises(BadInput, match=f"found no environment variable {variable}; needed the password"):
            secrets_of({"password": variable}, "sop.yaml, connections.erp")
    with pytest.raises(BadInput, match="Set NO_SUCH_VARIABLE where sop runs"):
        with_variables("${NO_SUCH_VARIABLE}/erp.db", "sop.yaml, connections.erp")


@pytest.mark.parametrize("secret", ["pa ss/w&rd", "it's", 'back\\slash"', "päss"])
def test_a_secret_is_taken_out_of_a_message_however_it_is_written(secret):
    from urllib.parse import quote

    for written in (secret, quote(secret), quote(secret, safe=""), secret.replace("'", "''"), repr(secret)):
        said = without_secrets(f"could not connect with password {written} at db", [secret])
        assert "***" in said
        assert written.strip("'\"") not in said


def test_a_secret_that_is_part_of_another_leaves_nothing_of_it():
    assert without_secrets("key abcdef", ["abc", "abcdef"]) == "key ***"
