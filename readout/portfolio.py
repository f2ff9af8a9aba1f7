"""The portfolio: organisation, AI systems and gates, read from YAML under version control and checked strictly.

    PORTFOLIO/organisation.yaml · PORTFOLIO/systems/*.yaml · PORTFOLIO/gates/*.yaml

Every fault of every file is reported at once, each with its file and line. Reads files and nothing else; imports the
gates' policy models and nothing above them.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from pydantic import Field, StringConstraints, field_validator, model_validator

from readout.claims import ValueClaims
from readout.currencies import iso_4217
from readout.finance.charges import DRIVERS, EVEN, IDLE
from readout.gates.fields import Day, Exact, Items, Share, Strictly, Text
from readout.gates.policy import (
    MICROSECONDS,
    STAGES,
    Gate,
    Stage,
    Statistic,
    line_us,
    measured_histogram,
    refuse_unclear,
)
from readout.gates.rules import Comparison
from readout.marked_yaml import (
    Document,
    Fault,
    FaultsError,
    KeyPath,
    PlacedError,
    parse_document,
    read_document,
    validate,
)
from readout.periods import Calendar, EndRule, FiscalCalendar, NamedBy, Pattern

__all__ = [
    "Fault",
    "Gate",
    "Line",
    "Organisation",
    "Portfolio",
    "PortfolioError",
    "System",
    "gate_of_text",
    "json_schemas",
    "read_portfolio",
]

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\s/\\][^/\\\x00-\x1f]*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True)]
ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+")
AllocationRule = str | dict[str, Exact]  # a driver's name, "even", or fixed shares by system
PEOPLE = ("owner", "approver")  # who `notify` may name beside teams and addresses: the gate's own


class PortfolioError(FaultsError):
    """A portfolio that cannot be used: `faults` names every fault with its file and line, one per line of `str()`."""


class Organisation(Strictly):
    """What holds for all systems. Every key may be absent: then weeks are ISO weeks in UTC, the year the calendar's."""

    name: Words = ""
    reporting_currency: str | None = Field(None, description="ISO 4217; absent: the data's own currency")
    time_zone: str = Field("UTC", description="IANA name; all days and weeks are bucketed in it")
    week_start: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    fiscal_calendar: Pattern = Field("calendar", description="weeks of the months of a quarter; calendar: the months")
    fiscal_year_start_month: int = Field(1, ge=1, le=12, description="a year of weeks ends with the month before")
    fiscal_year_end_rule: EndRule = Field(
        "last",
        description="for a year of weeks: its end is the last such weekday of that month, or the nearest to its end",
    )
    fiscal_year_named_by: NamedBy = Field("end", description="FY2027 ends in 2027, or starts in 2027")
    locale: str = Field("en", description="how numbers and dates are written, such as de_DE; words stay English")
    currency_display: Literal["symbol", "code"] = Field("symbol", description="€12.40 or EUR 12.40")
    accept_settle_days: int = Field(7, ge=0, le=366, description="days after which a task not reopened is accepted")
    freshness_hours: float = Field(26, gt=0, allow_inf_nan=False, description="older data is shown as stale")
    discount_rate: Exact | None = Field(
        None, ge=0, le=1, description="of a year, 0.08 = 8 %; absent: no present value and no discounted payback"
    )
    allocation: dict[str, AllocationRule] = Field(
        default={},
        description="how charges that name no system are divided, by their allocation key (default: those without one)",
    )
    budget_covers: Literal["spend", "fully_loaded"] = Field(
        "spend", description="what budgets hold: spend is the fully loaded cost without people's work"
    )
    cost_accounts: Items[Text] = Field(
        default=(),
        description="accounts of the ledger that hold the cost of AI; absent: those with an invoice of the charges",
    )
    units: dict[str, str] = Field(default={}, description="wording of units, for example {tasks: cases}")
    teams: dict[str, Items[Text]] = Field(
        default={}, description="e-mail addresses of the teams that gates notify: {platform: [platform@example.com]}"
    )

    @field_validator("reporting_currency")
    @classmethod
    def _iso_4217(cls, code: str | None) -> str | None:
        return code if code is None else iso_4217(code)

    @field_validator("locale")
    @classmethod
    def _cldr(cls, name: str) -> str:
        try:
            return str(Locale.parse(name.replace("-", "_")))
        except (UnknownLocaleError, ValueError):
            message = f"`{name[:60]}` is no locale, such as en_GB or de_DE"
            raise ValueError(message) from None

    @field_validator("time_zone")
    @classmethod
    def _iana(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"`{name[:60]}` is no IANA time zone, such as Europe/Berlin"
            raise ValueError(message) from None
        return name

    @model_validator(mode="after")
    def _allocation_divides(self) -> Self:
        for key, rule in self.allocation.items():
            if key in {*DRIVERS, EVEN, IDLE} or not key.strip():
                message = f"`{key}` has its meaning already and cannot be given another; rules are for keys of your own"
                raise PlacedError(message, "allocation", key)
            if isinstance(rule, dict):
                if not rule or any(share < 0 for share in rule.values()) or not any(rule.values()):
                    message = "fixed shares need a number above zero for at least one system, and none below zero"
                    raise PlacedError(message, "allocation", key)
            elif rule not in {*DRIVERS, EVEN}:
                message = (
                    f"`{rule[:60]}` divides nothing: name a driver ({', '.join(DRIVERS)}), `{EVEN}`, or fixed shares "
                    "such as {claims: 60, routing: 40}"
                )
                raise PlacedError(message, "allocation", key)
        return self

    @model_validator(mode="after")
    def _teams_have_addresses(self) -> Self:
        for team, addresses in self.teams.items():
            if team in PEOPLE or ADDRESS.fullmatch(team) or not team.strip():
                message = "is no name for a team: `owner` and `approver` are the gate's, an address stands for itself"
                raise PlacedError(message, "teams", team)
            if not addresses:
                message = "must not be empty"
                raise PlacedError(message, "teams", team)
            for index, address in enumerate(addresses):
                if not ADDRESS.fullmatch(address):
                    message = f"`{address[:60]}` is no e-mail address"
                    raise PlacedError(message, "teams", team, index)
        return self

    @model_validator(mode="after")
    def _one_fiscal_year(self) -> Self:
        by_weeks = self.fiscal_calendar != "calendar"
        if by_weeks and "fiscal_year_start_month" not in self.model_fields_set:
            message = (
                f"a year of weeks ({self.fiscal_calendar}) needs `fiscal_year_start_month`: it ends with the last week "
                "of the month before"
            )
            raise PlacedError(message, "fiscal_calendar")
        if not by_weeks and "fiscal_year_end_rule" in self.model_fields_set:
            message = "a year of calendar months has no such rule; it is for 4-4-5, 4-5-4 and 5-4-4 (`fiscal_calendar`)"
            raise PlacedError(message, "fiscal_year_end_rule")
        return self

    def addresses(self, gate: Gate, names: Iterable[str]) -> tuple[str, ...]:
        """Return whom the names of a gate's `notify` mean, each once, in order.

        `owner` and `approver` are the gate's, a team its addresses, an address itself. A name that means nobody stays
        as it is: what is sent to it fails, and says so.
        """
        found: dict[str, None] = {}
        for name in names:
            person = {"owner": gate.owner, "approver": gate.approver}.get(name, name)
            found.update(dict.fromkeys(self.teams.get(person, (person,))))
        return tuple(found)

    def strangers(self, gate: Gate) -> tuple[tuple[KeyPath, str], ...]:
        """Return every name in a gate's `notify` that means nobody: its place in the gate's file, and a sentence."""
        return tuple(
            ((outcome, "notify", index), f"{outcome} notifies `{name}`, {self._stranger(name)}")
            for outcome in ("on_pass", "on_breach", "on_fail", "on_expiry")
            if (action := getattr(gate, outcome))
            for index, name in enumerate(action.notify)
            if not all(map(ADDRESS.fullmatch, self.addresses(gate, [name])))
        )

    def _stranger(self, name: str) -> str:
        if name in PEOPLE:
            return "who is given by a name that is no e-mail address and no team of organisation.yaml"
        close = difflib.get_close_matches(name, (*self.teams, *PEOPLE), n=1)
        hint = f" (did you mean `{close[0]}`?)" if close else ""
        return f"which is no team of organisation.yaml and no e-mail address{hint}"

    @property
    def calendar(self) -> Calendar:
        """The calendar that all days, weeks and fiscal years are cut by."""
        fiscal = FiscalCalendar(
            self.fiscal_calendar, self.fiscal_year_start_month, self.fiscal_year_end_rule, self.fiscal_year_named_by
        )
        return Calendar(self.time_zone, self.week_start, fiscal)


def _or_text(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "minLength": 1}, schema]}


