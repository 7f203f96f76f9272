"""``sop.yaml``: everything about a company that is not a table.

Pydantic models with a meaning on every field, from which editors get a JSON schema. Unknown keys are refused with the
nearest known one, so that a typo never passes in silence. Not here: reading data (``ingest``) or planning with it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError, field_validator, model_validator

from sop_pipeline.branding import Brand
from sop_pipeline.company_rules import Rule
from sop_pipeline.connections.secrets import not_an_address_with_secrets
from sop_pipeline.connections.settings import KINDS, Connection, is_remote
from sop_pipeline.errors import BadInput, BadInputs
from sop_pipeline.fiscal import FiscalYear
from sop_pipeline.mail import MailAddress, MailServer
from sop_pipeline.operating import Notices, Operation, Review
from sop_pipeline.part import Part
from sop_pipeline.periods import PeriodCalendar
from sop_pipeline.plan_change import BASE, unread
from sop_pipeline.setting_faults import in_our_words, nearest, setting_faults, without_lines
from sop_pipeline.strategy_form import stretches
from sop_pipeline.working_days import Weekday, WorkingDays


class Wide(Part):
    """A file with one column per product (or other item), to be read as rows."""

    keep: Annotated[list[str], Field(description="columns kept as they are, named as in the file")]
    names_to: Annotated[str, Field(description="our column that takes the headings, for example product_id")]
    values_to: Annotated[str, Field(description="our column that takes the cells, for example quantity")]
    drop_zeros: Annotated[
        bool | None,
        Field(description="leave out cells that are zero; by default in sales, production and orders alone"),
    ] = None


DatedBy = Literal["day", "month", "week", "week_start", "week_end", "period", "period_start", "period_end"]


_OF_FILES = {"format", "delimiter", "encoding", "sheet", "header_row", "from_file_name", "measures"}


class Source(Part):
    """What feeds a table: a file or a pattern of files, or a query of a database."""

    path: Annotated[
        str | None,
        AfterValidator(not_an_address_with_secrets),
        Field(description="path or glob inside the company folder (or an absolute path)"),
    ] = None
    connection: Annotated[str | None, Field(description="name of one of the connections, for query")] = None
    query: Annotated[str | None, Field(description="in place of path: a SELECT, its rows are read as a file's")] = None
    shrinks_at_most: Annotated[
        float | None,
        Field(ge=0, lt=100, description="20%: fewer rows than in the last cycle by more than that stop the cycle"),
    ] = None
    format: Annotated[Literal["csv", "parquet", "excel"] | None, Field(description="by file ending when absent")] = None
    delimiter: Annotated[str | None, Field(description="detected when absent")] = None
    encoding: Annotated[str | None, Field(description="detected when absent")] = None
    decimal: Annotated[Literal[".", ","] | None, Field(description="decimal mark; detected when absent")] = None
    date_format: Annotated[str | None, Field(description="strptime format; detected when absent")] = None
    dated_by: Annotated[
        DatedBy | None,
        Field(
            description="what a date stands for: its day, month, week or period, or the week or period that starts or "
            "ends on it; by what the dates show when absent"
        ),
    ] = None
    sheet: Annotated[str | None, Field(description="sheet of a workbook; the first when absent")] = None
    header_row: Annotated[int, Field(ge=1, description="row of the column names")] = 1
    columns: Annotated[dict[str, str], Field(description="our column: the file's column")] = Field(default_factory=dict)
    constants: Annotated[dict[str, str], Field(description="our column: a value for every row")] = Field(
        default_factory=dict
    )
    rename_values: Annotated[
        dict[str, dict[str, str]], Field(description="our column: {value in the file: value to use}")
    ] = Field(default_factory=dict)
    wide: Annotated[Wide | None, Field(description="set when the file has one column per item")] = None
    skip_rows: Annotated[
        dict[str, list[str]],
        Field(description="the file's column: texts of rows to leave out, * is any letters: {Article: ['Total*']}"),
    ] = Field(default_factory=dict)
    factors: Annotated[
        dict[str, str], Field(description="our column: what the file's numbers are multiplied by, such as 1000 or 1/60")
    ] = Field(default_factory=dict)
    from_file_name: Annotated[
        dict[str, str],
        Field(description="our column: a pattern of file names whose * is its value, such as sales_*.csv"),
    ] = Field(default_factory=dict)
    measures: Annotated[
        dict[str, str],
        Field(description="our column: its sheet, in a workbook with one sheet per measure; needs wide"),
    ] = Field(default_factory=dict)
    duplicates: Annotated[
        Literal["count", "drop"],
        Field(description="rows equal to an earlier one of their file: count them all, or drop the repeats"),
    ] = "count"

    @field_validator("shrinks_at_most", mode="before")
    @classmethod
    def _with_its_sign(cls, value: Any) -> Any:
        return value.strip().removesuffix("%") if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        if (self.path is None) == (self.query is None):
            raise ValueError("either path, or connection and query")
        if (self.query is not None or is_remote(self.path)) and self.connection is None:
            raise ValueError("connection beside it: the name of one of the connections")
        if self.connection is not None and self.query is None and not is_remote(self.path):
            raise ValueError("a query, or a path such as s3://bucket/sales_*.csv, beside connection")
        of_files = sorted(_OF_FILES & self.model_fields_set)
        if self.query is not None and of_files:
            raise ValueError(f"a query without {', '.join(of_files)}: that is for files")
        return self


class Periods(Part):
    """The calendar of periods that files are dated by: plans are made for months."""

    pattern: Annotated[
        Literal["4-4-5", "4-5-4", "5-4-4", "13"],
        Field(description="weeks of a quarter's periods; 13 is four weeks each"),
    ]
    year_ends: Annotated[
        str,
        Field(
            description="last day of a year: last saturday of january, saturday nearest end of january, or a day known"
        ),
    ]
    long_years: Annotated[
        tuple[int, ...],
        Field(description="years of 53 weeks, where year_ends is a day; the last period takes the week"),
    ] = ()
    named_by: Annotated[
        Literal["end", "start"], Field(description="whether a year is called by the year it ends or starts in")
    ] = "end"

    @field_validator("pattern", "year_ends", mode="before")
    @classmethod
    def _as_written(cls, value: Any) -> Any:
        return str(value) if isinstance(value, date | int) else value  # YAML reads days and 13 by itself

    @property
    def calendar(self) -> PeriodCalendar:
        """The calendar; BadInput where ``year_ends`` says no day."""
        return PeriodCalendar.of(self.pattern, self.year_ends, self.long_years, self.named_by)


class SingleFile(Source):
    """How the files of ``sop forecast`` and ``sop plan`` are written (``--read``), in the words of ``sop.yaml``."""

    path: Annotated[str, Field(description="given on the command line")] = ""
    periods: Annotated[Periods | None, Field(description="calendar of 4-4-5 or 13 periods")] = None


class Forecasting(Part):
    """How demand is forecast."""

    engine: Annotated[
        Literal["fast", "accurate", "thorough", "auto"],
        Field(
            description="fast is SQL only; accurate and thorough learn from all series; auto takes what budget_s allows"
        ),
    ] = "fast"
    budget_s: Annotated[float, Field(gt=0, description="seconds of CPU time that engine auto may spend")] = 60.0
    proportions: Annotated[
        Literal["average_proportions", "proportion_of_averages", "forecast_proportions"],
        Field(description="how top-down splits (METHODS 3)"),
    ] = "forecast_proportions"
    top_level: Annotated[Literal["company", "family"], Field(description="level a top-down forecast starts at")] = (
        "company"
    )
    lags: Annotated[list[int], Field(description="months ahead at which accuracy is judged")] = Field(
        default_factory=lambda: [0, 1, 2, 3]
    )
    origins: Annotated[int, Field(ge=1, le=36, description="rolling origins of the backtest")] = 12
    signal: Annotated[Literal["auto", "sales", "production"], Field(description="where demand comes from")] = "auto"
    external: Annotated[
        str | None,
        Field(
            description="model of external_forecasts that is planned with as it stands; without it each is used where "
            "it has earned it"
        ),
    ] = None


def _strategy_there_is(text: str) -> str:
    try:
        stretches(text)
    except BadInput as fault:
        raise in_our_words(fault) from fault
    return text


Strategy = Annotated[str, AfterValidator(_strategy_there_is)]


class Supply(Part):
    """How supply is planned."""

    strategy: Annotated[
        Strategy, Field(description="strategy the operational plan uses: level, chase, blended, or a mix")
    ] = "blended"
    strategies: Annotated[list[Strategy], Field(description="strategies that are compared")] = Field(
        default_factory=lambda: ["level", "chase", "blended"]
    )
    whole_workers: Annotated[bool, Field(description="plan whole heads (MILP)")] = False
    lots: Annotated[bool, Field(description="plan set-ups and smallest lots by month (MILP, slower)")] = False
    level_stretch_months: Annotated[int, Field(ge=1, description="months a level rate holds")] = 12
    level_of: Annotated[
        Literal["hours", "family", "product"],
        Field(description="what level keeps constant: hours of labour (else of machines), or each rate of output"),
    ] = "hours"
    service_level_of: Annotated[
        Literal["months", "units"],
        Field(description="what service_level is a share of: months without a stock-out, or units served (fill rate)"),
    ] = "months"
    mix_drift_tolerance: Annotated[float, Field(ge=0, description="share above which top-down misstates the load")] = (
        0.05
    )
    max_products: Annotated[int, Field(ge=1, description="above this a bottom-up plan is solved by family")] = 1000
    mip_gap: Annotated[
        float | None,
        Field(ge=0, le=0.1, description="gap at which a plan with whole numbers is good enough; none: by their number"),
    ] = None
    frontier_points: Annotated[int, Field(ge=9, description="points from least cost to most stable")] = 9
    max_instability: Annotated[
        float | None,
        Field(
            ge=0, description="most change of hours per day and heads the planner accepts; none: recommended by saving"
        ),
    ] = None
    demand_samples: Annotated[
        int, Field(ge=0, le=10000, description="sample paths of demand every plan is run against; 0 is none")
    ] = 200
    stochastic: Annotated[
        bool, Field(description="compare a plan made for sample paths (two-stage stochastic programme, slower)")
    ] = False
    stochastic_samples: Annotated[int, Field(ge=2, le=500, description="paths the stochastic plan is made for")] = 30
    frozen_months: Annotated[int, Field(ge=0, description="first months whose output stays as last planned")] = 0
    disaggregation: Annotated[
        Literal["equal_run_out", "fixed_share", "inventory_gap"],
        Field(description="how a family's output is shared out over its products (METHODS 5)"),
    ] = "equal_run_out"
    product_shares: Annotated[
        dict[str, float],
        Field(description="for fixed_share: percent of the family by product; more than 100 in all over-plans"),
    ] = Field(default_factory=dict)

    @field_validator("level_of", mode="before")
    @classmethod
    def _rate_of_each_product(cls, value: Any) -> Any:
        return "product" if value == "rate" else value  # the word of 0.1


class Finance(Part):
    """How money moves."""

    receipt_lag_months: Annotated[int, Field(ge=0, description="months until customers pay")] = 1
    payment_lag_months: Annotated[int, Field(ge=0, description="months until suppliers are paid")] = 1
    fixed_cost_month: Annotated[float, Field(ge=0, description="fixed cost per month")] = 0.0
    opening_cash: Annotated[
        float | None, Field(description="cash at the start of the cycle month; none: only its change is shown")
    ] = None
    opening_receivables: Annotated[
        float | None, Field(ge=0, description="owed by customers at that day; none: the revenue not yet due")
    ] = None
    opening_payables: Annotated[
        float | None, Field(ge=0, description="owed to suppliers at that day; none: the purchases not yet due")
    ] = None


class Tolerances(Part):
    """How much bad data stops a cycle."""

    quarantine_pct: Annotated[float, Field(ge=0, le=100, description="unusable rows, percent of a table's rows")] = 1.0


DatedTable = Literal["sales", "production", "inventory", "orders"]


class Freshness(Part):
    """How far data must reach for a cycle to be planned."""

    working_days: Annotated[
        int,
        Field(ge=0, description="working days before the cut-off that may have no row; a monthly row has its month"),
    ] = 3
    by_table: Annotated[dict[DatedTable, int], Field(description="table: working days, where they differ")] = Field(
        default_factory=dict
    )
    accept_stale: Annotated[
        dict[DatedTable, Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]],
        Field(description="table: the cycle, YYYY-MM, that is planned although the table ends too early for it"),
    ] = Field(default_factory=dict)

    def limit(self, table: str) -> int:
        """Working days before the cut-off that may have no row of a table."""
        return cast("dict[str, int]", self.by_table).get(table, self.working_days)

    def accepted(self, table: str) -> str | None:
        """The cycle that is planned although the table ends too early for it."""
        return cast("dict[str, str]", self.accept_stale).get(table)


class Scenario(Part):
    """A scenario: a name, and what differs from the consensus."""

    name: Annotated[str, Field(min_length=1, description="its name on the pages")]
    changes: Annotated[
        list[str],
        Field(min_length=1, description="changes in order, such as: demand Sun Care +10% 2027-03..2027-08"),
    ]


PackFormat = Literal["html", "pdf", "xlsx", "csv", "parquet"]
PackDocument = Literal[
    "executive_pack", "product_review", "demand_review", "supply_review", "reconciliation", "operational_plan"
]


class Packs(Part):
    """What the meeting gets."""

    formats: Annotated[list[PackFormat], Field(description="files made")] = Field(
        default_factory=lambda: list(get_args(PackFormat))
    )
    documents: Annotated[list[PackDocument], Field(description="documents made, as HTML and PDF")] = Field(
        default_factory=lambda: list(get_args(PackDocument))
    )
    families_in_pdf: Annotated[int, Field(ge=1, description="family pages in the PDF")] = 6
    meeting_working_day: Annotated[int, Field(ge=1, le=23, description="working day of the executive meeting")] = 15
    preread_working_day: Annotated[
        int | None,
        Field(
            ge=1,
            le=23,
            exclude=True,
            description="working day on which drafts are sent; by default the one before the meeting",
        ),
    ] = None
    brand: Annotated[Brand, Field(description="how the packs look where not as usual")] = Field(default_factory=Brand)


Mailing = Literal["preread", "released"]


class Delivery(Part):
    """Who gets which documents by e-mail; none of it changes a plan, so it is not kept with a cycle's settings."""

    recipients: Annotated[
        dict[PackDocument, list[MailAddress]], Field(description="document: who gets it, one message each")
    ] = Field(default_factory=dict)
    mailings: Annotated[
        list[Mailing],
        Field(description="preread: the draft on the pre-read day; released: the pack whenever the cycle is released"),
    ] = Field(default_factory=lambda: list(get_args(Mailing)))


