"""Winning people back: asking why, trying, and counting what came of it."""
