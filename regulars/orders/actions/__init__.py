"""What changes several records, by subject."""
