"""Loyalty, coupons and gift cards: what is earned, what it buys, and what happens at the till."""

MODULE = "loyalty"
KIND = "loyalty"  # of entries on the timeline
ICON = "stamp"
