"""Booking: when we are free, whom visitors book with, and what keeps two from having the same time."""
