"""Import of FOCUS cost and usage data: read with repairs, checked, and kept so that no delivery is ever lost."""

from readout.warehouse.focus.block_sql import Choices
from readout.warehouse.focus.importing import Imported, check_focus, import_focus
from readout.warehouse.focus.report import Report, plain
from readout.warehouse.focus.rules import Rules, read_rules, shipped_components
from readout.warehouse.focus.snapshot import Terms

__all__ = [
    "Choices",
    "Imported",
    "Report",
    "Rules",
    "Terms",
    "check_focus",
    "import_focus",
    "plain",
    "read_rules",
    "shipped_components",
]
