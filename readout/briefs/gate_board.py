"""Every gate as a card, from the engine's reading of the warehouse. Filters choose cards, never what they say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from readout import findings, stats
from readout.briefs.book import Book
from readout.briefs.gate_readings import GateReading, WeekOrigin, readings_of
from readout.briefs.results import GateCard, GateColumn, GateCondition, GatesBrief, GateWeek, LadderRow, Scope
from readout.gates.evidence import deciding_line
from readout.gates.policy import PERCENTILES, Action, Gate, GateMetric
from readout.gates.rules import Comparison, Rule
from readout.gates.scoring import GateWeek as Judged
from readout.gates.scoring import MetricWeek, count_under
from readout.signals import Week, outlook, read

SHOWN = 13  # weeks on a card
STATES = ("breach", "failed", "eligible", "hold", "no_data", "watch", "waiting")  # by how much they need a person


def gates_of(book: Book) -> tuple[GateCard, ...]:
    """Return every gate's card; no filter changes a gate."""
    return tuple(card_of(book, reading) for reading in readings_of(book))


def gates_brief(book: Book, scope: Scope) -> GatesBrief:
    """Return every gate of the chosen systems with its conditions, those first that need a person."""
    header = book.header(scope)
    chosen = [card for card in gates_of(book) if card.system_id in book.chosen_systems(scope)]
    gates = tuple(sorted(chosen, key=lambda card: (STATES.index(card.state), card.system_name)))
    return GatesBrief(header, findings.of_gates(gates), gates, tuple(_ladder(book, scope, gates)))


def leading(gates: Sequence[GateCard], stage: str) -> GateCard | None:
    """Return of one system's gates the one that matters now: it leads up from the stage in force, else the first."""
    own = sorted(gates, key=lambda gate: STATES.index(gate.state))
    return next((gate for gate in own if gate.from_stage == stage), own[0] if own else None)


def weeks_text(gate: GateCard | None) -> str:
    """Return how far a gate is in a few words: 2 of 3 weeks; accuracy missed."""
    if gate is None:
        return ""
    if gate.state == "watch" or not gate.weeks_needed:
        return f"{gate.streak} weeks within the lines"
    return "; ".join(
        part for part in (f"{gate.weeks_met} of {gate.weeks_needed} weeks", findings.hold_reason(gate)) if part
    )


def _ladder(book: Book, scope: Scope, gates: Sequence[GateCard]) -> Iterable[LadderRow]:
    for system in sorted(book.chosen_systems(scope), key=lambda one: book.name_of(one).casefold()):
        stage, _ = stage_of(book, system)
        gate = leading([one for one in gates if one.system_id == system], stage)
        yield LadderRow(
            system,
            book.name_of(system),
            stage,
            gate.state if gate else "",
            gate.to_stage if gate else "",
            weeks_text(gate),
            gate.gate if gate else "",
        )


def stage_of(book: Book, system: str) -> tuple[str, float | None]:
    """Return the stage in force at as-of and its planned load share; ('', None) where none is recorded."""
    rows = book.stages_until(system)
    if rows.empty:
        known = book.portfolio.systems.get(system)
        planned = known.plan_on(book.calendar.day_of(book.as_of)) if known else None
        return (planned.stage, _share(planned.load_share)) if planned else ("", None)
    last = rows.iloc[-1]
    return str(last["stage"]), _share(last["load_share"])


def _share(value: object) -> float | None:
    number = None if value is None else float(str(value))
    return None if number is None or number != number else number  # noqa: PLR0124 - NaN


def card_of(book: Book, reading: GateReading, shown: int = SHOWN) -> GateCard:
    """Return one gate as a card with its last weeks."""
    gate, verdict = reading.gate, reading.verdict
    state = _state(reading)
    weeks = verdict.weeks[-shown:]
    closed = [reading.origins[one.week.week] for one in verdict.weeks if one.week.complete]
    held_by = _held_by(reading) if state == "hold" else ""
    return GateCard(
        gate=gate.gate,
        system_id=gate.system,
        system_name=book.name_of(gate.system),
        from_stage=gate.from_stage,
        to_stage=gate.to_stage,
        owner=gate.owner,
        approver=gate.approver,
        state=state,
        reason=verdict.reason,
        held_by=held_by,
        phase=reading.place.phase,
        streak=verdict.streak,
        weeks_needed=gate.decide.consecutive_weeks or 0,
        evidence=verdict.evidence,
        evidence_needed=verdict.evidence_needed,
        evidence_rule=gate.decide.evidence,
        weakest=verdict.weakest,
        sentence=reading.sentence,
        conditions=tuple(_conditions(gate, weeks, verdict.weeks)),
        columns=tuple(_columns(weeks, reading.origins)),
        outlook=reading.outlook if state == "hold" else None,
        alarm=reading.alarm,
        burns=reading.burns,
        lapses=reading.lapses,
        stage=reading.place.now.stage if reading.place.now else "",
        stage_since=reading.place.since,
        entitled_share=reading.place.now.load_share if reading.place.now else None,
        running_share=closed[-1].ai_share if closed else None,
        mix_shift=closed[-1].mix_shift if closed else None,
        action=_next_action(gate, state),
        policy_hash=gate.hash,
        review_by=gate.review_by,
    )


