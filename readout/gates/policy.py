"""Gate policies: the whole YAML grammar of GATES.md as strict models, its canonical text and hash. Pure.

    gate: routing-engine/partial-to-full
    metrics:
      - {name: accuracy, statistic: share, pass: "> 0.85", min_n: 50, judge: human, role: required}

Thresholds are Decimal and compared exactly, as written. Unknown keys, lines without a unit or a statistic, and
combinations that could never decide anything are refused when the policy is read.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from readout.gates.fields import Day, Items, Share, Strictly, Text, plain
from readout.gates.rules import Comparison, Range, Rule, leaves
from readout.marked_yaml import FaultsError, PlacedError, read_document, validate

Stage = Literal["shadow", "assisted", "partial", "full", "retired"]
STAGES: tuple[Stage, ...] = ("shadow", "assisted", "partial", "full", "retired")  # the ladder, bottom to top
Statistic = Literal["share", "mean", "p50", "p90", "p95", "p99", "ratio", "reduction_vs_baseline"]
Role = Literal["required", "key", "guardrail", "info", "trial"]
Arm = Literal["ai", "shadow", "human"]
Judge = Literal["human", "model", "rule", "downstream"]

PERCENTILES = {"p50": Fraction(50, 100), "p90": Fraction(90, 100), "p95": Fraction(95, 100), "p99": Fraction(99, 100)}
MICROSECONDS = {
    **dict.fromkeys(("us", "µs"), 1),
    "ms": 1_000,
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1_000_000),
    **dict.fromkeys(("min", "minute", "minutes"), 60_000_000),
    **dict.fromkeys(("h", "hour", "hours"), 3_600_000_000),
    **dict.fromkeys(("d", "day", "days"), 86_400_000_000),
}
_TIME_WORDS = frozenset(
    {"latency", "time", "duration", "handling", "cycle", "ttft", "seconds", "minutes", "milliseconds", "ms", "wait"}
)
_DURATIONS: dict[str, Literal["latency", "handling", "cycle"]] = {
    "latency": "latency",
    "handling": "handling",
    "handling_time": "handling",
    "handling_seconds": "handling",
    "cycle": "cycle",
    "cycle_time": "cycle",
    "cycle_seconds": "cycle",
}


def is_duration(name: str, unit: str | None) -> bool:
    """Whether a metric measures time: by its name (latency, handling_time, …) or by its unit (ms, s, min, …)."""
    return bool(_TIME_WORDS.intersection(re.split(r"[^a-z]+", name.lower()))) or unit in MICROSECONDS


def measured_histogram(name: str) -> Literal["latency", "handling", "cycle"] | None:
    """Return which of the three durations with a histogram a metric is, None for any other metric."""
    return _DURATIONS.get(name)


def line_us(line: Decimal, unit: str | None) -> int | None:
    """Return a line as integer microseconds ("300" in "ms" → 300000); None where the unit is no unit of time."""
    factor = MICROSECONDS.get(unit or "")
    return None if factor is None else round(line * factor)


def refuse_unclear(name: str, statistic: str | None, unit: str | None) -> None:
    """Raise ValueError where a line could be read in two ways: a duration without statistic, a measure without unit."""
    if statistic is None and is_duration(name, unit):
        message = f"`{name}` needs a statistic (p50, p90, p95, p99, mean); traffic can pass on one and fail on another"
        raise ValueError(message)
    if unit is None and (statistic in {"mean", "ratio"} or statistic in PERCENTILES):
        message = f'`{name}` needs a unit for its {statistic} ("1" = dimensionless)'
        raise ValueError(message)


class GateMetric(Strictly):
    """One metric of a gate with its lines.

    `pass`, `warn` and `fail` are point rules; `breach` binds only with confidence. Lines are in `unit`; shares and
    reductions are fractions of 1.
    """

    name: Text
    statistic: Statistic | None = None
    unit: Text | None = None
    pass_: Rule | None = Field(None, alias="pass")
    warn: Rule | None = None
    fail: Rule | None = None
    breach: Rule | None = None
    min_n: int = Field(1, ge=1)
    weight: float = Field(1, gt=0, allow_inf_nan=False)
    judge: Judge | None = None
    role: Role = "required"
    arm: Arm | None = None

    @property
    def rules(self) -> dict[str, Rule]:
        """The lines that are given, by their name in the file."""
        given = {"pass": self.pass_, "warn": self.warn, "fail": self.fail, "breach": self.breach}
        return {name: rule for name, rule in given.items() if rule is not None}

    @property
    def is_share(self) -> bool:
        """Whether the value is successes / n: said so, or neither statistic nor unit says otherwise."""
        return self.statistic == "share" or (self.statistic is None and self.unit is None)

    @property
    def binds(self) -> bool:
        """Whether the metric can change a week's state: a role that binds and at least one line."""
        return self.role in {"required", "key", "guardrail"} and bool(self.rules)

    @model_validator(mode="after")
    def _decidable(self) -> Self:
        refuse_unclear(self.name, self.statistic, self.unit)
        rules = self.rules
        if self.role in {"required", "key"} and rules and not {"pass", "fail"} & rules.keys():
            message = f"`{self.name}` is {self.role} but has no pass or fail line; make it a guardrail"
            raise ValueError(message)
        if _swallows(self.breach, self.pass_):
            message = (
                f"`{self.name}` passes {self.pass_} and breaches {self.breach}: whatever surely passes is a breach"
            )
            raise PlacedError(message, "breach")
        if self.is_share:
            for name, rule in rules.items():
                for line in absolute_lines(rule):
                    if not 0 <= line <= 1:
                        message = f"`{self.name}` is a share between 0 and 1; {plain(line)} can never decide it"
                        raise PlacedError(message, name)
        return self


