"""What the tables of a page say as files: the head sheet, and their buttons."""

from readout.briefs.results import Header
from readout.words.board import shown
from readout.words.dates import days, shown_period
from readout.words.provenance import provenance

OFFERS = {"xlsx": ("Tables as Excel", "xlsx"), "csv": ("Tables as CSV", "zip")}
NOTE = (
    "Each table as its page shows it. A column of numbers holds the unrounded values; beside it stands what the page "
    "shows, with the changes, intervals and reasons. An empty number is not measurable, never zero. Shares are "
    "fractions of 1."
)


def facts(title: str, header: Header) -> tuple[tuple[str, str], ...]:
    """Return what the head sheet says: page, organisation, period, filters, as-of and data version."""
    rows = (
        ("Page", title),
        ("Organisation", header.organisation),
        ("Period", shown_period(header)),
        ("Compared with", days(header.before) if header.before else "nothing"),
        ("Systems", shown(header)),
        ("Currency", header.currency),
        *provenance(header),
        ("How to read it", NOTE),
    )
    return tuple((name, text) for name, text in rows if text)
