"""Forms of insights, one file for each subject."""
