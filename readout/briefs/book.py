"""The book: what every brief needs and what changes only with the data version. Read once, held by the caller."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pandas as pd

from readout.briefs.charge_book import Money, budgeted, charge_book
from readout.briefs.reduction import HandlingBaseline, handling_baselines
from readout.briefs.results import Header, Scope
from readout.briefs.silence import WEEKS, Arrival, arrivals_of
from readout.finance import Budgeted, ChargeBook, RateBook
from readout.finance.close import Closed
from readout.periods import COMPARISONS, Calendar, Counterpart, Window, counterpart, period_choices, window
from readout.portfolio import Portfolio
from readout.settings import Settings
from readout.warehouse.errors import NotReadyError
from readout.warehouse.reader import Snapshot, Warehouse
from readout.words import locales


@dataclass(frozen=True)
class Book:
    """Reference data of one data version."""

    warehouse: Warehouse
    portfolio: Portfolio
    settings: Settings
    calendar: Calendar
    data_version: str
    as_of: datetime  # naive UTC
    first_day: date | None
    last_day: date | None
    systems: tuple[str, ...]  # every system in the data or the registry, sorted
    with_tasks: frozenset[str]  # systems that have any task; the others have calls only
    task_types: dict[str, tuple[str, ...]]  # system -> its task types, '' left out
    currency: str  # the one currency of money figures, '' where the data holds several and none is declared
    recorded: dict[str, frozenset[str]]  # system -> `table.column` that were ever supplied
    dimensions: pd.DataFrame  # per system, task type and currency: how often each measure is known, over all data
    baselines: pd.DataFrame
    handling_baselines: dict[str, tuple[HandlingBaseline, ...]]
    unit_cost_baselines: dict[str, Decimal]  # system -> signed-off cost of one task before; without one it is not there
    stages: pd.DataFrame
    charges: pd.DataFrame = field(default_factory=pd.DataFrame)  # of read/charges
    charge_book: ChargeBook = field(default_factory=lambda: ChargeBook((), {}, Calendar()))
    rates: RateBook = field(default_factory=lambda: RateBook(()))
    budgets: tuple[Budgeted, ...] = ()
    monthly_demand: Mapping[str, float] = field(default_factory=dict)  # system -> tasks a month before, signed off
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)  # systems that had a task
    restarts: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # gate -> its policy was loosened then
    closes: tuple[Closed, ...] = ()  # the closed periods, where a journal was asked
    reported: bool = False  # cost of closed periods as it was reported; otherwise as it is with all that came in since

    def closed_of(self, window: Window) -> Closed | None:
        """Return the close of exactly these days, None where they are not a closed period."""
        found = (one for one in self.closes if (one.window.start, one.window.end) == (window.start, window.end))
        return next(found, None)

    def stages_until(self, system: str) -> pd.DataFrame:
        """Return a system's stage changes up to as-of, the one in force last; columns of read/stage_changes."""
        return self.stages[(self.stages["system_id"] == system) & (self.stages["effective_at"] <= self.as_of)]

    def delivered_until(self, systems: Collection[str]) -> datetime | None:
        """Return the last arrival of systems that are all late: their tasks since are still to come. Else None.

        A retired system delivers nothing, and is not late with it.
        """
        arrivals = [self.arrivals.get(one) for one in systems]
        late = [one.last for one in arrivals if one is not None and one.late(self.as_of)]
        if not late or len(late) < len(arrivals):
            return None
        retired = [self.stages_until(one)["stage"].tail(1).eq("retired").any() for one in systems]
        return None if all(retired) else max(late)

    def name_of(self, system_id: str) -> str:
        """Return the system's name in the registry, else its id."""
        known = self.portfolio.systems.get(system_id)
        return known.name if known else system_id

    def chosen_systems(self, scope: Scope) -> tuple[str, ...]:
        """Return the systems that a scope shows; unknown ids in a link are left out."""
        chosen = tuple(system for system in self.systems if system in scope.systems)
        return chosen or self.systems

    def recorded_by(self, systems: tuple[str, ...]) -> frozenset[str]:
        """Return the columns that at least one of the systems supplies."""
        return frozenset().union(*(self.recorded.get(system, frozenset()) for system in systems))

    def stale_hours(self, now: datetime) -> float | None:
        """Return by how many hours the data is older than its promise, None where the promise holds."""
        beyond = (now - self.as_of) / timedelta(hours=1) - self.portfolio.organisation.freshness_hours
        return beyond if beyond > 0 else None

    def header(self, scope: Scope) -> Header:
        """Return where the figures of a page come from."""
        scope = self.known(scope)
        now = datetime.now(UTC).replace(tzinfo=None)
        chosen, other = self._windows(scope)
        organisation = self.portfolio.organisation
        shown = self.chosen_systems(scope)
        return Header(
            scope=scope,
            as_of=self.as_of,
            as_of_local=self.calendar.local(self.as_of),
            data_version=self.data_version,
            organisation=organisation.name,
            time_zone=self.calendar.time_zone,
            week_start=self.calendar.week_start,
            fiscal=self.calendar.fiscal,
            currency=self.currency,
            window=chosen,
            before=other.window if other and other.equal else None,
            unequal=other.window if other and not other.equal else None,
            stale_hours=None if scope.as_of else self.stale_hours(now),  # an earlier state is old by intent
            system_names={system: self.name_of(system) for system in self.systems},
            task_types=tuple(sorted({kind for system in shown for kind in self.task_types.get(system, ())})),
            first_day=self.first_day,
            last_day=self.last_day,
        )

    def at(self, scope: Scope) -> "Book":
        """Return the book as of what a scope asks for, if that is earlier: read-only, from the data of now."""
        asked = self._earlier(scope.as_of)
        return self if asked is None else replace(self, as_of=asked)

    def _earlier(self, text: str) -> datetime | None:
        """Return the instant of an as-of that lies before the newest data, None for any other."""
        try:
            asked = self.calendar.instant_of(text) if text else None
        except ValueError:  # a word in a link that means nothing means the default
            return None
        newest = self.as_of.replace(microsecond=0)  # an address names seconds
        return asked if asked is not None and asked < newest and self._begun(asked) else None

    def _begun(self, instant: datetime) -> bool:
        return self.first_day is not None and instant > self.calendar.start_of(self.first_day)

    def windows(self, scope: Scope) -> tuple[Window, Window | None]:
        """Return the days that a scope shows and those that it compares with."""
        chosen, other = self._windows(self.known(scope))
        return chosen, other.window if other and other.equal else None

    def _windows(self, scope: Scope) -> tuple[Window, Counterpart | None]:
        chosen = window(scope.period, self.as_of, self.calendar, self.first_day, self.last_day)
        return chosen, counterpart(chosen, scope.period, scope.compare, self.calendar)

    def known(self, scope: Scope) -> Scope:
        """Return a scope whose period and comparison exist in this calendar; others in a link mean the default."""
        period = scope.period if scope.period in period_choices(self.calendar) else Scope.period
        return replace(scope, period=period, compare=scope.compare if scope.compare in COMPARISONS else Scope.compare)


