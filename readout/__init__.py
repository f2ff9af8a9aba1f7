"""Readout: the operational readout of AI systems that carry production load."""

__version__ = "0.1.0"
