"""Commands of `desk`."""