class Unit(Strictly):
    """The unit of work in words: one ticket, many tickets."""

    one: Text
    many: Text

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            return {"one": value.strip(), "many": _plural(value.strip())}
        if isinstance(value, dict) and isinstance(value.get("one"), str) and "many" not in value:
            return {**value, "many": _plural(value["one"])}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """Return the schema of both forms: text, or the two words."""
        return _or_text({**handler(core), "required": ["one"]})


class Step(Strictly):
    """Who touches the unit of work, what they do, where it is stored, what it feeds."""

    who: Text
    does: Text
    stored_in: Words = ""
    feeds: Words = ""


class Workflow(Strictly):
    """The way of a unit of work before and with the AI system."""

    before: Items[Step] = ()
    after: Items[Step] = ()


class Owners(Strictly):
    """Who answers for the system. Empty = nobody is named."""

    business: Words = ""
    engineering: Words = ""
    operations: Words = ""


class Connection(Strictly):
    """A data source or a hook into another system. Plain text is its name."""

    name: Text
    kind: Words = ""  # for example event stream, API, export
    cadence: Words = ""  # for example live, hourly, weekly
    note: Words = ""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """Return the schema of both forms: text, or the keys."""
        return _or_text(handler(core))


class SignOff(Strictly):
    """Who signed, and on which day."""

    by: Text
    on: Day


