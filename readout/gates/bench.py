"""The policy bench: what a policy would do at a system's own volume, and what waiting and being wrong cost. Pure.

The chances come from a seeded simulation of weeks with one true rate. The states of a week and the evidence are asked
from the engine itself (`judge_week`, `evidence_of`), once per number of good observations that can occur; the run of
the weeks is the engine's order, and a test holds both to the same answers.
"""

import random
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from statistics import median
from typing import Literal

from readout import stats
from readout.gates.evaluate import evaluate
from readout.gates.evidence import deciding_line, evidence_of, successes_of
from readout.gates.facts import Observed, Week
from readout.gates.policy import PERCENTILES, GateMetric, Policy
from readout.gates.rules import Comparison
from readout.gates.scoring import GateWeek, judge_week

EvidenceRule = Literal["point", "weekly_bound", "pooled", "always_valid"]
RULES: tuple[EvidenceRule, ...] = ("point", "weekly_bound", "pooled", "always_valid")
HORIZON = 12  # weeks within which a promotion is counted
LONGEST = 26  # weeks that are simulated; a median beyond is not named
RUNS = 3000  # a share of them is within 2 points of the truth, 19 times in 20
SEED = 20260105
BELOW = 0.02  # of the true rates from the line
ABOVE = ((0.02, 0.4), (0.05, 0.8))  # and at most so much of what is left up to 1
RECENT = 13  # closed weeks whose median is the system's own volume
FEWEST_TASKS = 5  # of one type on each side, before its handling times are compared
_ANY_WEEK = date(2026, 1, 5)


@dataclass(frozen=True)
class Trial:
    """The one share of a policy that is simulated. `line`: share of good observations asked for; `n`: a week's."""

    metric: GateMetric
    rule: Comparison
    line: float
    n: int

    def shown(self, rate: float) -> float:
        """Return a share of good observations as the policy's line counts it: 0.95 good is 0.05 where less is good."""
        return rate if self.rule.op in {">", ">="} or self.metric.statistic in PERCENTILES else 1 - rate


@dataclass(frozen=True)
class Odds:
    """One evidence rule at one true rate of good observations."""

    rule: EvidenceRule
    rate: float
    promoted: float  # share of the runs that pass within HORIZON weeks
    weeks: int | None  # the median until they pass; None: half of them take more than LONGEST weeks


def first_pass(policy: Policy, weeks: Iterable[Week]) -> date | None:
    """Return the first week whose closing would have passed the gate, None where no week would."""
    needed = policy.decide.consecutive_weeks
    ordered = sorted(weeks, key=lambda one: one.week)
    streak = 0
    for place, judged in enumerate(evaluate(policy, ordered).weeks, 1):
        if judged.state == "partial":
            continue
        streak = streak + 1 if judged.state == "met" else 0
        # only a met week can pass, and a frozen week is the only other one that a streak survives
        likely = judged.state == "met" and (policy.week.frozen or streak >= (needed or 1))
        if needed and likely and evaluate(policy, ordered[:place]).state == "PASS":
            return judged.week.week
    return None


# --- chances ---------------------------------------------------------------------------------------------------------


def trial_of(policy: Policy, weeks: Sequence[GateWeek]) -> Trial | None:
    """Return the share or percentile with the fewest observations a week; None where no metric can be simulated.

    It binds, all its lines are plain comparisons, and it has observations in the last closed weeks.
    """
    closed = [week for week in weeks if week.state != "partial"][-RECENT:]
    found = []
    for place, metric in enumerate(policy.metrics):
        rule = deciding_line(metric)
        plain = all(isinstance(one, Comparison) for one in metric.rules.values())
        counted = metric.is_share or metric.statistic in PERCENTILES
        volumes = [n for week in closed if (n := week.metrics[place].n)]
        if (
            metric.role in {"required", "key"}
            and rule is not None
            and rule.op != "=="
            and plain
            and counted
            and volumes
        ):
            n = round(median(volumes))
            one = Trial(metric, rule, 0.0, n)
            alone = _alone(policy, one, "always_valid")
            counts = successes_of(alone, alone.metrics[0], [_week(alone, one, n, n)])
            line = None if counts is None else counts[2]
            if n and line is not None and 0 < line < 1:
                found.append(Trial(metric, rule, line, n))
    return min(found, key=lambda one: one.n, default=None)


