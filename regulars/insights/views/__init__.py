"""The pages of insights, by subject."""
