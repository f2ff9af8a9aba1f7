"""Which months are closed: their figures are frozen, so that nothing may change what they were made of."""

from datetime import date

from readout.settings import Settings


def closed_months(_settings: Settings) -> frozenset[date]:
    """Return the first days of the months that are closed. No month is closed until one can be."""
    return frozenset()