def _swallows(breach: Rule | None, passed: Rule | None) -> bool:
    """Whether a breach line lies on the pass line's own side and not beyond it, so that nothing is left to pass."""
    if not isinstance(breach, Comparison) or not isinstance(passed, Comparison):
        return False
    if passed.op in {">", ">="} and breach.op in {">", ">="}:
        return breach.value <= passed.value
    return passed.op in {"<", "<="} and breach.op in {"<", "<="} and breach.value >= passed.value


def absolute_lines(rule: Rule | None) -> Iterator[Decimal]:
    """Yield every fixed number that a rule compares with; relative and arm comparisons have none."""
    for leaf in leaves(rule):
        if isinstance(leaf, Comparison):
            yield leaf.value
        elif isinstance(leaf, Range):
            yield from leaf.bounds


# --- decision --------------------------------------------------------------------------------------------------------


class Decide(Strictly):
    """How weeks become a decision. Absent limits are no limits; without `consecutive_weeks` the gate only watches."""

    consecutive_weeks: int | None = Field(None, ge=1)
    evidence: Literal["point", "weekly_bound", "pooled", "always_valid"] = "always_valid"
    alpha: float = Field(0.05, gt=0, lt=1)
    looks: int = Field(10, ge=1)
    max_missed_weeks: int | None = Field(None, ge=0)
    max_held_weeks: int | None = Field(None, ge=0)
    max_no_data_weeks: int | None = Field(None, ge=0)
    horizon_weeks: int | None = Field(None, ge=1)
    cooldown_weeks: int | None = Field(None, ge=0)
    valid_weeks: int = Field(4, ge=1)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.horizon_weeks and self.consecutive_weeks and self.horizon_weeks < self.consecutive_weeks:
            message = f"ends before consecutive_weeks {self.consecutive_weeks} can be met"
            raise PlacedError(message, "horizon_weeks")
        return self


class FrozenWeek(Strictly):
    """A week agreed beforehand not to count, such as a public holiday."""

    week: Day  # first day of the week
    declared_on: Day
    reason: Text

    @model_validator(mode="after")
    def _declared_before(self) -> Self:
        if self.declared_on >= self.week:
            message = f"the week of {self.week} was declared on {self.declared_on}, not before it began"
            raise ValueError(message)
        return self


class WeekRule(Strictly):
    """When a week is closed and settled, and what a gap does to the streak."""

    settle_hours: float = Field(48, ge=0, allow_inf_nan=False)
    verdict_coverage: Share = 0.95
    gaps: Literal["break", "freeze"] = "break"
    frozen: Items[FrozenWeek] = ()

    @field_validator("frozen")
    @classmethod
    def _once(cls, frozen: tuple[FrozenWeek, ...]) -> tuple[FrozenWeek, ...]:
        _refuse_repeated([str(entry.week) for entry in frozen], "week")
        return frozen


class Score(Strictly):
    """Score mode: percentages of the binding weight that make a week met (`pass_pct`) or held (`warn_pct`)."""

    pass_pct: float = Field(ge=0, le=100, allow_inf_nan=False)
    warn_pct: float = Field(ge=0, le=100, allow_inf_nan=False)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.warn_pct > self.pass_pct:
            message = "warn_pct is above pass_pct"
            raise ValueError(message)
        return self


class Action(Strictly):
    """What an outcome sets in motion: the stage with its load share and review rate, a milestone, who is told."""

    stage: Stage | None = None
    load_share: Share | None = None
    review_rate: Share | None = None
    milestone: Text | None = None
    notify: Items[Text] = ()