class Governance(Strictly):
    """Sign-offs; absent = not signed."""

    security: SignOff | None = None
    platform: SignOff | None = None
    compliance: SignOff | None = None


class Target(Strictly):
    """What the system shall reach, for example {metric: handling_time_reduction, target: ">= 0.30"}."""

    metric: Text
    statistic: Statistic | None = None
    target: Comparison
    unit: Text | None = None

    @model_validator(mode="after")
    def _clear(self) -> Self:
        if not self.metric.endswith("_reduction"):  # a reduction is a fraction of its baseline whatever it reduces
            refuse_unclear(self.metric, self.statistic, self.unit)
        return self


class PlannedStage(Strictly):
    """A stage as planned, from a day on."""

    stage: Stage
    load_share: Share | None = None
    review_rate: Share | None = None
    starts: Day = Field(alias="from")


class System(Strictly):
    """One AI system as its owners describe it; id, name and unit of work are enough."""

    id: Identifier
    name: Text
    unit_of_work: Unit
    summary: Words = ""
    workflow: Workflow = Workflow()
    owners: Owners = Owners()
    data_sources: Items[Connection] = ()
    hooks: Items[Connection] = ()
    fallback: Words = ""
    rollback: Words = ""
    governance: Governance = Governance()
    targets: Items[Target] = ()
    availability_target: Share | None = None
    modules: Items[Text] = ()
    planned_stages: Items[PlannedStage] = ()
    value: ValueClaims | None = None

    @model_validator(mode="after")
    def _plan_in_order(self) -> Self:
        days = [planned.starts for planned in self.planned_stages]
        for index, (before, after) in enumerate(pairwise(days), start=1):
            if after <= before:
                message = f"starts on {after}, not after the stage before it ({before})"
                raise PlacedError(message, "planned_stages", index, "from")
        return self

    def plan_on(self, day: date) -> PlannedStage | None:
        """Return the stage planned for a day, None before the plan begins."""
        return next((planned for planned in reversed(self.planned_stages) if planned.starts <= day), None)


