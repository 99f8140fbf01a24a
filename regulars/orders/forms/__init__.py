"""Forms of orders, one file for each subject."""
