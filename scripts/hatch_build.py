"""Put app.py into the wheel as readout/_app/app.py: hatchling's `sources` moves folders, not single files."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AppFile(BuildHookInterface):
    """A build hook for standard wheels; an editable install uses the app.py of the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file's place to a wheel that is being built."""
        if version != "editable":
            build_data["force_include"]["app.py"] = "readout/_app/app.py"
