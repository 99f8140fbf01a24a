"""Everything that happened: an append-only list of entries, their attachments and their earlier texts."""
