"""Pages of contacts and companies: one file per subject."""
