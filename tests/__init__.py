"""Tests of the readout: unit, contract (every query on every engine), pages, e2e (Chromium), perf."""
