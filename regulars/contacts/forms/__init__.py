"""Forms of contacts and companies, by subject."""
