"""Management commands of quality."""
