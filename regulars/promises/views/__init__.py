"""The pages of promises, by subject."""
