"""`python -m readout.cli`."""

from readout.cli import main

main()
