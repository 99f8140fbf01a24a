"""Fields that a business adds: their values, in Python and in SQL."""