class Policy(Strictly):
    """The part of a gate that decides: enough for `readout gates evaluate`."""

    metrics: Items[GateMetric]
    decide: Decide = Decide()
    score: Score | None = None
    week: WeekRule = WeekRule()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse_repeated([metric.name for metric in self.metrics], "metric", "metrics")
        if self.score and self.decide.evidence != "point":
            message = f"score mode works with evidence: point only, found {self.decide.evidence}"
            raise PlacedError(message, "score")
        if self.decide.evidence != "point":
            for index, metric in enumerate(self.metrics):
                if metric.role not in {"required", "key"}:
                    continue
                for name, rule in metric.rules.items():
                    if not isinstance(rule, Comparison):
                        message = (
                            f"the {name} rule of `{metric.name}` ({rule}) can only be decided with evidence: point, "
                            f"found {self.decide.evidence}"
                        )
                        raise PlacedError(message, "metrics", index, name)
        return self

    def canonical(self) -> str:
        """Return the policy as canonical JSON: defaults written out, keys and metrics sorted, numbers as plain text.

        The declared gaps (`week.frozen`) are left out: they are an agreed calendar, not part of the rule. Comments,
        spelling of numbers and the order of metrics do not change it.
        """
        value = self.model_dump(by_alias=True)
        value["week"].pop("frozen")
        value["metrics"] = sorted(value["metrics"], key=lambda metric: metric["name"])
        return json.dumps(_canonical(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical text, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


class Gate(Policy):
    """A gate of the portfolio: one promotion of one system, who owns it and who approves it."""

    gate: Text
    system: Text
    from_stage: Stage
    to_stage: Stage
    owner: Text
    approver: Text
    review_by: Day | None = None
    arm: Arm | None = None
    on_pass: Action | None = None
    on_breach: Action | None = None
    on_fail: Action | None = None
    on_expiry: Action | None = None

    @model_validator(mode="after")
    def _governed(self) -> Self:
        if self.owner.casefold() == self.approver.casefold():
            message = f"owner and approver are the same person ({self.owner}); somebody else must approve"
            raise PlacedError(message, "approver")
        if STAGES.index(self.to_stage) < STAGES.index(self.from_stage):
            message = f"to_stage {self.to_stage} lies below from_stage {self.from_stage}; a gate leads up the ladder"
            raise PlacedError(message, "to_stage")
        return self

    def arm_of(self, metric: GateMetric) -> Arm:
        """Return the arm a metric is measured on: its own, else the gate's, else shadow in shadow and ai elsewhere."""
        return metric.arm or self.arm or ("shadow" if self.from_stage == "shadow" else "ai")

    def duration_lines(self) -> Iterator[tuple[GateMetric, Decimal]]:
        """Yield every fixed line on a metric with a histogram (latency, handling, cycle), in the metric's unit."""
        for metric in self.metrics:
            if measured_histogram(metric.name) and metric.statistic not in {"share", "ratio", "reduction_vs_baseline"}:
                for rule in metric.rules.values():
                    for line in absolute_lines(rule):
                        yield metric, line


class PolicyLine(NamedTuple):
    """One line of a gate as it is shown: the metric, which line, and the rule."""

    metric: GateMetric
    name: str  # pass, warn, fail or breach
    rule: Rule

    def __str__(self) -> str:
        """Return for example `latency p95 < 300 ms`."""
        statistic = "" if self.metric.statistic in {None, "share", "ratio"} else self.metric.statistic
        unit = "" if self.metric.unit in {None, "1"} else self.metric.unit
        words = [self.metric.name.replace("_", " "), statistic or "", str(self.rule), unit or ""]
        return " ".join(word for word in words if word)


class PolicyError(FaultsError):
    """A policy file that cannot be used; one fault with its line for everything wrong."""


def read_policy(path: Path) -> Policy:
    """Read a policy file: a whole gate where it names one, else `metrics`, `decide`, `score` and `week` alone.

    Raises PolicyError.
    """
    try:
        document = read_document(path)
        whole = isinstance(document.value, dict) and "gate" in document.value
        return validate(Gate if whole else Policy, document)
    except FaultsError as error:
        raise PolicyError(error.faults) from None


def _refuse_repeated(names: list[str], what: str, *at: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"the {what} `{name}` is given twice"
            raise PlacedError(message, *at, index)


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"op", "value"}:  # a comparison: back to the text people write
            return f"{value['op']} {plain(value['value'])}"
        return {key: _canonical(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return plain(value)
