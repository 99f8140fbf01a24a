"""What a leaving colleague has goes to a successor: the same step that hands work over while somebody is away."""

from regulars.access.actions import on_hand_over
from regulars.promises.actions.reassigning import hand_over


def register_hand_over() -> None:
    """Make the hand-over known to access; called in `apps.ready()`."""
    on_hand_over(hand_over)
