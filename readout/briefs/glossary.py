"""The glossary: which of the declared metrics can be measured with what is recorded."""

from readout import words
from readout.briefs.book import Book
from readout.briefs.results import Scope
from readout.briefs.results_rows import GlossaryBrief
from readout.metrics import METRICS, missing_need


def glossary_brief(book: Book, scope: Scope) -> GlossaryBrief:
    """Return the metrics that are not measurable in the chosen systems, each with its reason."""
    recorded = book.recorded_by(book.chosen_systems(scope))
    missing = {name: missing_need(declared, recorded) for name, declared in METRICS.items()}
    reasons = {name: f"not recorded: {' or '.join(need[:2])}" for name, need in missing.items() if need}
    return GlossaryBrief(book.header(scope), words.glossary.finding(reasons), reasons)
