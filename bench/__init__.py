"""Data sets of ten thousand to a million contacts, and the figures measured on them: see docs/figures.md."""
