"""The database backend for PostgreSQL: Django's own, with a cheaper look whether a kept connection still stands."""
