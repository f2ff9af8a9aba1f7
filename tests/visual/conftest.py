"""The served readout and the Chromium of the browser tests."""

from tests.e2e.conftest import browser, new_page, server, settled

__all__ = ["browser", "new_page", "server", "settled"]
