"""Tasks: what a colleague has to do, as lines, lists and conditions."""