GoalMeasure = Literal[
    "revenue",
    "gross_margin",
    "gross_margin_share",
    "contribution",
    "operating_result",
    "service",
    "inventory_value",
    "lowest_cash",
    "growth",
]


class Goal(Part):
    """What every plan is measured against."""

    measure: Annotated[GoalMeasure, Field(description="what is measured; shares and growth as 0.35 for 35%")]
    at_least: Annotated[float | None, Field(description="least that a plan should reach")] = None
    at_most: Annotated[float | None, Field(description="most that it should come to")] = None
    months: Annotated[int, Field(ge=1, le=36, description="first months of the plan that count")] = 12

    @model_validator(mode="after")
    def _one_limit(self) -> Goal:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("either at_least or at_most")
        return self


MarketDimension = Literal["channel", "region", "customer"]


class Allotment(Part):
    """Whose orders come first where there is not enough for all."""

    priority: Annotated[
        dict[str, Annotated[int, Field(ge=1)]],
        Field(description="market: its turn, 1 is served first; those of one turn share, those not named come last"),
    ] = Field(default_factory=dict)
    least_share: Annotated[
        dict[str, Annotated[float, Field(ge=0, le=100)]],
        Field(description="market: percent of what there is that it gets before all others, if it asks for so much"),
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_of_one_whole(self) -> Allotment:
        if sum(self.least_share.values()) > 100:
            raise ValueError("least shares of one dimension that are 100 percent at most in all")
        return self


Approach = Literal["top_down", "bottom_up"]
Department = Literal[
    "sales", "production", "purchasing", "logistics", "human_resources", "finance", "product_development"
]
WHOLE = "all"
"""In place of a site: every site of a department that is not named."""


class Company(Part):
    """A company: its name, where its data is, and how it plans."""

    company: Annotated[str, Field(description="name on the packs")]
    key: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9_]+$",
            description="short name in Dagster's asset keys and run tags; by default made of the folder's name",
        ),
    ] = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="reporting currency, ISO code")] = "EUR"
    country: Annotated[
        str | None, Field(description="ISO country whose public holidays count, with its state if you like: DE, DE-BY")
    ] = None
    subdivision: Annotated[str | None, Field(description="state or region of the country, if not in country: BY")] = (
        None
    )
    weekend: Annotated[
        list[Weekday] | None,
        Field(max_length=6, description="days of the week not worked; by default the country's, else Saturday, Sunday"),
    ] = None
    periods: Annotated[
        Periods | None, Field(description="calendar of 4-4-5 or 13 periods, where a source is dated by them")
    ] = None
    fiscal_year_start: Annotated[int, Field(ge=1, le=12, description="first month of the fiscal year")] = 1
    horizon_months: Annotated[int, Field(ge=3, le=36, description="months planned; lag 0 is the cycle month")] = 24
    first_cycle: Annotated[
        str | None, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="oldest cycle the scheduler offers, YYYY-MM")
    ] = None
    schedule_working_day: Annotated[int, Field(ge=1, le=23, description="working day the monthly run starts on")] = 3
    connections: Annotated[
        dict[Annotated[str, Field(pattern=r"^\w[\w-]*$")], Connection],
        Field(description="name: a database or storage that sources ask"),
    ] = Field(default_factory=dict)
    sources: Annotated[dict[str, list[Source]], Field(description="input table: its files and queries")]
    inputs: Annotated[
        str,
        Field(
            pattern=r"^[\w. -]+(/[\w. -]+)*$",
            exclude=True,
            description="folder for workbooks that were typed into, a folder a cycle: inputs/2026-11",
        ),
    ] = "inputs"
    approach: Annotated[Approach, Field(description="sets forecast and planning approach together")] = "bottom_up"
    forecast_approach: Annotated[
        Literal["top_down", "bottom_up", "middle_out", "reconciled", "auto"] | None,
        Field(description="where it differs from approach"),
    ] = None
    planning_approach: Annotated[
        Literal["top_down", "bottom_up", "auto"] | None, Field(description="where it differs from approach")
    ] = None
    forecast: Forecasting = Field(default_factory=Forecasting)
    supply: Supply = Field(default_factory=Supply)
    finance: Finance = Field(default_factory=Finance)
    tolerances: Tolerances = Field(default_factory=Tolerances)
    freshness: Freshness = Field(default_factory=Freshness)
    checks: Annotated[
        list[Rule], Field(description="the company's own rules for its tables, beside those of the registry")
    ] = Field(default_factory=list)
    packs: Packs = Field(default_factory=Packs)
    operation: Annotated[Operation, Field(exclude=True)] = Field(default_factory=Operation)
    notices: Annotated[Notices, Field(exclude=True)] = Field(default_factory=Notices)
    reviews: Annotated[
        list[Review],
        Field(exclude=True, description="the cycle's calendar: what is due when, whose, on what input"),
    ] = Field(default_factory=list)
    mail: Annotated[
        MailServer | None, Field(exclude=True, description="server that takes e-mail; without it nothing is sent")
    ] = None
    delivery: Annotated[Delivery, Field(exclude=True)] = Field(default_factory=Delivery)
    goals: Annotated[
        list[Goal], Field(description="what every plan is measured against: profitability, service, inventory, growth")
    ] = Field(default_factory=list)
    make_to_order: Annotated[
        list[str],
        Field(description="families made to order: planned on what was asked for and is owed, without safety stock"),
    ] = Field(default_factory=list)
    allotment: Annotated[
        dict[MarketDimension, Allotment],
        Field(description="how short supply is shared out, by dimension; without rules in proportion to demand"),
    ] = Field(default_factory=dict)
    owners: Annotated[
        dict[Department, str | dict[str, str]],
        Field(description="department: who answers for its lines, or site: who (all: every other site)"),
    ] = Field(default_factory=dict)
    scenarios: Annotated[
        list[Scenario], Field(description="what is planned beside the consensus, every strategy of it")
    ] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _one_source_is_a_list_of_one(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("sources"), dict):
            sources = {}
            for table, given in value["sources"].items():
                items = given if isinstance(given, list) else [given]
                sources[table] = [{"path": item} if isinstance(item, str) else item for item in items]
            return {**value, "sources": sources}
        return value

    @field_validator("country", "subdivision", mode="before")
    @classmethod
    def _codes_in_quotes(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError("a code in quotes, such as 'NO': without them YAML reads NO as false and ON as true")
        return value

    @field_validator("weekend", mode="before")
    @classmethod
    def _days_in_any_case(cls, value: Any) -> Any:
        days = [value] if isinstance(value, str) else value
        return [day.lower() if isinstance(day, str) else day for day in days] if isinstance(days, list) else days

    @property
    def working_days(self) -> WorkingDays:
        """The days the company works; BadInput for a country or subdivision that is not known."""
        return WorkingDays.of(self.country, self.subdivision, self.weekend)

    @property
    def fiscal_year(self) -> FiscalYear:
        """The fiscal years the company reports."""
        return FiscalYear(self.fiscal_year_start)

    @property
    def forecasts_by(self) -> str:
        """The forecast approach in force."""
        return self.forecast_approach or self.approach

    @property
    def cluster(self) -> str | None:
        """The cluster that batches of forecasts run on, if any."""
        return self.operation.cluster

    def working_to(self, strategy: str) -> Company:
        """The same company with another strategy in use."""
        return self.model_copy(update={"supply": self.supply.model_copy(update={"strategy": strategy})})

    @property
    def plans_by(self) -> str:
        """The planning approach in force."""
        return self.planning_approach or self.approach


def load(folder: Path) -> Company:
    """Read ``<folder>/sop.yaml``; BadInput names the field, what was found and the nearest known name."""
    path = Path(folder) / "sop.yaml"
    if not path.exists():
        raise BadInput(
            found="no sop.yaml",
            needed="a company folder with one",
            where=str(folder),
            mend="Make one with: sop init FOLDER.",
        )
    try:
        raw = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_OneOfEachKey)  # a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(
            found=without_lines(error), needed="YAML in UTF-8", where=str(path), mend="Correct the line named."
        ) from None
    if not isinstance(raw, dict):
        raise BadInput(
            found="no settings",
            needed="company and sources at least",
            where=str(path),
            mend="sop init FOLDER writes an example with every field explained.",
        )
    try:
        company = Company.model_validate(raw)
    except ValidationError as error:
        # without its cause, which repeats what stands in the file: be it a secret that should not
        raise BadInputs(setting_faults(error, str(path), _fields(Company))) from None
    _refuse_unknown_tables(company, path)
    _refuse_unknown_connections(company, path)
    _refuse_unread_changes(company, path)
    _refuse_unknown_columns(company, path)
    _ = company.working_days  # refuses a country or subdivision whose holidays are not known
    _ = company.periods and company.periods.calendar
    return company


