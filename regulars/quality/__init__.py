"""Data you can trust: imports, exports, backups, duplicates."""
