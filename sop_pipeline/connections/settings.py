"""How connections are stated in ``sop.yaml``: a kind, where it is, who asks, and never a secret."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import AfterValidator, Field

from sop_pipeline.connections.secrets import SecretName, not_an_address_with_secrets, with_variables
from sop_pipeline.part import Part

VARIABLE = r"^[A-Z_][A-Z0-9_]*$"
"""The name of a variable of the environment, in capitals alone: a secret that stands in its place seldom is."""


class _Connection(Part):
    """What all connections have: how long and how often they are tried."""

    title: ClassVar[str]
    secret_fields: ClassVar[tuple[str, ...]] = ()
    fields_with_variables: ClassVar[tuple[str, ...]] = ()
    keeps_time: ClassVar[bool] = False
    """Whether a query ends by itself when its time is over, so that it needs no process that can be ended."""

    timeout_seconds: Annotated[int, Field(ge=1, description="seconds one query may take")] = 900
    attempts: Annotated[int, Field(ge=1, le=10, description="how often it is tried before the cycle stops")] = 3

    @classmethod
    def types(cls) -> tuple[str, ...]:
        """The words for its type."""
        return get_args(cls.model_fields["type"].annotation)

    @property
    def place(self) -> str:
        """Where it is, as errors say it."""
        raise NotImplementedError

    @property
    def variables(self) -> dict[str, str]:
        """The environment variable that holds each secret stated."""
        named = {field: getattr(self, f"{field}_env") or getattr(self, field) for field in self.secret_fields}
        return {field: name.removeprefix("${").removesuffix("}") for field, name in named.items() if name}

    def resolved(self, folder: Path, where: str) -> Self:
        """Return the connection with environment variables in place of their names, secrets aside; BadInput."""
        given = {field: getattr(self, field) for field in self.fields_with_variables}
        return self.model_copy(update={name: with_variables(text, where) for name, text in given.items() if text})


class Sqlite(_Connection):
    """A SQLite file."""

    title: ClassVar[str] = "SQLite"
    fields_with_variables: ClassVar[tuple[str, ...]] = ("path",)
    keeps_time: ClassVar[bool] = True

    type: Annotated[Literal["sqlite"], Field(description="what it is")]
    path: Annotated[str, Field(description="the database file, inside the company folder or absolute")]

    @property
    def place(self) -> str:
        """The file."""
        return self.path

    def resolved(self, folder: Path, where: str) -> Self:
        """Return the connection with the file's whole path."""
        made = super().resolved(folder, where)
        return made.model_copy(update={"path": str(folder.resolve() / Path(made.path).expanduser())})


class Server(_Connection):
    """A database server: what PostgreSQL and MySQL have in common."""

    secret_fields: ClassVar[tuple[str, ...]] = ("password",)
    fields_with_variables: ClassVar[tuple[str, ...]] = ("host", "database", "user", "tls_authority")
    usual_port: ClassVar[int]

    host: Annotated[
        str, AfterValidator(not_an_address_with_secrets), Field(description="its name or address, or a socket's folder")
    ] = "localhost"
    port: Annotated[int | None, Field(ge=1, le=65535, description="the kind's own when absent")] = None
    database: Annotated[str, Field(description="name of the database")]
    user: Annotated[str, Field(description="who asks; needs no more than the right to read")]
    password: Annotated[SecretName, Field(description="variable of the environment that holds it: ${ERP_PASSWORD}")] = (
        None
    )
    password_env: Annotated[
        str | None,
        Field(pattern=VARIABLE, description="the same, its name alone: ERP_PASSWORD"),
    ] = None
    tls: Annotated[
        Literal["none", "prefer", "require", "verify"],
        Field(description="encryption; verify also holds the server against its certificate"),
    ] = "prefer"
    tls_authority: Annotated[str | None, Field(description="file of the certificates that verify trusts")] = None

    @property
    def place(self) -> str:
        """Server, port and database."""
        return f"{self.host}:{self.port or self.usual_port}, database {self.database}"


class Postgres(Server):
    """A PostgreSQL database."""

    title: ClassVar[str] = "PostgreSQL"
    usual_port: ClassVar[int] = 5432

    type: Annotated[Literal["postgresql"], Field(description="what it is")]
    time_zone: Annotated[
        str | None, Field(pattern=r"^[\w/+-]+$", description="hours of moments with a zone; the server's when absent")
    ] = None


class MySql(Server):
    """A MySQL or MariaDB database."""

    title: ClassVar[str] = "MySQL or MariaDB"
    usual_port: ClassVar[int] = 3306

    type: Annotated[Literal["mysql", "mariadb"], Field(description="what it is")]


class S3(_Connection):
    """Storage with the interface of S3."""

    title: ClassVar[str] = "S3 storage"
    secret_fields: ClassVar[tuple[str, ...]] = ("key_id", "secret_key", "session_token")
    fields_with_variables: ClassVar[tuple[str, ...]] = ("endpoint", "region")

    type: Annotated[Literal["s3"], Field(description="what it is")]
    endpoint: Annotated[
        str | None,
        AfterValidator(not_an_address_with_secrets),
        Field(pattern=r"^https?://", description="such as https://minio.example.com:9000; AWS when absent"),
    ] = None
    region: Annotated[str, Field(description="its region")] = "us-east-1"
    key_id: Annotated[SecretName, Field(description="variable of the key's name; the machine's role without")] = None
    key_id_env: Annotated[str | None, Field(pattern=VARIABLE, description="the same, its name alone")] = None
    secret_key: Annotated[SecretName, Field(description="variable that holds the key itself")] = None
    secret_key_env: Annotated[str | None, Field(pattern=VARIABLE, description="the same, its name alone")] = None
    session_token: Annotated[SecretName, Field(description="variable that holds the token of a key for a while")] = None
    session_token_env: Annotated[str | None, Field(pattern=VARIABLE, description="the same, its name alone")] = None

    @property
    def place(self) -> str:
        """Its address."""
        return self.endpoint or f"AWS, region {self.region}"


KINDS = (Sqlite, Postgres, MySql, S3)
Connection: TypeAlias = Annotated[Sqlite | Postgres | MySql | S3, Field(discriminator="type")]


def is_remote(path: str | None) -> bool:
    """Whether a path is an address of storage."""
    return path is not None and path.startswith("s3://")