def single_file(text: str | None) -> SingleFile:
    """Read ``decimal: ',', dated_by: week_start``: settings of one source, written on one line; BadInput."""
    bare = (text or "").strip()
    try:
        given = yaml.load(bare if bare.startswith("{") else "{" + bare + "}", Loader=_OneOfEachKey)  # a SafeLoader
        return SingleFile.model_validate(given)
    except yaml.YAMLError as error:
        raise BadInput(
            found=repr(bare),
            needed="settings of a source as in sop.yaml",
            where="--read",
            mend="""Write --read "decimal: ',', dated_by: week_start", for example.""",
        ) from error
    except ValidationError as error:
        faults = setting_faults(error, "--read", _fields(SingleFile))
        raise faults[0] if len(faults) == 1 else BadInputs(faults) from error


def _refuse_unknown_tables(company: Company, path: Path) -> None:
    from sop_pipeline.tables import INPUTS

    known = [table.name for table in INPUTS]
    waited_for = [(f"reviews: {review.name}", table) for review in company.reviews for table in review.waits_for]
    for place, name in [*((f"sources.{table}", table) for table in company.sources), *waited_for]:
        if name not in known:
            raise BadInput(
                found=place if place.startswith("sources") else f"{place}, waits_for {name}",
                needed="one of the input tables",
                where=str(path),
                mend=nearest(name, known),
            )