@dataclass(frozen=True, order=True)
class Line:
    """A line on a duration of one system. `line_us`: integer microseconds; a duration below it is under the line."""

    metric: Literal["latency", "handling", "cycle"]
    system_id: str
    line_us: int


@dataclass(frozen=True)
class Portfolio:
    """Everything the registry says. Systems are keyed by id, gates by their name."""

    organisation: Organisation = field(default_factory=Organisation)
    systems: Mapping[str, System] = field(default_factory=dict)
    gates: Mapping[str, Gate] = field(default_factory=dict)

    def gates_of(self, system_id: str) -> tuple[Gate, ...]:
        """Return the gates of one system, up the ladder of stages, then by name."""
        found = [gate for gate in self.gates.values() if gate.system == system_id]
        return tuple(sorted(found, key=lambda gate: (STAGES.index(gate.from_stage), gate.gate)))

    def lines(self) -> tuple[Line, ...]:
        """Return every latency or time line that a gate's rule or a system's target names, unique and sorted.

        These are the lines that the refresh counts exactly (`line_day`). Reductions, ratios and shares are fractions,
        not durations, and have none.
        """
        found: set[Line] = set()
        for gate in self.gates.values():
            for metric, value in gate.duration_lines():
                found.update(_line(metric.name, gate.system, value, metric.unit))
        for system in self.systems.values():
            for target in system.targets:
                if target.statistic not in {"share", "ratio", "reduction_vs_baseline"}:
                    found.update(_line(target.metric, system.id, target.target.value, target.unit))
        return tuple(sorted(found))


def _line(name: str, system_id: str, value: Decimal, unit: str | None) -> Iterable[Line]:
    kind, line = measured_histogram(name), line_us(value, unit)
    return () if kind is None or line is None else (Line(kind, system_id, line),)


def read_portfolio(folder: Path | None) -> Portfolio:
    """Read a portfolio folder. None and an empty folder are valid: the defaults, no system, no gate.

    Raises PortfolioError with every fault of every file; a folder that was named and is not there is one.
    """
    if folder is None:
        return Portfolio()
    if not folder.is_dir():
        said = "is a file; the portfolio is a folder" if folder.exists() else "is not there; check READOUT_PORTFOLIO"
        raise PortfolioError([Fault(folder.as_posix(), None, said)])
    faults: list[Fault] = []
    organisation = Organisation()
    for path in _files(folder, only="organisation"):
        organisation = _read(Organisation, path, faults, empty={})[0] or organisation
    systems, damaged = _systems(folder / "systems", faults)
    gates = _gates(folder / "gates", systems, damaged, organisation, faults)
    if faults:
        raise PortfolioError(sorted(faults, key=lambda fault: (fault.path, fault.line or 0, fault.message)))
    return Portfolio(organisation, systems, gates)


def _systems(folder: Path, faults: list[Fault]) -> tuple[dict[str, System], set[str]]:
    """Return the sound systems by id, and the ids that the damaged files may have meant."""
    systems: dict[str, System] = {}
    first: dict[str, Document] = {}
    damaged: set[str] = set()
    for path in _files(folder):
        system, document = _read(System, path, faults)
        if system is None:
            damaged.update(_id_of(document, path))
        elif system.id in systems:
            faults.append(_given_twice("system", system.id, document, "id", first[system.id]))
        else:
            systems[system.id], first[system.id] = system, document
    return systems, damaged


def _gates(
    folder: Path, systems: Mapping[str, System], damaged: set[str], organisation: Organisation, faults: list[Fault]
) -> dict[str, Gate]:
    gates: dict[str, Gate] = {}
    first: dict[str, Document] = {}
    for path in _files(folder):
        gate, document = _read(Gate, path, faults)
        if gate is None:
            continue
        faults.extend(_misfits(gate, document, {*systems, *damaged}, organisation))
        if gate.gate in gates:
            faults.append(_given_twice("gate", gate.gate, document, "gate", first[gate.gate]))
        else:
            gates[gate.gate], first[gate.gate] = gate, document
    return gates


