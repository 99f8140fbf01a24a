"""Tags of pages of orders."""