def rates(line: float) -> tuple[float, ...]:
    """Return the true rates that are tried: at the line, below it and above it, all between 0 and 1."""
    return (max(line - BELOW, line / 2), line, *(line + min(step, share * (1 - line)) for step, share in ABOVE))


@lru_cache(maxsize=128)
def odds(policy: Policy, trial: Trial, runs: int = RUNS) -> tuple[Odds, ...]:
    """Return the chances of every evidence rule at every rate; the same weeks for all rules, the same on every call."""
    found = []
    states = _States(policy, trial)
    tables = {rule: _Table(policy, trial, rule, states) for rule in RULES}
    for rate in rates(trial.line):
        weeks = list(_weeks(trial.n, rate, runs))
        for rule in RULES:
            passed = sorted(LONGEST + 1 if (after := tables[rule].run(one)) is None else after for one in weeks)
            middle = passed[(len(passed) - 1) // 2]
            found.append(
                Odds(rule, rate, sum(one <= HORIZON for one in passed) / runs, middle if middle <= LONGEST else None)
            )
    return tuple(found)


def weeks_to_pass(policy: Policy, trial: Trial, rule: EvidenceRule, good: Sequence[int]) -> int | None:
    """Return after how many weeks a policy passes on weeks with so many good observations each; None: not in them."""
    return _Table(policy, trial, rule, _States(policy, trial)).run(good)


def observed(trial: Trial, n: int, good: int) -> Observed:
    """Return a week of the trial's metric with so many good observations."""
    metric, rule = trial.metric, trial.rule
    below = rule.op in {"<", "<="}
    if metric.is_share:
        return Observed(n=n, successes=n - good if below else good)
    # on its line a percentile is decided by the exact count under it
    return Observed(n=n, value=float(rule.value), under={rule.value: good if below else n - good})


def _weeks(n: int, rate: float, runs: int) -> Iterable[list[int]]:
    upto = stats.binomial_cumulative(n, rate)
    draw = random.Random(SEED).random  # noqa: S311 - a simulation that everybody can repeat
    for _ in range(runs):
        yield [min(bisect_left(upto, draw()), n) for _ in range(LONGEST)]


def _alone(policy: Policy, trial: Trial, rule: EvidenceRule) -> Policy:
    """Return the policy with this metric and this evidence rule only, to be asked about one week, or several as one."""
    decide = policy.decide.model_copy(update={"evidence": rule, "consecutive_weeks": 1})
    metric = trial.metric.model_copy(update={"role": "required"})
    return Policy.model_construct(metrics=(metric,), decide=decide, score=None, week=policy.week)


def _week(alone: Policy, trial: Trial, n: int, good: int) -> GateWeek:
    return judge_week(alone, Week(_ANY_WEEK, metrics={trial.metric.name: observed(trial, n, good)}), ())


class _States(dict[int, str]):
    """A week's state by its good observations, asked from the engine when it first occurs."""

    def __init__(self, policy: Policy, trial: Trial) -> None:
        super().__init__()
        self.alone, self.trial = _alone(policy, trial, "point"), trial

    def __missing__(self, good: int) -> str:
        self[good] = _week(self.alone, self.trial, self.trial.n, good).state
        return self[good]


@dataclass
class _Table:
    """What the engine says about every count that can occur, so that thousands of runs need not ask it again."""

    policy: Policy
    trial: Trial
    rule: EvidenceRule
    states: _States
    weekly: int = field(init=False)  # good observations at which one week's bound is clear
    pooled: int = field(init=False)  # the same over the weeks in a row
    growing: list[int] = field(init=False)  # the same over all weeks so far, by their number

    def __post_init__(self) -> None:
        alone, rule = _alone(self.policy, self.trial, self.rule), self.rule
        needed = self.policy.decide.consecutive_weeks or 1
        self.weekly = self._least(alone, 1) if rule == "weekly_bound" else 0
        self.pooled = self._least(alone, needed) if rule == "pooled" else 0
        counts = range(1, LONGEST + 1) if rule == "always_valid" else ()
        self.growing = [0, *(self._least(alone, weeks) for weeks in counts)]

    def _least(self, alone: Policy, weeks: int) -> int:
        """Return the fewest good observations of so many weeks that are enough; one more than all where none are."""
        size = weeks * self.trial.n
        low, high = 0, size + 1
        while low < high:
            middle = (low + high) // 2
            enough = evidence_of(alone, [_week(alone, self.trial, size, middle)]).enough
            low, high = (low, middle) if enough else (middle + 1, high)
        return low

    def run(self, good: Sequence[int]) -> int | None:
        """Return the week that passes, in the order of the gate's rules; None where none does."""
        decide = self.policy.decide
        needed, cooldown = decide.consecutive_weeks, decide.cooldown_weeks
        if needed is None:
            return None
        states, enough = self.states, self._enough
        begin, streak, missed, held = 0, 0, 0, 0
        week = 0
        while week < len(good):
            state = states[good[week]]
            week += 1
            streak = streak + 1 if state == "met" else 0
            if state == "breach":
                if cooldown is None:
                    return None
                begin = week = week + cooldown
                missed = held = 0
                continue
            missed += state == "missed"
            held += state == "held"
            if decide.max_missed_weeks is not None and missed > decide.max_missed_weeks:
                return None
            if decide.max_held_weeks is not None and held > decide.max_held_weeks:
                return None
            if streak >= needed and enough(good, begin, week, needed):
                return week
            if decide.horizon_weeks is not None and week - begin >= decide.horizon_weeks:
                return None
        return None

    def _enough(self, good: Sequence[int], begin: int, week: int, needed: int) -> bool:
        if self.rule == "always_valid":
            return sum(good[begin:week]) >= self.growing[week - begin]
        last = good[week - needed : week]
        if self.rule == "weekly_bound":
            return min(last) >= self.weekly
        return self.rule == "point" or sum(last) >= self.pooled


# --- waiting against being wrong -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandlingGap:
    """Hands-on seconds per task by people and with AI, on the mix of what people do now; types with both only."""

    people: float
    ai: float
    left_out: float  # share of the people's tasks whose type AI has too few of


def handling_gap(people: Mapping[str, tuple[int, float]], ai: Mapping[str, tuple[int, float]]) -> HandlingGap | None:
    """Return the gap from (tasks, seconds in all) by task type; None where no type has enough tasks on both sides."""
    both = [kind for kind in people if min(people[kind][0], ai.get(kind, (0, 0.0))[0]) >= FEWEST_TASKS]
    n = sum(people[kind][0] for kind in both)
    if not n:
        return None
    with_ai = sum(people[kind][0] * ai[kind][1] / ai[kind][0] for kind in both) / n
    return HandlingGap(
        sum(people[kind][1] for kind in both) / n, with_ai, 1 - n / sum(tasks for tasks, _ in people.values())
    )


def hours_waiting(tasks: float, share_now: float, share_next: float, gap: HandlingGap) -> float:
    """Return the hours a week that people still spend on work that the next stage would take over."""
    return max(share_next - share_now, 0.0) * tasks * (gap.people - gap.ai) / 3600


def extra_bad(tasks: float, share: float, line: float, rate: float) -> float:
    """Return the bad tasks a week beyond those that the line allows, at a load share and a true rate of good ones."""
    return max(line - rate, 0.0) * tasks * share