def _misfits(gate: Gate, document: Document, systems: set[str], organisation: Organisation) -> Iterable[Fault]:
    """Yield where a sound gate does not fit the rest of the registry."""
    if gate.system not in systems:
        close = difflib.get_close_matches(gate.system, systems, n=1)
        hint = f" (did you mean `{close[0]}`?)" if close else ""
        message = f"the gate `{gate.gate}` names an unknown system `{gate.system}`{hint}"
        yield Fault(document.path, document.line(("system",)), message)
    yield from _uncountable(gate, document)
    if organisation.teams:  # without any, `readout gates lint` says so: nobody has to name teams
        for at, said in organisation.strangers(gate):
            yield Fault(document.path, document.line(at), said)


def gate_of_text(text: str, name: str, portfolio: Portfolio, *, system: str) -> Gate:
    """Read a gate from text as its file would be read, for a system that it has to name; nothing is kept.

    Raises PortfolioError with every fault and its line; `name` stands where a file has its path.
    """
    try:
        document = parse_document(text, name)
        gate = validate(Gate, document)
    except FaultsError as error:
        raise PortfolioError(error.faults) from None
    faults = list(_misfits(gate, document, set(portfolio.systems) | {system}, portfolio.organisation))
    if not faults and gate.system != system:
        said = f"`system`: these are the weeks of `{system}`; a gate of another system is tried on that one's"
        faults.append(Fault(name, document.line(("system",)), said))
    if faults:
        raise PortfolioError(sorted(faults, key=lambda fault: (fault.line or 0, fault.message)))
    return gate


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of the three kinds of file, for editors: organisation, system, gate."""
    models = {"organisation": Organisation, "system": System, "gate": Gate}
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema(by_alias=True)}
        for name, model in models.items()
    }


def _files(folder: Path, only: str | None = None) -> list[Path]:
    """Return the YAML files of a folder by name; editors' hidden files are left out."""
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise PortfolioError([Fault(folder.as_posix(), None, f"cannot be read: {error.strerror}")]) from None
    return [
        path
        for path in found
        if path.suffix in {".yaml", ".yml"} and not path.name.startswith(".") and only in {None, path.stem}
    ]


def _read(model: type[Any], path: Path, faults: list[Fault], *, empty: Any = None) -> tuple[Any, Document]:
    document = Document(path.as_posix(), None)
    try:
        document = read_document(path, empty=empty)
        return validate(model, document), document
    except FaultsError as error:
        faults.extend(error.faults)
        return None, document


def _id_of(document: Document, path: Path) -> set[str]:
    """Return the names a damaged system file may go by: its gates shall not be blamed for its faults."""
    given = document.value.get("id") if isinstance(document.value, dict) else None
    return {path.stem, given} if isinstance(given, str) else {path.stem}


def _given_twice(what: str, name: str, document: Document, key: str, first: Document) -> Fault:
    message = f"the {what} `{name}` is described twice: here and in {first.path}:{first.line((key,))}"
    return Fault(document.path, document.line((key,)), message)


def _uncountable(gate: Gate, document: Document) -> Iterable[Fault]:
    """Yield a fault for each duration whose unit is no unit of time: its line could not be counted in the warehouse."""
    for index, metric in enumerate(gate.metrics):
        duration = measured_histogram(metric.name) and metric.statistic not in {
            "share",
            "ratio",
            "reduction_vs_baseline",
        }
        if duration and metric.unit not in MICROSECONDS:
            at: KeyPath = ("metrics", index, "unit")
            message = f"`{metric.name}` is a duration; `{metric.unit}` is no unit of time ({', '.join(MICROSECONDS)})"
            yield Fault(document.path, document.line(at), message)


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}s"
