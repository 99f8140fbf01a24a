"""A record as a whole: its picture, what was removed, two edits of it at once, where it was merged to."""
