"""The reports under /insights/: each says its finding in a sentence, shows it, and gives its table."""