# What a known measure says about its column, for facts that came in by another way than `readout load`.
KNOWN_BY = {
    "completed": "tasks.completed_at",
    "outcome_known": "tasks.outcome",
    "handling_n": "tasks.handling_seconds",
    "latency_n": "tasks.latency_ms",
    "reopened": "tasks.reopened_at",
    "review_due": "tasks.review_due",
    "review_prob_known": "tasks.review_prob",
    "people_n": "human_work.seconds",
    "people_priced": "rate_card.hourly_amount",
    "cost_n": "tasks.cost_amount",
    "tokens_n": "model_calls.input_tokens",
    "judged": "verdicts.outcome",
}


def _recorded(frames: Mapping[str, pd.DataFrame], systems: tuple[str, ...]) -> dict[str, frozenset[str]]:
    columns: dict[str, set[str]] = {}
    for system, counts in frames["dimensions"].groupby("system_id")[list(KNOWN_BY)].sum().iterrows():
        columns[str(system)] = {column for measure, column in KNOWN_BY.items() if counts[measure]}
        if counts["tokens_n"]:
            columns[str(system)].add("model_calls.output_tokens")
    for row in frames["recorded_columns"].to_dict("records"):
        columns.setdefault(row["system_id"], set()).add(f"{row['table_name']}.{row['column_name']}")
    everywhere = columns.get("*", set())
    if frames["charges"]["effective_n"].sum():  # one ledger of charges is every system's, whether it was charged or not
        everywhere = {*everywhere, "costs.effective_cost"}
    return {system: frozenset(everywhere | columns.get(system, set())) for system in systems}


def _currency(frames: Mapping[str, pd.DataFrame], declared: str | None) -> str:
    if declared:
        return declared
    found = sorted({*frames["dimensions"]["currency"], *frames["charges"]["currency"]} - {""})
    return found[0] if len(found) == 1 else ""


def _monthly_demand(baselines: pd.DataFrame) -> dict[str, float]:
    volumes = baselines[baselines["metric"] == "monthly_volume"]
    latest = volumes.drop_duplicates(["system_id", "task_type"], keep="last")
    return {str(system): float(own["value"].astype(float).sum()) for system, own in latest.groupby("system_id")}


