"""Figures kept for reports: what can be chosen (`choice`), counting (`counting`, `running`), reading (`reading`)."""