def _refuse_unknown_connections(company: Company, path: Path) -> None:
    known = list(company.connections)
    for table, sources in company.sources.items():
        for name in {source.connection for source in sources} - {None, *known}:
            raise BadInput(
                found=f"connection: {name}",
                needed="one of the connections",
                where=f"{path}, field sources.{table}",
                mend=nearest(str(name), known) if known else "State it under connections: with its type and place.",
            )
        for source in sources:
            stated = company.connections[source.connection] if source.connection else None
            if stated is not None and is_remote(source.path) != (stated.type == "s3"):
                raise BadInput(
                    found=f"{'a path' if source.path else 'a query'} for a connection of type {stated.type}",
                    needed="a path for storage, and a query for a database",
                    where=f"{path}, field sources.{table}",
                    mend="Name another connection, or write path: s3://bucket/sales_*.csv, or query: select ...",
                )


def _refuse_unknown_columns(company: Company, path: Path) -> None:
    """Every rule names a table and columns that are there, and no two of a table have one name."""
    from sop_pipeline.tables import REGISTRY

    seen: set[tuple[str, str]] = set()
    for rule in company.checks:
        where = f"{path}, field checks, {rule.label}"
        table, _, column = (rule.known_in or f"{rule.table}.").partition(".")
        for name, columns in ((rule.table, rule.columns), (table, (column,) if column else ())):
            spec = REGISTRY.get(name)
            if spec is None:
                known = list(REGISTRY)
                raise BadInput(found=name, needed="a table of a cycle", where=where, mend=nearest(name, known))
            for each in columns:
                if each not in spec:
                    needed, mend = f"a column of {name}", nearest(each, spec.names)
                    raise BadInput(found=each, needed=needed, where=where, mend=mend)
        if (rule.table, rule.label) in seen or rule.label == "schema":
            mend = "Give it a name of its own: name: ..."
            raise BadInput(found=f"{rule.label} twice", needed="a name for each rule", where=where, mend=mend)
        seen.add((rule.table, rule.label))


