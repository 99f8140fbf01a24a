"""Forms of promises, one file for each subject."""
