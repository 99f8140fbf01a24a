"""Calendars on other devices: feeds, and files in and out (RFC 5545)."""
