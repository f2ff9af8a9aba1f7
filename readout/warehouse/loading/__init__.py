"""Loading: files of other systems into the contract's tables, every row accounted for."""

from readout.warehouse.loading.intake import load
from readout.warehouse.loading.mapping import resolve_mapping, shipped_mappings
from readout.warehouse.loading.result import LoadResult, Reject

__all__ = ["LoadResult", "Reject", "load", "resolve_mapping", "shipped_mappings"]
