"""The shell of the team: Today, search and command palette, set-up, settings."""