def _unit_costs(baselines: pd.DataFrame) -> dict[str, Decimal]:
    """Return the latest unit cost of each system; its task types weigh by the monthly volume of the baseline."""
    latest = baselines.drop_duplicates(["system_id", "metric", "task_type"], keep="last")
    found = {str(system): _mean_cost(own) for system, own in latest.groupby("system_id")}
    return {system: cost for system, cost in found.items() if cost is not None}


def _mean_cost(own: pd.DataFrame) -> Decimal | None:
    of_kind = {
        metric: dict(zip(rows["task_type"], rows["value"], strict=True)) for metric, rows in own.groupby("metric")
    }
    costs, weights = of_kind.get("unit_cost", {}), of_kind.get("monthly_volume", {})
    if len(costs) == 1:
        return next(iter(costs.values()))
    if any(kind not in weights for kind in costs):
        return None
    weight = sum((weights[kind] for kind in costs), Decimal(0))
    return sum((cost * weights[kind] for kind, cost in costs.items()), Decimal(0)) / weight if weight else None


def _read(snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    names = (
        "state", "dimensions", "recorded_columns", "baselines", "stage_changes", "charges", "drivers", "fx_rates",
        "budgets", "fact_counts",
    )  # fmt: skip
    return {name: snapshot.query(f"read/{name}") for name in names}


def _published(state: pd.DataFrame) -> dict[str, str]:
    found = dict(zip(state["name"], state["value"], strict=True))
    if "sequence" not in found:
        message = "Nothing has been published from this warehouse yet. Run `readout refresh`."
        raise NotReadyError(message)
    if "as_of" not in found:
        message = (
            "The warehouse holds no task and no call yet. Load tasks (`readout load tasks FILE`), "
            "then `readout refresh`."
        )
        raise NotReadyError(message)
    return found


def _worked(snapshot: Snapshot, today: date, dimensions: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which each system was given tasks, in the weeks within which a pause is usual."""
    end = today + timedelta(days=1)
    systems = sorted(set(dimensions["system_id"]))
    return snapshot.query("read/task_days", from_day=end - timedelta(weeks=WEEKS), to_day=end, systems=systems)


def open_book(warehouse: Warehouse, portfolio: Portfolio, settings: Settings) -> Book:
    """Read the reference data of the version that is published now.

    Raises:
        NotReadyError: nothing has been published, or what has been published holds no data at all.
        UnreachableError, QueryTimeoutError: as the warehouse.
    """
    with warehouse.snapshot() as snapshot:
        frames = _read(snapshot)
        state = _published(frames["state"])
        calendar = Calendar.restored(state)
        given = settings.as_of or datetime.fromisoformat(state["as_of"])
        as_of = given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given
        worked = _worked(snapshot, calendar.day_of(as_of), frames["dimensions"])
    locales.choose(portfolio.organisation.locale, portfolio.organisation.currency_display)
    dimensions = frames["dimensions"]
    systems = tuple(sorted(set(dimensions["system_id"]) | set(portfolio.systems)))
    with_tasks = dimensions.loc[dimensions["attempted"] > 0, "system_id"]
    typed = dimensions[dimensions["task_type"] != ""]
    rates = RateBook(frames["fx_rates"].to_dict("records"))
    money = Money(_currency(frames, portfolio.organisation.reporting_currency), rates)
    return Book(
        warehouse=warehouse,
        portfolio=portfolio,
        settings=settings,
        calendar=calendar,
        data_version=state["sequence"],
        as_of=as_of,
        first_day=date.fromisoformat(state["first_day"]) if "first_day" in state else None,
        last_day=date.fromisoformat(state["last_day"]) if "last_day" in state else None,
        systems=systems,
        with_tasks=frozenset(with_tasks),
        task_types={str(system): tuple(sorted(set(rows["task_type"]))) for system, rows in typed.groupby("system_id")},
        currency=money.currency,
        recorded=_recorded(frames, systems),
        dimensions=dimensions,
        baselines=frames["baselines"],
        handling_baselines=handling_baselines(frames["baselines"]),
        unit_cost_baselines=_unit_costs(frames["baselines"]),
        monthly_demand=_monthly_demand(frames["baselines"]),
        arrivals=arrivals_of(frames["fact_counts"], worked, portfolio.organisation.freshness_hours),
        stages=frames["stage_changes"],
        charges=frames["charges"],
        charge_book=charge_book(frames, money, calendar, calendar.day_of(as_of), portfolio.organisation.allocation),
        rates=money.rates,
        budgets=budgeted(frames["budgets"], money, calendar),
    )