def _state(reading: GateReading) -> str:
    verdict, phase = reading.verdict, reading.place.phase
    if phase == "waiting":
        return "waiting"
    if verdict.reason in {"breach", "cooldown"} or reading.alarm is not None:
        return "breach"
    if verdict.state == "NO_DATA":
        return "no_data"
    if phase == "watched" or not reading.gate.decide.consecutive_weeks:
        return "failed" if verdict.state == "FAIL" else "watch"
    return {"PASS": "eligible", "FAIL": "failed"}.get(verdict.state, "hold")


def _held_by(reading: GateReading) -> str:
    """Return what a held gate lacks: volume (too few, or evidence short), quality (a line missed), else weeks."""
    reason = reading.verdict.reason
    if reason in {"volume", "unsettled"}:
        return "volume"
    if reason == "quality":
        return "quality"
    return "weeks" if reason == "in_progress" else ""


def _next_action(gate: Gate, state: str) -> Action | None:
    if state in {"breach", "watch"}:
        return gate.on_breach
    return gate.on_fail if state == "failed" else gate.on_pass


def _columns(weeks: Iterable[Judged], origins: Mapping[date, WeekOrigin]) -> Iterable[GateColumn]:
    before = None
    for one in weeks:
        origin = origins[one.week.week]
        yield GateColumn(
            one.week.week,
            one.state,
            one.reason,
            origin.release,
            origin.split,
            before is not None and before != one.week.release,
            origin.closes_at,
            origin.judged,
            origin.review_due,
            origin.left_out,
            origin.mix_shift,
        )
        before = one.week.release


def _conditions(gate: Gate, weeks: Iterable[Judged], every: Iterable[Judged]) -> Iterable[GateCondition]:
    weeks, every = tuple(weeks), tuple(every)
    for position, metric in enumerate(gate.metrics):
        kind, rule = next(iter(metric.rules.items()), ("", None))  # the first line given is the one shown
        signal = read([_point(metric, week, week.metrics[position]) for week in every])
        line = _line(rule) if kind == "pass" else None
        yield GateCondition(
            metric=metric.name,
            statistic=metric.statistic or "",
            unit="" if metric.unit in {None, "1"} else str(metric.unit),
            rule="" if rule is None else str(rule),
            kind=kind,
            line=_line(rule),
            role=metric.role,
            min_n=metric.min_n,
            judge=metric.judge or "",
            weeks=tuple(_week(gate, metric, week, week.metrics[position]) for week in weeks),
            rules=tuple((name, str(one), _line(one)) for name, one in metric.rules.items()),
            signal=signal,
            forecast="" if line is None else outlook(signal, str(rule).split(" ", maxsplit=1)[0], line),
        )


def _point(metric: GateMetric, week: Judged, one: MetricWeek) -> Week:
    """Return a gate's week as its signal reads it: a share with its n, anything else as it is."""
    if one.value is None or not one.n:
        return Week(week.week.week, None, None, week.week.complete)
    if metric.is_share:
        return Week(week.week.week, one.value * one.n, one.n, week.week.complete)
    return Week(week.week.week, one.value, None, week.week.complete)


def _line(rule: Rule | None) -> float | None:
    return float(rule.value) if isinstance(rule, Comparison) else None


def _week(gate: Gate, metric: GateMetric, week: Judged, one: MetricWeek) -> GateWeek:
    under, under_lower = _under(gate, metric, week, one)
    return GateWeek(
        week.week.week,
        week.week.complete,
        one.value,
        one.n or 0,
        one.state if week.week.complete else "partial",
        one.reason,
        one.lower,
        one.upper,
        under,
        under_lower,
    )


def _under(gate: Gate, metric: GateMetric, week: Judged, one: MetricWeek) -> tuple[float | None, float | None]:
    """Return a percentile's exact share on the near side of its line, and the lower bound of that share."""
    line, observed = deciding_line(metric), week.week.metrics.get(metric.name)
    if metric.statistic not in PERCENTILES or line is None or observed is None or not one.n or one.reason == "invalid":
        return None, None
    count = count_under(metric, observed, line.value)
    if count is None:
        return None, None
    return count / one.n, stats.clopper_pearson_lower(count, one.n, gate.decide.alpha)
