"""Schema of the journal, one migration per change; `readout.warehouse.journal` applies them when it opens a journal.

A new table is a new file in `versions/` (down_revision = the one before) and its columns in `journal.METADATA`.
A migration that has shipped is never edited.
"""
