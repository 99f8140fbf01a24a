"""The pages of orders, by subject."""
