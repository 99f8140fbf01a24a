"""Appointments and the calendars that they stand in."""
