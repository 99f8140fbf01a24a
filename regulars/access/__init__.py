"""Who may come in and what they may do: organisation, users, teams, roles, visibility, audit, operations."""
