"""Where figures come from and how they were calculated."""

from collections.abc import Iterable

from readout.briefs.results import Figure, Header
from readout.metrics import METRICS
from readout.words.changes import NO_PRIOR
from readout.words.dates import days, fiscal_year, moment, not_compared, shown_period, weeks_start
from readout.words.names import listed, sentence
from readout.words.numbers import amount, count, percent
from readout.words.reasons import reason
from readout.words.signals import explained


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
    if figure.coverage is not None:
        facts.append(("Coverage", f"known for {percent(figure.coverage)} of the tasks"))
    if declared.counted_at:
        facts.append(("Counted at", counted_at(declared.counted_at)))
    facts.extend(explained(figure))
    if figure.note:
        facts.append(("Note", sentence(figure.note)))
    facts.append(("Where it comes from", f"metric {figure.metric}, {source_of(figure.metric)}"))
    facts.extend(provenance(header))
    return tuple(facts)


def explain_metrics(names: Iterable[str], header: Header, note: str = "") -> tuple[tuple[str, str], ...]:
    """Return how the figures of a table or a chart were calculated, as pairs of a heading and its text."""
    facts = []
    for name in names:
        declared = METRICS[name]
        text = declared.definition
        if declared.counted_at:
            text += f" Counted at {counted_at(declared.counted_at)}."
        facts.append((declared.label, text))
    if note:
        facts.append(("Note", note))
    facts.append(("Period", shown_period(header)))
    if header.before:
        facts.append(("Compared with", days(header.before)))
    facts.append(("Where it comes from", listed(dict.fromkeys(source_of(name) for name in names), "the warehouse")))
    facts.extend(provenance(header))
    return tuple(facts)


def provenance(header: Header) -> tuple[tuple[str, str], ...]:
    """Return as-of, zone, calendar and data version, as every explanation ends."""
    cut = [moment(header.as_of_local), header.time_zone, weeks_start(header.week_start), fiscal_year(header.calendar)]
    return (("As of", ", ".join(part for part in cut if part)), ("Data version", header.data_version))


def counted_at(column: str) -> str:
    """Return in words at which instant a metric counts a task."""
    known = {"completed_at": "the task's completion", "created_at": "the task's creation"}
    return known.get(column, column.replace("completed_at", "completion").replace("_", " "))


QUERIES = {
    "handling_reduction": "read/measures with the signed-off baselines",
    "hours_returned": "read/measures with the signed-off baselines",
}


def source_of(metric: str) -> str:
    """Return the name of the query that a metric is read from."""
    return f"query {QUERIES.get(metric, 'read/measures')}"


def _comparison(figure: Figure, header: Header) -> str:
    if header.before is None:
        return f"nothing: {not_compared(header) or 'no comparison is chosen, or none exists for this period'}"
    if figure.before is None:
        return f"{days(header.before)}: {figure.before_reason or NO_PRIOR}"
    return f"{days(header.before)}: {amount(figure.metric, figure.before, figure.currency)}"