def _refuse_unread_changes(company: Company, path: Path) -> None:
    """Every change of every scenario is read here, so that no run meets one that cannot be."""
    names = [scenario.name for scenario in company.scenarios]
    twice = next((name for name in names if names.count(name) > 1 or name == BASE), None)
    if twice is not None:
        raise BadInput(
            found=f"the scenario {twice!r}" + (" twice" if twice != BASE else ""),
            needed="a name for each, and base for none: it is the consensus",
            where=f"{path}, field scenarios",
            mend="Rename it.",
        )
    faults = [fault for each in company.scenarios for fault in unread(each.changes, f"{path}, scenario {each.name}")]
    if faults:
        raise BadInputs(faults)


class _OneOfEachKey(yaml.SafeLoader):
    """YAML silently takes the last of two equal keys, and the settings of the first would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if isinstance(name, str) and name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} twice", key.start_mark)
            seen.add(name if isinstance(name, str) else None)
        return super().construct_mapping(node, deep)


def _fields(model: type[BaseModel]) -> list[str]:
    names = list(model.model_fields)
    for part in (
        Source,
        Wide,
        Periods,
        Forecasting,
        Supply,
        Finance,
        Tolerances,
        Packs,
        Allotment,
        Goal,
        Scenario,
        Operation,
        MailServer,
        Delivery,
        Notices,
        Review,
        Rule,
        *KINDS,
    ):
        names.extend(part.model_fields)
    return names
