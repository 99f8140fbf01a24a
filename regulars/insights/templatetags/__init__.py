"""Tags of `insights`, by subject."""
