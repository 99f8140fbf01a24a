"""Bringing people in: from drafts to contacts and companies, in batches that can be resumed and undone."""
