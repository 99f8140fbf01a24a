"""Segments: sets of people that are described, or put together by hand."""
