"""What orders add to the lower floors: called once, when the app is ready."""


def register() -> None:
    """Make orders known to navigation, timeline, Brief, search, exports and the page of a contact."""
