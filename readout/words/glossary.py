"""The field's terms as the pages use them, a sentence each; metrics, stages and gate states as they are declared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readout.briefs.results import Finding
from readout.metrics import METRICS, Metric
from readout.words.gates import GATE_STATE_MEANINGS, GATE_STATES
from readout.words.names import STAGES, sentence
from readout.words.numbers import count
from readout.words.reasons import not_measurable


@dataclass(frozen=True)
class Term:
    """A term, what it means, and a remark: here, why a metric cannot be measured."""

    name: str
    meaning: str
    remark: str = ""


STAGE_MEANINGS = {
    "shadow": "The AI works beside people on the same tasks, and its answers are compared and not used.",
    "assisted": "People do the work with the AI's answer at hand.",
    "partial": "The AI carries a share of the work by itself, as large as its gate entitles it to.",
    "full": "The AI carries the work by itself, and people take what it escalates.",
    "retired": "The system carries no work any more.",
}
_WORK = {
    "Task": "One unit of the business's own work, such as an invoice, a call or a shipment.",
    "Task type": "A kind of task within a system that differs in effort, price or difficulty.",
    "AI-handled": "Completed by AI alone or by AI with people; shadow work is not.",
    "Shadow row": "The AI's answer to a task that a person did, kept for comparison only.",
    "Load share": "The share of completed work that is AI-handled.",
    "Stage": "How much load a system may carry: shadow, assisted, partial, full, retired.",
    "Baseline": "The picture before the AI, measured and signed off by a person.",
    "Hands-on time": "The time that AI and people work on a task, without waiting.",
    "Mix-adjusted": "Compared at the same shares of task types, so that easier work does not look like faster work.",
    "Escalation": "The AI hands a task to a person because it cannot or must not decide.",
    "Fallback": "The way in which work goes on when the AI cannot answer.",
    "Backlog": "Tasks that are open now.",
}
_GATES = {
    "Gate": "The rule that says from data whether a system may carry more load.",
    "Policy": "A gate's lines, weeks and evidence as they are written in the portfolio.",
    "Line": "The value that a gate's condition must reach, or must not cross.",
    "Week met": "A week that is over, settled, carried by one release, and beyond every required line.",
    "Evidence": "How sure it is that the system is good enough, allowing for having looked every week.",
    "Eligible": "The gate is open and a person may sign; nothing has been promoted yet.",
    "Sign-off": "A person's recorded decision on a gate, with what it was based on.",
    "Waiver": "A recorded exception to a gate with an owner and an end.",
    "Burn": "The allowance of a breach line is used up faster than it is granted.",
    "Release": "A version of model, prompt or routing in service since an instant.",
}
_SIGNALS = {
    "Signal": "A change that routine variation does not explain, found by rules that never change.",
    "Routine variation": "The ups and downs of ordinary weeks, which ask for no explanation.",
    "Limits": "The range in which ordinary weeks lie: mean ± 2.66 × mean moving range (XmR chart).",
    "Interval": "The range that holds the true rate with 95% confidence, given how many were counted.",
    "n": "How many tasks or verdicts stand behind a figure.",
    "Percentile": "p95 is the value that 95% of the tasks do not exceed.",
    "Percentage point": "The difference of two shares: from 80% to 82% is 2 pp.",
    "Complete, to date, partial": "Whether all days of a period have passed, it still runs, or only a part has data.",
    "As of": "The instant of the newest data in the warehouse; every figure is of that instant.",
    "Data version": "The number of the refresh that a figure was read from.",
}
_MONEY = {
    "Inference": "Model calls, as recorded or at the price of their day.",
    "Direct AI": "Inference with infrastructure and reserved capacity.",
    "With people": "Direct AI with people's handling, review, escalation and rework at the rate card.",
    "Fully loaded": "With people, and with platform share, licences and amortised build, before credits.",
    "Net": "Fully loaded less credits.",
    "Unit cost": "Cost divided by accepted tasks of the systems that carry load.",
    "Rate card": "The hourly amount of each role.",
    "Effective cost": "What a charge costs over the days that it is for; unit cost is made of it.",
    "Billed cost": "What an invoice asks for; it ties to the ledger and is in no unit cost.",
    "Idle": "Capacity that was paid for and not used.",
    "Unallocated": "A shared charge that no driver assigns to a system.",
    "Close": "A month's figures frozen as reported; what arrives later is shown as restated.",
    "Cash effect": "A ledger line that fell and whose owner has signed.",
    "Cost avoided": "Cost that would have come and did not; it is no cash.",
    "Capacity hours": "People's hours that came back; they are not money.",
    "Payback": "The months until the cash that came back equals what was invested.",
}


def groups(unmeasured: Mapping[str, str]) -> Iterator[tuple[str, tuple[Term, ...]]]:
    """Return the key of a section with its terms; `unmeasured` says of a metric why it is not measurable here."""
    yield "terms_work", _terms(_WORK)
    yield "terms_stages", tuple(Term(STAGES[name], meaning) for name, meaning in STAGE_MEANINGS.items())
    yield "terms_gates", _terms(_GATES)
    yield "terms_states", _terms({GATE_STATES[state][0]: said for state, said in GATE_STATE_MEANINGS.items()})
    yield "terms_signals", _terms(_SIGNALS)
    yield "terms_money", _terms(_MONEY)
    yield "terms_metrics", tuple(_metric(metric, unmeasured.get(metric.name, "")) for metric in METRICS.values())


def _metric(metric: Metric, reason: str) -> Term:
    return Term(metric.label, metric.definition, sentence(not_measurable(reason)) if reason else "")


def finding(unmeasured: Mapping[str, str]) -> Finding:
    """Return how many metrics are declared, and how many of them can be measured here."""
    measurable = len(METRICS) - len(unmeasured)
    return Finding(f"{count(measurable)} of {count(len(METRICS))} metrics can be measured with what is recorded here.")


def _terms(said: Mapping[str, str]) -> tuple[Term, ...]:
    return tuple(Term(name, sentence(meaning)) for name, meaning in said.items())
