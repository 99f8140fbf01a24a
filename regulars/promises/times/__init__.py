"""Clocks, due times and what repeats: no database, no screen."""
