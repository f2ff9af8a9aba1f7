"""Where figures come from and how they were calculated."""

from collections.abc import Iterable

from readout.briefs.results import Figure, Header
from readout.metrics import METRICS
from readout.words.changes import NO_PRIOR
from readout.words.dates import days, fiscal_year, moment, not_compared, shown_period, weeks_start
from readout.words.names import sentence
from readout.words.numbers import amount, count, percent
from readout.words.reasons import reason
from readout.words.signals import explained
from readout.words.sources import rests_on, source


def as_of(header: Header) -> tuple[str, ...]:
    """Return the parts of the line that says where a page's figures come from."""
    compared = f"compared with {days(header.before)}" if header.before else "no comparison"
    if header.unequal:
        compared += f": {not_compared(header)}"
    return (
        f"As of {moment(header.as_of_local)} ({header.time_zone})",
        shown_period(header),
        compared,
        weeks_start(header.week_start),
        fiscal_year(header.calendar),
        header.currency,
        f"data version {header.data_version}",
    )


_WAYS = {
    "count": "counted",
    "ratio": "summed above and below first, divided last",
    "mean": "summed first, divided by the number of tasks last",
    "percentile": "read from the merged histogram of the whole period",
    "money": "summed in exact decimals",
    "unit_cost": "summed in exact decimals first, divided last",
}


def explain(figure: Figure, header: Header) -> tuple[tuple[str, str], ...]:
    """Return how a figure was calculated, as pairs of a heading and its text."""
    declared = METRICS[figure.metric]
    facts = [("What it is", declared.definition), ("How", f"{_WAYS[declared.aggregation].capitalize()}.")]
    if figure.value is None:
        facts.append(("Why there is no value", sentence(reason(figure.reason))))
    facts.append(("Period", shown_period(header)))
    facts.append(("Compared with", _comparison(figure, header)))
    if figure.baseline is not None:
        facts.append(("Baseline", amount(figure.metric, figure.baseline, figure.currency)))
    if figure.n is not None:
        facts.append(("Number of tasks behind it", count(figure.n)))
    if figure.interval is not None:
        facts.append(("Interval", interval(figure)))
    if figure.coverage is not None:
        facts.append(("Coverage", f"known for {percent(figure.coverage)} of the tasks"))
    if declared.counted_at:
        facts.append(("Counted at", counted_at(declared.counted_at)))
    facts.append((LEFT_OUT, declared.excluded))
    facts.extend(explained(figure))
    if figure.note:
        facts.append(("Note", sentence(figure.note)))
    facts.append(("Where it comes from", f"metric {figure.metric}, {source_of(figure.metric)}"))
    facts.extend(provenance(header))
    return tuple(facts)


def explain_metrics(
    names: Iterable[str], header: Header, note: str = "", section: str = ""
) -> tuple[tuple[str, str], ...]:
    """Return how the figures of a table or a chart were calculated, as pairs of a heading and its text.

    `section` says what a section shows beside declared metrics, and where it is read from.
    """
    names, own = tuple(names), source(section)
    facts = [("What it shows", own.shows)] if own.shows else []
    facts += [*((METRICS[name].label, _declared(name)) for name in names), *_left_out(names)]
    if note:
        facts.append(("Note", note))
    facts.append(("Period", shown_period(header)))
    if header.before:
        facts.append(("Compared with", days(header.before)))
    queries = dict.fromkeys([*_read_by(names), *own.queries])
    facts.append(("Where it comes from", rests_on(queries, own.others)))
    facts.extend(provenance(header))
    return tuple(facts)


def described(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return what stands over the figures of a file: definitions, what is left out, and the queries."""
    names = tuple(names)
    definitions = ((f"definition of {name}", _declared(name)) for name in names)
    return (
        *definitions,
        *((f"left out of {name}", METRICS[name].excluded) for name in names),
        ("queries", sources_of(names)),
    )


def _declared(name: str) -> str:
    declared = METRICS[name]
    when = counted_at(declared.counted_at)
    if when:
        when = f" {sentence(when)}" if "," in when else f" Counted at {when}."
    return declared.definition + when


def _left_out(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return what is left out, once for all figures that leave out the same."""
    by_text: dict[str, list[str]] = {}
    for name in names:
        by_text.setdefault(METRICS[name].excluded, []).append(METRICS[name].label)
    if len(by_text) <= 1:
        return [(LEFT_OUT, text) for text in by_text]
    return [(f"{LEFT_OUT}: {', '.join(labels)}", text) for text, labels in by_text.items()]


def provenance(header: Header) -> tuple[tuple[str, str], ...]:
    """Return as-of, zone, calendar and data version, as every explanation ends."""
    cut = [moment(header.as_of_local), header.time_zone, weeks_start(header.week_start), fiscal_year(header.calendar)]
    return (("As of", ", ".join(part for part in cut if part)), ("Data version", header.data_version))


def counted_at(column: str) -> str:
    """Return in words at which instant a metric counts a task."""
    known = {"completed_at": "the task's completion", "created_at": "the task's creation"}
    return known.get(column, column.replace("completed_at", "completion").replace("_", " "))


LEFT_OUT = "Left out"
_BY_UNIT = {"tokens": ("read/calls",)}
_BY_WAY = {"percentile": ("read/percentiles",)}
_QUERIES = {
    "accuracy": ("read/verdicts",),
    "reviewed": ("read/verdicts",),
    "agreement": ("read/verdicts",),
    "review_coverage": ("read/verdicts", "read/measures"),
    "availability": ("read/incidents",),
    "handling_reduction": ("read/measures", "read/baselines"),
    "hours_returned": ("read/measures", "read/baselines"),
    **dict.fromkeys(
        (
            "direct_cost_per_accepted_task", "direct_people_cost_per_accepted_task",
            "fully_loaded_cost_per_accepted_task", "net_cost_per_accepted_task", "fully_loaded_cost",
        ),
        ("read/run_cost", "read/charges", "read/drivers"),
    ),
}  # fmt: skip


def queries_of(metric: str) -> tuple[str, ...]:
    """Return the names of the queries that a metric is read from."""
    declared = METRICS[metric]
    other = _BY_WAY.get(declared.aggregation) or _BY_UNIT.get(declared.unit) or ("read/measures",)
    return _QUERIES.get(metric, other)


def source_of(metric: str) -> str:
    """Return in words which queries a metric is read from."""
    return rests_on(queries_of(metric))


def sources_of(metrics: Iterable[str]) -> str:
    """Return in words which queries the figures of a table are read from."""
    return rests_on(_read_by(metrics))


def _read_by(metrics: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(query for metric in metrics for query in queries_of(metric))


def interval(figure: Figure) -> str:
    """Return the two-sided interval of a judged rate: 81.2% to 85.0%, with the method and its confidence."""
    if figure.interval is None:
        return ""
    low, high = (percent(end, figure.n) for end in figure.interval)
    return f"{low} to {high}, Wilson, 95% confidence"


def _comparison(figure: Figure, header: Header) -> str:
    if header.before is None:
        return f"nothing: {not_compared(header) or 'no comparison is chosen, or none exists for this period'}"
    if figure.before is None:
        return f"{days(header.before)}: {figure.before_reason or NO_PRIOR}"
    return f"{days(header.before)}: {amount(figure.metric, figure.before, figure.currency)}"
